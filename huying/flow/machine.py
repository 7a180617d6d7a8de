"""How a token moves. Pure: every function takes a token and returns a new one with the events that led there;
the caller locks, stores and carries out the effects, all in one transaction."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from .clocks import start_total
from .definition import Flow, Move
from .draft import Draft, Event
from .guards import CAN_BE_TRUE, Env, Facts
from .run import CLOCK, NOTHING, Outcome, Run
from .token import Token
from .world import GuardFailed, MissingFields, NotAllowed, UnknownMove, World

__all__ = [
    "CLOCK",
    "NOTHING",
    "Outcome",
    "advance",
    "apply",
    "available",
    "cancel",
    "fire",
    "may",
    "perform",
    "replay",
    "spelt_grade",
    "start",
]

#: Known of the case itself, so a move that needs them need not send them again.
STANDING = ("item",)


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
    run = Run(flow, Token(flow.id, flow.first, tier=tier, grade=grade), world, facts, fields, now, actor)
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
            # Who chooses the item chooses what is known of it, too (``item.grid``).
            free |= {name for name in guard.names if name.partition(".")[0] in free}
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
    run = Run(flow, token, world, facts, fields, now, actor)
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
    run = Run(flow, token, world, facts, NOTHING, now, CLOCK)
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
    run = Run(flow, token, world, facts, NOTHING, now, None)
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
    run = Run(flow, token, world, NOTHING, NOTHING, now, None)
    run.stop(end, why, result)
    return run.outcome()


def _given(name: str, fields: Facts, facts: Facts) -> bool:
    value = fields.get(name)
    if value is None and name in STANDING:
        value = facts.get(name)
    return value is not None and value != "" and value != [] and value != {}
