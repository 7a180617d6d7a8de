"""Office hours: the sessions of each weekday, as minutes after midnight."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import time
from typing import Any

Session = tuple[int, int]
"""(start, end) in minutes after midnight, end not included; 1440 is midnight at the end of the day."""
DayHours = tuple[Session, ...]
WeekHours = tuple[DayHours, DayHours, DayHours, DayHours, DayHours, DayHours, DayHours]
"""Monday to Sunday."""

_CLOCK = re.compile(r"([0-9]{1,2})[:：]([0-5][0-9])")

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_LONG = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_NAMES = {
    **{name: i for i, name in enumerate(WEEKDAYS)},
    **{name: i for i, name in enumerate(_LONG)},
    **{week + c: i for week in ("周", "星期") for i, c in enumerate("一二三四五六日")},
}


class HoursError(ValueError):
    """Office hours that cannot be understood; the message says what to write instead."""


def parse_hours(value: Any) -> WeekHours:
    """Office hours as written in a preset → sessions per weekday.

    Either one list for Monday to Friday, ``[["08:30", "11:30"], ["13:00", "17:00"]]``, or a mapping
    of weekdays (mon…sun, 周一…周日) to such lists; weekdays left out are days off. Raises ``HoursError``.
    """
    if isinstance(value, Mapping):
        week: list[DayHours] = [()] * 7
        for name, sessions in value.items():
            index = _NAMES.get(str(name).strip().lower())
            if index is None:
                raise HoursError(f'"{name}" is not a weekday: write mon, tue, wed, thu, fri, sat or sun')
            week[index] = day_hours(sessions)
        return week_hours(week)
    day = day_hours(value)
    return week_hours([day] * 5 + [(), ()])


def week_hours(days: Sequence[Sequence[Sequence[Any]]]) -> WeekHours:
    """Check seven lists of sessions, Monday first. Raises ``HoursError`` if none of them is open."""
    if len(days) != 7:
        raise HoursError(f"office hours need seven weekdays, Monday first, not {len(days)}")
    week = tuple(day_hours(day) for day in days)
    if not any(week):
        raise HoursError("office hours are empty on every weekday: no working limit could ever end")
    return week  # type: ignore[return-value]  # seven, as counted above


def day_hours(sessions: Any) -> DayHours:
    """The sessions of one day, in order and apart. Raises ``HoursError``."""
    if sessions is None:
        return ()
    if isinstance(sessions, str) or not isinstance(sessions, Sequence):
        raise HoursError(
            f'{sessions!r} is not a list of sessions: write [["08:30", "11:30"], ["13:00", "17:00"]]'
        )
    found: list[Session] = []
    for session in sessions:
        if isinstance(session, str) or not isinstance(session, Sequence) or len(session) != 2:
            raise HoursError(f'{session!r} is not a session: write ["08:30", "11:30"]')
        start, end = _minutes(session[0]), _minutes(session[1])
        if start >= end:
            raise HoursError(
                f"the session {session[0]}-{session[1]} ends before it begins; "
                "a shift over midnight is written as two sessions, up to 24:00 and from 00:00"
            )
        if found and start < found[-1][1]:
            raise HoursError(f"the session {session[0]}-{session[1]} overlaps the one before it")
        if found and start == found[-1][1]:
            found[-1] = (found[-1][0], end)  # no gap: one session
        else:
            found.append((start, end))
    return tuple(found)


def _minutes(value: Any) -> int:
    """ "08:30", a ``time`` or minutes after midnight → minutes after midnight, 0 to 1440."""
    if isinstance(value, time):
        return value.hour * 60 + value.minute
    if isinstance(value, int) and not isinstance(value, bool):
        minutes = value
    else:
        found = _CLOCK.fullmatch(str(value).strip())
        if found is None:
            raise HoursError(f'{value!r} is not a time of day: write it as "08:30"')
        minutes = int(found[1]) * 60 + int(found[2])
    if not 0 <= minutes <= 1440:
        raise HoursError(f"{value!r} is not a time of day between 00:00 and 24:00")
    return minutes
