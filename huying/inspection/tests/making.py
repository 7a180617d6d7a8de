"""Histories for the channel's tests: real ones made by moves, and long ones of facts alone."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from huying.cases.actions import perform, report
from huying.cases.calls import Call, Reporter
from huying.cases.models import Case
from huying.cases.tests.test_lifecycle import STALL, a_point
from huying.cases.who import Actor
from huying.inspection.models import Fact
from huying.ledger.ids import uuid7

DONE = {
    "truth": "genuine", "completion": "substantive", "solved": "solved", "contact_how": "phone",
    "internal_account": "已到现场处置", "public_reply": "已安排人员处理，感谢您的反映。",
}  # fmt: skip


def a_case(staff: Any, now: datetime, **more: Any) -> Case:
    """A case that goes straight to the city management."""
    lon, lat = a_point(staff)
    call = Call(
        body=STALL, lon=lon, lat=lat, reporter=Reporter(staff.resident.person_id, "示例·王一"), **more
    )
    made = report(staff.place.pk, call, staff.resident, now=now)
    return Case.objects.get(place_id=staff.place.pk, id=made.case_id)


def close(staff: Any, case: Case, now: datetime, took: timedelta, reply: str = "") -> None:
    """Signed in, handled within *took*, verified."""
    place = staff.place.pk
    officer = staff.officer()
    perform(place, case.id, "sign_in", officer, {}, now=now + took / 2)
    data = DONE | ({"public_reply": reply} if reply else {})
    perform(place, case.id, "done", officer, data, now=now + took)
    passed = {"solved": "solved", "public_reply": data["public_reply"]}
    perform(place, case.id, "pass", staff.desk, passed, now=now + took + timedelta(minutes=1))


def facts(
    place_id: int, unit: str, what: str, count: int, at: datetime, value: float | None = None
) -> list[UUID]:
    """So many cases sent to a unit, of which each has also *what* (nothing more where it is ``sent``)."""
    rows, ids = [], []
    for n in range(count):
        case_id = uuid7()
        ids.append(case_id)
        when = at + timedelta(minutes=n)
        rows.append(Fact(place_id=place_id, id=uuid7(), case_id=case_id, unit=unit, what="sent", at=when))
        if what != "sent":
            later = when + timedelta(hours=1)
            rows.append(
                Fact(
                    place_id=place_id,
                    id=uuid7(),
                    case_id=case_id,
                    unit=unit,
                    what=what,
                    at=later,
                    value=value,
                )
            )
    Fact.objects.bulk_create(rows)
    return ids


def inspector(staff: Any, name: str = "inspector") -> Actor:
    """An inspector of the county."""
    actor: Actor = staff.actor(name, role="inspector", organ="discipline")
    return actor
