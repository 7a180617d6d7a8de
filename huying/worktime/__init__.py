"""Calendars, office hours and limits. Pure Python; every datetime that goes in or comes out is aware."""

from .calendar import OFFICE_HOURS, Calendar, Season
from .clock import after_pause, before, due, elapsed, extend, remaining, resume, share_point
from .holidays import HolidayRow, holiday_rows, last_year
from .hours import HoursError, WeekHours, parse_hours, week_hours
from .limits import Limit, LimitError, Unit, parse_limit
from .plain import read_calendar

__all__ = [
    "OFFICE_HOURS",
    "Calendar",
    "HolidayRow",
    "HoursError",
    "Limit",
    "LimitError",
    "Season",
    "Unit",
    "WeekHours",
    "after_pause",
    "before",
    "due",
    "elapsed",
    "extend",
    "holiday_rows",
    "last_year",
    "parse_hours",
    "parse_limit",
    "read_calendar",
    "remaining",
    "resume",
    "share_point",
    "week_hours",
]
