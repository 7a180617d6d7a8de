"""Local days of a place, and the stretches that reviews go by. Ends are the day after the last."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from huying.places.info import PlaceMemory

FIRST_YEAR = 2000
_MONTHS = {"month": 1, "quarter": 3, "half-year": 6, "year": 12}


def local_day(memory: PlaceMemory, at: datetime) -> date:
    """The day that *at* is in, at the place."""
    return memory.calendar().local(at).date()


def start_of(memory: PlaceMemory, day: date) -> datetime:
    """The moment at which the day begins at the place."""
    return datetime.combine(day, time(), tzinfo=memory.calendar().zone)


def stretch(day: date, every: str) -> tuple[date, date]:
    """The month, quarter, half-year or year that holds *day*."""
    months = _MONTHS[every]
    first = date(day.year, (day.month - 1) // months * months + 1, 1)
    return first, later(first, months)


def later(first: date, months: int) -> date:
    """The first of a month some months later."""
    count = first.year * 12 + first.month - 1 + months
    return date(count // 12, count % 12 + 1, 1)


def name_of(first: date, every: str) -> str:
    """A stretch's name: 2026, 2026-H1, 2026-Q2, 2026-05."""
    if every == "year":
        return str(first.year)
    if every == "half-year":
        return f"{first.year}-H{1 if first.month < 7 else 2}"
    if every == "quarter":
        return f"{first.year}-Q{(first.month + 2) // 3}"
    return f"{first:%Y-%m}"


def month_of(text: str, today: date) -> tuple[date, date]:
    """The month that an address names (``2026-05``), else, and for one beyond all records, the one that holds *today*."""
    try:
        first = date(int(text[:4]), int(text[5:7]), 1)
    except ValueError:
        first = today.replace(day=1)
    if not is_recorded(first.year, today):
        first = today.replace(day=1)
    return first, later(first, 1)


def is_recorded(year: int, today: date) -> bool:
    """Whether there can be anything of that year: addresses may name any."""
    return FIRST_YEAR <= year <= today.year


DAY = timedelta(days=1)
