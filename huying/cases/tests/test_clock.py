"""The clock acts on cases: each alarm once, in order, also after the server was down, and late ones say so."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from huying import clock
from huying.cases import jobs
from huying.cases.actions import perform, report
from huying.cases.calls import Call
from huying.cases.models import Case
from huying.cases.tests.test_lifecycle import STALL, a_point
from huying.cases.who import Actor
from huying.flow import machine
from huying.ledger import queries as ledger
from huying.presets.queries import compiled

MONDAY = datetime(2026, 3, 2, 0, 30, tzinfo=UTC)  # 08:30 in China


@pytest.fixture
def at() -> Any:
    with clock.frozen(MONDAY) as held:
        yield held


def a_case(staff: Any) -> Case:
    lon, lat = a_point(staff)
    made = report(staff.place.pk, Call(body=STALL, lon=lon, lat=lat, anonymous=True), Actor(channel="web"))
    return Case.objects.get(place_id=staff.place.pk, id=made.case_id)


def fired(place: int, case: Case) -> list[str]:
    return [
        str(h.event.data["timer"]) for h in ledger.history(place, case.id) if h.event.kind == "case.fired"
    ]


def test_each_alarm_goes_off_once_and_in_order(staff: Any, at: Any) -> None:
    case, place = a_case(staff), staff.place.pk
    assert case.due_at == MONDAY + timedelta(hours=5, minutes=30)  # four work hours over the lunch break
    moment = MONDAY
    while moment < MONDAY + timedelta(hours=8):
        moment += timedelta(minutes=20)
        jobs.sweep(place, moment)
        jobs.sweep(place, moment)
    names = fired(place, case)
    assert len(names) == len(set(names))
    assert [name for name in names if name in ("warn", "due")] == ["warn", "due"]
    case.refresh_from_db()
    assert case.overdue_at is not None


def test_what_fell_due_while_the_server_was_down_happens_in_order_and_says_it_is_late(
    staff: Any, at: Any
) -> None:
    case, place = a_case(staff), staff.place.pk
    jobs.sweep(place, MONDAY + timedelta(days=2))
    story = [h.event for h in ledger.history(place, case.id) if h.event.kind == "case.fired"]
    due = [e for e in story if e.data["timer"] == "due"]
    assert len(due) == 1
    assert due[0].data["late"] > 3600
    order = [str(e.data["timer"]) for e in story]
    assert order.index("warn") < order.index("due")
    assert jobs.sweep(place, MONDAY + timedelta(days=2)) == 0


def test_nothing_is_left_to_fire_once_the_case_is_archived(staff: Any, at: Any) -> None:
    case, place = a_case(staff), staff.place.pk
    perform(place, case.id, "void", staff.desk, {"reason": "测试数据"})
    case.refresh_from_db()
    assert case.next_at is None
    assert jobs.sweep(place, MONDAY + timedelta(days=400)) == 0


def test_the_events_replay_to_the_same_state(staff: Any, at: Any) -> None:
    case, place = a_case(staff), staff.place.pk
    perform(place, case.id, "sign_in", staff.officer(), {})
    jobs.sweep(place, MONDAY + timedelta(days=3))
    perform(
        place, case.id, "return", staff.officer(),
        {"return_reason": "not_ours", "reason": "该路段由交通部门管理"}, now=MONDAY + timedelta(days=3),
    )  # fmt: skip
    case.refresh_from_db()
    flow = compiled(case.edition_id).flow_of(case.kind)
    events = [e for h in ledger.history(place, case.id) for e in h.event.data.get("flow", ())]
    assert machine.replay(flow, events).to_json() == case.token
