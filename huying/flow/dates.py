"""Periods of the calendar that cycles and duties count in: which one a day lies in, which day comes next."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Collection
from datetime import date, timedelta

_MONTHS = {"month": 1, "quarter": 3, "half-year": 6, "year": 12}


def period_of(every: str, day: date) -> tuple[date, date]:
    """First and last day of the period around *day*.

    Weeks begin on Monday; a month has three tens of days (旬), the last as long as the month has days left.
    Raises KeyError for an unknown word.
    """
    if every == "day":
        return day, day
    if every == "week":
        first = day - timedelta(days=day.weekday())
        return first, first + timedelta(days=6)
    if every == "tenday":
        start = 21 if day.day > 20 else 11 if day.day > 10 else 1
        end = start + 9 if start < 21 else monthrange(day.year, day.month)[1]
        return day.replace(day=start), day.replace(day=end)
    length = _MONTHS[every]
    first = date(day.year, (day.month - 1) // length * length + 1, 1)
    last = first.month + length - 1
    return first, date(day.year, last, monthrange(day.year, last)[1])


def falls_on(every: str, nth: int, fixed: Collection[tuple[int, int]], day: date) -> bool:
    """Whether *day* is one of the days meant: the *nth* day of each period *every*, or one of the *fixed* (month, day)."""
    if (day.month, day.day) in fixed:
        return True
    if not every:
        return False
    first, last = period_of(every, day)
    return day == min(first + timedelta(days=nth - 1), last)


def next_date(every: str, nth: int, fixed: Collection[tuple[int, int]], after: date) -> date | None:
    """The first day meant that comes after *after*; None where nothing is meant (or only 30 February)."""
    found = []
    for year in range(after.year, after.year + 9):  # 29 February comes back after eight years at the latest
        days = [date(year, month, day) for month, day in fixed if day <= monthrange(year, month)[1]]
        found = [day for day in days if day > after]
        if found:
            break
    if every:
        first, last = period_of(every, after)
        here = min(first + timedelta(days=nth - 1), last)
        if here <= after:
            first, last = period_of(every, last + timedelta(days=1))
            here = min(first + timedelta(days=nth - 1), last)
        found.append(here)
    return min(found, default=None)
