"""Is a flow sound? Everything that must hold before a flow may run, each defect with file, line and mending."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from .definition import Flow
from .messages import problem
from .references import check_references
from .source import Problem
from .states import Edge, Explorer, Graph, State

#: Facts that every case has (with a dot: heads of dotted names).
FACTS = frozenset({
    "item", "kind", "channel", "call", "place", "grid", "division", "tier", "grade", "reporter", "actor", "anonymous",
    "confidential", "urgent", "handler", "co_handlers", "leg", "case", "form", "confidence", "placed", "rating",
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Context:
    """What the place knows. None means: not known here, do not check.

    `fields`: form fields → their choices (or None). `grades`: grades that items carry. `flows`: every flow of the
    place by id, for legs. `words`: the vocabulary's keys."""

    roles: frozenset[str] | None = None
    organs: frozenset[str] | None = None
    forms: frozenset[str] | None = None
    items: frozenset[str] | None = None
    kinds: frozenset[str] | None = None
    fields: Mapping[str, tuple[Any, ...] | None] | None = None
    grades: tuple[Any, ...] = ()
    flows: Mapping[str, Flow] | None = None
    words: frozenset[str] | None = None
    notices: frozenset[str] | None = None
    layers: frozenset[str] | None = None  # layers that have grids
    rights: frozenset[str] | None = None
    scores: frozenset[str] | None = None  # rules of reviews.yaml that moves may take points by
    facts: frozenset[str] = field(default=FACTS)


def leg_results(flow: Flow) -> tuple[str, ...]:
    """What a leg of this flow can end as."""
    closing = {move.result or "done" for move in flow.moves if move.closes}
    return tuple(sorted(closing))


def explore(flow: Flow, context: Context | None = None) -> tuple[Explorer, Graph]:
    """The graph of all states of a flow in its place."""
    context = context or Context()
    results = {key: leg_results(sub) for key, sub in (context.flows or {}).items()}
    known = {str(grade) for grade in flow.grades}
    extra = [grade for grade in context.grades if str(grade) not in known and grade not in (None, "")]
    explorer = Explorer(flow, context.fields or {}, results, extra)
    return explorer, explorer.explore()


def can_end(flow: Flow, context: Context | None = None) -> bool:
    """Whether every reachable state of the flow leads to a closing move and to an end."""
    _, graph = explore(flow, context)
    closing = {edge.source for edge in graph.edges if edge.move.closes}
    ends = {state for state in graph.states if flow.steps[state.step].end}
    live = {state for state in graph.states if not state.closed}
    return (
        bool(closing) and live <= _leads_to(graph, closing) | ends and graph.states <= _leads_to(graph, ends)
    )


def check_flow(flow: Flow, context: Context | None = None) -> list[Problem]:
    """All defects of one flow, by line. An empty list means that it may run."""
    context = context or Context()
    found = check_references(flow, context, leg_results)
    explorer, graph = explore(flow, context)
    found += _Senses(flow, context, explorer, graph).all()
    unique = {(p.code, p.line, p.what): p for p in found}
    return sorted(unique.values(), key=lambda p: (p.line, p.code, p.what))


def _leads_to(graph: Graph, goals: set[State]) -> set[State]:
    """All states from which some goal can be reached."""
    back: dict[State, list[State]] = {}
    for edge in graph.edges:
        back.setdefault(edge.target, []).append(edge.source)
    found, queue = set(goals), list(goals)
    while queue:
        for source in back.get(queue.pop(), ()):
            if source not in found:
                found.add(source)
                queue.append(source)
    return found


