"""The administrator's pages: accounts, posts, absences; nothing of another place; what each costs."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.test import Client

from huying import clock as now
from huying.ledger.models import Event
from huying.staff import actions_people, actions_posts, contact
from huying.staff.events import Actor
from huying.staff.models import Absence, Holding, Person, Post
from huying.staff.sight import sight_of
from huying.testing.access import sign_in
from huying.testing.cast import make_cast, mini_place
from huying.testing.statements import assert_statements

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast():
    return make_cast(mini_place())


@pytest.fixture
def admin(cast):
    client = Client()
    sign_in(client, cast.admin)
    return client


def url(person, what=""):
    return f"/admin/people/{person.pk}/" + (f"{what}/" if what else "")


def kinds(person):
    return list(Event.objects.filter(subject_id=person.pk).order_by("id").values_list("kind", flat=True))


# Session, person and two for sight are in every page of somebody signed in.
@pytest.mark.parametrize(
    ("where", "count"),
    [
        ("/admin/people/", 5),
        ("/admin/people/?q=138", 5),
        ("/admin/people/new/", 4),
        ("/admin/posts/", 6),
        ("/admin/keys/", 5),
        ("/admin/divisions/", 4),
        ("/admin/organs/", 4),
        ("/admin/hours/", 5),
        ("/admin/import/", 4),
        ("/me/", 7),
    ],
)
def test_statements_of_a_page(admin, where, count):
    admin.get(where)
    with assert_statements(count):
        assert admin.get(where).status_code == 200


def test_statements_of_one_account(cast, admin):
    with assert_statements(9):
        admin.get(url(cast.clerk))
    actions_people.change_person(cast.clerk, phone="13800001234", actor=Actor())
    with assert_statements(10):
        admin.get(url(cast.clerk))


def test_a_new_account_with_a_first_password(cast, admin):
    answer = admin.post("/admin/people/new/", {"username": "wang", "name": "王五", "phone": "13800001234"})
    password = answer.context["passwords"]["wang"]
    made = Person.objects.get(username="wang")
    assert made.check_password(password)
    assert made.must_change_password
    assert made.place_id == cast.place.pk
    assert contact.phone_of(made) == "13800001234"
    assert kinds(made) == ["staff.person_created", "staff.password_changed"]
    assert Event.objects.filter(subject_id=made.pk).first().person_id == cast.admin.pk


def test_the_name_is_not_in_the_open_part_of_the_ledger(cast, admin):
    admin.post("/admin/people/new/", {"username": "wang", "name": "王五", "phone": "13800001234"})
    made = Person.objects.get(username="wang")
    for event in Event.objects.filter(subject_id=made.pk):
        assert "王五" not in str(event.data)
        assert "13800001234" not in str(event.data)


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"username": "mini-clerk", "name": "x"}, "username"),
        ({"username": "a b", "name": "x"}, "username"),
        ({"username": "ok", "name": "x", "phone": "12"}, "phone"),
        ({"username": "ok", "name": ""}, "name"),
    ],
)
def test_a_wrong_field_is_told(admin, fields, field):
    answer = admin.post("/admin/people/new/", fields)
    assert answer.status_code == 422
    assert field in answer.context["form"].errors


def test_finding_somebody(cast, admin):
    actions_people.change_person(cast.clerk, phone="13800001234", actor=Actor())

    def found(text):
        return [row.name for row in admin.get("/admin/people/", {"q": text}).context["people"]]

    assert found("cler") == ["clerk"]
    assert found("mini-off") == ["officer"]
    assert found("138 0000 1234") == ["clerk"]
    assert found("outsider") == []


def test_keyset_pages_show_everybody_once(cast, admin):
    Person.objects.bulk_create(
        Person(place=cast.place, username=f"p{n}", name=f"同名{n % 3}") for n in range(120)
    )
    seen, after = [], ""
    for _ in range(4):
        page = admin.get("/admin/people/", {"after": after}).context
        seen += [row.pk for row in page["people"]]
        after = page["more"]
        if not after:
            break
    assert len(seen) == len(set(seen)) == Person.objects.filter(place=cast.place).count()


@pytest.mark.parametrize("what", ["end", "reset", "unlock", "no-device", "unmask", "change", "take", "away"])
def test_nothing_can_be_done_to_somebody_of_another_place(cast, admin, what):
    assert admin.get(url(cast.outsider)).status_code == 404
    assert admin.post(url(cast.outsider, what), {"reason": "xx"}).status_code == 404
    assert kinds(cast.outsider) == []


def test_an_unknown_thing_to_do(cast, admin):
    assert admin.post(url(cast.clerk, "promote")).status_code == 404


def test_ending_and_returning(cast, admin):
    admin.post(url(cast.clerk, "end"))
    cast.clerk.refresh_from_db()
    assert not cast.clerk.is_active
    assert kinds(cast.clerk) == ["staff.post_left", "staff.person_ended"]
    admin.post(url(cast.clerk, "return"))
    cast.clerk.refresh_from_db()
    assert cast.clerk.is_active
    assert sight_of(cast.clerk).roles == frozenset()


def test_nobody_ends_himself(cast, admin):
    assert admin.post(url(cast.admin, "end")).status_code == 422
    cast.admin.refresh_from_db()
    assert cast.admin.is_active


def test_a_number_is_masked_until_a_reason_is_given(cast, admin):
    actions_people.change_person(cast.clerk, phone="13800001234", actor=Actor())
    assert "13800001234" not in admin.get(url(cast.clerk)).content.decode()
    assert "138****1234" in admin.get(url(cast.clerk)).content.decode()
    assert admin.post(url(cast.clerk, "unmask"), {"reason": ""}).status_code == 422
    shown = admin.post(url(cast.clerk, "unmask"), {"reason": "urgent call"})
    assert shown.context["unmasked"] == "13800001234"
    assert kinds(cast.clerk)[-1] == "staff.unmasked"


def test_taking_and_leaving_a_post(cast, admin):
    water = cast.memory.organ_by_code("water").id
    fields = {"post-role": "officer", "post-organ": water, "slot": "B"}
    assert admin.post(url(cast.clerk, "take"), fields).status_code == 302
    held = Holding.objects.get(person=cast.clerk, post__role="officer")
    assert held.slot == "B"
    assert admin.post(url(cast.clerk, "take"), fields).status_code == 422
    assert admin.post(url(cast.head, "leave"), {"holding": held.pk}).status_code == 404
    assert admin.post(url(cast.clerk, "leave"), {"holding": held.pk}).status_code == 302
    assert kinds(cast.clerk) == ["staff.post_taken", "staff.post_left"]


def test_a_post_is_of_its_roles_tier_and_of_this_place(cast):
    village = cast.memory.by_code("990000001001").id
    with pytest.raises(ValidationError):
        actions_posts.make_post(cast.place.pk, "town_clerk", village)
    with pytest.raises(ValidationError):
        actions_posts.make_post(cast.place.pk, "king", village)
    with pytest.raises(ValidationError):
        actions_posts.make_post(cast.place.pk, "officer")
    with pytest.raises(ValidationError):
        actions_posts.make_post(cast.outsider.place_id, "village_secretary", village)
    with pytest.raises(ValidationError):
        actions_posts.take_post(cast.outsider, cast.clerk.holdings.get().post, actor=Actor())


def test_many_posts_are_taken_at_once_each_with_the_seat_that_is_free(cast):
    grids = [row.id for row in cast.memory.grids["general"]]
    assert len(grids) > 2
    place, spots = cast.place.pk, [("grid_worker", grid, None) for grid in grids]
    first = actions_posts.make_post(place, "grid_worker", grids[0])
    already = set(first.holdings.filter(slot="A", until=None).values_list("seat", flat=True))
    with assert_statements(3):
        posts = actions_posts.make_posts(place, spots)
    with assert_statements(1):
        assert actions_posts.make_posts(place, spots) == posts
    assert [(post.role, post.division_id) for post in posts] == [("grid_worker", grid) for grid in grids]
    assert posts[0] == first
    with assert_statements(4):
        made = actions_posts.take_posts(cast.clerk, posts, actor=Actor())
    assert made[0].seat not in already
    for one in made:
        held = Holding.objects.filter(post=one.post_id, slot="A", until=None)
        assert sorted(held.values_list("seat", flat=True)) == list(range(1, held.count() + 1))
    assert kinds(cast.clerk) == ["staff.post_taken"] * len(grids)
    with pytest.raises(ValidationError):
        actions_posts.take_posts(cast.clerk, posts[1:], actor=Actor())
    assert len(kinds(cast.clerk)) == len(grids)


def test_an_absence(cast, admin):
    fields = {
        "absence-since": "2026-03-02T08:00",
        "absence-until": "2026-03-01T08:00",
        "absence-reason": "leave",
    }
    assert admin.post(url(cast.clerk, "away"), fields).status_code == 422
    fields["absence-until"] = ""
    assert admin.post(url(cast.clerk, "away"), fields).status_code == 302
    row = Absence.objects.get(person=cast.clerk)
    assert admin.post(url(cast.clerk, "back"), {"absence": row.pk}).status_code == 302
    row.refresh_from_db()
    assert row.until is not None
    ahead = actions_posts.set_absence(cast.clerk, now.now() + timedelta(days=2), None, actor=Actor())
    admin.post(url(cast.clerk, "back"), {"absence": ahead.pk})
    assert not Absence.objects.filter(pk=ahead.pk).exists()


def test_a_delegate(cast, admin):
    fields = {"delegate-body": "party", "delegate-division": cast.memory.top.id}
    assert admin.post(url(cast.resident, "delegate"), fields).status_code == 302
    row = cast.resident.delegations.get()
    assert sight_of(cast.resident).delegations == (("party", cast.memory.top.id),)
    assert admin.post(url(cast.resident, "undelegate"), {"delegate": row.pk}).status_code == 302
    assert not cast.resident.delegations.exists()


def test_the_page_of_a_post(cast, admin):
    post = Post.objects.get(place=cast.place, role="town_clerk")
    where = f"/admin/posts/{post.pk}/"
    assert admin.post(where, {"what": "take", "username": "nobody", "slot": "A"}).status_code == 422
    answer = admin.post(where, {"what": "take", "username": cast.outsider.username, "slot": "A"})
    assert answer.status_code == 422
    assert admin.post(where, {"what": "take", "username": "mini-head", "slot": "B"}).status_code == 302
    assert admin.post(where, {"what": "end"}).status_code == 302
    assert not Holding.objects.filter(post=post, until=None).exists()
    other = Post.objects.get(place_id=cast.outsider.place_id)
    assert admin.get(f"/admin/posts/{other.pk}/").status_code == 404
    assert (
        admin.post("/admin/posts/new/", {"role": "town_clerk", "division": post.division_id}).status_code
        == 302
    )
    post.refresh_from_db()
    assert post.active


def test_posts_follow_a_division_that_moves(cast, tmp_path):
    import shutil

    from huying.places import actions as places
    from huying.testing.cast import MINI_PRESET

    shutil.copytree(MINI_PRESET, tmp_path / "p")
    table = tmp_path / "p" / "divisions.csv"
    old, new = "东一社区,village,990000001", "东一社区,village,990000100"
    table.write_text(table.read_text().replace(old, new))
    places.load_preset("mini", tmp_path / "p")
    village = cast.memory.by_code("990000001001")
    assert sight_of(cast.secretary).paths == (village.path,)
    assert cast.memory.ancestor(village.id, "town").name == "西镇"
