"""What the record says about how a place works: how long turns take, what is done next, who gets what.

Turns follow an accelerated failure time model: log(time) = elasticity × log(limit left) + habit of the owner + a residual
whose distribution is not assumed but estimated step by step with unfinished turns taken into account (``survival``).
Habits and branches are drawn towards the whole where there is little to go by. See docs/decisions/whatif.md.
"""

from __future__ import annotations

from bisect import bisect_right, insort
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from math import ceil, log
from typing import Any

from huying.flow.definition import Move
from huying.whatif.setting import Setting
from huying.whatif.stays import CALLER, Course, Stay
from huying.whatif.survival import Curve, estimate

FLOOR = 60.0  # seconds added to every time, so that nothing is infinitely quick
FEW = 12  # turns below which a step borrows the curve of all steps
DRAW = 6.0  # how many turns the whole weighs against an owner's own
ROUNDS = 4  # in which unfinished turns are taken in
SLACK = 1.25  # an office is taken to manage this many times its busiest day
Key = tuple[str, str]  # flow, step


@dataclass(slots=True)
class Turn:
    """One stay as an observation."""

    key: Key
    owner: str
    left: float | None  # of the limit on entering, in the owner's time; None: no limit
    spent: float
    done: bool  # ended by somebody's move
    load: int = 0

    @property
    def timed(self) -> bool:
        return self.left is not None and self.left > 300


@dataclass(slots=True)
class Model:
    """What calibration found."""

    curves: dict[tuple[Key, bool], Curve] = field(default_factory=dict)
    pooled: dict[bool, Curve] = field(default_factory=dict)
    slopes: dict[Key, float] = field(default_factory=dict)
    slope: float = 0.0
    habits: dict[tuple[str, bool], float] = field(default_factory=dict)
    gamma: float = 0.0  # how time grows with what is open
    mean_load: dict[str, float] = field(default_factory=dict)
    capacity: dict[str, int] = field(default_factory=dict)
    branches: dict[tuple[Any, ...], Counter[tuple[str, str]]] = field(default_factory=dict)
    items: dict[tuple[Any, ...], Counter[str]] = field(default_factory=dict)
    routed: dict[tuple[bool, bool], int] = field(
        default_factory=lambda: defaultdict(int)
    )  # (again, elsewhere)
    elsewhere: Counter[str] = field(default_factory=Counter)
    by_item: dict[str, Counter[str]] = field(default_factory=dict)
    owners: dict[tuple[Any, ...], Counter[str]] = field(default_factory=dict)
    agreed: dict[Key, list[float]] = field(default_factory=dict)  # seconds of the owner's time
    granted: dict[Key, list[float]] = field(default_factory=dict)
    pauses: dict[Key, list[float]] = field(default_factory=dict)
    parts: dict[Key, list[tuple[tuple[str, ...], float]]] = field(default_factory=dict)
    finished: Counter[str] = field(default_factory=Counter)  # turns by owner
    cases: int = 0
    turns: int = 0

    def curve(self, key: Key, timed: bool) -> Curve:
        """The curve of a step, or that of all steps where it has too few turns."""
        found = self.curves.get((key, timed))
        if found is not None and found.seen >= FEW:
            return found
        return self.pooled.get(timed) or self.pooled.get(not timed) or Curve([], [], 0)

    def shift(self, key: Key, owner: str, left: float | None, load: float) -> float:
        """What is added to the residual to get the logarithm of a time."""
        timed = left is not None and left > 300
        found = self.habits.get((owner, timed), 0.0)
        if timed:
            found += self.slopes.get(key, self.slope) * log(left or 1.0)
        if self.gamma:
            found += self.gamma * log((1 + load) / (1 + self.mean_load.get(owner, load)))
        return found


def calibrate(courses: Sequence[Course], setting: Setting, until: float) -> Model:
    """Learn from cases as they were known at *until* (see ``stays.cut``)."""
    model = Model(cases=len(courses))
    turns: list[Turn] = []
    intervals: list[tuple[float, float, str, Turn]] = []
    for course in courses:
        _learn(model, course, setting, until, turns, intervals)
    model.turns = len(turns)
    _loads(model, intervals, until)
    _times(model, turns)
    _capacity(model, courses, setting)
    return model


