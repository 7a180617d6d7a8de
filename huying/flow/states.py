"""All the states that a case can be in, as far as the flow itself tells: step × tier × grade × closed.

Names whose values are not part of a state (fields, facts, legs) are tried out over small finite domains made
from their choices and from the constants that guards compare them with."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from .definition import Flow, Move
from .guards import CAN_BE_FALSE, CAN_BE_TRUE, STATE, Env, Guard

MAX_TRIES = 3000
_OTHER = "\x00other"


class State(NamedTuple):
    step: str
    tier: int | None
    grade: Any
    closed: bool


class Edge(NamedTuple):
    move: Move
    auto: bool
    source: State
    target: State


class _Seen:
    """The token as a guard sees it, during a try."""

    def __init__(self, state: State, rule: str) -> None:
        self.step, self.tier_index, self.grade, self.closed = state
        self.tier = self.tier_index
        self.join = rule
        self.round = self.entry = 1
        self.extensions = 0
        self.result: Any = None
        self.paused = False
        self.legs: Mapping[str, int] = {}
        self.legs_due = False


@dataclass
class Graph:
    """Every reachable state, how it is left, and how it is reached."""

    flow: Flow
    states: set[State] = field(default_factory=set)
    resting: set[State] = field(default_factory=set)  # a token can stay here
    edges: list[Edge] = field(default_factory=list)
    made: set[str] = field(default_factory=set)  # moves that are possible somewhere
    over_edge: dict[str, str] = field(default_factory=dict)  # move → up/down at the edge of the tiers


def domain(name: str, guards: Iterable[Guard], choices: Mapping[str, tuple[Any, ...] | None]) -> list[Any]:
    """Values worth trying for a name: its choices, or the constants it is compared with, with neighbours."""
    known = choices.get(name)
    if known:
        return list(known)
    values: list[Any] = []
    flag = False
    for guard in guards:
        for left, operator, constants in guard.comparisons:
            if left != name:
                continue
            flag = flag or operator == "is"
            for constant in constants:
                if isinstance(constant, bool):
                    flag = True
                elif isinstance(constant, (int, float)):
                    values += [constant - 1, constant, constant + 1]
                else:
                    values.append(constant)
    if flag:
        values += [True, False]
    if not flag or any(isinstance(v, str) for v in values):
        values.append(_OTHER)
    return list(dict.fromkeys(values))


def leg_outcomes(guards: Iterable[Guard], results: Iterable[str]) -> list[Mapping[str, int]]:
    """Counts of legs worth trying: none yet, running, and one or two legs with every pair of results."""
    named = {c for guard in guards for left, _, cs in guard.comparisons if left == "legs" for c in cs}
    words = sorted((named | set(results) | {"done"}) - {"open", "closed"})
    tried: list[Mapping[str, int]] = [{}, {"open": 2}]
    for one in words:
        tried += [{one: 1}, {one: 2}, {"open": 1, one: 1}]
    tried += [{a: 1, b: 1} for a, b in itertools.combinations(words, 2)]
    return tried


class Explorer:
    """Builds the Graph of one flow. `choices`: finite values of fields and facts. `leg_results`: what the legs
    of a sub-flow can end as."""

    def __init__(
        self,
        flow: Flow,
        choices: Mapping[str, tuple[Any, ...] | None],
        leg_results: Mapping[str, tuple[str, ...]],
        grades: Iterable[Any] = (),
    ) -> None:
        self.flow = flow
        self.choices = choices
        self.leg_results = leg_results
        self.grades = tuple(dict.fromkeys((*flow.grades, *grades)))
        self.cycled = {cycle.move for cycle in flow.cycles}
        self.masks: dict[tuple[str, State], int] = {}

    # -- guards
    def rule(self, step: str) -> str:
        legs = self.flow.steps[step].legs
        return legs.join if legs is not None else "all"

    def envs(self, state: State, names: Iterable[str], guards: list[Guard]) -> Iterator[Env]:
        """Every way in which the names outside the state may be filled in."""
        free = sorted(set(names) - {"tier", "grade", "closed", "settles", "step"})
        domains: list[list[Any]] = []
        for name in free:
            if name == "legs":
                step = self.flow.steps[state.step]
                results = self.leg_results.get(step.legs.flow, ()) if step.legs is not None else ()
                domains.append(list(leg_outcomes(guards, results)) if step.legs is not None else [{}])
            else:
                domains.append(domain(name, guards, self.choices))
        joined = any("joined" in guard.text or "legs due" in guard.text for guard in guards)
        for values in itertools.islice(itertools.product(*domains), MAX_TRIES):
            for due in (False, True) if joined else (False,):
                seen = _Seen(state, self.rule(state.step))
                seen.legs_due = due
                facts: dict[str, Any] = {}
                for name, value in zip(free, values, strict=True):
                    if name in STATE:
                        setattr(seen, name, value)
                    else:
                        facts[name] = value
                yield Env(seen, {}, facts, self.flow.settle_index)

    def mask(self, guard: Guard, state: State) -> int:
        """Which truth values the guard can have in this state."""
        if not guard.text:
            return CAN_BE_TRUE
        key = (guard.text, state)
        found = self.masks.get(key)
        if found is None:
            found = 0
            for env in self.envs(state, guard.names, [guard]):
                found |= CAN_BE_TRUE if guard.holds(env) else CAN_BE_FALSE
                if found == CAN_BE_TRUE | CAN_BE_FALSE:
                    break
            self.masks[key] = found
        return found

    # -- one move
    def before(self, move: Move, state: State) -> list[State]:
        """The state as the guard of this move sees it: an item sent along sets the grade."""
        if ("item" in move.needs or "item" in move.asks) and self.grades:
            grades = self.grades if "item" in move.needs else (state.grade, *self.grades)
            return [state._replace(grade=grade) for grade in dict.fromkeys(grades)]
        if "grade" in move.free_names and self.grades:
            return [state._replace(grade=grade) for grade in self.grades]
        return [state]

    def after(self, move: Move, state: State, graph: Graph | None = None) -> State:
        step, tier, grade, closed = state
        top = len(self.flow.tiers) - 1
        for effect in move.does:
            if effect.do == "tier" and tier is not None:
                way = effect.args[0]
                if way in ("up", "down"):
                    moved = tier + (1 if way == "up" else -1)
                    if not 0 <= moved <= top and graph is not None:
                        graph.over_edge.setdefault(move.id, way)
                    tier = min(max(moved, 0), top)
                else:
                    tier = self.flow.tier_index.get(way, tier)
            elif effect.do == "grade" and grade in self.flow.grades and effect.args[0] in ("up", "down"):
                at = self.flow.grades.index(grade) + (1 if effect.args[0] == "up" else -1)
                grade = self.flow.grades[min(max(at, 0), len(self.flow.grades) - 1)]
            elif effect.do == "round":
                closed = False
        if move.closes:
            closed = True
        return State(move.to or step, tier, grade, closed)

    def possible(self, move: Move, state: State) -> list[State]:
        """The states (grade as sent along) in which the move can be made."""
        return [seen for seen in self.before(move, state) if self.mask(move.when, seen) & CAN_BE_TRUE]

    def clocked(self, move: Move, step: str) -> bool:
        """Whether the clock can make this move from this step."""
        here = self.flow.steps[step]
        if move.after_limit and here.limit is not None and here.limit.kind != "none":
            return True
        return move.id in self.cycled or any(t.move == move.id for t in (*here.timers, *here.overdue))

    def makeable(self, move: Move, step: str) -> bool:
        """Whether anybody, or the clock, could make it from this step at all."""
        here = self.flow.steps[step]
        for by in move.by:
            if by.kind == "clock":
                continue
            if by.kind != "owner" or not here.end:  # a step that lacks its owner is reported as such
                return True
        return self.clocked(move, step)

    # -- the whole
    def explore(self) -> Graph:
        flow = self.flow
        graph = Graph(flow)
        tiers: list[int | None] = [*range(len(flow.tiers))] or [None]
        start_grades: list[Any] = [None, *self.grades]
        queue = [State(flow.first, tier, grade, False) for tier in tiers for grade in start_grades]
        graph.states.update(queue)
        while queue:
            state = queue.pop()
            for edge in self.leave(state, graph):
                graph.edges.append(edge)
                graph.made.add(edge.move.id)
                if edge.target not in graph.states:
                    graph.states.add(edge.target)
                    queue.append(edge.target)
        return graph

    def leave(self, state: State, graph: Graph) -> Iterator[Edge]:
        plan = self.flow.plans[state.step]
        rests = not self.flow.steps[state.step].auto
        first_of_two = list(plan.auto)
        for i, move in enumerate(first_of_two):
            if not self.first(plan.auto[:i], move, state):
                continue
            yield Edge(move, True, state, self.after(move, state, graph))
        if any(self.mask(move.when, state) == CAN_BE_TRUE for move in plan.auto):
            rests = False
        if not rests:
            return
        graph.resting.add(state)
        for move in self.flow.moves:
            if move.auto or state.step not in move.sources or not self.makeable(move, state.step):
                continue
            for seen in self.possible(move, state):
                yield Edge(move, False, state, self.after(move, seen, graph))

    def first(self, earlier: tuple[Move, ...], move: Move, state: State) -> bool:
        """Whether the automatic move can be the first whose guard holds."""
        guards = [m.when for m in (*earlier, move) if m.when.text]
        if any(not m.when.text for m in earlier):
            return False
        names = {name for guard in guards for name in guard.names}
        return any(
            move.when.holds(env) and not any(m.when.holds(env) for m in earlier)
            for env in self.envs(state, names, guards)
        )

    def blocked(self, state: State) -> bool:
        """Whether some value of the facts leaves a token here with nothing that can ever be done."""
        moves = [m for m in self.flow.moves if state.step in m.sources]
        moves = [m for m in moves if m.auto or self.makeable(m, state.step)]
        leaving = [m for m in moves if self.after(m, state) != state or m.to is not None]
        if any(not m.when.text for m in leaving):
            return False
        sent = {
            m.id: m.free_names | ({"legs"} if not m.auto or self.flow.steps[state.step].legs else set())
            for m in moves
        }
        guards = [m.when for m in leaving]
        names = {n for m in leaving for n in m.when.names if n not in sent[m.id]} - {"legs"}
        for env in self.envs(state, names, guards):
            if not any(m.when.mask(env, frozenset(sent[m.id])) & CAN_BE_TRUE for m in leaving):
                return True
        return not leaving

    def stuck_legs(self, state: State, results: tuple[str, ...]) -> Mapping[str, int] | None:
        """Results of legs, all ended, that no move of a legs step answers."""
        plan = self.flow.plans[state.step]
        if any("legs" not in m.when.names for m in (*plan.manual, *plan.lapse) if m.to is not None):
            return None
        moves = [m for m in self.flow.moves if state.step in m.sources and m.to is not None]
        guards = [m.when for m in moves]
        for counts in leg_outcomes([], results):
            if not counts or counts.get("open"):
                continue
            if any(word not in results for word in counts):
                continue
            seen = _Seen(state, self.rule(state.step))
            seen.legs = counts
            env = Env(seen, {}, {}, self.flow.settle_index)
            free = frozenset(n for g in guards for n in g.names if n not in STATE)
            if not any(m.when.mask(env, free) & CAN_BE_TRUE for m in moves):
                return counts
        return None
