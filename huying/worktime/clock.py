"""The arithmetic of limits: when they end, what is left of them, how a pause or an extension moves them.

Rules and their reasons: docs/decisions/worktime.md.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from .calendar import MICROSECOND, MINUTE, Calendar
from .limits import Limit, Unit

_MICROS = {
    Unit.WORK_MINUTE: MINUTE,
    Unit.WORK_HOUR: 60 * MINUTE,
    Unit.MINUTE: MINUTE,
    Unit.HOUR: 60 * MINUTE,
    Unit.DAY: 1440 * MINUTE,
}


def due(limit: Limit, start: datetime, calendar: Calendar) -> datetime:
    """The moment at which a limit that starts at ``start`` (aware) ends, in the calendar's zone.

    Work hours and minutes run only while the office is open. N workdays end at the close of office on the
    N-th workday after the day of ``start``, which itself never counts. Hours, minutes and days run
    by the clock.
    """
    unit = limit.unit
    if unit is Unit.WORKDAY:
        return calendar.workday_close(calendar.workdays_through(calendar.day_index(start)) + limit.amount)
    if unit.working:
        return calendar.moment_of(calendar.worked(start) + limit.amount * _MICROS[unit])
    return calendar.local(start) + timedelta(microseconds=limit.amount * _MICROS[unit])


def elapsed(start: datetime, end: datetime, calendar: Calendar, unit: Unit) -> float:
    """How much of ``unit`` went by between two moments; negative when ``end`` comes before ``start``.

    Workdays are whole: those after the day of ``start`` whose office hours are over at ``end``, so that
    ``elapsed(start, due(n workdays), …) == n``.
    """
    if end < start:
        return -elapsed(end, start, calendar, unit)
    if unit is Unit.WORKDAY:
        gone = calendar.closed_workdays(end) - calendar.workdays_through(calendar.day_index(start))
        return float(max(gone, 0))
    return (_span(start, end, calendar, unit) / MICROSECOND) / _MICROS[unit]


def remaining(due_at: datetime, at: datetime, calendar: Calendar, unit: Unit) -> timedelta:
    """What is left at ``at`` of a limit that ends at ``due_at``.

    Working time for working units, else clock time. Negative when
    overdue. This is what a pause stores and ``resume`` takes; exact to the microsecond.
    """
    return _span(at, due_at, calendar, unit)


def resume(left: timedelta, at: datetime, calendar: Calendar, unit: Unit) -> datetime:
    """The new end of a limit that had ``left`` when it was paused and runs again from ``at``.

    Resuming at the moment of the pause gives back the same end; what was overdue stays as much overdue.
    """
    if unit.working:
        return calendar.moment_of(calendar.worked(at) + left // MICROSECOND)
    return calendar.local(at) + left


def after_pause(
    due_at: datetime, paused_at: datetime, resumed_at: datetime, calendar: Calendar, unit: Unit
) -> datetime:
    """The end of a limit after one pause. Raises ``ValueError`` when the pause ends before it begins."""
    if resumed_at < paused_at:
        raise ValueError("a pause cannot end before it begins")
    return resume(remaining(due_at, paused_at, calendar, unit), resumed_at, calendar, unit)


def extend(due_at: datetime, more: Limit, calendar: Calendar) -> datetime:
    """The end of a limit extended by ``more``, counted on from its present end (not from the approval).

    N workdays extended by M workdays end where N + M would have.
    """
    if more.unit is Unit.WORKDAY:
        # An office that closes at 24:00 ends its day at an instant of the next one: step back into it.
        day = calendar.day_index(due_at - MICROSECOND)
        return calendar.workday_close(calendar.workdays_through(day) + more.amount)
    return due(more, due_at, calendar)


def before(due_at: datetime, notice: Limit, calendar: Calendar) -> datetime:
    """The moment that lies ``notice`` before the end of a limit: for "warn 2 work hours before".

    N workdays before is the close of office N workdays earlier. May lie before the limit began: the caller
    decides what that means.
    """
    unit = notice.unit
    if unit is Unit.WORKDAY:
        day = calendar.day_index(due_at - MICROSECOND)
        return calendar.workday_close(calendar.workdays_through(day) - notice.amount)
    if unit.working:
        return calendar.moment_of(calendar.worked(due_at) - notice.amount * _MICROS[unit])
    return calendar.local(due_at) - timedelta(microseconds=notice.amount * _MICROS[unit])


def share_point(limit: Limit, start: datetime, share: float, calendar: Calendar) -> datetime:
    """The moment at which ``share`` (0 to 1) of a limit is used up: working time for working units.

    Share 0 is the start, share 1 the end. Raises ``ValueError`` outside of 0 to 1.
    """
    if not 0 <= share <= 1:
        raise ValueError(f"a share of a limit lies between 0 and 1, not {share}")
    end = due(limit, start, calendar)
    part = round(_span(start, end, calendar, limit.unit) / MICROSECOND * share)
    if part == 0:
        return calendar.local(start)
    return resume(timedelta(microseconds=part), start, calendar, limit.unit)


def _span(start: datetime, end: datetime, calendar: Calendar, unit: Unit) -> timedelta:
    """Working time between two moments for working units, else time by the clock; signed."""
    if unit.working:
        return timedelta(microseconds=calendar.worked(end) - calendar.worked(start))
    return end - start
