"""What came of a period, reckoned the same way for what was and for what is played: rates, lateness, open load.

On-time rate (design law 6): closed in the period and never late ÷ (closed in the period + open and overdue at its end).
Void and merged cases do not count. A case is late when somebody left one of its steps after the limit; steps after
closing are not counted. An organ is measured by its own turns in the same way, so that nobody answers for others.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from huying.cases.tallies import VOID
from huying.whatif.setting import Setting
from huying.whatif.stays import CALLER, Course

LOADS = 40  # moments at which what is open is counted
BINS = (4 * 3600.0, 7 * 3600.0, 21 * 3600.0, 35 * 3600.0)  # office time: half a day, one, three, five days


@dataclass(slots=True)
class Outcome:
    """What came of a period, whole and by owner."""

    closed: int = 0
    on_time: int = 0
    overdue: int = 0  # open and overdue at the end
    open: int = 0  # at the end
    void: int = 0
    late_by: list[int] = field(default_factory=lambda: [0] * (len(BINS) + 1))
    turns: Counter[str] = field(default_factory=Counter)
    turns_on_time: Counter[str] = field(default_factory=Counter)
    owner_overdue: Counter[str] = field(default_factory=Counter)
    loads: list[int] = field(default_factory=list)  # open cases and parts at evenly spaced moments
    owner_load: dict[str, float] = field(default_factory=dict)  # open on average
    owner_loads: dict[str, list[int]] = field(default_factory=dict)

    @property
    def rate(self) -> float | None:
        """The on-time rate, 0 to 1."""
        base = self.closed + self.overdue
        return self.on_time / base if base else None

    def owner_rate(self, owner: str) -> float | None:
        """The same of an owner's turns."""
        base = self.turns[owner] + self.owner_overdue[owner]
        return self.turns_on_time[owner] / base if base else None


class Tally:
    """Counts while a play runs."""

    def __init__(self, start: float, end: float, setting: Setting) -> None:
        self.start, self.end, self.setting = start, end, setting
        self.out = Outcome()
        self.changes: dict[str, list[tuple[float, int]]] = defaultdict(list)

    def load(self, owner: str, at: float, change: int) -> None:
        """Something begins or ends to lie with an owner."""
        self.changes[owner].append((max(at, self.start), change))

    def turn(self, owner: str, late: bool, after_close: bool) -> None:
        """A turn has ended within the period."""
        if not after_close:
            self.out.turns[owner] += 1
            self.out.turns_on_time[owner] += not late

    def finish(self, parts: Sequence[Any]) -> Outcome:
        """Look at the cases as they stand at the end."""
        out, setting = self.out, self.setting
        for part in parts:
            self._case(part)
            for one in (part, *part.legs):
                step = setting.step(one.flow, one.step)
                if one.ended or step is None or step.after_close or one.paused:
                    continue
                if one.due is not None and one.due < self.end:
                    out.owner_overdue[one.owner] += 1
        self._loads()
        return out

    def _case(self, part: Any) -> None:
        out, worst = self.out, part.worst
        if part.closed is not None:
            if part.closed <= self.start or part.closed > self.end:
                return
            if part.result in VOID:
                out.void += 1
                return
            out.closed += 1
            out.on_time += not part.late
        else:
            out.open += 1
            if part.due is None or part.due >= self.end or part.paused:
                return
            out.overdue += 1
            worst = max(worst, self.setting.spent(part.owner, part.due, self.end))
        if worst > 0:
            out.late_by[sum(worst > edge for edge in BINS)] += 1

    def _loads(self) -> None:
        out, step = self.out, (self.end - self.start) / LOADS
        whole = [0] * (LOADS + 1)
        for owner, changes in self.changes.items():
            if owner == CALLER:
                continue
            changes.sort()
            row, now, i = [], 0, 0
            for n in range(LOADS + 1):
                until = self.start + n * step
                while i < len(changes) and changes[i][0] <= until:
                    now += changes[i][1]
                    i += 1
                row.append(now)
                whole[n] += now
            out.owner_loads[owner] = row
            out.owner_load[owner] = sum(row) / len(row)
        out.loads = whole


@dataclass(slots=True)
class _Was:
    """A case as it really went, in the shape that the tally takes."""

    flow: str
    step: str
    owner: str
    due: float | None
    paused: bool
    late: bool
    worst: float
    closed: float | None
    result: str
    ended: bool
    legs: list[Any]


def measured(courses: Iterable[Course], setting: Setting, start: float, end: float) -> Outcome:
    """What really came of a period. *courses* are as they were known at *end*."""
    tally = Tally(start, end, setting)
    parts = []
    for course in courses:
        if not course.own:
            continue
        numbers = {stay.leg for stay in course.stays}
        made = {n: _was(course, n, setting, tally) for n in sorted(numbers)}
        own = made.pop(0)
        own.legs = list(made.values())
        parts.append(own)
    return tally.finish(parts)


def _was(course: Course, leg: int, setting: Setting, tally: Tally) -> _Was:
    stays = [stay for stay in course.stays if stay.leg == leg]
    late, worst = False, 0.0
    for stay in stays:
        step = setting.step(stay.flow, stay.step)
        tally.load(stay.owner, stay.at, 1)
        if stay.left is None or step is None:
            continue
        tally.load(stay.owner, stay.left, -1)
        if stay.left > tally.start and stay.how != "stopped":
            tally.turn(stay.owner, stay.late, step.after_close)
        if stay.late and not step.after_close:
            late = True
            worst = max(worst, setting.spent(stay.owner, stay.due or stay.left, stay.left))
    last = stays[-1]
    paused = last.left is None and last.due is None and last.limit is not None
    return _Was(
        last.flow, last.step if last.left is None else last.to, last.owner, last.due, paused, late, worst,
        course.closed if leg == 0 else None, course.result, last.left is not None, [],
    )  # fmt: skip
