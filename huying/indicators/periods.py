"""Periods that figures are given for, and the periods that they are compared with. Days are local; the end is exclusive."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

STEPS = ("day", "week", "month", "quarter", "half", "year")
_MONTHS = {"month": 1, "quarter": 3, "half": 6, "year": 12}


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """The local days from *start* up to, without, *end*. Raises ValueError when it has no day."""

    start: date
    end: date

    def __post_init__(self) -> None:
        if self.end <= self.start:
            raise ValueError("a period has at least one day")

    @property
    def days(self) -> int:
        """How many days it has."""
        return (self.end - self.start).days

    @property
    def last(self) -> date:
        """Its last day."""
        return self.end - timedelta(days=1)

    @property
    def step(self) -> str:
        """What calendar unit it is, one of ``STEPS``; "" for days chosen freely."""
        for name, months in reversed(_MONTHS.items()):
            aligned = self.start.day == 1 and (self.start.month - 1) % months == 0
            if aligned and self.end == _later(self.start, months):
                return name
        if self.days == 7 and self.start.weekday() == 0:
            return "week"
        return "day" if self.days == 1 else ""

    def before(self) -> Period:
        """The period just before (环比): the month before a month, as many days before for days chosen freely."""
        months = _MONTHS.get(self.step)
        if months is not None:
            return Period(_later(self.start, -months), self.start)
        return Period(self.start - timedelta(days=self.days), self.start)

    def year_before(self) -> Period:
        """The same period a year before (同比). For a week the 52 weeks before, so that the weekdays are the same."""
        if self.step == "week":
            return Period(self.start - timedelta(weeks=52), self.end - timedelta(weeks=52))
        start = _later(self.start, -12)
        end = _later(self.end, -12)
        # A single 29 February falls on the 28th, which must stay one day.
        return Period(start, end if end > start else start + timedelta(days=1))

    def parts(self, step: str) -> list[Period]:
        """The period cut into days, weeks (from Monday) or months; the first and the last may be shorter."""
        found, start = [], self.start
        while start < self.end:
            if step == "month":
                end = _later(start.replace(day=1), 1)
            elif step == "week":
                end = start + timedelta(days=7 - start.weekday())
            else:
                end = start + timedelta(days=1)
            found.append(Period(start, min(end, self.end)))
            start = end
        return found

    def __contains__(self, one: date) -> bool:
        return self.start <= one < self.end


def day(of: date) -> Period:
    """One day."""
    return Period(of, of + timedelta(days=1))


def week(of: date) -> Period:
    """The week, from Monday, in which a day lies."""
    start = of - timedelta(days=of.weekday())
    return Period(start, start + timedelta(days=7))


def month(y: int, m: int) -> Period:
    """A month."""
    return _span(y, m, 1)


def quarter(y: int, q: int) -> Period:
    """A quarter, 1 to 4."""
    return _span(y, 3 * q - 2, 3)


def half(y: int, h: int) -> Period:
    """Half a year, 1 or 2."""
    return _span(y, 6 * h - 5, 6)


def year(y: int) -> Period:
    """A year."""
    return _span(y, 1, 12)


def _span(y: int, first: int, months: int) -> Period:
    start = date(y, first, 1)
    return Period(start, _later(start, months))


def _later(of: date, months: int) -> date:
    """The same day of the month some months later, or the month's last day where there is no such day."""
    count = of.year * 12 + of.month - 1 + months
    y, m = divmod(count, 12)
    last = (date(y + (m == 11), (m + 1) % 12 + 1, 1) - timedelta(days=1)).day
    return date(y, m + 1, min(of.day, last))