def move_of(setting: Setting, flow: str, move: str) -> Move | None:
    """A move of a flow, or None."""
    found = setting.flows.get(flow)
    return None if found is None else found.by_id.get(move)


def kind_of(owner: str) -> str:
    """organ, desk, division, caller…"""
    return owner.partition(":")[0]


def contexts(key: Key, again: bool, wrong: bool, call: str, owner: str) -> list[tuple[Any, ...]]:
    """What a choice may depend on, from the coarse to the fine."""
    fine = owner if kind_of(owner) == "organ" else call
    return [(key,), (key, again, wrong), (key, again, wrong, fine)]


def chooses_organ(move: Move | None) -> bool:
    """Whether who makes the move says whose duty it is."""
    return move is not None and bool({"organ", "item"} & {*move.needs, *move.asks})


def _learn(
    model: Model, course: Course, setting: Setting, until: float, turns: list[Turn],
    intervals: list[tuple[float, float, str, Turn]],
) -> None:  # fmt: skip
    seen: Counter[tuple[int, str]] = Counter()
    following = _following(course)
    for stay in course.stays:
        key = (stay.flow, stay.step)
        step = setting.step(*key)
        if step is None:
            continue
        again = seen[stay.leg, stay.step] > 0
        seen[stay.leg, stay.step] += 1
        end = stay.left if stay.left is not None else until
        due = stay.due if stay.due is not None else (stay.at + stay.limit if stay.limit is not None else None)
        # What comes back overdue has nothing left.
        left = None if due is None else max(0.0, setting.spent(stay.owner, stay.at, due))
        done = stay.left is not None and stay.how == "actor"
        turn = Turn(key, stay.owner, left, max(0.0, setting.spent(stay.owner, stay.at, end)), done)
        turns.append(turn)
        intervals.append((stay.at, end, stay.owner, turn))
        if due is not None and left is not None:
            span = setting.span(stay.flow, step, stay.item)
            if span == "agreed":
                model.agreed.setdefault(key, []).append(left)
            if stay.given:
                model.granted.setdefault(key, []).append(left)
        if stay.paused:
            model.pauses.setdefault(key, []).append(stay.paused)
        model.owners.setdefault((key, course.town), Counter())[stay.owner] += 1
        model.owners.setdefault((key,), Counter())[stay.owner] += 1
        if done:
            model.finished[stay.owner] += 1
            _choice(model, course, setting, stay, following.get(id(stay)), again)
    _parts(model, course, setting)


def _following(course: Course) -> dict[int, Stay]:
    found: dict[int, Stay] = {}
    last: dict[int, Stay] = {}
    for stay in course.stays:
        if stay.leg in last:
            found[id(last[stay.leg])] = stay
        last[stay.leg] = stay
    return found


def _choice(
    model: Model, course: Course, setting: Setting, stay: Stay, after: Stay | None, again: bool
) -> None:
    duty = setting.responsible(stay.item, course.path)
    wrong = bool(duty) and kind_of(stay.owner) == "organ" and stay.owner != duty
    key = (stay.flow, stay.step)
    for context in contexts(key, again, wrong, course.call, stay.owner):
        model.branches.setdefault(context, Counter())[stay.move, stay.to] += 1
    if after is None or stay.leg:
        return
    if not stay.item and after.item:
        for context in ((key, stay.move, course.call), (key, stay.move), (key,)):
            model.items.setdefault(context, Counter())[after.item] += 1
    step = setting.step(after.flow, after.step)
    relation = step.owner if step is not None else None
    if (
        relation is None
        or relation.kind != "organ"
        or not chooses_organ(move_of(setting, stay.flow, stay.move))
    ):
        return
    duty = setting.responsible(after.item, course.path)
    if duty:
        sent_before = any(one.owner.startswith("organ:") for one in course.own if one.at < after.at)
        model.routed[sent_before, after.owner != duty] += 1
        if after.owner != duty:
            model.elsewhere[after.owner] += 1
    model.by_item.setdefault(after.item, Counter())[after.owner] += 1


