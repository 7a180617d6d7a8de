"""Traces follow the ledger: what a case did, no more, and nothing of whoever called."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from huying.cases.actions import perform, report
from huying.cases.calls import Call, Reporter
from huying.cases.models import Case
from huying.ledger import jobs, readers
from huying.testing.statements import statements
from huying.whatif import traces
from huying.whatif.models import Trace
from huying.whatif.stays import CALLER
from huying.whatif.traces import course_of


def follow(place_id: int) -> None:
    jobs.drain(place_id)
    while readers.run(place_id, 50):
        pass


def move(case: Case, name: str, actor: Any, now: Any, **data: Any) -> None:
    perform(case.place_id, case.id, name, actor, data, now=now)


def played(staff: Any, clock: Any, *, confidential: bool = False) -> Case:
    """Dispatched, returned, dispatched again, handled, verified, rated."""
    now = clock()
    call = Call(
        body="路灯不亮", title="路灯不亮", call="help", reporter=Reporter(None, "王某", "10000000001"),
        confidential=confidential,
    )  # fmt: skip
    made = report(staff.place.pk, call, staff.desk, now=now)
    case = Case.objects.get(place_id=staff.place.pk, id=made.case_id)
    hour = timedelta(hours=1)
    move(case, "dispatch", staff.desk, now + hour / 2, item="E101", organ="chengguan")
    if confidential:  # the desk no longer sees it
        return case
    move(case, "note", staff.desk, now + 0.7 * hour, note="看一下")
    move(case, "return", staff.officer(), now + hour, return_reason="not_ours", reason="不归我们管")
    move(case, "return_refused", staff.desk, now + 1.5 * hour, reason="归你们管")
    move(case, "sign_in", staff.officer(), now + 2 * hour)
    return case


def test_a_case_leaves_its_stays(staff: Any, clock: Any) -> None:
    case = played(staff, clock)
    follow(staff.place.pk)
    found = course_of(Trace.objects.get(place_id=staff.place.pk, case_id=case.id))
    ways = [(stay.step, stay.move, stay.how, stay.to) for stay in found.own]
    assert ways == [
        ("take", "dispatch", "actor", "arrive"), ("arrive", "return", "actor", "returning"),
        ("returning", "return_refused", "actor", "arrive"), ("arrive", "sign_in", "actor", "handle"), ("handle", "", "", ""),
    ]  # fmt: skip
    organ = staff.memory.organ_by_code("chengguan").id
    assert [stay.owner.partition(":")[0] for stay in found.own] == ["desk", "organ", "desk", "organ", "organ"]
    assert found.own[1].owner == f"organ:{organ}"
    start = clock().timestamp()
    assert [round(stay.at - start) for stay in found.own] == [0, 1800, 3600, 5400, 7200]
    case.refresh_from_db()
    assert found.own[-1].due == case.due_at.timestamp()
    assert found.item == "E101"
    assert found.closed is None


def test_nobody_is_named_and_nothing_written_is_kept(staff: Any, clock: Any) -> None:
    case = played(staff, clock)
    follow(staff.place.pk)
    row = Trace.objects.get(place_id=staff.place.pk, case_id=case.id)
    text = f"{row.stays} {row.state}"
    for word in ("王某", "10000000001", "不归", "路灯", "person:", "caller:"):
        assert word not in text
    assert traces._owner("person:01a2") == traces._owner("caller:01a2") == CALLER


def test_a_confidential_case_tells_neither_where_nor_what(staff: Any, clock: Any) -> None:
    case = played(staff, clock, confidential=True)
    follow(staff.place.pk)
    row = Trace.objects.get(place_id=staff.place.pk, case_id=case.id)
    assert row.sealed
    assert (row.item, row.first_item, row.channel, row.call, row.path, row.town_id) == ("", "", "", "", "", 0)
    assert {stay.item for stay in course_of(row).stays} == {""}
    assert "E101" not in str(row.state)


def test_parts_have_stays_of_their_own(staff: Any, clock: Any) -> None:
    case = played(staff, clock)
    move(
        case,
        "add_organ",
        staff.desk,
        clock() + timedelta(hours=3),
        organs=["chengguan", "housing"],
        due="2026-03-05T17:00",
        reason="一起办",
    )
    follow(staff.place.pk)
    found = course_of(Trace.objects.get(place_id=staff.place.pk, case_id=case.id))
    parts = [stay for stay in found.stays if stay.leg]
    assert [(stay.leg, stay.flow, stay.step) for stay in parts] == [
        (1, "organ-leg", "arrive"),
        (2, "organ-leg", "arrive"),
    ]
    assert found.legs == {1: "", 2: ""}
    assert found.own[-1].step == "joint"


def test_a_page_costs_three_statements(staff: Any, clock: Any) -> None:
    for _ in range(3):
        played(staff, clock)
    from huying.ledger import pages

    jobs.drain(staff.place.pk)
    number = pages.newest(staff.place.pk).number
    events = pages.load(staff.place.pk, number)
    with statements() as found:
        traces.follow(staff.place.pk, number, events)
    assert len(found) == 3, found
