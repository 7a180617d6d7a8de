"""Days, weeks, tens of days, months and longer, as the calendar has them."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from huying.flow.dates import falls_on, next_date, period_of
from huying.flow.definition import EVERY


@pytest.mark.parametrize(
    ("every", "day", "first", "last"),
    [
        ("day", date(2026, 3, 4), date(2026, 3, 4), date(2026, 3, 4)),
        ("week", date(2026, 3, 4), date(2026, 3, 2), date(2026, 3, 8)),
        ("tenday", date(2026, 2, 10), date(2026, 2, 1), date(2026, 2, 10)),
        ("tenday", date(2026, 2, 11), date(2026, 2, 11), date(2026, 2, 20)),
        ("tenday", date(2026, 2, 28), date(2026, 2, 21), date(2026, 2, 28)),
        ("tenday", date(2026, 3, 31), date(2026, 3, 21), date(2026, 3, 31)),
        ("month", date(2028, 2, 5), date(2028, 2, 1), date(2028, 2, 29)),
        ("quarter", date(2026, 11, 5), date(2026, 10, 1), date(2026, 12, 31)),
        ("half-year", date(2026, 6, 30), date(2026, 1, 1), date(2026, 6, 30)),
        ("year", date(2026, 6, 30), date(2026, 1, 1), date(2026, 12, 31)),
    ],
)
def test_the_period_around_a_day(every, day, first, last):
    assert period_of(every, day) == (first, last)


@pytest.mark.parametrize("every", EVERY)
def test_periods_follow_one_another_without_gap_or_overlap(every):
    day, end = date(2027, 1, 1), date(2028, 12, 31)
    day = period_of(every, day)[0]
    while day <= end:
        first, last = period_of(every, day)
        assert first == day
        assert all(
            period_of(every, first + timedelta(n)) == (first, last) for n in range((last - first).days + 1)
        )
        day = last + timedelta(1)


@pytest.mark.parametrize(
    ("every", "nth", "fixed", "after", "comes"),
    [
        ("month", 31, (), date(2026, 1, 31), date(2026, 2, 28)),
        ("week", 3, (), date(2026, 3, 3), date(2026, 3, 4)),
        ("week", 3, (), date(2026, 3, 4), date(2026, 3, 11)),
        ("half-year", 1, (), date(2026, 7, 1), date(2027, 1, 1)),
        ("", 1, ((12, 1), (7, 1)), date(2026, 3, 2), date(2026, 7, 1)),
        ("", 1, ((12, 1), (7, 1)), date(2026, 12, 1), date(2027, 7, 1)),
        ("", 1, ((2, 29),), date(2026, 3, 2), date(2028, 2, 29)),
        ("", 1, ((2, 30),), date(2026, 3, 2), None),
    ],
)
def test_the_day_that_comes_next(every, nth, fixed, after, comes):
    assert next_date(every, nth, fixed, after) == comes
    if comes is not None:
        assert falls_on(every, nth, fixed, comes)
        between = (after + timedelta(days=n) for n in range(1, (comes - after).days))
        assert not any(falls_on(every, nth, fixed, day) for day in between)
