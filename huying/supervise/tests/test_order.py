"""An order of supervision: who gets it, who sees it, and that only its author accepts the answer."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from huying.cases.actions import Refused, report
from huying.cases.calls import Call, CallRefused
from huying.cases.models import Case, Link
from huying.cases.queries import related, seen_by
from huying.ledger import queries as ledger
from huying.staff.models import Absence, Holding
from huying.supervise.tests.makers import ACCOUNT, DEMAND, World
from huying.testing.cast import LONG_AGO, hold


def test_one_key_opens_an_order_that_is_linked_to_the_case(world: World, clock: Any) -> None:
    case = world.case()
    before = (case.organ_id, case.owner_key, case.step, case.fields)
    order = world.order(case, level="2")
    assert order.number == "HNDB2026-0001"
    assert (order.step, order.owner_key, order.grade) == ("sign", f"organ:{world.organ('chengguan')}", 2)
    assert order.body == DEMAND
    assert order.path == world.staff.memory.top.path
    link = Link.objects.get(place_id=world.place, case_id=case.id)
    assert (link.other_id, link.kind) == (order.id, "supervision")
    case.refresh_from_db()
    assert (case.organ_id, case.owner_key, case.step, case.fields) == before
    assert [h.event.kind for h in ledger.history(world.place, case.id)][-2:] == ["case.moved", "case.linked"]
    preset = world.staff.memory.preset
    assert [row.number for row in related(case, world.leader.sight, preset)] == [order.number]
    assert [row.number for row in related(order, world.leader.sight, preset)] == [case.number]


def test_the_period_counts_in_the_organs_workdays_and_is_set_anew_when_an_answer_is_sent_back(
    world: World, clock: Any
) -> None:
    order = world.order(world.case(), days="3")
    world.move(order, "sign_in", world.officer)
    assert order.due_at is not None
    assert order.due_at.isoformat() == "2026-03-05T09:00:00+00:00"  # the end of the third workday after it
    clock.set(clock() + timedelta(days=1))
    world.move(order, "answered", world.officer, account=ACCOUNT)
    assert order.owner_key == f"post:leader@{world.staff.memory.top.id}"
    world.move(order, "refused", world.leader, reason="仍有两处占道", days="1")
    assert (order.step, order.owner_key) == ("rectify", f"organ:{world.organ('chengguan')}")
    assert order.due_at.isoformat() == "2026-03-04T09:00:00+00:00"


def test_only_its_author_accepts(world: World, clock: Any) -> None:
    order = world.order(world.case())
    world.move(order, "sign_in", world.officer)
    world.move(order, "answered", world.officer, account=ACCOUNT)
    for other in (world.officer, world.inspector, world.centre_head, world.staff.desk):
        with pytest.raises(Refused) as caught:
            world.move(order, "accepted", other)
        assert caught.value.code == "not-allowed"
    world.move(order, "accepted", world.leader, finding="已现场核实")
    assert (order.step, order.result, order.owner_key) == ("done", "rectified", "")


def test_whoever_stands_in_for_the_author_accepts(world: World, clock: Any) -> None:
    order = world.order(world.case())
    world.move(order, "sign_in", world.officer)
    world.move(order, "answered", world.officer, account=ACCOUNT)
    deputy = world.staff.person("deputy")
    hold(deputy, "leader", world.staff.memory.top.id, slot="B")
    with pytest.raises(Case.DoesNotExist):
        world.move(order, "accepted", world.staff.actor("deputy"))
    Absence.objects.create(place=world.staff.place, person=world.staff.people["leader"], since=LONG_AGO)
    world.move(order, "accepted", world.staff.actor("deputy"))
    assert order.closed_at is not None
    assert Holding.objects.filter(person=deputy).count() == 1


def test_who_sees_an_order(world: World, clock: Any) -> None:
    order = world.order(world.case())
    staff = world.staff
    clerk = staff.actor("clerk", role="town_clerk", division="220523001")
    grid = staff.actor("grid", role="grid_worker", division="220523001001-g01")
    seen = {
        "officer": world.officer, "reader": world.reader, "leader": world.leader, "inspector": world.inspector,
        "desk": staff.desk,
    }  # fmt: skip
    for name, actor in seen.items():
        assert seen_by(order, actor), name
    for actor in (staff.resident, clerk, grid, staff.officer("water")):
        assert not seen_by(order, actor)


def test_an_order_to_a_town_is_seen_there_and_not_in_its_villages(world: World, clock: Any) -> None:
    order = world.order(world.case(), to_organ="t220523001")
    staff = world.staff
    assert seen_by(order, staff.actor("clerk", role="town_clerk", division="220523001"))
    assert not seen_by(order, staff.actor("secretary", role="village_secretary", division="220523001001"))
    assert not seen_by(order, staff.actor("other", role="town_clerk", division="220523002"))


def test_an_order_about_a_confidential_case_is_seen_by_its_holder_and_who_issued_it(
    world: World, clock: Any
) -> None:
    case = world.case(confidential=True)
    Case.objects.filter(place_id=world.place, id=case.id).update(
        owner_key=f"post:leader@{world.staff.memory.top.id}"
    )
    order = world.order(case)
    assert order.confidential
    assert seen_by(order, world.leader)
    assert seen_by(order, world.officer)
    assert not seen_by(order, world.reader)
    assert not seen_by(order, world.inspector)


def test_whom_the_case_is_about_does_not_read_the_order_about_it(world: World, clock: Any) -> None:
    case = world.case()
    Case.objects.filter(place_id=world.place, id=case.id).update(
        subject_organ_id=world.organ("water"), subject_person_id=world.inspector.person_id
    )
    order = world.order(case, copies=["water", "inspection"])
    assert not seen_by(order, world.staff.officer("water"))
    assert not seen_by(order, world.inspector)
    assert seen_by(order, world.reader)
    assert seen_by(order, world.officer)


def test_nobody_without_the_right_opens_one(world: World, clock: Any) -> None:
    case = world.case()
    for actor in (world.staff.desk, world.officer):
        with pytest.raises(Refused):
            world.order(case, actor)
    for actor in (world.staff.resident, world.staff.desk):
        with pytest.raises(CallRefused):
            report(world.place, Call(body=DEMAND, kind="supervision", fields={"author_key": "desk:1"}), actor)
    assert Case.objects.filter(place_id=world.place, kind="supervision").count() == 0


def test_residents_do_not_read_of_it_in_the_story_of_their_case(world: World, clock: Any) -> None:
    from huying.cases.queries import view

    case = world.case()
    world.order(case)
    story = view(case, world.staff.resident, as_caller=True)
    assert all("督办" not in line.title for line in story.lines)
    assert any("督办" in line.title for line in view(case, world.leader).lines)
