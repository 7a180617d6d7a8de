"""A calendar as a preset writes it (``calendar:`` in place.yaml, or office hours of one organ)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from .calendar import OFFICE_HOURS, Calendar, Season
from .hours import HoursError, parse_hours

_KEYS = ("hours", "makeup", "seasons", "zone", "follows_holidays")
_DAY = re.compile(r"([0-9]{1,2})-([0-9]{1,2})")


def read_calendar(
    value: Mapping[str, Any] | None,
    holidays: Mapping[date, str | bool] | None = None,
    years: Iterable[int] | None = None,
) -> Calendar:
    """A Calendar from plain data; ``holidays`` and ``years`` come from the holiday table.

    ``{hours: [["08:30", "11:30"], ["13:00", "17:00"]] | {mon: […], …}, makeup: […], zone: Asia/Shanghai,
    follows_holidays: true, seasons: [{from: "05-01", to: "09-30", hours: …}]}``; all keys may be left out.
    Raises ``HoursError`` that says what to write.
    """
    plain = value or {}
    for key in plain:
        if key not in _KEYS:
            raise HoursError(f'"{key}" is not a part of a calendar: write one of {", ".join(_KEYS)}')
    follows = plain.get("follows_holidays", True)
    if not isinstance(follows, bool):
        raise HoursError(f"follows_holidays is yes or no, not {follows!r}")
    try:
        return Calendar(
            parse_hours(plain["hours"]) if "hours" in plain else OFFICE_HOURS,
            holidays,
            zone=str(plain.get("zone", "Asia/Shanghai")),
            makeup=plain.get("makeup"),
            seasons=[_season(season) for season in plain.get("seasons") or ()],
            years=years,
            follows_holidays=follows,
        )
    except KeyError as unknown:  # ZoneInfoNotFoundError is one
        raise HoursError(f"the time zone {unknown} is not known: write one like Asia/Shanghai") from None


def _season(value: Any) -> Season:
    if not isinstance(value, Mapping) or set(value) != {"from", "to", "hours"}:
        raise HoursError(f'{value!r} is not a season: write {{from: "05-01", to: "09-30", hours: …}}')
    return Season(_month_day(value["from"]), _month_day(value["to"]), parse_hours(value["hours"]))


def _month_day(value: Any) -> tuple[int, int]:
    found = _DAY.fullmatch(str(value).strip())
    if found:
        month, day = int(found[1]), int(found[2])
        try:
            date(2004, month, day)  # a leap year: 02-29 is a day
        except ValueError:
            pass
        else:
            return month, day
    raise HoursError(f'{value!r} is not a day of the year: write it as "05-01"')
