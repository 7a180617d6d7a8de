"""The periods of reports: which one a day lies in, the next one, how it is written, and when its report is made."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from huying.indicators.periods import Period, day, half, month, quarter, week, year
from huying.places.info import PlaceMemory
from huying.presets.report_definition import Schedule


def around(kind: str, of: date) -> Period:
    """The period of that kind in which a day lies."""
    if kind == "day":
        return day(of)
    if kind == "week":
        return week(of)
    if kind == "month":
        return month(of.year, of.month)
    if kind == "quarter":
        return quarter(of.year, (of.month + 2) // 3)
    if kind == "half":
        return half(of.year, 1 if of.month <= 6 else 2)
    return year(of.year)


def last_whole(kind: str, today: date) -> Period:
    """The last period that is over."""
    return around(kind, around(kind, today).start - timedelta(days=1))


def words(kind: str, period: Period) -> str:
    """How a paper writes the period, in Chinese: 2026年10月, 2026年11月16日至22日."""
    first, last = period.start, period.last
    if kind == "month":
        return f"{first.year}年{first.month}月"
    if kind == "quarter":
        return f"{first.year}年第{'一二三四'[(first.month - 1) // 3]}季度"
    if kind == "half":
        return f"{first.year}年{'上' if first.month == 1 else '下'}半年"
    if kind == "year":
        return f"{first.year}年"
    return between(first, last)


def between(first: date, last: date) -> str:
    """Two days and what lies between them."""
    head = written(first)
    if first == last:
        return head
    if first.year != last.year:
        return f"{head}至{written(last)}"
    if first.month != last.month:
        return f"{head}至{last.month}月{last.day}日"
    return f"{head}至{last.day}日"


def written(one: date) -> str:
    """A day as official papers write it."""
    return f"{one.year}年{one.month}月{one.day}日"


def made_at(memory: PlaceMemory, schedule: Schedule, period: Period) -> datetime:
    """From when on the report of the period is made: on that workday after it, by the place's calendar."""
    calendar = memory.calendar(None)
    on, left = period.end, schedule.workday
    if left:
        while True:
            left -= calendar.is_workday(on)
            if left <= 0:
                break
            on += timedelta(days=1)
    return datetime.combine(on, schedule.at, zone_of(memory))


def zone_of(memory: PlaceMemory) -> ZoneInfo:
    """The place's time zone."""
    preset = memory.preset
    return ZoneInfo(preset.place.timezone if preset is not None else "Asia/Shanghai")
