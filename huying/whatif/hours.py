"""A calendar as plain numbers, for counting millions of moments: seconds since 1970 in, seconds worked out.

Made from ``huying.worktime``'s calendar for a stretch of days; a test holds the two against each other.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from datetime import UTC, datetime, timedelta

from huying.flow.definition import DAYS, HOURS, MINUTES, WORK_HOURS, WORK_MINUTES, WORKDAYS, Span
from huying.worktime import Calendar

_SECONDS = {WORK_MINUTES: 60.0, WORK_HOURS: 3600.0, MINUTES: 60.0, HOURS: 3600.0, DAYS: 86400.0}


class Hours:
    """Office hours between two moments; outside of them nothing is worked."""

    __slots__ = ("before", "closes", "days", "ends", "starts", "total")

    def __init__(self, calendar: Calendar, since: float, until: float) -> None:
        day = calendar.local(datetime.fromtimestamp(since, UTC)).date()
        last = calendar.local(datetime.fromtimestamp(until, UTC)).date()
        self.starts: list[float] = []
        self.ends: list[float] = []
        self.before: list[float] = []  # worked before each session
        self.days: list[float] = []  # midnights of workdays
        self.closes: list[float] = []  # and their closes of office
        total = 0.0
        while day <= last:
            sessions = calendar.sessions(day)
            if sessions:
                first = sessions[0][0]
                self.days.append(first.replace(hour=0, minute=0, second=0, microsecond=0).timestamp())
                self.closes.append(sessions[-1][1].timestamp())
            for start, end in sessions:
                self.starts.append(start.timestamp())
                self.ends.append(end.timestamp())
                self.before.append(total)
                total += self.ends[-1] - self.starts[-1]
            day += timedelta(days=1)
        self.total = total

    def worked(self, at: float) -> float:
        """Seconds worked up to that moment."""
        i = bisect_right(self.starts, at) - 1
        if i < 0:
            return 0.0
        return self.before[i] + min(at, self.ends[i]) - self.starts[i]

    def between(self, start: float, end: float) -> float:
        """Seconds worked between two moments; negative backwards."""
        return self.worked(end) - self.worked(start)

    def moment(self, worked: float) -> float:
        """First moment at which that much has been worked; infinite beyond the stretch."""
        if worked > self.total:
            return float("inf")
        if worked <= 0:
            return self.starts[0] if self.starts else float("inf")
        i = bisect_left(self.before, worked) - 1
        return self.starts[i] + worked - self.before[i]

    def after(self, at: float, worked: float) -> float:
        """The moment after that much work from *at*; *at* itself for nothing."""
        return at if worked <= 0 else self.moment(self.worked(at) + worked)

    def shifted(self, at: float, worked: float) -> float:
        """The same, and before *at* where *worked* is less than nothing."""
        return self.moment(self.worked(at) + worked) if worked < 0 else self.after(at, worked)

    def due(self, at: float, span: Span) -> float:
        """When a limit of that span ends which begins at *at*, as ``worktime.due`` says."""
        if span.unit == WORKDAYS:
            passed = bisect_right(self.days, at)  # workdays that have begun, today's included
            i = passed + int(span.amount) - 1
            return self.closes[i] if i < len(self.closes) else float("inf")
        seconds = span.amount * _SECONDS[span.unit]
        return self.after(at, seconds) if span.working else at + seconds

    def next_open(self, at: float) -> float:
        """That moment, or the next opening of the office."""
        i = bisect_right(self.starts, at) - 1
        if i >= 0 and at < self.ends[i]:
            return at
        return self.starts[i + 1] if i + 1 < len(self.starts) else float("inf")

    def day_of(self, at: float) -> int:
        """A number of the workday that has begun last."""
        return bisect_right(self.days, at)
