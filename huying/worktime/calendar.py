"""A calendar: which seconds an office works. All questions are answered from tables made once.

Wall-clock time is kept as whole microseconds, and worked time as microseconds worked since the first day of
the table, so that no sum of limits, pauses and extensions ever loses a fraction.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta, timezone
from itertools import accumulate
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from .hours import DayHours, HoursError, WeekHours, day_hours, parse_hours, week_hours

MINUTE = 60_000_000
DAY = 1440 * MINUTE
MICROSECOND = timedelta(microseconds=1)

FIRST_DAY = date(2000, 1, 1)
END_DAY = date(2100, 1, 1)
"""The table covers FIRST_DAY up to, not including, END_DAY: no limit of this century leaves it."""
_FIRST = FIRST_DAY.toordinal()
_DAYS = END_DAY.toordinal() - _FIRST

OFFICE_HOURS: WeekHours = week_hours([((510, 690), (780, 1020))] * 5 + [(), ()])
"""08:30-11:30 and 13:00-17:00, Monday to Friday: used where a place states nothing."""


class Season(NamedTuple):
    """Hours that replace the weekly ones between two days of the year, both included (may span New Year)."""

    start: tuple[int, int]
    end: tuple[int, int]
    hours: WeekHours


class _Pattern:
    """One day's sessions in microseconds after midnight, with the time worked before each."""

    __slots__ = ("before", "close", "ends", "starts", "total")

    def __init__(self, sessions: DayHours) -> None:
        self.starts = [start * MINUTE for start, _ in sessions]
        self.ends = [end * MINUTE for _, end in sessions]
        lengths = [end - start for start, end in zip(self.starts, self.ends, strict=True)]
        self.before = [0, *accumulate(lengths)][: len(lengths)]
        self.total = sum(lengths)
        self.close = self.ends[-1] if sessions else 0

    def worked(self, clock: int) -> int:
        """Time worked on such a day up to ``clock`` microseconds after midnight."""
        i = bisect_right(self.starts, clock) - 1
        return 0 if i < 0 else self.before[i] + min(clock, self.ends[i]) - self.starts[i]

    def clock(self, worked: int) -> int:
        """First moment at which ``worked`` (more than 0, at most ``total``) has been worked."""
        i = bisect_left(self.before, worked) - 1
        return self.starts[i] + worked - self.before[i]


