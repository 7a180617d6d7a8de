"""One transaction on one token: what a move, an alarm or a change of facts does, event by event."""

from __future__ import annotations

from collections.abc import Mapping
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
)
from .cycles import alarms_of, came_round
from .definition import Effect, Flow, Legs, Move, Relation, Step, Timer
from .draft import Draft, Event
from .guards import Env, Facts
from .token import CYCLE, Alarm, Token, alarm_to_json
from .world import BadValue, EndlessAuto, World

MAX_AUTO = 20
NOTHING: Mapping[str, Any] = {}


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


class Run:
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
            alarms = [alarm_to_json(alarm) for alarm in alarms_of(step, draft, self.now, self.world)]
            self.note({**event, "alarms": alarms} if alarms else event)
            if (
                not draft.closed
            ):  # a flow that the checker refuses; the case must not stay open without an owner
                self.note({"event": "closed", "result": draft.result or "done", "at": self.at})
            return
        owner = self.resolve(step.owner) if step.owner is not None else None
        if owner is None:
            owner = self.world.centre()
            wanted = (
                step.owner.text.replace(" else ", "/").replace(" ", "") if step.owner is not None else ""
            )  # events hold codes only
            self.note({"event": "unresolved", "step": step.id, "relation": wanted, "owner": owner})
        draft.owner = event["owner"] = owner
        event.update(start_clock(step, draft, self.world, self.env, self.now))
        self.note(event)

    def resolve(self, relation: Relation) -> str | None:
        """The owner that a relation means, or the one behind ``else``; None when neither is anybody."""
        found = self._resolve(relation)
        if found is None and relation.otherwise is not None:
            return self.resolve(relation.otherwise)
        return found

    def _resolve(self, relation: Relation) -> str | None:
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
            # A grade's code, or a field or fact that holds one; from a form it comes as text.
            known = {str(one): one for one in grades}
            found = way if way in known else self.env.look_up(way)
            grade = known.get(str(found), found)
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
        elif name.startswith(CYCLE):
            came_round(self, alarm)
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
        alarms = reminders(step, f"{draft.round}.{draft.entry}.", self.now, self.world, draft.owner)
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
                    draft = self.draft
                    at = self.world.after(self.now, timer.after, draft.owner)
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
