"""What the reader keeps of real moves, and what it leaves alone."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from huying.cases.actions import perform
from huying.cases.actions.erase import erase_case
from huying.cases.models import Case
from huying.inspection.models import Fact, Finding
from huying.inspection.tests.making import a_case, close
from huying.ledger.ids import uuid7

MONDAY = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


def kept(staff: Any, case: Case) -> list[tuple[str, str]]:
    rows = Fact.objects.filter(place_id=staff.place.pk, case_id=case.id).order_by("at", "what")
    return [(row.what, row.unit.partition(":")[0]) for row in rows]


def test_sent_returned_and_sent_again(staff: Any, read_on: Any, clock: Any) -> None:
    place, case = staff.place.pk, a_case(staff, MONDAY)
    data = {"return_reason": "not_ours", "reason": "不属于本单位职责"}
    perform(place, case.id, "return", staff.officer(), data, now=MONDAY + HOUR)
    perform(place, case.id, "return_refused", staff.desk, {"reason": "属于"}, now=MONDAY + 2 * HOUR)
    read_on(place)
    read_on(place)
    assert kept(staff, case) == [
        ("sent", "organ"), ("returned", "organ"), ("sent", "desk"), ("sent", "organ"),
    ]  # fmt: skip


def test_handled_with_how_long_it_took_and_what_was_replied(staff: Any, read_on: Any, clock: Any) -> None:
    one, other = a_case(staff, MONDAY), a_case(staff, MONDAY)
    close(staff, one, MONDAY, timedelta(minutes=6))
    close(staff, other, MONDAY, timedelta(hours=5), reply="已 安排人员处理，\n感谢您的反映。")
    read_on(staff.place.pk)
    rows = [
        Fact.objects.get(place_id=staff.place.pk, case_id=case.id, what="handled") for case in (one, other)
    ]
    assert [row.value for row in rows] == [6.0, 300.0]
    assert [row.bare for row in rows] == [True, True]
    assert bytes(rows[0].mark) == bytes(rows[1].mark)  # spaces and line ends make no other reply
    assert "安排".encode() not in bytes(rows[0].mark)


def test_more_time_is_kept_with_what_was_left(staff: Any, read_on: Any, clock: Any) -> None:
    place, case = staff.place.pk, a_case(staff, MONDAY)
    perform(place, case.id, "sign_in", staff.officer(), {}, now=MONDAY + HOUR)
    case.refresh_from_db()
    late = case.due_at - 2 * HOUR
    data = {"extend_reason": "works", "extend_days": 2, "reason": "材料未到"}
    perform(place, case.id, "ask_time", staff.officer(), data, now=late)
    read_on(place)
    row = Fact.objects.get(place_id=place, case_id=case.id, what="asked")
    assert row.value == 2.0
    assert row.unit.startswith("organ:")


def test_voided_is_kept_of_who_held_it(staff: Any, read_on: Any, clock: Any) -> None:
    case = a_case(staff, MONDAY)
    perform(staff.place.pk, case.id, "void", staff.desk, {"reason": "重复录入"}, now=MONDAY + HOUR)
    read_on(staff.place.pk)
    assert kept(staff, case) == [("sent", "organ"), ("voided", "organ")]


def test_closed_circles_and_complaints_about_somebody_are_left_out(
    staff: Any, read_on: Any, clock: Any
) -> None:
    organ = staff.memory.organ_by_code("water").id
    for more in (
        {"confidential": True},
        {"call": "report"},
        {"call": "complaint", "subject_organ_id": organ},
    ):
        a_case(staff, MONDAY, **more)
    read_on(staff.place.pk)
    assert Fact.objects.count() == 0


def test_an_erased_case_leaves_nothing(staff: Any, read_on: Any, clock: Any) -> None:
    case = a_case(staff, MONDAY)
    read_on(staff.place.pk)
    assert Fact.objects.filter(case_id=case.id).exists()
    found = Finding.objects.create(
        place_id=staff.place.pk, id=uuid7(), pattern="returns", edition_id=1, unit="organ:1", case_ids=[case.id],
        numbers={"hits": 1}, since=MONDAY, found_at=MONDAY, computed_at=MONDAY,
    )  # fmt: skip
    perform(staff.place.pk, case.id, "void", staff.desk, {"reason": "重复录入"}, now=MONDAY + HOUR)
    head = staff.actor("head", role="centre_head", organ="centre")
    erase_case(staff.place.pk, case.number, "request", "R-1", head)
    assert not Fact.objects.filter(case_id=case.id).exists()
    assert Finding.objects.get(place_id=staff.place.pk, id=found.id).case_ids == []
