"""Rows to seed the editable holiday table with: days off by law and the days worked in return."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

FIRST_YEAR = 2004
"""First year that the holiday data knows."""


class HolidayRow(NamedTuple):
    """A day that differs from its weekday or is a named holiday; ``name`` Chinese, ``name_en`` English."""

    date: date
    is_workday: bool
    name: str
    name_en: str

    @property
    def kind(self) -> str:
        """The word that ``Calendar`` takes: "work" or "off"."""
        return "work" if self.is_workday else "off"


def last_year() -> int:
    """Last year that the installed holiday data knows (each year is announced late in the one before)."""
    from chinese_calendar import constants

    return int(max(constants.holidays).year)


def holiday_rows(first: int = FIRST_YEAR, last: int | None = None) -> Iterator[HolidayRow]:
    """Rows for the years ``first`` to ``last`` (both included), in order of date.

    Years outside the data yield nothing: the table has no row for them, the calendar falls back to plain
    weekdays there and says so (``Calendar.unknown_years``). The import is local: only seeding pays for it.
    """
    from chinese_calendar import constants

    end = last_year() if last is None else last
    names = {holiday.value: holiday.chinese for holiday in constants.Holiday}
    days = [(day, False, name) for day, name in constants.holidays.items()]
    days += [(day, True, name) for day, name in constants.workdays.items()]
    for day, is_workday, name in sorted(days):
        if first <= day.year <= end:
            yield HolidayRow(day, is_workday, names.get(name, name), name)