def _parts(model: Model, course: Course, setting: Setting) -> None:
    """Whom a step that calls in several organs called in, and by when."""
    for stay in course.stays:
        step = setting.step(stay.flow, stay.step)
        if stay.leg or step is None or step.legs is None:
            continue
        legs = [one for one in course.stays if one.leg and abs(one.at - stay.at) < 1]
        if not legs:
            continue
        due = stay.due if setting.span(stay.flow, step, stay.item) == "agreed" else legs[0].due
        due = due if due is not None else (stay.due or stay.at)
        seconds = setting.spent(stay.owner, stay.at, due)
        model.parts.setdefault((stay.flow, stay.step), []).append((tuple(one.owner for one in legs), seconds))


def _loads(model: Model, intervals: list[tuple[float, float, str, Turn]], until: float) -> None:
    """What was open with the owner when a turn began."""
    ends: dict[str, list[float]] = defaultdict(list)
    sums: dict[str, list[float]] = defaultdict(lambda: [0.0, 0.0])
    for at, end, owner, turn in sorted(intervals, key=lambda row: row[0]):
        row = ends[owner]
        del row[: bisect_right(row, at)]
        turn.load = len(row)
        insort(row, end)
        sums[owner][0] += turn.load
        sums[owner][1] += 1
    model.mean_load = {owner: total / count for owner, (total, count) in sums.items()}


def _times(model: Model, turns: Sequence[Turn]) -> None:
    """Elasticity, habits, dependence on load, then the curves of what is left.

    Unfinished turns are taken in at what the curves expect of them (J. Buckley, I. James, Linear regression with censored
    data, 1979), else long limits and slow offices would look quicker than they are.
    """
    logs = [log(turn.spent + FLOOR) for turn in turns]
    chosen = [n for n, turn in enumerate(turns) if turn.done]
    for round_ in range(ROUNDS):
        rows = [(turns[n], logs[n]) for n in chosen]
        model.slope, model.slopes = _slopes([row for row in rows if row[0].timed])
        for known in (True, False):
            habits = _habits(model, [row for row in rows if row[0].timed == known], known)
            model.habits.update({(owner, known): value for owner, value in habits.items()})
        _curves(model, turns)
        if round_ == 0:
            chosen = [n for n, turn in enumerate(turns) if turn.done or _tells(model, turn)]
        for n in chosen:
            if not turns[n].done:
                logs[n] = _expected(model, turns[n])
    model.gamma = _gamma(model, [turn for turn in turns if turn.done])
    if model.gamma:
        _curves(model, turns)


def _curves(model: Model, turns: Sequence[Turn]) -> None:
    found: dict[tuple[Key, bool], list[tuple[float, bool]]] = defaultdict(list)
    for turn in turns:
        found[turn.key, turn.timed].append((residual(model, turn), turn.done))
    model.curves = {key: estimate(values) for key, values in found.items()}
    for known in (True, False):
        model.pooled[known] = estimate(
            [one for (_, t), values in found.items() if t == known for one in values]
        )


def _tells(model: Model, turn: Turn) -> bool:
    """Whether an unfinished turn says something of its owner's pace: one of a step that people do finish."""
    curve = model.curves[turn.key, turn.timed]
    return turn.owner != CALLER and curve.events >= FEW and curve.never < 0.3


def _expected(model: Model, turn: Turn) -> float:
    """The logarithm of the time that an unfinished turn is expected to take in the end."""
    shift = model.shift(turn.key, turn.owner, turn.left, turn.load)
    now = log(turn.spent + FLOOR) - shift
    return shift + max(now, model.curve(turn.key, turn.timed).mean_beyond(now))


