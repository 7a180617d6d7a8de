"""An order of supervision: who gets it, who sees it, and that only its author accepts the answer."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from huying.cases.actions import Refused, report
from huying.cases.calls import Call, CallRefused
from huying.cases.models import Case, Link
from huying.cases.queries import related, seen_by
from huying.cases.who import Actor
from huying.ledger import queries as ledger
from huying.ledger.actions import Actor as LedgerActor
from huying.notices import behind
from huying.staff.actions_posts import leave_post, take_post
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
    assert order.owner_key == f"seat:leader@{world.staff.memory.top.id}/1"
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


def test_an_order_outlives_the_case_that_it_is_about(world: World, clock: Any) -> None:
    """The organ finishes the case while the order is open: it still answers, and only the author accepts."""
    case = world.case()
    order = world.order(case)
    done = {
        "truth": "genuine", "completion": "substantive", "solved": "solved", "contact_how": "phone",
        "internal_account": "已劝离并安排巡查", "public_reply": "摊位已清理，我们会安排人员早晚巡查。",
    }  # fmt: skip
    world.move(case, "sign_in", world.officer)
    world.move(case, "done", world.officer, **done)
    passed = {"solved": "solved", "public_reply": "摊位已清理，欢迎监督。"}
    world.move(case, "pass", world.staff.desk, **passed)
    assert case.closed_at is not None
    order.refresh_from_db()
    assert (order.step, order.closed_at) == ("sign", None)
    world.move(order, "sign_in", world.officer)
    world.move(order, "answered", world.officer, account=ACCOUNT)
    with pytest.raises(Refused):
        world.move(order, "accepted", world.staff.desk)
    world.move(order, "accepted", world.leader)
    assert (order.result, order.closed_at is not None) == ("rectified", True)


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


def two_leaders(world: World, clock: Any) -> tuple[Case, Actor]:
    """Two people hold the leaders' post; the first of them issued an order, which is answered."""
    order = world.order(world.case())
    second = world.staff.actor("leader-2", role="leader", division="220523")
    world.move(order, "sign_in", world.officer)
    world.move(order, "answered", world.officer, account=ACCOUNT)
    return order, second


def refused(world: World, order: Case, actor: Actor) -> bool:
    """Whether the answer may not be accepted by the actor, though they see the order."""
    assert seen_by(order, actor)
    with pytest.raises(Refused) as caught:
        world.move(order, "accepted", actor)
    return caught.value.code == "not-allowed"


def test_another_leader_does_not_accept_what_this_one_ordered(world: World, clock: Any) -> None:
    order, second = two_leaders(world, clock)
    assert refused(world, order, second)
    theirs = world.order(world.case(), second)
    world.move(theirs, "sign_in", world.officer)
    world.move(theirs, "answered", world.officer, account=ACCOUNT)
    assert theirs.owner_key == f"seat:leader@{world.staff.memory.top.id}/2"
    assert refused(world, theirs, world.leader)
    told = behind.people(world.staff.memory, [order.owner_key, theirs.owner_key])
    assert told[order.owner_key] == {world.leader.person_id}
    assert told[theirs.owner_key] == {second.person_id}
    world.move(order, "accepted", world.leader)
    world.move(theirs, "accepted", second)
    assert order.closed_at is not None
    assert theirs.closed_at is not None


def test_the_stand_in_acts_for_the_author_alone_while_the_other_leader_is_there(
    world: World, clock: Any
) -> None:
    order, second = two_leaders(world, clock)
    deputy = world.staff.person("deputy")
    hold(deputy, "leader", world.staff.memory.top.id, slot="B")
    Absence.objects.create(place=world.staff.place, person=world.staff.people["leader"], since=LONG_AGO)
    assert refused(world, order, second)
    actor = world.staff.actor("deputy")
    assert actor.sight is not None
    assert not actor.sight.roles  # the post itself is held by the other one, who is at work
    assert behind.people(world.staff.memory, [order.owner_key])[order.owner_key] == {deputy.pk}
    world.move(order, "accepted", actor)
    assert order.closed_at is not None


def test_an_order_passes_on_with_the_seat(world: World, clock: Any) -> None:
    order, _second = two_leaders(world, clock)
    first = Holding.objects.get(person=world.staff.people["leader"])
    leave_post(first, actor=LedgerActor())
    # Nobody holds the seat: the other leader acts.
    world.move(order, "refused", world.staff.actor("leader-2"), reason="仍有两处占道", days="1")
    world.move(order, "answered", world.officer, account=ACCOUNT)
    clock.set(clock() + timedelta(days=1))
    take_post(world.staff.person("leader-3"), first.post, actor=LedgerActor())
    successor = world.staff.actor("leader-3")
    assert refused(world, order, world.staff.actor("leader-2"))
    world.move(order, "accepted", successor)
    assert order.closed_at is not None


def test_an_order_from_before_there_were_seats_is_accepted_as_it_was(world: World, clock: Any) -> None:
    order, second = two_leaders(world, clock)
    before = f"post:leader@{world.staff.memory.top.id}"
    order.fields["author_key"] = order.token["owner"] = order.owner_key = before
    order.save(update_fields=["fields", "token", "owner_key"])
    world.move(order, "accepted", second)
    assert order.closed_at is not None
