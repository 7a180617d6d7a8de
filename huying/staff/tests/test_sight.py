"""Sight follows duty: what each post gives, who acts when somebody is away, and at what cost."""

from datetime import timedelta

import pytest

from huying import clock
from huying.places import memory
from huying.staff.acting import acting_posts
from huying.staff.models import Absence, Holding, Post
from huying.staff.sight import outermost, sight_of
from huying.testing.cast import Cast, hold, make_cast, make_delegate, mini_place
from huying.testing.statements import assert_statements

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    return make_cast(mini_place())


def ident(cast, code):
    return cast.memory.by_code(code).id


def test_two_statements_for_everybody(cast):
    memory.of(cast.place.pk)
    memory.of(cast.outsider.place_id)
    for person in cast.people.values():
        with assert_statements(2):
            sight_of(person)


def test_a_clerk_sees_her_town_and_holds_its_desk(cast):
    town = ident(cast, "990000001")
    sight = cast.sight("clerk")
    assert sight.paths == (cast.memory.division(town).path,)
    assert sight.owner_keys == {
        f"division:{town}",
        f"desk:{town}",
        f"post:town_clerk@{town}",
        f"seat:town_clerk@{town}/1",
        f"person:{cast.clerk.pk}",
    }
    assert sight.organs == frozenset()
    assert sight.sees_path(cast.memory.by_code("990000001001-g01").path)
    assert not sight.sees_path(cast.memory.by_code("990000100201-g01").path)


def test_a_grid_worker_sees_one_grid_and_no_desk(cast):
    grid = ident(cast, "990000001001-g01")
    sight = cast.sight("grid_worker")
    assert sight.paths == (cast.memory.division(grid).path,)
    assert f"division:{grid}" in sight.owner_keys
    assert not any(key.startswith("desk:") for key in sight.owner_keys)


def test_the_centres_desk_is_the_desk_of_the_county(cast):
    top = cast.memory.top
    sight = cast.sight("desk")
    assert f"desk:{top.id}" in sight.owner_keys
    assert sight.paths == (top.path,)
    assert sight.organs == {cast.memory.centre.id}


def test_a_desk_right_at_another_organ_is_not_the_countys_desk(cast):
    organ = cast.memory.organ_by_code("water").id
    hold(cast.officer, "centre_desk", None, organ)
    assert not any(key.startswith("desk:") for key in cast.sight("officer").owner_keys)


def test_an_officer_sees_an_organ_and_no_area(cast):
    organ = cast.memory.organ_by_code("chengguan").id
    sight = cast.sight("officer")
    assert sight.paths == ()
    assert sight.organs == {organ}
    assert {f"organ:{organ}", f"post:officer@organ:{organ}"} <= sight.owner_keys


def test_an_inspector_sees_the_county_but_handles_nothing(cast):
    organ = cast.memory.organ_by_code("discipline").id
    sight = cast.sight("inspector")
    assert sight.paths == (cast.memory.top.path,)
    assert f"organ:{organ}" not in sight.owner_keys


def test_those_without_a_post(cast):
    visitor, resident = cast.sight("visitor"), cast.sight("resident")
    assert visitor.is_anonymous
    assert visitor.rights == {"report"}
    assert resident.is_resident
    assert resident.rights == {"report", "join", "rate"}
    for sight in (visitor, resident):
        assert sight.paths == ()
        assert sight.organs == frozenset()
    assert cast.sight("admin").paths == ()


def test_the_outsider_sees_only_his_own_place(cast):
    sight = cast.sight("outsider")
    assert sight.place_id != cast.place.pk
    assert not any(sight.sees_path(row.path) for row in cast.memory.divisions.values())


def test_a_delegate(cast):
    person = make_delegate(cast.place)
    sight = sight_of(person)
    assert sight.roles == {"resident", "delegate"}
    assert sight.delegations == (("congress", cast.memory.top.id),)


def test_acting_in_one_post_gives_only_that_posts_sight(cast):
    organ = cast.memory.organ_by_code("water").id
    second = hold(cast.clerk, "officer", None, organ)
    both = sight_of(cast.clerk)
    assert both.roles == {"town_clerk", "officer"}
    one = sight_of(cast.clerk, second.pk)
    assert one.roles == {"officer"}
    assert one.paths == ()
    assert one.owner_keys < both.owner_keys
    assert sight_of(cast.clerk, 10**9).roles == frozenset()


def test_a_post_outside_its_time_gives_nothing(cast):
    now = clock.now()
    Holding.objects.filter(person=cast.clerk).update(until=now)
    assert sight_of(cast.clerk).roles == frozenset()
    assert sight_of(cast.clerk, at=now - timedelta(seconds=1)).roles == frozenset({"town_clerk"})


def test_a_post_that_was_ended_gives_nothing(cast):
    Post.objects.filter(role="town_clerk").update(active=False)
    assert sight_of(cast.clerk).roles == frozenset()


def test_somebody_inactive_sees_nothing(cast):
    cast.clerk.is_active = False
    assert sight_of(cast.clerk).rights == frozenset()


class TestStandIns:
    """B acts while no A is at work."""

    @pytest.fixture
    def stand_in(self, cast):
        hold(cast.grid_worker, "town_clerk", ident(cast, "990000001"), slot="B")
        return cast.grid_worker

    def acts(self, person, at=None):
        return any(post.role == "town_clerk" and post.stand_in for post in acting_posts(person, at))

    def away(self, person, since, until=None):
        return Absence.objects.create(place_id=person.place_id, person=person, since=since, until=until)

    def test_not_while_a_is_at_work(self, cast, stand_in):
        assert not self.acts(stand_in)

    def test_while_a_is_away_and_not_after(self, cast, stand_in):
        now = clock.now()
        self.away(cast.clerk, now - timedelta(hours=1), now + timedelta(hours=1))
        assert self.acts(stand_in)
        assert f"desk:{ident(cast, '990000001')}" in sight_of(stand_in).owner_keys
        assert not self.acts(stand_in, now + timedelta(hours=1))
        assert not self.acts(stand_in, now - timedelta(hours=2))

    def test_only_when_every_a_is_away(self, cast, stand_in):
        hold(cast.officer, "town_clerk", ident(cast, "990000001"))
        now = clock.now()
        self.away(cast.clerk, now - timedelta(hours=1))
        assert not self.acts(stand_in)
        self.away(cast.officer, now - timedelta(hours=1))
        assert self.acts(stand_in)

    def test_when_there_is_no_a(self, cast, stand_in):
        Holding.objects.filter(person=cast.clerk).update(until=clock.now())
        assert self.acts(stand_in)

    def test_when_the_account_of_a_was_ended(self, cast, stand_in):
        cast.clerk.is_active = False
        cast.clerk.save()
        assert self.acts(stand_in)


def test_paths_under_others_are_left_out():
    assert outermost(["/1/14/160/", "/1/14/", "/1/140/", "/1/14/"]) == ("/1/14/", "/1/140/")
