"""How a token moves. Pure: every function takes a token and returns a new one with the events that led there;
the caller locks, stores and carries out the effects, all in one transaction."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, NamedTuple

from .clocks import (
    close_clock,
    extend_clock,
    leave_clock,
    pause_clock,
    reminders,
    reopen_clock,
    resume_clock,
    start_clock,
    start_total,
)
from .definition import Effect, Flow, Legs, Move, Relation, Step, Timer
from .draft import Draft, Event
from .guards import CAN_BE_TRUE, Env, Facts
from .token import Alarm, Token, alarm_to_json
from .world import BadValue, EndlessAuto, GuardFailed, MissingFields, NotAllowed, UnknownMove, World

MAX_AUTO = 20
NOTHING: Mapping[str, Any] = {}
#: Known of the case itself, so a move that needs them need not send them again.
STANDING = ("item",)


class _Clock:
    """The actor of moves that the clock makes."""

    def __repr__(self) -> str:
        return "CLOCK"


CLOCK = _Clock()


class Outcome(NamedTuple):
    """`events`: everything that happened, in order, JSON-able, codes, ids and times only. `effects`: those of
    them that the caller carries out (event ``effect``, ``legs`` or ``legs_left``)."""

    token: Token
    events: list[Event]
    effects: list[Event]


def start(
    flow: Flow,
    world: World,
    facts: Facts,
    now: datetime,
    fields: Facts = NOTHING,
    actor: Any = None,
    *,
    tier: str | None = None,
    grade: Any = None,
) -> Outcome:
    """A new token at its first step that is not automatic. Tier: given, or the fact ``tier``, or the lowest."""
    if tier is None:
        tier = facts.get("tier") or (flow.tiers[0] if flow.tiers else None)
    if grade is None:
        grade = fields.get("grade", facts.get("grade"))
    grade = spelt_grade(flow, grade)
    run = _Run(flow, Token(flow.id, flow.first, tier=tier, grade=grade), world, facts, fields, now, actor)
    event: Event = {"event": "started", "flow": flow.id, "tier": tier, "grade": grade, "at": run.at}
    if flow.limit is not None:
        event.update(start_total(run.draft, world, run.env, now))
    run.note(event)
    run.enter(flow.steps[flow.first])
    run.settle()
    return run.outcome()


def available(
    flow: Flow, token: Token, world: World, facts: Facts, actor: Any, fields: Facts = NOTHING
) -> list[Move]:
    """The moves that this actor may make now, in file order. A guard that depends on fields which the move asks
    for counts as holding as long as some answer would satisfy it."""
    plan = flow.plans[token.step].manual
    if not plan:
        return []
    env = Env(Draft(flow, token), fields, facts, flow.settle_index)
    found: list[Move] = []
    for move in plan:
        guard = move.when
        if guard.text:
            free = move.free_names
            possible = guard.mask(env, free) & CAN_BE_TRUE if guard.names & free else guard.holds(env)
            if not possible:
                continue
        if may(move, token, world, facts, actor):
            found.append(move)
    return found


def may(move: Move, token: Token, world: World, facts: Facts, actor: Any) -> bool:
    """Whether the actor is one of those who may make the move."""
    for by in move.by:
        if by.kind == "clock":
            if actor is CLOCK:
                return True
        elif by.kind == "anyone" or (actor is not CLOCK and world.matches(by, token, actor, facts)):
            return True
    return actor is CLOCK and move.after_limit


def perform(
    flow: Flow,
    token: Token,
    move_id: str,
    world: World,
    facts: Facts,
    fields: Facts,
    now: datetime,
    actor: Any,
) -> Outcome:
    """Make one move, then the automatic moves that follow. `fields` is what was sent with the move (its values
    come before `facts`; a new ``grade`` in it becomes the token's). `actor` is the caller's own object, or CLOCK
    for moves by cycles. Raises UnknownMove, NotAllowed, MissingFields, GuardFailed, BadValue."""
    move = flow.by_id.get(move_id)
    if move is None or move.auto or token.step not in move.sources:
        raise UnknownMove(move_id)
    if not may(move, token, world, facts, actor):
        raise NotAllowed(move_id)
    if move.needs:
        missing = [name for name in move.needs if not _given(name, fields, facts)]
        if missing:
            raise MissingFields(missing)
    run = _Run(flow, token, world, facts, fields, now, actor)
    grade = spelt_grade(flow, fields.get("grade"))
    if grade is not None and grade != token.grade:
        run.note({"event": "grade", "grade": grade})
    if not move.when.holds(run.env):
        raise GuardFailed(move.when.text)
    run.make(move, "clock" if actor is CLOCK else "actor")
    run.settle()
    return run.outcome()


def fire(flow: Flow, token: Token, key: str, world: World, facts: Facts, now: datetime) -> Outcome:
    """The clock: let one alarm go off. An alarm that is gone, stopped or not yet due changes nothing (no events),
    so firing twice is harmless."""
    alarm = next((one for one in token.alarms if one.key == key), None)
    if alarm is None or alarm.at is None or alarm.at > now:
        return Outcome(token, [], [])
    run = _Run(flow, token, world, facts, NOTHING, now, CLOCK)
    run.note({"event": "fired", "key": key, "name": alarm.name, "at": run.at})
    run.went_off(alarm)
    run.settle()
    return run.outcome()


def advance(
    flow: Flow,
    token: Token,
    world: World,
    facts: Facts,
    now: datetime,
    legs: Mapping[str, int] | None = None,
) -> Outcome:
    """Something that guards see has changed (a leg closed, a fact): run the automatic moves. `legs` counts the
    legs of the running step by result, ``open`` for those that run: ``{"open": 1, "done": 2, "returned": 0}``."""
    run = _Run(flow, token, world, facts, NOTHING, now, None)
    if legs is not None and dict(legs) != dict(token.legs):
        run.note({"event": "legs_counted", "counts": dict(legs)})
    run.settle()
    return run.outcome()


def apply(flow: Flow, token: Token, events: Iterable[Event]) -> Token:
    """The state after recorded events. Nothing is worked out again: times, owners and guards are as recorded."""
    draft = Draft(flow, token)
    for event in events:
        draft.apply(event)
    return draft.freeze()


def replay(flow: Flow, events: Iterable[Event]) -> Token:
    """The state from a token's whole story, beginning with its ``started`` event."""
    return apply(flow, Token(flow.id, flow.first), events)


def spelt_grade(flow: Flow, grade: Any) -> Any:
    """The grade as the flow spells it: 3 and "3" are the same; an empty grade is none."""
    if grade is None or grade == "":
        return None
    if grade in flow.grades:
        return grade
    text = str(grade)
    return next((known for known in flow.grades if str(known) == text), grade)


def cancel(
    flow: Flow, token: Token, world: World, now: datetime, why: str, result: str = "cancelled"
) -> Outcome:
    """End a token from outside, whatever its step: a leg whose step was left, a case that was voided by order.
    `why` is a code or id, not free text. A token that has ended is left alone."""
    if token.ended:
        return Outcome(token, [], [])
    end = next((step for step in flow.steps.values() if step.end), None)
    if end is None:
        raise UnknownMove("end")
    run = _Run(flow, token, world, NOTHING, NOTHING, now, None)
    run.stop(end, why, result)
    return run.outcome()


def _given(name: str, fields: Facts, facts: Facts) -> bool:
    value = fields.get(name)
    if value is None and name in STANDING:
        value = facts.get(name)
    return value is not None and value != "" and value != [] and value != {}


class _Run:
    """One transaction on one token."""

    __slots__ = ("actor", "at", "draft", "effects", "env", "events", "facts", "flow", "now", "world")

    def __init__(
        self, flow: Flow, token: Token, world: World, facts: Facts, fields: Facts, now: datetime, actor: Any
    ) -> None:
        self.flow = flow
        self.world = world
        self.now = now
        self.at = now.isoformat()
        self.actor = actor
        self.facts: Facts = {**facts, **fields} if fields else facts  # what the world sees
        self.draft = Draft(flow, token)
        self.env = Env(self.draft, fields, facts, flow.settle_index)
        self.events: list[Event] = []
        self.effects: list[Event] = []

    def outcome(self) -> Outcome:
        return Outcome(self.draft.freeze(), self.events, self.effects)

    def note(self, event: Event) -> None:
        self.draft.apply(event)
        self.events.append(event)

    def tell(self, event: Event) -> None:
        """Note it and hand it to the caller."""
        self.note(event)
        self.effects.append(event)

    # -- moving
    def settle(self) -> None:
        """Automatic moves, in file order, the first whose guard holds, until none does."""
        plans, draft, env = self.flow.plans, self.draft, self.env
        for _ in range(MAX_AUTO + 1):
            move = next((m for m in plans[draft.step].auto if m.when.holds(env)), None)
            if move is None:
                if self.flow.steps[draft.step].auto:
                    self.note({"event": "stuck", "step": draft.step, "owner": self.world.centre()})
                return
            if _ == MAX_AUTO:
                raise EndlessAuto(draft.step)
            self.make(move, "auto")

    def make(self, move: Move, how: str) -> None:
        """Everything one move does, in the order: leave, tier/grade/round, close, enter, the other effects."""
        draft, flow = self.draft, self.flow
        step = flow.steps[draft.step]
        moved: Event = {"event": "moved", "move": move.id, "from": step.id, "how": how, "at": self.at}
        if move.to is not None:
            moved["to"] = move.to
        if move.result is not None:
            moved["result"] = move.result
        self.note(moved)
        if move.to is None:
            if move.closes and not draft.closed:
                self.close(move)
            for effect in move.does:
                self.effect(effect, step, move)
            return
        if draft.paused:
            self.note(resume_clock(draft, self.world, self.now))
        self.leave(step, move, how)
        for effect in move.does:
            if effect.do in _BEFORE:
                self.effect(effect, step, move)
        if move.closes and not draft.closed:
            self.close(move)
        self.enter(flow.steps[move.to])
        for effect in move.does:
            if effect.do not in _BEFORE:
                self.effect(effect, flow.steps[move.to], move)

    def stop(self, end: Step, why: str, result: str) -> None:
        """Straight to an end, for a reason from outside."""
        draft, step = self.draft, self.flow.steps[self.draft.step]
        moved: Event = {
            "event": "moved",
            "move": None,
            "from": step.id,
            "how": "stopped",
            "why": why,
            "at": self.at,
        }
        self.note({**moved, "to": end.id})
        if draft.paused:
            self.note(resume_clock(draft, self.world, self.now))
        self.leave_legs(step, why)
        self.note(leave_clock(step, draft, self.world, self.now))
        if not draft.closed:
            event: Event = {"event": "closed", "result": result, "at": self.at}
            event.update(close_clock(draft, self.world, self.now))
            self.note(event)
        self.enter(end)

    def leave_legs(self, step: Step, why: str) -> None:
        """Legs never outlive their step: they are joined if all have ended, else cancelled."""
        draft = self.draft
        if step.legs is None or not draft.legs_run:
            return
        how = "cancelled" if draft.legs.get("open", 0) or not draft.legs else "joined"
        self.tell({"event": "legs_left", "step": step.id, "how": how, "why": why, "run": draft.legs_run})

    def leave(self, step: Step, move: Move, how: str) -> None:
        draft = self.draft
        if step.id != move.to:
            self.leave_legs(step, move.id)
        owner = step.owner
        if owner is not None and owner.kind == "pool" and how == "actor":
            key = self.world.claim(owner, draft.freeze(), self.actor)
            if key is not None:
                self.note({"event": "claimed", "owner": key})
        if not step.auto or draft.owner is not None:
            self.note(leave_clock(step, draft, self.world, self.now))

    def enter(self, step: Step) -> None:
        draft = self.draft
        if step.auto:
            self.note({"event": "passed", "step": step.id, "entry": draft.entry + 1, "at": self.at})
            return
        event: Event = {"event": "entered", "step": step.id, "entry": draft.entry + 1, "at": self.at}
        if step.end:
            event["ended"] = True
            self.note(event)
            if (
                not draft.closed
            ):  # a flow that the checker refuses; the case must not stay open without an owner
                self.note({"event": "closed", "result": draft.result or "done", "at": self.at})
            return
        owner = self.resolve(step.owner) if step.owner is not None else None
        if owner is None:
            owner = self.world.centre()
            wanted = step.owner.text if step.owner is not None else ""
            self.note({"event": "unresolved", "step": step.id, "relation": wanted, "owner": owner})
        draft.owner = event["owner"] = owner
        event.update(start_clock(step, draft, self.world, self.env, self.now))
        self.note(event)

    def resolve(self, relation: Relation) -> str | None:
        draft, kind = self.draft, relation.kind
        if kind == "claimant":
            return draft.claimant
        if kind == "holder":
            past = draft.past.get(relation.args[0])
            return past.owner if past is not None else None
        if kind == "owner":
            return draft.owner
        actor = None if self.actor is CLOCK else self.actor
        if (
            kind == "above"
            and relation.of is not None
            and relation.of.kind in ("claimant", "holder", "owner")
        ):
            of = relation.of
            key = self.last_owner() if of.kind == "owner" else self.resolve(of)
            if key is None:
                return None
            relation = Relation("above", (key,), of=of, text=relation.text)
        return self.world.resolve(relation, draft.freeze(), self.facts, actor)

    def last_owner(self) -> str | None:
        """Who held the step that was just left."""
        for event in reversed(self.events):
            if event["event"] == "left" and "past" in event:
                owner: str = event["past"][0]
                return owner
        return self.draft.owner

    def close(self, move: Move) -> None:
        result = move.result or self.draft.result or "done"
        event: Event = {"event": "closed", "result": result, "at": self.at}
        event.update(close_clock(self.draft, self.world, self.now))
        self.note(event)

    # -- effects
    def effect(self, effect: Effect, step: Step, move: Move) -> None:
        draft, do = self.draft, effect.do
        if do == "tier":
            self.shift_tier(effect.args[0])
        elif do == "grade":
            self.shift_grade(effect.args[0])
        elif do == "round":
            event: Event = {"event": "round", "round": draft.round + 1, "at": self.at}
            event.update(reopen_clock(draft, self.world, self.now))
            self.note(event)
        elif do == "pause":
            if not draft.paused:
                self.note(pause_clock(effect, draft, self.world, self.env, self.now))
        elif do == "resume":
            if draft.paused:
                self.note(resume_clock(draft, self.world, self.now))
        elif do == "extend":
            self.note(extend_clock(effect, draft, self.world, self.env, self.now))
        elif do == "legs":
            self.legs(effect, step, move)
        else:
            told: Event = {"event": "effect", "do": do, "args": list(effect.args), "move": move.id}
            self.tell(told)

    def shift_tier(self, way: str) -> None:
        draft, tiers = self.draft, self.flow.tiers
        index = draft.tier_index
        if way not in ("up", "down"):
            tier = way
        elif index is None:
            return
        else:
            tier = tiers[min(max(index + (1 if way == "up" else -1), 0), len(tiers) - 1)]
        if tier != draft.tier:
            self.note({"event": "tier", "tier": tier})

    def shift_grade(self, way: str) -> None:
        draft, grades = self.draft, self.flow.grades
        if way in ("up", "down"):
            if draft.grade not in grades:
                return
            at = grades.index(draft.grade) + (1 if way == "up" else -1)
            grade: Any = grades[min(max(at, 0), len(grades) - 1)]
        else:
            known = {str(one): one for one in grades}
            grade = known.get(way, self.env.look_up(way) if way not in known else None)
        if grade is not None and grade != draft.grade:
            self.note({"event": "grade", "grade": grade})

    def legs(self, effect: Effect, step: Step, move: Move) -> None:
        legs, draft, op = step.legs, self.draft, effect.args[0]
        if legs is None:
            return
        event: Event = {"event": "legs", "op": op, "step": step.id, "flow": legs.flow, "move": move.id}
        if op != "cancel":
            event["of"] = self.organs(effect.args[1] if len(effect.args) > 1 else legs.of, legs, move)
        event["run"] = draft.legs_run + (1 if op == "start" else 0)
        self.tell(event)

    def organs(self, name: str, legs: Legs, move: Move) -> list[Any]:
        """Of whom legs are started: a field or fact; ``actor.organ`` is whoever makes the move."""
        found = self.env.look_up(name)
        if found is None and name in ("actor.organ", "actor"):
            relation = (
                Relation("organ", ("actor",), text="organ(actor)")
                if name == "actor.organ"
                else Relation("actor")
            )
            found = self.world.resolve(relation, self.draft.freeze(), self.facts, self.actor)
        if isinstance(found, (str, int)):
            found = [found]
        made = list(dict.fromkeys(found)) if isinstance(found, (list, tuple, set)) else []
        if not made and not move.auto and self.actor is not CLOCK:
            raise BadValue(name)
        return made

    # -- the clock
    def went_off(self, alarm: Alarm) -> None:
        draft = self.draft
        step = self.flow.steps[draft.step]
        name = alarm.name.partition("+")[0]
        if name in ("warn", "total.warn", "total.due"):
            self.notice(
                {"warn": "warn", "total.warn": "overall-warn", "total.due": "overall-overdue"}[name], "owner"
            )
        elif name == "due":
            if not self.lapse(step):
                self.overdue(step)
        elif name == "join":
            self.note({"event": "legs_due"})
        elif name.startswith("wake."):
            if draft.paused:
                self.note(resume_clock(draft, self.world, self.now))
            self.notice("resumed", "owner")
        else:
            self.timer(step, name)

    def notice(self, code: str, to: str) -> None:
        self.tell({"event": "effect", "do": "notice", "args": [code], "to": to, "step": self.draft.step})

    def lapse(self, step: Step) -> bool:
        """The default move of a step whose limit is over."""
        for move in self.flow.plans[step.id].lapse:
            if move.when.holds(self.env):
                self.make(move, "clock")
                return True
        return False

    def overdue(self, step: Step) -> None:
        draft = self.draft
        alarms = reminders(step, f"{draft.round}.{draft.entry}.", self.now, self.world)
        running = {alarm.key for alarm in draft.alarms}
        fired = set(draft.fired)
        alarms = [alarm for alarm in alarms if alarm.key not in running and alarm.name not in fired]
        self.note(
            {
                "event": "overdue",
                "step": step.id,
                "at": self.at,
                "alarms": [alarm_to_json(alarm) for alarm in alarms],
            }
        )
        self.notice("overdue", "owner")

    def timer(self, step: Step, name: str) -> None:
        for timer in step.timers:
            if timer.id == name:
                self.timed(timer)
                return
        base, _, number = name.rpartition(".")
        for timer in step.overdue:
            if timer.id == base:
                count = int(number)
                if count < timer.times and timer.after is not None:
                    again = f"{base}.{count + 1}"
                    at = self.world.after(self.now, timer.after)
                    draft = self.draft
                    alarm = Alarm(
                        f"{draft.round}.{draft.entry}.{again}", again, at, None, timer.after.working
                    )
                    self.note({"event": "reminder", "alarms": [alarm_to_json(alarm)]})
                self.timed(timer)
                return

    def timed(self, timer: Timer) -> None:
        if timer.notice is not None:
            self.notice(timer.notice, timer.to)
            return
        move = self.flow.by_id.get(timer.move or "")
        if move is None or self.draft.step not in move.sources:
            return
        if not move.when.holds(self.env) or move.needs:
            self.note({"event": "held", "move": move.id, "timer": timer.id})
            return
        self.make(move, "clock")


_BEFORE = ("tier", "grade", "round")
