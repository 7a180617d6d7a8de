"""Each limit counts in the office hours of whoever holds the step; what is left goes on in the hours of the next holder
only where it is theirs. Held against a walk minute by minute, over holidays, and through real moves."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from hypothesis import example, given, settings
from hypothesis import strategies as st

from huying.cases.actions import perform, report
from huying.cases.calls import Call
from huying.cases.models import Case, Leg
from huying.cases.tests.test_lifecycle import told
from huying.cases.who import Actor
from huying.cases.world import CaseWorld
from huying.flow import machine
from huying.flow.tests.cast import flow_of
from huying.places import actions as places
from huying.places.info import DivisionInfo, OrganInfo, PlaceMemory
from huying.worktime import due, parse_limit
from huying.worktime.tests.reference import ZONE
from huying.worktime.tests.test_against_reference import (
    GREAT_STARTS,
    HALL_HOURS,
    HOLIDAYS,
    SUMMER,
    count,
    walk,
)

# The desk is the centre's, which never closes; the hall has Saturdays; the office keeps the place's own hours.
DESK, HALL, OFFICE = "desk:1", "organ:2", "organ:3"
KEEPS = {DESK: "duty", HALL: "hall", OFFICE: "office"}
TAKES, HANDLES, WHOLE = 300, 1200, 2700  # office minutes

FLOW = flow_of(
    f"""
flow: two-offices
kind: request
name: 两个单位
tiers: [county]
limit: {WHOLE} work minutes
steps:
  take: {{name: 受理, phase: accept, owner: desk@county, limit: {TAKES} work minutes}}
  handle: {{name: 办理, phase: handle, owner: organ(item), limit: {HANDLES} work minutes, warn: 50%}}
  over: {{name: 归档, phase: archive}}
moves:
  - {{id: send, name: 派, from: take, to: handle, by: anyone}}
  - {{id: back, name: 退, from: handle, to: take, by: anyone}}
  - {{id: hold, name: 停, from: handle, by: anyone, does: [pause]}}
  - {{id: go_on, name: 续, from: handle, by: anyone, does: [resume]}}
  - {{id: more, name: 延, from: handle, by: anyone, needs: [more], does: [extend more]}}
  - {{id: done, name: 结, from: handle, to: over, by: anyone, closes: yes}}
