from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from huying.worktime import Calendar, Limit, Unit, due, elapsed, holiday_rows, parse_limit

from . import reference
from .reference import ZONE

OFFICE = Calendar([["08:30", "11:30"], ["13:00", "17:00"]], {row.date: row.kind for row in holiday_rows()})
# whole minutes, for the reference that walks minute by minute
MINUTES = st.integers(0, (date(2027, 12, 1) - date(2004, 1, 1)).days * 1440).map(
    lambda n: datetime(2004, 1, 1, tzinfo=ZONE) + timedelta(minutes=n)
)
# whole years are too rare a target: half of the starts lie around the great holidays
HOLIDAYS = st.builds(
    lambda row, minutes: (
        datetime(row.date.year, row.date.month, row.date.day, tzinfo=ZONE) + timedelta(minutes=minutes)
    ),
    st.sampled_from(list(holiday_rows())),
    st.integers(-4 * 1440, 4 * 1440),
)
STARTS = MINUTES | HOLIDAYS


def at(*parts):
    return datetime(*parts, tzinfo=ZONE)


@pytest.mark.parametrize(
    ("limit", "start", "end"),
    [
        # lunch: half an hour before it and half an hour after it
        ("1 work hour", at(2026, 3, 3, 11, 0), at(2026, 3, 3, 13, 30)),
        # ending exactly when the office closes, not when it opens again
        ("1 work hour", at(2026, 3, 3, 10, 30), at(2026, 3, 3, 11, 30)),
        ("2 work hours", at(2026, 3, 3, 15, 0), at(2026, 3, 3, 17, 0)),
        # at lunch, at night, before opening: counted from the next opening
        ("1 work hour", at(2026, 3, 3, 12, 15), at(2026, 3, 3, 14, 0)),
        ("2 work hours", at(2026, 3, 3, 22, 0), at(2026, 3, 4, 10, 30)),
        ("2 work hours", at(2026, 3, 3, 6, 0), at(2026, 3, 3, 10, 30)),
        # Friday afternoon into Monday
        ("2 work hours", at(2026, 3, 6, 16, 0), at(2026, 3, 9, 9, 30)),
        # the Friday before Spring Festival 2026: the 14th, a Saturday, is worked; 15 to 23 are off
        ("2 work hours", at(2026, 2, 13, 16, 0), at(2026, 2, 14, 9, 30)),
        ("2 work hours", at(2026, 2, 14, 16, 0), at(2026, 2, 24, 9, 30)),
        ("1 workday", at(2026, 2, 13, 9, 0), at(2026, 2, 14, 17, 0)),
        ("2 workdays", at(2026, 2, 13, 9, 0), at(2026, 2, 24, 17, 0)),
        # reported in the holiday: the first workday after it is the first that counts
        ("1 workday", at(2026, 2, 17, 3, 0), at(2026, 2, 24, 17, 0)),
        # National Day 2025: 28 September, a Sunday, is worked; 1 to 8 October are off
        ("3 workdays", at(2025, 9, 26, 17, 30), at(2025, 9, 30, 17, 0)),
        ("4 workdays", at(2025, 9, 26, 17, 30), at(2025, 10, 9, 17, 0)),
        # the day of entry never counts, however early
        ("1 workday", at(2026, 3, 3, 0, 0), at(2026, 3, 4, 17, 0)),
        ("1 workday", at(2026, 3, 3, 23, 59), at(2026, 3, 4, 17, 0)),
        ("1 workday", at(2026, 3, 7, 12, 0), at(2026, 3, 9, 17, 0)),
        # by the clock: holidays and nights do not matter
        ("24 hours", at(2026, 2, 14, 16, 0), at(2026, 2, 15, 16, 0)),
        ("5 days", at(2026, 2, 14, 16, 0), at(2026, 2, 19, 16, 0)),
        ("30 minutes", at(2026, 12, 31, 23, 45), at(2027, 1, 1, 0, 15)),
    ],
)
def test_by_example(office, limit, start, end):
    assert due(parse_limit(limit), start, office) == end


