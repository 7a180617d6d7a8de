"""What a trace holds, in plain values that mining and simulation share. No Django here.

A *stay* is one token (the case, or one organ's part of it) at one step, from entering to leaving.
Moments are seconds since 1970.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

CALLER = "caller"  # whoever called, never who it is


class Stay(NamedTuple):
    """One stay. The order of the fields is the order in the stored lists."""

    leg: int  # 0: the case itself; 1, 2…: its parts in the order in which they were opened
    flow: str
    step: str
    owner: str  # an owner key; CALLER for whoever called
    at: float
    left: float | None  # None: still there
    due: float | None  # as it stood at the end of the stay; None: no limit, or the clock stands still
    move: str  # by which it was left; "" while it lasts
    how: str  # actor, auto, clock, stopped
    to: str  # the step after it
    limit: float | None  # what was left of the limit on entering, in seconds of its own kind of time
    working: bool  # whether the limit counts office hours only
    item: str
    given: str  # a granted extension ("3 workdays"), else ""
    paused: float  # seconds for which the clock stood still, by the clock on the wall

    @property
    def late(self) -> bool:
        """Left after its limit by somebody's move (a default move at the limit is how the step is meant to end)."""
        return self.left is not None and self.due is not None and self.left > self.due and self.how != "clock"


FIELDS = Stay._fields


@dataclass(frozen=True, slots=True)
class Course:
    """One case as it went. ``legs`` maps a part's number to its result ("" while it is open)."""

    case_id: str
    reported: float
    closed: float | None
    kind: str
    item: str
    first_item: str
    channel: str
    call: str
    town: int
    path: str
    result: str
    sealed: bool
    stays: Sequence[Stay] = ()
    edition: int = 0
    legs: dict[int, str] = field(default_factory=dict)

    @property
    def own(self) -> list[Stay]:
        """The stays of the case itself, without those of its parts."""
        return [stay for stay in self.stays if stay.leg == 0]


def read(rows: Iterable[Sequence[Any]]) -> list[Stay]:
    """Stored lists as stays."""
    return [Stay(*row) for row in rows]


def cut(course: Course, moment: float) -> Course | None:
    """The case as it was known at that moment; None when it had not come in. What lay ahead is forgotten."""
    if course.reported > moment:
        return None
    stays = []
    for stay in course.stays:
        if stay.at > moment:
            continue
        if stay.left is not None and stay.left > moment:
            # The limit as it stood on entering: an extension granted later was not known.
            stay = stay._replace(left=None, move="", how="", to="", given="")
        stays.append(stay)
    own = [stay for stay in stays if stay.leg == 0]
    closed = course.closed if course.closed is not None and course.closed <= moment else None
    item = own[-1].item if own else course.first_item
    legs = {n: course.legs.get(n, "") for n in {s.leg for s in stays if s.leg}}
    for n in legs:
        last = [s for s in stays if s.leg == n][-1]
        if last.left is None:
            legs[n] = ""
    return Course(
        course.case_id, course.reported, closed, course.kind, item, course.first_item, course.channel, course.call,
        course.town, course.path, course.result if closed is not None else "", course.sealed, stays, course.edition,
        legs,
    )  # fmt: skip