"""
)


def organ(ident: int, code: str, calendar: str) -> OrganInfo:
    return OrganInfo(ident, code, code, code, "county", 1, None, False, "", calendar, "", True)


MEMORY = PlaceMemory(
    place_id=1, code="1", name="示例县", region="1", edition_id=None, version=1,
    settings={
        "centre": "centre",
        "calendars": {
            "hall": {
                "hours": HALL_HOURS, "makeup": [["10:00", "16:00"]],
                "seasons": [{"from": "06-01", "to": "09-15", "hours": SUMMER}],
            }
        },
    },
    divisions=[DivisionInfo(1, "1", "county", "", "示例县", "示例县", None, "/1/", "", None, None, True, True)],
    codes={"1": 1}, organs=[organ(1, "centre", "always"), organ(2, "hall", "hall"), organ(3, "office", "")],
    holidays={day: kind == "work" for day, kind in HOLIDAYS.items()}, hours={},
)  # fmt: skip
WORLD = CaseWorld(memory=MEMORY, case_id=UUID(int=1), division_id=1)
STEPS = st.lists(
    st.tuples(
        st.sampled_from(["run", "run", "hall", "office", "back", "hold", "go_on", "more"]),
        st.integers(1, 2000),
    ),
    min_size=2,
    max_size=9,
)


@settings(max_examples=50, deadline=None)
@given(GREAT_STARTS, STEPS)
@example(  # over the National Day of 2026 and the Saturday worked in return: to one, back, to the other, and back again
    datetime(2026, 9, 30, 9, 0, tzinfo=ZONE),
    [("hall", 1), ("run", 600), ("back", 1), ("run", 60), ("office", 1), ("run", 2000), ("hold", 1), ("run", 2000),
     ("go_on", 1), ("back", 1), ("hall", 1)],
)  # fmt: skip
def test_limits_of_two_offices_as_walked(start: datetime, steps: list[tuple[str, int]]) -> None:
    now = start
    token = machine.start(FLOW, WORLD, {}, now).token
    left = {DESK: TAKES}  # the walker's own account: minutes that each holder has left
    whole, paused = WHOLE, False
    for what, length in steps:
        at_desk = token.step == "take"
        if what == "run":
            later = now + timedelta(minutes=length)
            if not paused and later >= min(token.due, token.total_due):
                break
            if not paused:
                left[token.owner] -= count(KEEPS[token.owner], now, later)
                whole -= count("office", now, later)
            now = later
            continue
        if what in ("hall", "office") and at_desk:
            owner = HALL if what == "hall" else OFFICE
            token = move(token, "send", now, organ_id=int(owner[-1]))
            # Whoever had it before has what they left over; whoever had not, all of it.
            fresh = owner not in left
            left = {DESK: left[DESK], owner: left.get(owner, HANDLES)}
            assert token.owner == owner
            if fresh:
                assert token.warn == walk(KEEPS[owner], now, HANDLES // 2)
        elif what == "back" and not at_desk:
            token, paused = move(token, "back", now), False
        elif what == "hold" and not at_desk and not paused:
            token, paused = move(token, "hold", now), True
        elif what == "go_on" and paused:
            token, paused = move(token, "go_on", now), False
        elif what == "more" and not at_desk and not paused:
            token = move(token, "more", now, more=f"{length} work minutes")
            left[token.owner] += length
            whole += length
        if not paused:
            assert token.due == walk(KEEPS[token.owner], now, left[token.owner])
            assert token.total_due == walk("office", now, whole)


@settings(max_examples=30, deadline=None)
@given(GREAT_STARTS, st.integers(1, 4000), st.integers(1, 20000), st.sampled_from(["hold", "back"]))
@example(
    datetime(2026, 9, 30, 9, 0, tzinfo=ZONE), 3000, 12000, "hold"
)  # overdue and away over the National Day
@example(datetime(2026, 2, 13, 9, 0, tzinfo=ZONE), 100, 12000, "back")  # sent back over the Spring Festival
def test_what_was_overdue_stays_overdue_by_as_much(start: datetime, over: int, away: int, way: str) -> None:
    token = move(machine.start(FLOW, WORLD, {}, start).token, "send", start, organ_id=2)
    now = token.due + timedelta(minutes=over)
    late = count("hall", token.due, now)
    late_in_all = count("office", token.total_due, now) if now > token.total_due else 0
    gone, total = move(token, way, now), token.total_due
    now += timedelta(minutes=away)
    again = move(gone, "go_on", now) if way == "hold" else move(gone, "send", now, organ_id=2)
    assert again.due <= now
    assert count("hall", again.due, now) == late
    if way == "back":  # the limit of the whole case never stood still
        assert again.total_due == total
    elif late_in_all:
        assert count("office", again.total_due, now) == late_in_all


def move(token: Any, name: str, now: datetime, organ_id: int | None = None, **fields: Any) -> Any:
    return machine.perform(FLOW, token, name, WORLD, {"organ_id": organ_id}, fields, now, None).token


# — through real moves —

SATURDAYS = {"sat": [["09:00", "12:00"]], "sun": [["09:00", "12:00"]]}
EVENINGS = {day: [["18:00", "22:00"]] for day in ("mon", "tue", "wed", "thu", "fri")}


def hours(staff: Any, code: str, week: Any) -> None:
    organ_id = staff.memory.organ_by_code(code).id
    places.set_office_hours(staff.place.pk, organ_id, week, actor=places.SYSTEM)


def test_a_case_counts_for_each_in_their_own_hours(staff: Any, clock: Any) -> None:
    hours(staff, "chengguan", SATURDAYS)
    hours(staff, "centre", EVENINGS)
    case = told(staff)
    place, memory = staff.place.pk, staff.memory
    its = memory.calendar(memory.organ_by_code("chengguan").id)
    limits = memory.preset.items["E101"].limits
    assert case.due_at == due(parse_limit(limits["arrive"]), case.reported_at, its)
    assert its.local(case.due_at).weekday() >= 5
    perform(place, case.id, "sign_in", staff.officer(), {})
    case.refresh_from_db()
    assert case.due_at == due(parse_limit(limits["handle"]), case.changed_at, its)
    perform(
        place, case.id, "done", staff.officer(),
        {
            "truth": "genuine", "completion": "substantive", "solved": "solved", "contact_how": "phone",
            "internal_account": "已劝离并安排巡查", "public_reply": "摊位已清理，我们会安排人员早晚巡查。",
        },
    )  # fmt: skip
    case.refresh_from_db()
    evenings = memory.calendar(memory.centre.id)
    assert case.step == "verify"
    assert case.due_at == due(parse_limit("1 workday"), case.changed_at, evenings)
    assert evenings.local(case.due_at).hour == 22


def test_a_place_without_hours_of_the_centre_counts_its_desk_by_its_own(staff: Any, clock: Any) -> None:
    hours(staff, "chengguan", SATURDAYS)
    case = told(staff)
    perform(staff.place.pk, case.id, "sign_in", staff.officer(), {})
    perform(
        staff.place.pk,
        case.id,
        "return",
        staff.officer(),
        {"return_reason": "not_ours", "reason": "不归我们"},
    )
    case.refresh_from_db()
    assert case.owner_key.startswith("desk:")
    assert case.due_at == due(parse_limit("4 work hours"), case.changed_at, staff.memory.calendar())


def test_each_part_counts_in_the_hours_of_its_organ(staff: Any, clock: Any) -> None:
    hours(staff, "chengguan", SATURDAYS)
    made = report(staff.place.pk, Call(body="小区门口的事说不清楚归谁"), Actor(channel="web"))
    codes = ["chengguan", "police"]
    perform(
        staff.place.pk, made.case_id, "gather", staff.desk,
        {"item": "E101", "organs": codes, "due": "2099-01-05T17:00"},
    )  # fmt: skip
    organs = [staff.memory.organ_by_code(code).id for code in codes]
    case = Case.objects.get(place_id=staff.place.pk, id=made.case_id)
    legs = {leg.organ_id: leg for leg in Leg.objects.filter(place_id=staff.place.pk, case_id=case.id)}
    for ident in organs:
        limit = parse_limit(staff.memory.preset.items["E101"].limits["arrive"])
        assert legs[ident].due_at == due(limit, case.changed_at, staff.memory.calendar(ident))
    assert legs[organs[0]].due_at != legs[organs[1]].due_at
