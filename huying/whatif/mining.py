"""The ways that cases really went: how often, how long, back and forth. Plain reckoning over traces, no Django.

A directly-follows graph over the steps of one flow; times are given in office hours of whoever held the step and by the
clock on the wall. Sealed cases (confidential, reports of wrongdoing) are counted in the graph's sums and nowhere else:
no example, no variant and no figure of an organ is of them.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from huying.whatif.setting import Setting
from huying.whatif.stays import CALLER, Course, Stay

START = ""  # where every case comes from
HOUR = 3600.0
EXAMPLES = 5
MOST_VARIANTS, MOST_ROWS = 10, 10


@dataclass(frozen=True, slots=True)
class Times:
    """How long something took, in hours."""

    work: float
    work90: float
    wall: float
    wall90: float

    @classmethod
    def of(cls, pairs: Sequence[tuple[float, float]]) -> Times | None:
        """From (office seconds, wall seconds); None for nothing."""
        if not pairs:
            return None
        work, wall = sorted(p[0] for p in pairs), sorted(p[1] for p in pairs)
        return cls(*(at(row, share) / HOUR for row in (work, wall) for share in (0.5, 0.9)))


def at(row: Sequence[float], share: float) -> float:
    """A quantile of a sorted row, between neighbours where it falls between."""
    place = share * (len(row) - 1)
    low = int(place)
    high = min(low + 1, len(row) - 1)
    return row[low] + (row[high] - row[low]) * (place - low)


@dataclass(slots=True)
class Node:
    """A step as it was used."""

    step: str
    entries: int = 0
    cases: int = 0
    open: int = 0
    late: int = 0
    times: Times | None = None


@dataclass(slots=True)
class Edge:
    """A way from one step to the next (a move, or several that do the same)."""

    source: str
    target: str
    count: int = 0
    cases: int = 0
    late: int = 0
    moves: Counter[str] = field(default_factory=Counter)
    times: Times | None = None  # at the source, before leaving this way


@dataclass(frozen=True, slots=True)
class Variant:
    """A sequence of steps that cases went, from the call to where they stand."""

    steps: tuple[str, ...]
    count: int
    share: float
    finished: bool
    times: Times | None  # from the call to the closing
    examples: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Bounce:
    """A case that came back: from *owner* to *other* and back to *owner*."""

    owner: str
    other: str
    count: int
    cases: int
    times: Times | None  # while it was away
    examples: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Loop:
    """A step that cases came to again within one round."""

    step: str
    source: str  # whence it came back
    count: int
    cases: int
    times: Times | None  # from leaving it to being there again
    examples: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Wait:
    """Time for which a case of *owner* lay with *other*, whom it had been handed to."""

    owner: str
    other: str
    count: int
    total: float  # office hours in all
    times: Times | None


@dataclass(slots=True)
class Picture:
    """Everything found in a set of cases."""

    flow: str
    cases: int
    sealed: int
    finished: int
    nodes: dict[str, Node]
    edges: dict[tuple[str, str], Edge]
    variants: list[Variant]
    all_variants: int
    bounces: list[Bounce]
    pingpong: list[Bounce]  # between organs, whatever desk lay between them
    loops: list[Loop]
    waits: list[Wait]
    again: int  # cases in which some step came twice


def explore(courses: Iterable[Course], setting: Setting, flow: str, now: float) -> Picture:
    """Reckon everything that the page shows of a flow (of cases, or of parts)."""
    nodes: dict[str, Node] = {}
    edges: dict[tuple[str, str], Edge] = {}
    node_times: dict[str, list[tuple[float, float]]] = defaultdict(list)
    edge_times: dict[tuple[str, str], list[tuple[float, float]]] = defaultdict(list)
    patterns = _Patterns(setting)
    cases = sealed = finished = 0
    for course in courses:
        for line in _lines(course, flow):
            cases += 1
            sealed += course.sealed
            finished += course.closed is not None
            met: set[Any] = set()
            _add_edge(edges, met, START, line[0].step, "", None)
            for stay in line:
                node = nodes.setdefault(stay.step, Node(stay.step))
                node.entries += 1
                node.cases += stay.step not in met
                met.add(stay.step)
                if stay.left is None:
                    node.open += 1
                    node.late += stay.due is not None and stay.due < now
                    continue
                pair = (setting.hours(stay.owner).between(stay.at, stay.left), stay.left - stay.at)
                node.late += stay.late
                node_times[stay.step].append(pair)
                edge_times[stay.step, stay.to].append(pair)
                _add_edge(edges, met, stay.step, stay.to, stay.move, stay)
            if not course.sealed:
                patterns.add(course, line)
    for key, node in nodes.items():
        node.times = Times.of(node_times[key])
    for pair_key, edge in edges.items():
        edge.times = Times.of(edge_times[pair_key])
    return patterns.picture(flow, cases, sealed, finished, nodes, edges)


def _lines(course: Course, flow: str) -> list[list[Stay]]:
    """The stays of the case (or of each of its parts) in that flow, in order."""
    found: dict[int, list[Stay]] = {}
    for stay in course.stays:
        if stay.flow == flow:
            found.setdefault(stay.leg, []).append(stay)
    return list(found.values())


def _add_edge(
    edges: dict[tuple[str, str], Edge], met: set[Any], source: str, target: str, move: str, stay: Stay | None
) -> None:
    edge = edges.setdefault((source, target), Edge(source, target))
    edge.count += 1
    edge.cases += (source, target) not in met
    met.add((source, target))
    edge.moves[move] += 1
    edge.late += stay is not None and stay.late


class _Patterns:
    """What shows only over several stays of one case."""

    def __init__(self, setting: Setting) -> None:
        self.setting = setting
        self.variants: dict[tuple[tuple[str, ...], bool], list[Any]] = {}
        self.bounces: dict[tuple[str, str], list[Any]] = {}
        self.pingpong: dict[tuple[str, str], list[Any]] = {}
        self.loops: dict[tuple[str, str], list[Any]] = {}
        self.waits: dict[tuple[str, str], list[Any]] = {}
        self.again = self.total = 0

    def add(self, course: Course, line: list[Stay]) -> None:
        self.total += 1
        end = (line[-1].to,) if line[-1].left is not None and line[-1].to else ()
        steps = (*(stay.step for stay in line), *end)
        pair = None
        if course.closed is not None:
            place = self.setting.hours("")
            pair = (place.between(course.reported, course.closed), course.closed - course.reported)
        _note(self.variants, (steps, course.closed is not None), pair, course)
        self.again += len({stay.step for stay in line}) < len(line)
        self._bounces(course, line)
        self._loops(course, line)
        self._waits(course, line)

    def _bounces(self, course: Course, line: list[Stay]) -> None:
        held = _held(line)
        for first, second, third in zip(held, held[1:], held[2:], strict=False):
            owners = (first[0].owner, second[0].owner)
            if CALLER not in owners and third[0].owner == owners[0]:
                _note(self.bounces, owners, self._spent(second), course)
        organs = _held([stay for stay in line if stay.owner.startswith("organ:")])
        for first, second, third in zip(organs, organs[1:], organs[2:], strict=False):
            if first[0].owner == third[0].owner:
                _note(self.pingpong, (first[0].owner, second[0].owner), self._spent(second), course)

    def _loops(self, course: Course, line: list[Stay]) -> None:
        last: dict[str, Stay] = {}
        for before, stay in zip([None, *line], line, strict=False):
            gone = last.get(stay.step)
            if gone is not None and gone.left is not None and before is not None:
                pair = (self.setting.hours("").between(gone.left, stay.at), stay.at - gone.left)
                _note(self.loops, (stay.step, before.step), pair, course)
            last[stay.step] = stay

    def _waits(self, course: Course, line: list[Stay]) -> None:
        for before, stay in pairwise(line):
            if (
                stay.owner != before.owner
                and CALLER not in (stay.owner, before.owner)
                and stay.left is not None
            ):
                _note(self.waits, (before.owner, stay.owner), self._spent([stay]), course)
        if line[0].leg:
            return
        for part in course.stays:
            if part.leg and part.left is not None and part.how != "stopped":
                parent = next(
                    (one for one in line if one.at <= part.at and (one.left or part.at) >= part.at), None
                )
                if parent is not None and parent.owner != part.owner:
                    _note(self.waits, (parent.owner, part.owner), self._spent([part]), course)

    def _spent(self, stays: Sequence[Stay]) -> tuple[float, float] | None:
        if stays[-1].left is None:
            return None
        work = sum(max(0.0, self.setting.spent(one.owner, one.at, one.left or one.at)) for one in stays)
        return work, stays[-1].left - stays[0].at

    def picture(
        self, flow: str, cases: int, sealed: int, finished: int, nodes: dict[str, Node],
        edges: dict[tuple[str, str], Edge],
    ) -> Picture:  # fmt: skip
        variants = [
            Variant(key[0], row[0], row[0] / self.total, key[1], Times.of(row[2]), tuple(row[3]))
            for key, row in _most(self.variants, MOST_VARIANTS)
        ]
        waits = [
            Wait(*key, row[0], sum(p[0] for p in row[2]) / HOUR, Times.of(row[2]))
            for key, row in self.waits.items()
        ]
        waits.sort(key=lambda one: (-one.total, one.owner, one.other))
        return Picture(
            flow, cases, sealed, finished, nodes, edges, variants, len(self.variants),
            [Bounce(key[0], key[1], row[0], len(row[1]), Times.of(row[2]), tuple(row[3])) for key, row in _most(self.bounces)],
            [Bounce(key[0], key[1], row[0], len(row[1]), Times.of(row[2]), tuple(row[3])) for key, row in _most(self.pingpong)],
            [Loop(key[0], key[1], row[0], len(row[1]), Times.of(row[2]), tuple(row[3])) for key, row in _most(self.loops)],
            waits[:MOST_ROWS], self.again,
        )  # fmt: skip


def _held(line: Sequence[Stay]) -> list[list[Stay]]:
    """Stays in a row with the same owner, together."""
    found: list[list[Stay]] = []
    for stay in line:
        if found and found[-1][0].owner == stay.owner:
            found[-1].append(stay)
        else:
            found.append([stay])
    return found


def _note(rows: dict[Any, list[Any]], key: Any, pair: tuple[float, float] | None, course: Course) -> None:
    row = rows.setdefault(key, [0, set(), [], []])
    row[0] += 1
    if course.case_id not in row[1]:
        row[1].add(course.case_id)
        if len(row[3]) < EXAMPLES:
            row[3].append(course.case_id)
    if pair is not None:
        row[2].append(pair)


def _most(rows: dict[Any, list[Any]], most: int = MOST_ROWS) -> list[tuple[Any, list[Any]]]:
    return sorted(rows.items(), key=lambda one: (-one[1][0], str(one[0])))[:most]


def with_edge(courses: Iterable[Course], flow: str, source: str, target: str) -> list[str]:
    """The cases (not the sealed ones) that went a way, newest first."""
    found = []
    for course in courses:
        if course.sealed:
            continue
        for line in _lines(course, flow):
            ways = {(START, line[0].step), *((stay.step, stay.to) for stay in line if stay.left is not None)}
            if (source, target) in ways:
                found.append((course.reported, course.case_id))
                break
    return [case_id for _, case_id in sorted(found, reverse=True)]


def through(courses: Iterable[Course], owner: str) -> list[Course]:
    """The cases that an owner had in hand, sealed ones left out."""
    return [
        course
        for course in courses
        if not course.sealed and any(stay.owner == owner for stay in course.stays)
    ]