class _Senses:
    """The checks that need the graph."""

    def __init__(self, flow: Flow, context: Context, explorer: Explorer, graph: Graph) -> None:
        self.flow = flow
        self.context = context
        self.explorer = explorer
        self.graph = graph
        self.found: list[Problem] = []

    def wrong(self, code: str, line: int, **about: object) -> None:
        self.found.append(problem(code, self.flow.file, line, **about))

    def at_step(self, code: str, states: Sequence[State], **about: object) -> None:
        """One problem per step, telling in which tiers and grades if not in all."""
        by_step: dict[str, list[State]] = {}
        for state in states:
            by_step.setdefault(state.step, []).append(state)
        for step, bad in by_step.items():
            everywhere = {s for s in self.graph.states if s.step == step}
            en, zh = self.when(bad) if set(bad) != everywhere else ("", "")
            self.wrong(code, self.flow.steps[step].line, step=step, when=en, zh_when=zh, **about)

    def when(self, states: Sequence[State]) -> tuple[str, str]:
        state = min(states, key=lambda s: (s.tier or 0, str(s.grade)))
        parts: list[str] = []
        if state.tier is not None and len({s.tier for s in states}) < len(self.flow.tiers):
            parts.append(f"tier = {self.flow.tiers[state.tier]}")
        if state.grade is not None:
            parts.append(f"grade = {state.grade}")
        if state.closed:
            parts.append("closed")
        said = ", ".join(parts)
        return (f" (when {said})", f"（当 {said}）") if said else ("", "")

    def all(self) -> list[Problem]:
        self.reach()
        self.ends()
        self.closing()
        self.automatic()
        self.moves()
        self.legs()
        return self.found

    def reach(self) -> None:
        reached = {state.step for state in self.graph.states}
        for step in self.flow.steps.values():
            if step.id not in reached:
                self.wrong("unreachable", step.line, step=step.id)

    def ends(self) -> None:
        flow, graph = self.flow, self.graph
        dead: list[State] = []
        stuck: list[State] = []
        for state in graph.states:
            step = flow.steps[state.step]
            if step.end:
                continue
            if step.auto:
                if self.automatic_stuck(state):
                    stuck.append(state)
            elif state in graph.resting and self.explorer.blocked(state):
                dead.append(state)
        self.at_step("dead-end", dead)
        self.at_step("auto-stuck", stuck)
        told = {state.step for state in (*dead, *stuck)}
        ends = {s for s in graph.states if flow.steps[s.step].end}
        lost = [s for s in graph.states - _leads_to(graph, ends) if s.step not in told]
        self.at_step("no-end", lost)
        told |= {state.step for state in lost}
        closing = {edge.source for edge in graph.edges if edge.move.closes}
        live = {s for s in graph.states if not s.closed and not flow.steps[s.step].end}
        self.at_step("no-close", [s for s in live - _leads_to(graph, closing) if s.step not in told])
        for ident in sorted({s.step for s in ends if not s.closed}):
            self.wrong("end-open", flow.steps[ident].line, step=ident)

    def automatic_stuck(self, state: State) -> bool:
        plan = self.flow.plans[state.step]
        if any(not move.when.text for move in plan.auto):
            return False
        return not plan.auto or self.explorer.blocked(state)

    def closing(self) -> None:
        flow = self.flow
        for step in flow.steps.values():
            if step.end or step.auto:
                continue
            here = [s for s in self.graph.states if s.step == step.id]
            if any(s.closed for s in here) and not step.after_close:
                self.wrong("not-after-close", step.line, step=step.id)
            if any(not s.closed for s in here) and step.after_close:
                self.wrong("before-close", step.line, step=step.id)
            if step.after_close and not flow.plans[step.id].lapse:
                self.wrong("no-default", step.line, step=step.id)

    def automatic(self) -> None:
        flow, graph = self.flow, self.graph
        for step in flow.steps.values():
            plan = flow.plans[step.id].auto
            for i, move in enumerate(plan):
                shadow = next((m for m in plan[:i] if not m.when.text or m.when.text == move.when.text), None)
                if shadow is not None:
                    self.wrong("auto-ambiguous", move.line, move=move.id, other=shadow.id)
        circle = _circle([edge for edge in graph.edges if edge.auto])
        if circle:
            moves = " → ".join(dict.fromkeys(edge.move.id for edge in circle))
            self.wrong("auto-endless", circle[0].move.line, moves=moves)

    def moves(self) -> None:
        flow, graph = self.flow, self.graph
        told = {p.line for p in self.found if p.code == "auto-ambiguous"}
        reached = {state.step for state in graph.states}
        for move in flow.moves:
            makeable = [s for s in move.sources if move.auto or self.explorer.makeable(move, s)]
            if not makeable and move.sources:
                self.wrong("clock-idle" if move.by_clock else "nobody", move.line, move=move.id)
            elif move.id not in graph.made and move.line not in told and reached & set(makeable):
                self.wrong("never-made", move.line, move=move.id)
        for ident, way in graph.over_edge.items():
            move = flow.by_id[ident]
            top = way == "up"
            self.wrong(
                "tier-edge", move.line, move=ident, way=way, edge="top" if top else "bottom", op="<" if top else ">",
                tier=flow.tiers[-1 if top else 0], zh_way="上升" if top else "下降", zh_edge="最高" if top else "最低",
            )  # fmt: skip

    def legs(self) -> None:
        flow = self.flow
        for step in flow.steps.values():
            if step.legs is None:
                continue
            starting = [m for m in flow.moves if m.to == step.id or (m.to is None and step.id in m.sources)]
            if not any(e.do == "legs" and e.args[0] == "start" for m in starting for e in m.does):
                self.wrong("legs-not-started", step.line, step=step.id)
            leaving = [
                m for m in flow.moves if step.id in m.sources and "legs" in m.when.names and m.to is not None
            ]
            if not leaving:
                self.wrong("legs-never-joined", step.line, step=step.id)
                continue
            sub = (self.context.flows or {}).get(step.legs.flow)
            if sub is None:
                continue
            for state in self.graph.resting:
                left = self.explorer.stuck_legs(state, leg_results(sub)) if state.step == step.id else None
                if left:
                    self.wrong("legs-stuck", step.line, step=step.id, states=" + ".join(sorted(left)))
                    break


def _circle(edges: list[Edge]) -> list[Edge]:
    """One circle of edges, if there is any."""
    out: dict[State, list[Edge]] = {}
    for one in edges:
        out.setdefault(one.source, []).append(one)
    done: set[State] = set()
    for start in list(out):
        if start in done:
            continue
        path: list[Edge] = []
        on_path = {start}
        stack = [iter(out.get(start, ()))]
        while stack:
            edge = next(stack[-1], None)
            if edge is None:
                stack.pop()
                if path:
                    left = path.pop()
                    on_path.discard(left.target)
                    done.add(left.target)
                continue
            if edge.target in on_path:
                sources = [e.source for e in path]
                at = sources.index(edge.target) if edge.target in sources else len(path)
                return [*path[at:], edge]
            if edge.target in done:
                continue
            path.append(edge)
            on_path.add(edge.target)
            stack.append(iter(out.get(edge.target, ())))
        done.add(start)
    return []
