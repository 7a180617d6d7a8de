"""An emergency brings the stand-ins of an area to work, and calling it off gives the posts back."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError

from huying import clock as clocks
from huying.ledger.actions import Actor
from huying.ledger.models import Event
from huying.staff.acting import acting_posts
from huying.staff.actions_emergency import declare_emergency, end_emergency
from huying.staff.models import Emergency
from huying.staff.sight import sight_of
from huying.testing.access import sign_in
from huying.testing.cast import hold, make_cast, mini_place
from huying.testing.statements import assert_statements


@pytest.fixture
def cast(db):
    return make_cast(mini_place())


def ident(cast, code):
    return cast.memory.by_code(code).id


@pytest.fixture
def stand_in(cast):
    """The grid worker, as B of the town's clerk."""
    hold(cast.grid_worker, "town_clerk", ident(cast, "990000001"), slot="B")
    return cast.grid_worker


def stands_in(person):
    return any(post.stand_in for post in acting_posts(person))


def test_b_acts_beside_a_until_it_is_called_off(cast, stand_in):
    key = f"desk:{ident(cast, '990000001')}"
    assert key not in sight_of(stand_in).owner_keys
    made = declare_emergency(cast.place.pk, cast.memory.top.id, "flood", actor=Actor())
    assert key in sight_of(stand_in).owner_keys
    assert key in sight_of(cast.clerk).owner_keys  # A is still at work
    end_emergency(made, actor=Actor())
    assert key not in sight_of(stand_in).owner_keys
    end_emergency(made, actor=Actor())  # twice is once
    kinds = Event.objects.filter(kind__startswith="staff.emergency").order_by("at", "id")
    assert [one.kind for one in kinds] == ["staff.emergency", "staff.emergency_over"]


def test_it_ends_by_itself(cast, stand_in, clock):
    declare_emergency(
        cast.place.pk, cast.memory.top.id, "snow", clocks.now() + timedelta(hours=2), actor=Actor()
    )
    assert stands_in(stand_in)
    clock.advance(timedelta(hours=3))
    assert not stands_in(stand_in)


def test_only_posts_of_the_area(cast, stand_in):
    other = next(r for r in cast.memory.children(cast.memory.top.id) if r.code != "990000001")
    declare_emergency(cast.place.pk, other.id, "fire", actor=Actor())
    assert not stands_in(stand_in)
    declare_emergency(cast.place.pk, ident(cast, "990000001"), "fire", actor=Actor())
    assert stands_in(stand_in)


def test_posts_in_organs_belong_to_the_area_of_the_organ(cast):
    hold(cast.clerk, "officer", None, cast.memory.organ_by_code("chengguan").id, slot="B")
    declare_emergency(cast.place.pk, ident(cast, "990000001"), "other", actor=Actor())
    assert not stands_in(cast.clerk)
    declare_emergency(cast.place.pk, cast.memory.top.id, "other", actor=Actor())
    assert stands_in(cast.clerk)


def test_elsewhere_it_changes_nothing_and_it_costs_no_statement(cast, stand_in):
    far = mini_place("mini-far")
    from huying.places import memory

    declare_emergency(far.pk, memory.of(far.pk).top.id, "flood", actor=Actor())
    assert not stands_in(stand_in)
    declare_emergency(cast.place.pk, cast.memory.top.id, "flood", actor=Actor())
    with assert_statements(2):
        sight_of(stand_in)


@pytest.mark.parametrize(
    ("division", "reason", "hours"), [(10**9, "flood", 1), (None, "picnic", 1), (None, "flood", -1)]
)
def test_what_makes_no_sense_is_refused(cast, division, reason, hours):
    with pytest.raises(ValidationError):
        declare_emergency(
            cast.place.pk, division or cast.memory.top.id, reason, clocks.now() + timedelta(hours=hours),
            actor=Actor(),
        )  # fmt: skip
    assert not Emergency.objects.exists()


def test_a_leader_declares_and_calls_off_on_the_screen(cast, stand_in, client):
    sign_in(client, cast.leader)
    wrong = client.post("/emergencies/", {"what": "declare", "division": "", "reason": "flood"})
    assert wrong.status_code == 422
    page = client.post(
        "/emergencies/", {"what": "declare", "division": cast.memory.top.id, "reason": "flood"}, follow=True
    ).content.decode()
    assert "暴雨洪水" in page
    assert "上岗中" in page
    assert stands_in(stand_in)
    row = Emergency.objects.get()
    page = client.post("/emergencies/", {"what": "end", "id": row.pk}, follow=True).content.decode()
    assert "已解除" in page
    assert not stands_in(stand_in)
    assert client.post("/emergencies/", {"what": "end", "id": "9" * 30}).status_code == 404
