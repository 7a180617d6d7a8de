"""Periods of the calendar that a cycle counts in: which one a day lies in."""

from __future__ import annotations

from calendar import monthrange
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
