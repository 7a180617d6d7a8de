"""Limits with pauses, extensions and warnings, in several calendars, against a walk minute by minute and day by day.

The reference knows nothing of running totals: it asks of each minute whether the office is open. Starts lie anywhere in
2004-2027 and, half of the time, within some days of a holiday or a day worked in return (Spring Festival and National
Day among them). 2027 has no announcement yet: plain weekdays there, in both.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from huying.worktime import (
    Calendar,
    Limit,
    Unit,
    due,
    elapsed,
    extend,
    holiday_rows,
    read_calendar,
    remaining,
    resume,
    share_point,
)

from . import reference
from .reference import MINUTE, ZONE
from .test_due import OFFICE, STARTS, at

HOLIDAYS = {row.date: row.kind for row in holiday_rows()}
GREAT = [row.date for row in holiday_rows() if row.name in ("春节", "国庆节", "中秋节")]

# A service hall: Saturday mornings too, shorter hours in summer, its own hours on days worked in return.
HALL_HOURS = {
    **{key: [["09:00", "12:00"], ["13:30", "17:30"]] for key in ("mon", "tue", "wed", "thu", "fri")},
    "sat": [["09:00", "11:30"]],
}
SUMMER = {
    **{key: [["08:00", "11:30"], ["14:30", "18:00"]] for key in ("mon", "tue", "wed", "thu", "fri")},
    "sat": [["08:00", "10:00"]],
}
HALL = read_calendar(
    {
        "hours": HALL_HOURS, "makeup": [["10:00", "16:00"]],
        "seasons": [{"from": "06-01", "to": "09-15", "hours": SUMMER}],
    },
    HOLIDAYS,
)  # fmt: skip
NAMES = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def _minutes(text: str) -> int:
    hours, minutes = text.split(":")
    return int(hours) * 60 + int(minutes)


def hall_day(day: date) -> list[tuple[int, int]]:
    """The hall's sessions of a day, from its rules as one would read them aloud."""
    kind = HOLIDAYS.get(day)
    if kind == "off":
        return []
    summer = date(day.year, 6, 1) <= day <= date(day.year, 9, 15)
    sessions = (SUMMER if summer else HALL_HOURS).get(NAMES[day.weekday()], [])
    if kind == "work" and not sessions:  # a Sunday worked in return
        sessions = [["10:00", "16:00"]]
    return [(_minutes(a), _minutes(b)) for a, b in sessions]


def office_day(day: date) -> list[tuple[int, int]]:
    return [(510, 690), (780, 1020)] if reference.works(day) else []


def round_day(_day: date) -> list[tuple[int, int]]:
    return [(0, 1440)]


PLACES = {
    "office": (OFFICE, office_day),
    "hall": (HALL, hall_day),
    "duty": (Calendar.round_the_clock(), round_day),
}
WHICH = st.sampled_from(sorted(PLACES))
# Around the two long holidays in particular: from three days before to ten after.
GREAT_STARTS = st.builds(
    lambda day, minutes: datetime(day.year, day.month, day.day, tzinfo=ZONE) + timedelta(minutes=minutes),
    st.sampled_from(GREAT), st.integers(-3 * 1440, 10 * 1440),
)  # fmt: skip
ANY = STARTS | GREAT_STARTS


def walk(which: str, start: datetime, minutes: int) -> datetime:
    """Minute by minute until that many open ones have gone by."""
    day_of, at_, held, sessions = PLACES[which][1], start, None, []
    while minutes:
        if at_.date() != held:
            held, sessions = at_.date(), day_of(at_.date())
            if not sessions:  # a day off is skipped whole, which is what walking through it comes to
                at_ = datetime(held.year, held.month, held.day, tzinfo=ZONE) + timedelta(days=1)
                continue
        clock = at_.hour * 60 + at_.minute
        minutes -= any(a <= clock < b for a, b in sessions)
        at_ += MINUTE
    return at_


def count(which: str, start: datetime, end: datetime) -> int:
    """Open minutes between two whole minutes."""
    found, at_ = 0, start
    while at_ < end:
        clock = at_.hour * 60 + at_.minute
        found += any(a <= clock < b for a, b in PLACES[which][1](at_.date()))
        at_ += MINUTE
    return found


@settings(max_examples=120, deadline=None)
@given(WHICH, ANY, st.integers(1, 1500))
@example("office", at(2026, 2, 14, 16, 59), 1)
@example("hall", at(2027, 2, 5, 17, 29), 90)  # a Friday evening in a year without announcements
def test_work_minutes_in_every_calendar(which, start, minutes):
    assert due(Limit(minutes, Unit.WORK_MINUTE), start, PLACES[which][0]) == walk(which, start, minutes)


@settings(max_examples=150, deadline=None)
@given(WHICH, ANY, st.integers(1, 60))
def test_workdays_in_every_calendar(which, start, days):
    calendar, day_of = PLACES[which]
    day, left = start.date(), days
    while left:
        day += timedelta(days=1)
        left -= bool(day_of(day))
    close = datetime(day.year, day.month, day.day, tzinfo=ZONE) + timedelta(minutes=day_of(day)[-1][1])
    assert due(Limit(days, Unit.WORKDAY), start, calendar) == close


@settings(max_examples=60, deadline=None)
@given(WHICH, ANY, st.integers(0, 4 * 1440))
def test_time_gone_by_in_every_calendar(which, start, minutes):
    end = start + timedelta(minutes=minutes)
    assert elapsed(start, end, PLACES[which][0], Unit.WORK_MINUTE) == count(which, start, end)


