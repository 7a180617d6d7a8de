"""Does everything that a flow names exist? Steps and moves are settled by the reader; here: phases, stages,
roles, organs, forms, fields, items, kinds, sub-flows, and the spelling rules of single steps and moves."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from .definition import PHASES, RELATIONS, Cycle, Flow, Limit, Move, Relation, Step
from .guards import STATE, Guard
from .messages import problem
from .source import Problem

if TYPE_CHECKING:
    from .checker import Context

_POOL_WORDS = frozenset({"organs", "paired", "anyone", "volunteers", *RELATIONS})
_ORGAN_WORDS = frozenset({"item", "leg", "actor", "case", "subject", "reporter"})


def check_references(
    flow: Flow, context: Context, leg_results: Callable[[Flow], tuple[str, ...]]
) -> list[Problem]:
    """Everything that is wrong without looking at the states of the flow."""
    return _References(flow, context, leg_results).all()


def _listed(known: Iterable[Any] | None) -> str:
    words = sorted(str(word) for word in known or ())
    return ", ".join(words[:12]) + (" …" if len(words) > 12 else "") or "—"


class _References:
    def __init__(self, flow: Flow, context: Context, leg_results: Callable[[Flow], tuple[str, ...]]) -> None:
        self.flow = flow
        self.context = context
        self.leg_results = leg_results
        self.found: list[Problem] = []
        relations = [r for step in flow.steps.values() if step.owner for r in step.owner.each()]
        self.pooled = any(relation.kind == "pool" for relation in relations)
        #: fields that moves send: a guard or a limit may name them even where the place's forms are not known
        self.sent = {name for move in flow.moves for name in (*move.needs, *move.asks)}

    def wrong(self, code: str, line: int, **about: object) -> None:
        self.found.append(problem(code, self.flow.file, line, **about))

    def all(self) -> list[Problem]:
        for step in self.flow.steps.values():
            self.step(step)
        for move in self.flow.moves:
            self.move(move)
        self.limit(self.flow.limit, 1)
        self.grades()
        for cycle in self.flow.cycles:
            self.cycle(cycle)
        return self.found

    # -- cycles
    def cycle(self, cycle: Cycle) -> None:
        flow, context = self.flow, self.context
        self.guard(cycle.when, cycle.line, None)
        for word in cycle.pick:
            if word not in ("open", "closed") and word not in flow.steps:
                self.wrong("unknown-step", cycle.line, step=word)
        if cycle.led_by and context.roles is not None and cycle.led_by not in context.roles:
            self.wrong("unknown-role", cycle.line, role=cycle.led_by, known=_listed(context.roles))
        if (cycle.decides or cycle.at or cycle.led_by) and not (cycle.meeting and cycle.at and cycle.led_by):
            self.wrong("cycle-half", cycle.line, cycle=cycle.id)
        made = flow.by_id.get(cycle.move or "")
        if made is not None:
            if made.auto or made.needs or not any(by.kind == "clock" for by in made.by):
                self.wrong("cycle-clock", cycle.line, cycle=cycle.id, move=made.id)
            steps = [flow.steps[source] for source in made.sources]
            if not any(cycle.picks(step.id, step.after_close or step.end) for step in steps):
                self.wrong("cycle-idle", cycle.line, cycle=cycle.id, move=made.id)
        for ident in cycle.decides:
            move = flow.by_id.get(ident)
            if move is None:
                continue
            if move.auto or move.by_clock:
                self.wrong("cycle-move", cycle.line, cycle=cycle.id, move=ident)
            elif not any(cycle.picks(source, flow.steps[source].after_close) for source in move.sources):
                self.wrong("cycle-never", cycle.line, cycle=cycle.id, move=ident)

    # -- steps
    def step(self, step: Step) -> None:
        if step.phase not in PHASES:
            self.wrong("unknown-phase", step.line, phase=step.phase, known=", ".join(PHASES))
        if step.stage and step.stage not in self.flow.stages:
            self.wrong("unknown-stage", step.line, stage=step.stage)
        if step.auto:
            if step.owner is not None or step.limit is not None:
                self.wrong("auto-owner", step.line, step=step.id)
        elif not step.end:
            if step.owner is None:
                self.wrong("no-owner", step.line, step=step.id)
            if step.limit is None:
                self.wrong("no-limit", step.line, step=step.id)
        if step.owner is not None:
            self.relation(step.owner, step.line)
        self.limit(step.limit, step.line)
        if step.legs is not None:
            self.legs(step)
        limited = step.limit is not None and step.limit.kind != "none"
        for timer in (*step.timers, *step.overdue):
            if timer.after is None and not limited:
                self.wrong("timer-without-limit", timer.line, timer=timer.id, step=step.id)
            move = self.flow.by_id.get(timer.move or "")
            clocked = move is not None and (any(b.kind == "clock" for b in move.by) or move.after_limit)
            if move is not None and step in self.flow.steps.values() and self.own_timer(step, timer.line):
                if step.id not in move.sources or not clocked:
                    self.wrong("timer-move", timer.line, timer=timer.id, move=move.id, step=step.id)
                elif move.needs:
                    self.wrong("auto-needs", move.line, move=move.id)
            if timer.notice is not None:
                self.notice(timer.notice, timer.line)
                self.party(timer.to, timer.line)
        if step.legs is not None and step.legs.deadline is not None:
            self.limit(step.legs.deadline, step.line)

    def own_timer(self, step: Step, line: int) -> bool:
        """Reminders of the whole flow are shared by all steps; only those of the step itself are checked."""
        return step.line <= line

    def legs(self, step: Step) -> None:
        legs = step.legs
        if legs is None:
            return
        if self.flow.leg:
            self.wrong("leg-in-leg", step.line)
        if legs.of not in ("co_handlers", "actor.organ"):
            self.name(legs.of, step.line)
        flows = self.context.flows
        if flows is None:
            return
        sub = flows.get(legs.flow)
        if sub is None:
            self.wrong("unknown-flow", step.line, flow=legs.flow)
        elif not sub.leg:
            self.wrong("not-a-leg", step.line, flow=legs.flow)
        else:
            from .checker import can_end  # the two modules look at each other only here

            if not can_end(sub):
                self.wrong("leg-cannot-end", step.line, flow=legs.flow)

    def limit(self, limit: Limit | None, line: int) -> None:
        for one in limit.each() if limit is not None else ():
            if one.kind == "field":
                self.name(one.name, line)

    def relation(self, relation: Relation, line: int) -> None:
        context = self.context
        for one in relation.each():
            if one.kind == "post" and context.roles is not None and one.args[0] not in context.roles:
                self.wrong("unknown-role", line, role=one.args[0], known=_listed(context.roles))
            elif one.kind == "organ" and one.args[0] not in _ORGAN_WORDS and context.organs is not None:
                known = context.organs | set(context.fields or ()) | self.sent
                if one.args[0] not in known:
                    self.wrong("unknown-organ", line, organ=one.args[0])
            elif one.kind == "pool":
                for word in one.args:
                    known = _POOL_WORDS | (context.roles or set()) | (context.organs or set())
                    known |= set(context.fields or ())
                    if context.roles is not None and word not in known:
                        self.wrong("unknown-role", line, role=word, known=_listed(context.roles))
            elif one.kind == "grid" and one.args and context.layers is not None:
                if one.args[0] not in context.layers:
                    self.wrong("unknown-layer", line, layer=one.args[0], known=_listed(context.layers))
            elif one.kind == "holder" and one.args[0] not in self.flow.steps:
                self.wrong("unknown-step", line, step=one.args[0])
            elif one.kind == "claimant" and not self.pooled:
                self.wrong("no-pool", line)

    def party(self, word: str, line: int) -> None:
        """Who is sent a notice: owner, a relation, or a role."""
        head = word.partition("(")[0].partition("@")[0].strip()
        if head in RELATIONS or self.context.roles is None or word in self.context.roles:
            return
        self.wrong("unknown-role", line, role=word, known=_listed(self.context.roles))

    def notice(self, code: str, line: int) -> None:
        if self.context.notices is not None and code not in self.context.notices:
            self.wrong("unknown-word", line, word=code)

    # -- moves
    def move(self, move: Move) -> None:
        context = self.context
        for by in move.by:
            if by.kind == "role" and context.roles is not None and by.name not in context.roles:
                self.wrong("unknown-role", move.line, role=by.name, known=_listed(context.roles))
            elif by.kind == "right" and context.rights is not None and by.name not in context.rights:
                self.wrong("unknown-right", move.line, right=by.name, known=_listed(context.rights))
            elif by.relation is not None:
                self.relation(by.relation, move.line)
        if context.fields is not None:
            for name in (*move.needs, *move.asks):
                if name not in context.fields and name not in ("item", "grade"):
                    self.wrong("unknown-field", move.line, field=name, known=_listed(context.fields))
        if move.form is not None and context.forms is not None and move.form not in context.forms:
            self.wrong("unknown-form", move.line, form=move.form)
        self.guard(move.when, move.line, move)
        if move.needs and (move.auto or move.by_clock or move.after_limit):
            self.wrong("auto-needs", move.line, move=move.id)
        if move.after_limit:
            for source in move.sources:
                limit = self.flow.steps[source].limit
                if limit is None or limit.kind == "none":
                    self.wrong("lapse-without-limit", move.line, move=move.id, step=source)
        self.effects(move)

    def effects(self, move: Move) -> None:
        context, flow = self.context, self.flow
        for effect in move.does:
            if effect.do == "merge" and not (move.closes and move.result == "merged"):
                self.wrong("merge-result", move.line, move=move.id)
            elif effect.do == "round" and move.to is None:
                self.wrong("round-open", move.line, move=move.id)
            elif effect.do == "open" and context.kinds is not None and effect.args[0] not in context.kinds:
                self.wrong("unknown-kind", move.line, kind=effect.args[0])
            elif (
                effect.do == "score"
                and effect.args
                and context.scores is not None
                and effect.args[0] not in context.scores
            ):
                self.wrong(
                    "unknown-score",
                    move.line,
                    move=move.id,
                    rule=effect.args[0],
                    known=_listed(context.scores),
                )
            elif effect.do == "tier" and not flow.tiers:
                self.wrong("no-tiers", move.line)
            elif effect.do in ("pause", "extend") and effect.args:
                self.name(effect.args[-1], move.line)
            elif effect.do == "notice":
                self.notice(effect.args[0], move.line)
            elif effect.do == "legs":
                target = flow.steps[move.to] if move.to is not None else None
                steps = [target] if target is not None else [flow.steps[s] for s in move.sources]
                for step in steps:
                    if step.legs is None:
                        self.wrong("legs-nowhere", move.line, text=effect.text, step=step.id)
                if len(effect.args) > 1 and effect.args[1] not in ("actor.organ", "actor", "co_handlers"):
                    self.name(effect.args[1], move.line)

    def name(self, name: str, line: int) -> None:
        """A field or a fact that the flow counts on."""
        fields = self.context.fields
        if (
            fields is None
            or name in fields
            or name in self.sent
            or name.partition(".")[0] in self.context.facts
        ):
            return
        self.wrong("unknown-field", line, field=name, known=_listed(fields))

    # -- guards
    def guard(self, guard: Guard, line: int, move: Move | None) -> None:
        flow, fields = self.flow, self.context.fields
        for name in guard.names:
            if name in STATE or name == "settles":
                continue
            head = name.partition(".")[0]
            if head in self.context.facts or name in self.sent or (fields is not None and name in fields):
                continue
            self.wrong("unknown-name", line, name=name)
        if "settles" in guard.names and not flow.settles:
            self.wrong("no-settles", line)
        if "tier" in guard.names and not flow.tiers:
            self.wrong("no-tiers", line)
        if (
            "legs" in guard.names
            and move is not None
            and all(flow.steps[s].legs is None for s in move.sources)
        ):
            self.wrong("legs-nowhere", line, text=guard.text, step=", ".join(move.sources))
        for left, operator, constants in guard.comparisons:
            self.constants(left, operator, constants, line, move)

    def constants(
        self, left: str, operator: str, constants: tuple[Any, ...], line: int, move: Move | None
    ) -> None:
        context, flow = self.context, self.flow
        if left == "legs":
            self.leg_words(constants, line, move)
            return
        known: Iterable[Any] | None = None
        if left == "grade" and flow.grades:
            known = (*flow.grades, *context.grades)
        elif left == "step":
            known = flow.steps
        elif left == "item" and context.items is not None and operator in ("=", "!=", "in", "not in"):
            for constant in constants:
                if str(constant) not in context.items:
                    self.wrong("unknown-item", line, item=constant)
            return
        elif context.fields is not None:
            known = context.fields.get(left)
        if not known or operator not in ("=", "!=", "in", "not in"):
            return
        words = {str(one) for one in known}
        for constant in constants:
            if str(constant) not in words and not isinstance(constant, bool):
                self.wrong("unknown-choice", line, value=constant, field=left, known=_listed(words))

    def leg_words(self, constants: tuple[Any, ...], line: int, move: Move | None) -> None:
        flows = self.context.flows
        if flows is None or move is None:
            return
        for source in move.sources:
            legs = self.flow.steps[source].legs
            sub = flows.get(legs.flow) if legs is not None else None
            if sub is None:
                continue
            results = self.leg_results(sub)
            for constant in constants:
                if constant not in (*results, "open", "closed", "cancelled"):
                    self.wrong("legs-outcome", line, flow=sub.id, state=constant, known=", ".join(results))

    # -- grades
    def grades(self) -> None:
        flow = self.flow
        line = 1
        guards = [move.when for move in flow.moves]
        if not flow.settles:
            return
        settled = {str(grade) for grade in flow.settles}
        wanted = [*flow.grades, *self.context.grades]
        for guard in guards:
            for left, _, constants in guard.comparisons:
                wanted += [c for c in constants if left == "grade"]
        for grade in dict.fromkeys(str(one) for one in wanted if one not in (None, "")):
            if grade not in settled:
                self.wrong("grade-unsettled", line, grade=grade)
