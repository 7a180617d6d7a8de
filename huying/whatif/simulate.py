"""Playing the rest of a period: an event-driven simulation of the place's own flow with what calibration found.

Limits, resuming, extensions, pauses, default moves at a limit, parts and their joining follow the flow (docs in
``huying/flow``); who acts when, and what they do, follows the record. One ``Play`` is one replication.
"""

from __future__ import annotations

import heapq
from collections import Counter, defaultdict
from collections.abc import Sequence
from math import exp, inf, log
from typing import Any

from huying.flow.definition import Flow, Move, Step
from huying.flow.draft import Draft
from huying.flow.guards import Env
from huying.flow.token import Token
from huying.whatif.calibrate import FLOOR, Model, kind_of, move_of
from huying.whatif.drawing import DATE, PARTS, SPREAD, TIME, Drawing
from huying.whatif.outcomes import LOADS, Outcome, Tally
from huying.whatif.parts import Part
from huying.whatif.setting import Setting
from huying.whatif.stays import CALLER, Course, Stay

ACT, LAPSE, WAKE, JOIN, ARRIVE = range(5)
MOST_ENTRIES = 120  # of one case: a model that goes round and round is stopped
PAUSE = 10 * 86400.0  # where the record tells nothing of a pause


class Play:
    """One replication from *start* to *end*: cases under way at the start, and the calls that come in."""

    def __init__(
        self, model: Model, setting: Setting, under_way: Sequence[Course], arriving: Sequence[Course], start: float,
        end: float, seed: int,
    ) -> None:  # fmt: skip
        self.model, self.setting, self.start, self.end = model, setting, start, end
        self.courses = [*under_way, *arriving]
        self.heap: list[tuple[float, int, int, Any, int]] = []
        self.count = 0
        self.open: Counter[str] = Counter()
        self.managed: Counter[tuple[str, int]] = Counter()
        self.tally = Tally(start, end, setting)
        self.cases: list[Part | None] = [None] * len(self.courses)
        self.draw = Drawing(model, setting, self.courses, seed)
        for n, course in enumerate(under_way):
            self.cases[n] = self._take_over(n, course)
        for n, course in enumerate(arriving, len(under_way)):
            self._push(course.reported, ARRIVE, n, 0)

    def run(self) -> Outcome:
        """Play it to the end; what came of it."""
        while self.heap:
            at, _, what, part, entry = heapq.heappop(self.heap)
            if at > self.end:
                break
            if what == ARRIVE:
                self._arrive(part, at)
            elif part.entry == entry and not part.ended:
                (self._act, self._lapse, self._wake, self._join)[what](part, at)
        return self.tally.finish([case for case in self.cases if case is not None])

    def _push(self, at: float, what: int, part: Any, entry: int) -> None:
        if at <= self.end:
            self.count += 1
            heapq.heappush(self.heap, (at, self.count, what, part, entry))

    # — beginnings —

    def _arrive(self, n: int, at: float) -> None:
        """A call comes in and lies where the platform put it: that is part of the call."""
        course = self.courses[n]
        first = next((stay for stay in course.stays if not stay.leg), None)
        if first is None:
            return
        part = Part(n, 0, first.flow, item=course.first_item)
        self.cases[n] = part
        owner = first.owner
        if kind_of(owner) == "organ":
            owner = self.setting.routes.get(part.item, owner)
            part.organ, part.sent = owner, True
        self._enter(part, first.step, at, None, owner=owner)

    def _take_over(self, n: int, course: Course) -> Part | None:
        """A case as it stands at the start."""
        own = course.own
        if not own:
            return None
        part = Part(n, 0, own[0].flow, item=course.item)
        self._restore(part, own, course.closed)
        parts: dict[int, list[Stay]] = defaultdict(list)
        for stay in course.stays:
            if stay.leg:
                parts[stay.leg].append(stay)
        here = own[-1]
        for number, stays in parts.items():
            leg = Part(n, number, stays[0].flow, parent=part, item=course.item, organ=stays[0].owner)
            leg.result = course.legs.get(number, "")
            self._restore(leg, stays, None)
            if abs(stays[0].at - here.at) < 1 and here.left is None:
                part.legs.append(leg)
                if (
                    kind_of(here.owner)
                    and self.setting.span(here.flow, self._step(part), part.item) == "agreed"
                ):
                    part.agreed = here.due
        for leg in part.legs:
            leg.agreed = part.agreed if part.agreed is not None else leg.due
        step = self._step(part)
        if here.left is None and step is not None and step.legs is not None and step.legs.join == "deadline":
            dues = [leg.due for leg in part.legs if leg.due is not None]
            if dues:
                self._push(max(max(dues), self.start), JOIN, part, part.entry)
        return part

    def _restore(self, part: Part, stays: list[Stay], closed: float | None) -> None:
        setting = self.setting
        for stay in stays:
            part.seen[stay.step] += 1
            part.entry += 1
            step = setting.step(stay.flow, stay.step)
            move = move_of(setting, stay.flow, stay.move)
            if kind_of(stay.owner) == "organ":
                part.organ, part.sent = stay.owner, True
            if stay.late and step is not None and not step.after_close:
                part.late = True
                part.worst = max(part.worst, setting.spent(stay.owner, stay.due or 0.0, stay.left or 0.0))
            if stay.left is not None:
                left = None
                if stay.due is not None and stay.how != "clock":
                    left = self._span_of(stay.owner, stay.left, stay.due, stay.working)
                part.past[stay.step] = (stay.owner, left)
                if move is not None and any(effect.do == "round" for effect in move.does):
                    part.past = {key: (owner, None) for key, (owner, _) in part.past.items()}
        last = stays[-1]
        part.closed = closed
        if last.left is not None:
            part.ended, part.step, part.owner = True, last.to, ""
            return
        part.step, part.owner, part.at, part.due, part.working = (
            last.step,
            last.owner,
            last.at,
            last.due,
            last.working,
        )
        step = setting.step(last.flow, last.step)
        if step is None:
            part.ended = True
            return
        part.paused = last.due is None and last.limit is not None
        self.open[part.owner] += 1
        self.tally.load(part.owner, self.start, 1)
        left = None if last.limit is None else setting.spent(last.owner, last.at, last.at + last.limit)
        if last.due is not None:
            left = setting.spent(last.owner, last.at, last.due)
        self._schedule(part, step, self.start, left, setting.spent(last.owner, last.at, self.start))
        if part.paused:
            rest = self.model.pauses.get((part.flow, part.step)) or [PAUSE]
            self._push(
                self.start + rest[int(self.draw.u(part, DATE) * len(rest))] / 2, WAKE, part, part.entry
            )

    # — at a step —

    def _step(self, part: Part) -> Any:
        return self.setting.step(part.flow, part.step)

    def _span_of(self, owner: str, start: float, end: float, working: bool) -> float:
        return self.setting.hours(owner).between(start, end) if working else end - start

    def _enter(self, part: Part, name: str, at: float, move: Move | None, owner: str = "") -> None:
        setting = self.setting
        step = setting.step(part.flow, name)
        if step is None or part.entry >= MOST_ENTRIES:
            part.ended = True
            return
        part.step, part.at, part.entry, part.paused = name, at, part.entry + 1, False
        if step.end:
            part.ended, part.owner, part.due = True, "", None
            if part.leg == 0 and part.closed is None:
                part.closed = at
            return
        part.owner = owner or self.draw.owner(part, step, move)
        if kind_of(part.owner) == "organ":
            part.organ, part.sent = part.owner, True
        part.seen[name] += 1
        self.open[part.owner] += 1
        self.tally.load(part.owner, at, 1)
        left = self._clock(part, step, at, move)
        if move is not None and any(effect.do == "pause" for effect in move.does):
            rest = self.model.pauses.get((part.flow, name)) or [PAUSE]
            part.paused = True
            self._push(at + rest[int(self.draw.u(part, DATE) * len(rest))], WAKE, part, part.entry)
        if step.legs is not None and part.leg == 0:
            self._call_in(part, step, at)
        self._schedule(part, step, at, left, 0.0)

    def _clock(self, part: Part, step: Step, at: float, move: Move | None) -> float | None:
        """Start or resume the limit; what is left of it, in the owner's time."""
        setting, hours = self.setting, self.setting.hours(part.owner)
        past = part.past.get(step.id)
        span = setting.span(part.flow, step, part.item)
        key = (part.flow, step.id)
        part.working = True
        if (
            past is not None
            and past[0] == part.owner
            and past[1] is not None
            and step.resume
            and part.closed is None
        ):
            part.working = span is None or span == "agreed" or (not isinstance(span, str) and span.working)
            # What was overdue is overdue by as much again.
            part.due = hours.shifted(at, past[1]) if part.working else at + past[1]
        elif span is None:
            part.due = None
        elif isinstance(span, str):
            if part.leg and part.agreed is not None:
                part.due, part.working = max(part.agreed, at), False
            else:
                known = self.model.agreed.get(key)
                part.due = (
                    setting.later(part.owner, at, known[int(self.draw.u(part, DATE) * len(known))])
                    if known
                    else None
                )
                part.agreed = part.due
        else:
            part.due, part.working = hours.due(at, span), span.working
        if move is not None and part.due is not None and any(effect.do == "extend" for effect in move.does):
            granted = self.model.granted.get(key)
            if granted:
                more = setting.later(part.owner, at, granted[int(self.draw.u(part, DATE) * len(granted))])
                part.due = max(part.due, more)
        return None if part.due is None else max(0.0, setting.spent(part.owner, at, part.due))

    def _schedule(self, part: Part, step: Step, now: float, left: float | None, spent: float) -> None:
        """When the owner acts, unless the clock does before."""
        setting, model = self.setting, self.model
        key = (part.flow, step.id)
        timed = left is not None and left > 300
        staff = setting.staff.get(part.owner, 1.0)
        shift = model.shift(key, part.owner, left, (self.open[part.owner] - 1) / staff)
        curve = model.curve(key, timed)
        beyond = log(spent + FLOOR) - shift if spent > 0 else -inf
        drawn = curve.draw(self.draw.u(part, TIME), beyond)
        if drawn == inf and beyond > -inf and not curve.never:
            drawn = beyond + 0.05  # longer than anybody ever took: any time now
        if drawn < inf:
            seconds = max(0.0, exp(min(drawn + shift, 40.0)) - FLOOR - spent)
            if part.owner in setting.full:
                seconds /= staff
            self._push(setting.later(part.owner, now, seconds), ACT, part, part.entry)
        if part.due is not None and not part.paused:
            self._push(max(part.due, now), LAPSE, part, part.entry)

    def _lapse(self, part: Part, at: float) -> None:
        """The limit is over: the flow's default move, where it has one."""
        if part.paused or part.due is None or part.due > at + 1:
            return
        flow = self.setting.flows[part.flow]
        for move in flow.plans[part.step].lapse:
            if move.to is not None and self.draw.holds(part, move, at):
                self._make(part, move, move.to, at, "clock")
                return

    def _wake(self, part: Part, at: float) -> None:
        """A pause is over: the limit goes on."""
        part.paused = False
        if part.due is not None:
            left = self._span_of(part.owner, part.at, part.due, part.working)
            part.due = self.setting.hours(part.owner).after(at, left) if part.working else at + left
            self._push(part.due, LAPSE, part, part.entry)

    def _act(self, part: Part, at: float) -> None:
        """Whoever has it makes a move, unless the office has had all that it can manage today."""
        owner = part.owner
        if owner != CALLER:
            hours = self.setting.hours(owner)
            day = hours.day_of(at)
            most = self.model.capacity.get(owner)
            if most is not None and self.managed[owner, day] >= max(
                1, round(most * self.setting.staff.get(owner, 1.0))
            ):
                if day < len(hours.days):  # the next workday, some time in the morning
                    morning = hours.next_open(hours.days[day]) + 7200 * self.draw.u(part, SPREAD)
                    self._push(max(morning, at + 60), ACT, part, part.entry)
                return
            self.managed[owner, day] += 1
        found = self.draw.move(part, at)
        if found is not None:
            move, to = found
            self._make(part, move, to, at, "actor")

    def _make(self, part: Part, move: Move, to: str, at: float, how: str) -> None:
        """Leave the step by a move and enter the next."""
        step = self._step(part)
        self._leave(part, step, at, how)
        if any(effect.do == "round" for effect in move.does):
            part.closed, part.result = None, ""
            part.past = {key: (owner, None) for key, (owner, _) in part.past.items()}
        if move.closes and part.closed is None:
            part.closed = at
        if move.result:
            part.result = move.result
        self.draw.item(part, step, move)
        self._enter(part, to, at, move)
        if part.leg and part.ended and part.parent is not None:
            part.result = part.result or "done"
            self._advance(part.parent, at)

    def _leave(self, part: Part, step: Step, at: float, how: str) -> None:
        late = part.due is not None and not part.paused and at > part.due + 1 and how != "clock"
        self.open[part.owner] -= 1
        self.tally.load(part.owner, at, -1)
        if how != "stopped":
            self.tally.turn(part.owner, late, step.after_close)
        if late and not step.after_close:
            part.late = True
            part.worst = max(part.worst, self.setting.spent(part.owner, part.due or at, at))
        left = None
        if part.due is not None and part.closed is None and how != "clock":
            left = self._span_of(part.owner, at, part.due, part.working)
        part.past[part.step] = (part.owner, left)
        for leg in part.legs:
            if not leg.ended:
                self._leave(leg, self._step(leg), at, "stopped")
                leg.ended, leg.result, leg.owner = True, "cancelled", ""
        part.legs = []

    # — parts —

    def _call_in(self, part: Part, step: Step, at: float) -> None:
        """Open the parts of a step that calls in several organs, as such steps did on record."""
        assert step.legs is not None
        known = self.model.parts.get((part.flow, step.id))
        flow = self.setting.flows.get(step.legs.flow)
        if not known or flow is None:
            return
        owners, seconds = known[int(self.draw.u(part, PARTS) * len(known))]
        agreed = self.setting.later(part.owner, at, seconds)
        if self.setting.span(part.flow, step, part.item) == "agreed":
            part.due = part.agreed = agreed
        begun = part.entry * 10
        for n, owner in enumerate(owners, 1):
            leg = Part(part.case, begun + n, flow.id, parent=part, item=part.item, organ=owner, agreed=agreed)
            part.legs.append(leg)
            self._enter(leg, flow.first, at, None, owner=owner)
        if step.legs.join == "deadline":
            self._push(agreed, JOIN, part, part.entry)

    def _join(self, part: Part, at: float) -> None:
        self._advance(part, at, due=True)

    def _advance(self, part: Part, at: float, *, due: bool = False) -> None:
        """A part has ended, or their time is over: the automatic moves of the step."""
        flow: Flow = self.setting.flows[part.flow]
        counts = Counter(leg.result if leg.ended else "open" for leg in part.legs)
        env = Env(
            Draft(flow, Token(part.flow, part.step, legs=dict(counts), legs_due=due, legs_run=1)), {}, {},
            flow.settle_index,
        )  # fmt: skip
        for move in flow.plans[part.step].auto:
            if move.to is not None and move.when.holds(env):
                self._make(part, move, move.to, at, "auto")
                return


__all__ = ["LOADS", "Part", "Play"]
