"""Duty lists and named points of a place: what calls for which task, and where things are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from huying.flow.dates import falls_on
from huying.presets.definition import Words

EVERY = ("day", "week", "month", "quarter", "half-year", "year")


@dataclass(frozen=True, slots=True)
class Stop:
    """A point of a route: what is to be looked at on a round."""

    id: str
    name: Words


@dataclass(frozen=True, slots=True)
class Duty:
    """One duty. It becomes a task (a case of the list's kind) for each grid or division where somebody holds the post
    *role*, or for each point of a type, when a date or an event calls for it.

    *route*: what is to be looked at, ticked off on the way (a field with ``of: route`` of the task).

    `every` with `day`: the day-th day of each period (a week begins on Monday); `dates`: fixed days of the year as
    (month, day); `event_kind` with `event_items`: a case of that kind got one of these items (or came in, without items)."""

    id: str
    klass: str
    name: Words
    text: Words
    role: str
    every: str = ""
    day: int = 1
    dates: tuple[tuple[int, int], ...] = ()
    event_kind: str = ""
    event_items: tuple[str, ...] = ()
    points: str = ""
    due: str = "3 workdays"
    rule: str = ""
    line: int = 0
    kind: str = ""
    route: tuple[Stop, ...] = ()

    def falls_on(self, day: date) -> bool:
        """Whether the calendar calls for it on that day."""
        return falls_on(self.every, self.day, self.dates, day)


@dataclass(frozen=True, slots=True)
class Duties:
    """duties.yaml: the kind of case that a duty becomes, the classes and rules for display, the duties.

    `opens`: cases of other kinds that dates call for in the same way; each names its own (`Duty.kind`)."""

    kind: str = ""
    classes: Mapping[str, Words] | None = None
    duties: tuple[Duty, ...] = ()
    opens: tuple[Duty, ...] = ()

    def of(self, ident: Any) -> Duty | None:
        """The duty of that id."""
        return next((one for one in self.duties if one.id == ident), None)


@dataclass(frozen=True, slots=True)
class Point:
    """A row of points.csv: a place worth knowing, such as a service station or a spot of risk. WGS 84 degrees.
    `minutes`: how far on foot it serves (0: not a service)."""

    code: str
    name: str
    type: str
    division: str
    lon: float
    lat: float
    minutes: int = 0
    line: int = 0
