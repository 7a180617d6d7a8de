"""The calendar by which an office's limits run: office hours of the table or the preset, over the holiday
table."""

from __future__ import annotations

from datetime import date

from huying.places import memory
from huying.worktime import Calendar


def calendar_of(place_id: int, organ_id: int | None = None) -> Calendar:
    """The calendar of the place, or of one of its organs where that has its own. From memory, no SQL
    statement."""
    return memory.of(place_id).calendar(organ_id)


def years_without_holidays(place_id: int, today: date) -> list[int]:
    """This year and the next, as far as the holiday table has no row: plain weekdays are counted there.

    The next year is only missed from December on: it is announced in November.
    """
    calendar = calendar_of(place_id)
    years = [today.year, today.year + 1] if today.month == 12 else [today.year]
    return [year for year in years if not calendar.covers(year)]