STEPS = st.lists(
    st.tuples(st.sampled_from(["run", "pause", "extend"]), st.integers(1, 900)), min_size=1, max_size=6
)


@settings(max_examples=120, deadline=None)
@given(WHICH, ANY, st.integers(30, 1200), STEPS)
def test_a_life_of_pauses_and_extensions_as_walked(which, start, minutes, steps):
    """A limit of office minutes that runs, stands and is given more, each step in clock minutes."""
    calendar = PLACES[which][0]
    end, now = due(Limit(minutes, Unit.WORK_MINUTE), start, calendar), start
    left = minutes  # the walker's own account: open minutes that remain
    for what, length in steps:
        if what == "run":
            later = now + timedelta(minutes=length)
            if later >= end:
                break
            left -= count(which, now, later)
            now = later
        elif what == "pause":
            held = remaining(end, now, calendar, Unit.WORK_MINUTE)
            now += timedelta(minutes=length)
            end = resume(held, now, calendar, Unit.WORK_MINUTE)
        else:
            end = extend(end, Limit(length, Unit.WORK_MINUTE), calendar)
            left += length
        assert end == walk(which, now, left)
        assert remaining(end, now, calendar, Unit.WORK_MINUTE) == timedelta(minutes=left)


@settings(max_examples=80, deadline=None)
@given(WHICH, ANY, st.integers(1, 8), st.integers(1, 600))
def test_a_workday_limit_paused_as_walked(which, start, days, pause):
    """Workdays carry working time: a pause of so many clock minutes moves the end by the office time in it."""
    calendar = PLACES[which][0]
    end = due(Limit(days, Unit.WORKDAY), start, calendar)
    left = count(which, start, end)
    again = start + timedelta(minutes=pause)
    if again < end:
        assert resume(remaining(end, start, calendar, Unit.WORKDAY), again, calendar, Unit.WORKDAY) == walk(
            which, again, left
        )


@settings(max_examples=80, deadline=None)
@given(WHICH, ANY, st.integers(1, 300), st.sampled_from([0.25, 0.5, 0.75]))
def test_a_warning_at_a_share_as_walked(which, start, quarters, share):
    limit = Limit(quarters * 4, Unit.WORK_MINUTE)
    assert share_point(limit, start, share, PLACES[which][0]) == walk(which, start, int(quarters * 4 * share))


@settings(max_examples=80, deadline=None)
@given(ANY, st.integers(1, 8), st.sampled_from([0.25, 0.5, 0.75]))
def test_a_warning_at_a_share_of_workdays_as_walked(start, days, share):
    whole = count("office", start, reference.due_workdays(start, days))
    part = whole * share
    if part == int(part) and part:
        assert share_point(Limit(days, Unit.WORKDAY), start, share, OFFICE) == walk(
            "office", start, int(part)
        )


ZONES = (
    "UTC",
    "America/New_York",
    "Asia/Kathmandu",
    "Pacific/Kiritimati",
    "Pacific/Pago_Pago",
    "Asia/Urumqi",
)


@settings(max_examples=200, deadline=None)
@given(ANY, st.sampled_from(ZONES), st.integers(1, 40), st.sampled_from(list(Unit)))
def test_where_the_caller_is_does_not_matter(start, zone, amount, unit):
    """The same moment told in another zone, also in the hour that a clock there shows twice."""
    there = start.astimezone(ZoneInfo(zone))
    end = due(Limit(amount, unit), there, OFFICE)
    assert end == due(Limit(amount, unit), start, OFFICE)
    assert end.utcoffset() == timedelta(hours=8)


@pytest.mark.parametrize("fold", [0, 1])
def test_the_hour_that_new_york_has_twice(fold):
    told = datetime(2026, 11, 1, 1, 30, fold=fold, tzinfo=ZoneInfo("America/New_York"))
    assert due(Limit(2, Unit.HOUR), told, OFFICE) == told.astimezone(UTC) + timedelta(hours=2)
    assert due(Limit(2, Unit.HOUR), told, OFFICE).astimezone(UTC).hour == (7, 8)[fold]


@pytest.mark.parametrize(
    ("start", "end"),
    [
        # 15:59 UTC is still that day in China, 16:00 is the next one
        (datetime(2026, 3, 3, 15, 59, tzinfo=UTC), at(2026, 3, 4, 17)),
        (datetime(2026, 3, 3, 16, 0, tzinfo=UTC), at(2026, 3, 5, 17)),
        # the last minute of a year, in the zone and in UTC
        (datetime(2025, 12, 31, 15, 59, tzinfo=UTC), at(2026, 1, 4, 17)),
        (datetime(2025, 12, 31, 16, 0, tzinfo=UTC), at(2026, 1, 4, 17)),
    ],
)
def test_the_day_is_the_one_in_china(start, end):
    assert due(Limit(1, Unit.WORKDAY), start, OFFICE) == end


def test_the_unknown_year_is_named_from_the_first_minute_that_reaches_it():
    start = at(2026, 12, 31, 16, 0)
    assert OFFICE.unknown_years(start, due(Limit(1, Unit.WORK_HOUR), start, OFFICE)) == ()
    assert OFFICE.unknown_years(start, due(Limit(61, Unit.WORK_MINUTE), start, OFFICE)) == (2027,)
    assert Calendar.round_the_clock().unknown_years(start, at(2027, 6, 1)) == ()
