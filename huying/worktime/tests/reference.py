"""A slow, obviously right way to count office time, made without the module under test."""

from datetime import date, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

import chinese_calendar

ZONE = ZoneInfo("Asia/Shanghai")
MINUTE = timedelta(minutes=1)
HOURS = ((8, 30, 11, 30), (13, 0, 17, 0))


@cache
def works(day: date) -> bool:
    """The library's own answer; plain weekdays where it has no year."""
    try:
        return bool(chinese_calendar.is_workday(day))
    except NotImplementedError:
        return day.weekday() < 5


def open_at(at: datetime) -> bool:
    """Is the office open in the minute that begins here?"""
    if not works(at.date()):
        return False
    minute = at.hour * 60 + at.minute
    return any(h * 60 + m <= minute < hh * 60 + mm for h, m, hh, mm in HOURS)


def due_minutes(start: datetime, minutes: int) -> datetime:
    """Walk on minute by minute until that many open minutes have gone by."""
    at = start
    while minutes:
        minutes -= open_at(at)
        at += MINUTE
    return at


def open_minutes(start: datetime, end: datetime) -> int:
    """Open minutes between two whole minutes, counted one by one."""
    count, at = 0, start
    while at < end:
        count += open_at(at)
        at += MINUTE
    return count


def due_workdays(start: datetime, days: int) -> datetime:
    """Walk on day by day from the day after the start."""
    day = start.date()
    while days:
        day += timedelta(days=1)
        days -= works(day)
    return datetime(day.year, day.month, day.day, 17, 0, tzinfo=ZONE)