def test_seconds_are_kept(office):
    start = datetime(2026, 3, 3, 11, 29, 59, 250_000, tzinfo=ZONE)
    assert due(parse_limit("1 work minute"), start, office) == datetime(
        2026, 3, 3, 13, 0, 59, 250_000, tzinfo=ZONE
    )


def test_any_zone_in_shanghai_out(office):
    end = due(
        parse_limit("1 workday"), datetime(2026, 3, 3, 17, 0, tzinfo=UTC), office
    )  # 01:00 on the 4th there
    assert end == at(2026, 3, 5, 17, 0)
    assert end.utcoffset() == timedelta(hours=8)


def test_naive_times_are_refused(office):
    naive = datetime(2026, 3, 3, 9)  # noqa: DTZ001
    for limit in ("2 work hours", "1 workday", "1 day"):
        with pytest.raises(ValueError, match="no time zone"):
            due(parse_limit(limit), naive, office)


def test_a_limit_that_leaves_the_table_is_an_error(office):
    for limit in ("750 workdays", "2000 work hours"):
        with pytest.raises(ValueError, match="leaves the calendar"):
            due(parse_limit(limit), at(2099, 12, 1), office)
    with pytest.raises(ValueError, match="outside of the calendar"):
        due(parse_limit("1 workday"), at(1999, 12, 1), office)


@settings(max_examples=80, deadline=None)
@given(STARTS, st.integers(1, 900))
def test_work_minutes_as_walked_minute_by_minute(start, minutes):
    assert due(Limit(minutes, Unit.WORK_MINUTE), start, OFFICE) == reference.due_minutes(start, minutes)


@settings(max_examples=30, deadline=None)
@given(STARTS, st.integers(1, 12))
def test_work_hours_as_walked_minute_by_minute(start, hours):
    assert due(Limit(hours, Unit.WORK_HOUR), start, OFFICE) == reference.due_minutes(start, hours * 60)


@settings(max_examples=300, deadline=None)
@given(STARTS, st.integers(1, 90))
def test_workdays_as_walked_day_by_day(start, days):
    end = due(Limit(days, Unit.WORKDAY), start, OFFICE)
    assert end == reference.due_workdays(start, days)
    assert elapsed(start, end, OFFICE, Unit.WORKDAY) == days
    assert elapsed(start, end - timedelta(microseconds=1), OFFICE, Unit.WORKDAY) == days - 1


@settings(max_examples=60, deadline=None)
@given(STARTS, st.integers(0, 6 * 1440))
def test_elapsed_as_counted_minute_by_minute(start, minutes):
    end = start + timedelta(minutes=minutes)
    counted = reference.open_minutes(start, end)
    assert elapsed(start, end, OFFICE, Unit.WORK_MINUTE) == counted
    assert elapsed(end, start, OFFICE, Unit.WORK_MINUTE) == -counted
    assert elapsed(start, end, OFFICE, Unit.MINUTE) == minutes


@settings(max_examples=200, deadline=None)
@given(STARTS, STARTS, st.integers(1, 60), st.sampled_from(list(Unit)))
def test_who_comes_later_is_never_due_earlier(one, other, amount, unit):
    first, second = sorted((one, other))
    assert due(Limit(amount, unit), first, OFFICE) <= due(Limit(amount, unit), second, OFFICE)


@settings(max_examples=200, deadline=None)
@given(STARTS, st.integers(1, 60), st.sampled_from(list(Unit)))
def test_one_more_is_later_and_ends_in_the_future(start, amount, unit):
    end = due(Limit(amount, unit), start, OFFICE)
    assert start < end < due(Limit(amount + 1, unit), start, OFFICE)


@settings(max_examples=200, deadline=None)
@given(STARTS)
def test_next_open_is_open_and_nothing_before_it_is(start):
    opening = OFFICE.next_open(start)
    assert opening >= start
    assert OFFICE.is_open(opening)
    assert reference.open_at(opening)
    assert OFFICE.worked(opening) == OFFICE.worked(start)