def residual(model: Model, turn: Turn) -> float:
    """The logarithm of a turn's time beside what the model expects."""
    return log(turn.spent + FLOOR) - model.shift(turn.key, turn.owner, turn.left, turn.load)


def _slopes(rows: Iterable[tuple[Turn, float]]) -> tuple[float, dict[Key, float]]:
    """How much longer people take when they have longer: 0 not at all, 1 in proportion. Within steps."""
    by_key: dict[Key, list[tuple[float, float]]] = defaultdict(list)
    for turn, value in rows:
        by_key[turn.key].append((log(turn.left or 1.0), value))
    parts: dict[Key, tuple[float, float]] = {}
    for key, values in by_key.items():
        mx = sum(x for x, _ in values) / len(values)
        my = sum(y for _, y in values) / len(values)
        parts[key] = (sum((x - mx) * (y - my) for x, y in values), sum((x - mx) ** 2 for x, _ in values))
    xy, xx = sum(p[0] for p in parts.values()), sum(p[1] for p in parts.values())
    whole = min(1.0, max(0.0, xy / xx)) if xx > 1 else 0.5
    drawn = 10.0
    return whole, {
        key: min(1.2, max(0.0, (p[0] + drawn * whole) / (p[1] + drawn))) for key, p in parts.items()
    }


def _habits(model: Model, rows: Sequence[tuple[Turn, float]], timed: bool) -> dict[str, float]:
    """How much slower or quicker an owner is than others at the same steps."""
    found: dict[str, float] = {}
    rest = [
        (turn, value - (model.slopes.get(turn.key, model.slope) * log(turn.left or 1.0) if timed else 0.0))
        for turn, value in rows
    ]
    for _ in range(4):
        sums: dict[Key, list[float]] = defaultdict(lambda: [0.0, 0.0])
        for turn, value in rest:
            sums[turn.key][0] += value - found.get(turn.owner, 0.0)
            sums[turn.key][1] += 1
        own: dict[str, list[float]] = defaultdict(lambda: [0.0, 0.0])
        for turn, value in rest:
            total, count = sums[turn.key]
            own[turn.owner][0] += value - total / count
            own[turn.owner][1] += 1
        found = {owner: total / (count + DRAW) for owner, (total, count) in own.items() if owner != CALLER}
    return found


def _gamma(model: Model, rows: Sequence[Turn]) -> float:
    """How times grow with what is open with the owner; 0 unless the record shows it clearly (t > 4.5)."""
    values = []
    means: dict[tuple[Key, str], list[float]] = defaultdict(lambda: [0.0, 0.0, 0.0])
    for turn in rows:
        if turn.owner == CALLER:
            continue
        x = log((1 + turn.load) / (1 + model.mean_load.get(turn.owner, turn.load)))
        y = residual(model, turn)
        row = means[turn.key, turn.owner]
        row[0] += x
        row[1] += y
        row[2] += 1
        values.append((turn, x, y))
    xy = xx = yy = 0.0
    for turn, x, y in values:
        sx, sy, count = means[turn.key, turn.owner]
        dx, dy = x - sx / count, y - sy / count
        xy, xx, yy = xy + dx * dy, xx + dx * dx, yy + dy * dy
    free = len(values) - len(means) - 1
    if free < 60 or xx < 1:
        return 0.0
    slope = xy / xx
    error = (max(yy - slope * xy, 0.0) / free / xx) ** 0.5
    return min(1.0, slope) if error and slope / error > 4.5 else 0.0


def _capacity(model: Model, courses: Sequence[Course], setting: Setting) -> None:
    """How many turns an owner is taken to manage in a day: somewhat more than on the busiest one on record."""
    days: Counter[tuple[str, int]] = Counter()
    for course in courses:
        for stay in course.stays:
            if stay.left is not None and stay.how == "actor" and stay.owner != CALLER:
                days[stay.owner, setting.hours(stay.owner).day_of(stay.left)] += 1
    for (owner, _), count in days.items():
        model.capacity[owner] = max(model.capacity.get(owner, 0), ceil(SLACK * count) + 1)