class Calendar:
    """Office hours over weekdays, holidays and make-up workdays (调休).

    ``hours``: sessions per weekday, or what ``parse_hours`` reads. ``holidays``: date → "off" (or False) for
    a day off, "work" (or True) for a day worked. A day worked that has no hours of its own (a Saturday) has
    ``makeup`` hours, by default those of the first open weekday. ``years``: the years for which the table is
    complete, by default every year that has a row. ``follows_holidays=False`` is for an office that never
    closes for them. Raises ``HoursError`` or ``ValueError`` on what it cannot use. A Calendar never changes:
    edit the table, make a new one.
    """

    def __init__(
        self,
        hours: WeekHours | Any = OFFICE_HOURS,
        holidays: Mapping[date, str | bool] | None = None,
        *,
        zone: str = "Asia/Shanghai",
        makeup: Sequence[Sequence[Any]] | None = None,
        seasons: Iterable[Season] = (),
        years: Iterable[int] | None = None,
        follows_holidays: bool = True,
    ) -> None:
        self.hours = hours if _is_week(hours) else parse_hours(hours)
        self.zone = ZoneInfo(zone)
        self.follows_holidays = follows_holidays
        self.holidays = _kinds(holidays or {}) if follows_holidays else {}
        self.years = frozenset(day.year for day in self.holidays) if years is None else frozenset(years)
        self._makeup = day_hours(makeup) if makeup is not None else None
        self._seasons = tuple(seasons)
        self._origin = datetime(FIRST_DAY.year, FIRST_DAY.month, FIRST_DAY.day, tzinfo=self.zone)
        self._offset = self._constant_offset(zone)
        self._base = self._origin.astimezone(self._offset)
        self._build()

    @classmethod
    def round_the_clock(cls, zone: str = "Asia/Shanghai") -> Calendar:
        """An office that never closes (emergency duty, hotline)."""
        return cls(week_hours([((0, 1440),)] * 7), zone=zone, follows_holidays=False)

    def _constant_offset(self, zone: str) -> timezone:
        """The zone's one offset: sums of wall-clock time are wrong where clocks are put forward or back."""
        offset = self._origin.utcoffset()
        for year in range(FIRST_DAY.year, END_DAY.year):
            for month in (1, 4, 7, 10):
                if datetime(year, month, 1, tzinfo=self.zone).utcoffset() != offset:
                    raise ValueError(f"the zone {zone} changes its clock: limits need a constant offset")
        assert offset is not None
        return timezone(offset)

    def _build(self) -> None:
        patterns: dict[DayHours, _Pattern] = {}

        def pattern(sessions: DayHours) -> _Pattern:
            return patterns.setdefault(sessions, _Pattern(sessions))

        week = [pattern(day) for day in self.hours]
        shift = FIRST_DAY.weekday()
        days = ((week[shift:] + week[:shift]) * (_DAYS // 7 + 1))[:_DAYS]
        for season in self._seasons:
            self._lay(days, season, [pattern(day) for day in season.hours])
        for day, kind in self.holidays.items():
            i = day.toordinal() - _FIRST
            if not 0 <= i < _DAYS:
                raise ValueError(f"the holiday {day} is outside of {FIRST_DAY} to {END_DAY}")
            if kind == "off":
                days[i] = pattern(())
            elif not days[i].total:
                days[i] = pattern(self._makeup_hours(day))
        self._patterns = days
        # Arrays, not lists: 0.7 MB a calendar rather than 3, and a place may have one for each organ.
        self._worked = array("q", accumulate((p.total for p in days), initial=0))
        self._workdays = array("i", accumulate((1 if p.total else 0 for p in days), initial=0))

    @staticmethod
    def _lay(days: list[_Pattern], season: Season, week: list[_Pattern]) -> None:
        for i in range(_DAYS):
            day = date.fromordinal(_FIRST + i)
            if _in_season(season, day):
                days[i] = week[day.weekday()]

    def _makeup_hours(self, day: date) -> DayHours:
        if self._makeup is not None:
            return self._makeup
        for season in reversed(self._seasons):
            if _in_season(season, day):
                return next(hours for hours in season.hours if hours)
        return next(hours for hours in self.hours if hours)

    # -- what people ask ------------------------------------------------------------------------------------

    def covers(self, year: int) -> bool:
        """True when holidays of that year are known, or do not matter to this office."""
        return not self.follows_holidays or year in self.years

    def unknown_years(self, start: datetime, end: datetime) -> tuple[int, ...]:
        """Years between two moments whose holidays are not known.

        Plain weekdays were counted there: the screen has to say so.
        """
        first, last = self.local(min(start, end)).year, self.local(max(start, end)).year
        return tuple(year for year in range(first, last + 1) if not self.covers(year))

    def is_workday(self, day: date) -> bool:
        """True when the office opens at all on that day."""
        return self._pattern(day).total > 0

    def sessions(self, day: date) -> tuple[tuple[datetime, datetime], ...]:
        """The opening and closing moments of that day; empty on a day off."""
        i = self._index(day)
        p = self._patterns[i]
        return tuple(
            (self._moment(i * DAY + start), self._moment(i * DAY + end))
            for start, end in zip(p.starts, p.ends, strict=True)
        )

    def is_open(self, at: datetime) -> bool:
        """True when the office is open at that moment (opening included, closing not)."""
        i, clock = divmod(self._wall(at), DAY)
        p = self._patterns[i]
        s = bisect_right(p.starts, clock) - 1
        return s >= 0 and clock < p.ends[s]

    def next_open(self, at: datetime) -> datetime:
        """That moment if the office is open, else the next opening."""
        if self.is_open(at):
            return self.local(at)
        # one microsecond into the next session, less that microsecond
        return self.moment_of(self.worked(at) + 1) - MICROSECOND

    def local(self, at: datetime) -> datetime:
        """The moment in this calendar's zone. Raises ``ValueError`` for a naive datetime."""
        if at.tzinfo is None:
            raise ValueError(f"{at} has no time zone: limits are counted between aware datetimes only")
        return at.astimezone(self.zone)

    # -- what the clock asks (microseconds; days as indexes into the table) ---------------------------------

    def worked(self, at: datetime) -> int:
        """Microseconds worked from the first day of the table to that moment."""
        i, clock = divmod(self._wall(at), DAY)
        return self._worked[i] + self._patterns[i].worked(clock)

    def moment_of(self, worked: int) -> datetime:
        """First moment at which that much has been worked: the end of a session, never the next start."""
        i = bisect_left(self._worked, worked) - 1
        if i < 0 or worked > self._worked[-1]:
            raise ValueError(f"this limit leaves the calendar, which runs from {FIRST_DAY} to {END_DAY}")
        return self._moment(i * DAY + self._patterns[i].clock(worked - self._worked[i]))

    def day_index(self, at: datetime) -> int:
        """The day of a moment, as a number that counts up by one a day."""
        return self._wall(at) // DAY

    def workdays_through(self, index: int) -> int:
        """Workdays from the first day of the table to that day, both included."""
        return self._workdays[index + 1]

    def workday_close(self, number: int) -> datetime:
        """Close of office on the workday with that running number (as ``workdays_through`` counts them)."""
        i = bisect_left(self._workdays, number) - 1
        if i < 0 or number > self._workdays[-1]:
            raise ValueError(f"this limit leaves the calendar, which runs from {FIRST_DAY} to {END_DAY}")
        return self._moment(i * DAY + self._patterns[i].close)

    def closed_workdays(self, at: datetime) -> int:
        """Workdays from the first day of the table whose office hours are over at that moment."""
        i, clock = divmod(self._wall(at), DAY)
        p = self._patterns[i]
        return self._workdays[i] + (1 if p.total and clock >= p.close else 0)

    def _wall(self, at: datetime) -> int:
        """Wall-clock microseconds from the table's first midnight. ``ValueError`` outside of it or naive."""
        if at.tzinfo is None:
            raise ValueError(f"{at} has no time zone: limits are counted between aware datetimes only")
        span = at - self._base
        wall = (span.days * 86_400 + span.seconds) * 1_000_000 + span.microseconds
        if not 0 <= wall < _DAYS * DAY:
            raise ValueError(f"{at} is outside of the calendar, which runs from {FIRST_DAY} to {END_DAY}")
        return wall

    def _moment(self, wall: int) -> datetime:
        return self._origin + timedelta(microseconds=wall)

    def _index(self, day: date) -> int:
        i = day.toordinal() - _FIRST
        if not 0 <= i < _DAYS:
            raise ValueError(f"{day} is outside of the calendar, which runs from {FIRST_DAY} to {END_DAY}")
        return i

    def _pattern(self, day: date) -> _Pattern:
        return self._patterns[self._index(day)]


def _is_week(hours: Any) -> bool:
    """True for checked hours: seven tuples of pairs of whole minutes."""
    return (
        isinstance(hours, tuple)
        and len(hours) == 7
        and all(isinstance(day, tuple) and all(isinstance(s, tuple) for s in day) for day in hours)
        and week_hours(hours) == hours
    )


def _kinds(holidays: Mapping[date, str | bool]) -> dict[date, str]:
    words = {"off": "off", "work": "work", True: "work", False: "off"}
    kinds = {}
    for day, kind in holidays.items():
        if kind not in words:
            raise ValueError(f'{day}: {kind!r} is not a kind of day: write "off" or "work"')
        kinds[date(day.year, day.month, day.day)] = words[kind]
    return kinds


def _in_season(season: Season, day: date) -> bool:
    at = (day.month, day.day)
    if season.start <= season.end:
        return season.start <= at <= season.end
    return at >= season.start or at <= season.end


__all__ = ["DAY", "END_DAY", "FIRST_DAY", "MINUTE", "OFFICE_HOURS", "Calendar", "HoursError", "Season"]
