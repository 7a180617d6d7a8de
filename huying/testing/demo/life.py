"""The life of a place, played out: calls come in over some days and scripted people answer them.

An event-driven play: a heap of (moment, what happens), and before each moment the limits that fell due until then go
off at their own time. Everything goes through ``report``, ``perform`` and ``fire`` with that moment as ``now``, so the
ledger reads as if it had happened; nothing is written beside them. The same seed gives the same story.
"""

from __future__ import annotations

import heapq
import itertools
import logging
import random
from collections import Counter, deque
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from huying.cases import figures, jobs, queries
from huying.cases.actions import Conflict, Refused, fire, perform
from huying.cases.calls import CallRefused
from huying.cases.models import Case, Leg
from huying.cases.sight import may_see
from huying.cases.store import legs_of, numbered
from huying.cases.who import Actor
from huying.flow.token import Token
from huying.places import memory as places
from huying.presets.queries import compiled
from huying.staff.sight import Sight
from huying.testing.demo import calls, choosing, pace, routes
from huying.testing.demo.crew import Crew, caller, staff_actor
from huying.testing.demo.extras import Extras
from huying.testing.demo.filling import Pen, fill, limit_fields
from huying.testing.demo.messages import Generator, Message
from huying.testing.demo.studio import Studio

log = logging.getLogger(__name__)
STORY = 20_000  # lines of the story that are kept
TIES = 40  # limits of one moment that are put in order
TRIES = 3  # a refused move is tried again so often, each time as whatever comes to mind then
READS = 0.8  # of those who make a move, so many have looked at the case as it then stands
CLAIMS_OWN = 0.9  # of what organs claim from a pool, so much is their duty
FOUND_AGAIN = (15, 45)  # days after which what was forgotten is found again
SIDE = 0.25  # share of turns with something said or noted in between


@dataclass
class Held:
    """One case of the play: how it stands, and what is known that nobody in the play knows."""

    case: Case
    legs: list[Leg]
    message: Message
    person: Sight | None  # the caller's account, if any
    goal: routes.Goal | None = None
    hurry: bool = False
    planned: set[Any] = field(default_factory=set)
    forgotten: set[Any] = field(default_factory=set)
    tries: int = 0
    wanted: dict[str, Any] = field(default_factory=dict)


@dataclass
class Played:
    """What a play came to."""

    cases: int = 0
    moves: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    alarms: int = 0
    joins: int = 0
    confidential: int = 0
    # (number, move, step): the same for one seed. Of a long play only the end is kept.
    story: deque[tuple[str, str, str]] = field(default_factory=lambda: deque(maxlen=STORY))


class Life:
    """A play at one place up to *end*, stretch by stretch; nothing happens after the end."""

    def __init__(
        self, place_id: int, *, seed: int, end: datetime, tell: Callable[[int], None] | None = None
    ) -> None:
        self.place_id, self.end, self.seed = place_id, end, seed
        self.rng = random.Random(seed)
        self.memory = places.of(place_id)
        assert self.memory.preset is not None
        self.crew = Crew(self.memory)
        self.generator = Generator(self.memory, self.rng, self.crew.staffed)
        self.studio = Studio(place_id, self.rng)
        self.extras = Extras(self)
        self.played = Played()
        self.held: dict[UUID, Held] = {}
        self.stuck: set[tuple[UUID, UUID | None]] = set()
        self.tell = tell or (lambda done: None)
        self.heap: list[tuple[datetime, int, Callable[..., None], tuple[Any, ...]]] = []
        self.turn = itertools.count()
        self.calendar = self.memory.calendar(None)
        self.limits = limit_fields(self.memory.preset.flows.values())

    def push(self, at: datetime, act: Callable[..., None], *args: Any) -> None:
        """Let *act* happen at that moment; what lies after the end never does."""
        if at <= self.end:
            heapq.heappush(self.heap, (at, next(self.turn), act, args))

    def run(self, span: calls.Span, messages: Sequence[Message] | None = None) -> Played:
        """Play a stretch to its end: its calls, and whatever else happens until then."""
        for at, one in calls.births(self, span, messages):
            self.push(at, self.born, one)
        while self.heap and self.heap[0][0] <= span.end:
            at, _, act, args = heapq.heappop(self.heap)
            self.clock_until(at)
            act(at, *args)
        self.clock_until(span.end)
        return self.played

    def tidy(self, now: datetime) -> None:
        """Between two stretches: forget what is over, so that the play holds only what is open, and take in what was
        opened behind the record or by a play that was broken off."""
        self.held = {
            key: one for key, one in self.held.items() if one.case.owner_key or not one.case.closed_at
        }
        found = Case.objects.filter(place_id=self.place_id, closed_at=None, reported_at__lte=now)
        for case_id in found.exclude(id__in=list(self.held)).order_by("number").values_list("id", flat=True):
            case = Case.objects.get(place_id=self.place_id, id=case_id)
            self.take_in(case_id, Message(case.title, case.body, case.call, case.item), None, now)

    # — the clock —

    def clock_until(self, moment: datetime) -> None:
        """Let every limit that falls due until *moment* go off at its own time."""
        while True:
            found = jobs.next_up(self.place_id, moment, most=len(self.stuck) + TIES)
            ripe = [one for one in found if one[1:] not in self.stuck]
            if not ripe:
                return
            # What falls due at one moment is taken by number: the order of random ids would make each play another.
            at, case_id, leg_id = min(ripe, key=self._in_turn)
            count = fire(self.place_id, case_id, leg_id=leg_id, now=at)
            if not count:
                log.error("the clock could not act on case %s", case_id)
                self.stuck.add((case_id, leg_id))
                continue
            self.played.alarms += count
            if (held := self.held.get(case_id)) is not None:
                self.refresh(held)
                self.played.story.append((held.case.number, "clock", held.case.step))
                self.plan(held, at)
                self.remember(held, at)

    def _in_turn(self, one: tuple[datetime, UUID, UUID | None]) -> tuple[datetime, str, int]:
        """Where a limit stands among those that fall due at the same moment: by case number, the case before its parts."""
        at, case_id, leg_id = one
        held = self.held.get(case_id)
        parts = [leg.id for leg in held.legs] if held is not None else []
        return (
            at,
            held.case.number if held is not None else "",
            parts.index(leg_id) + 1 if leg_id in parts else 0,
        )

    # — a case —

    def born(self, at: datetime, birth: calls.Birth) -> None:
        """A call comes in."""
        figures.forget()  # what routing knows is what has happened in the play, not what was read a while ago
        try:
            made, person = calls.come_in(self, at, birth)
        except CallRefused as error:
            self.played.refused[f"report {sorted(error.errors)}"] += 1
            return
        self.played.cases += 1
        self.tell(self.played.cases)
        self.take_in(made.case_id, birth.message, person, at, birth.goal, birth.hurry, dict(birth.wanted))

    def take_in(
        self, case_id: UUID, message: Message, person: Sight | None, at: datetime, goal: Any = None,
        hurry: bool = False, wanted: dict[str, Any] | None = None,
    ) -> None:  # fmt: skip
        """A new case joins the play."""
        case = Case.objects.get(place_id=self.place_id, id=case_id)
        held = Held(case, [], message, person, goal, hurry, wanted=wanted or {})
        self.held[case_id] = held
        self.played.story.append((case.number, "report", case.step))
        self.plan(held, at)
        self.extras.after_report(held, at)

    def refresh(self, held: Held) -> None:
        """How the case stands now. One SQL statement, two where several organs work."""
        case = numbered(self.place_id, held.case.number)
        worked = Token.from_json(case.token).legs_run
        self.stands(held, case, legs_of(self.place_id, case.id) if worked else ())

    def stands(self, held: Held, case: Case, legs: Iterable[Leg]) -> None:
        """The case and its parts as they are now, in an order that does not hang on random ids."""
        held.case = case
        held.legs = sorted(legs, key=lambda leg: (leg.opened_at, leg.organ_id))

    def plan(self, held: Held, now: datetime) -> None:
        """Give whoever holds the case, or a part of it, a moment at which to act."""
        if held.case.owner_key:
            self._plan_one(held, None, held.case, now)
        if held.goal == (routes.STEP, held.case.step):
            return  # it is to be seen at this step, so its parts do not finish either
        for leg in held.legs:
            if leg.closed_at is None and leg.owner_key:
                self._plan_one(held, leg, leg, now)

    def _plan_one(self, held: Held, leg: Leg | None, row: Any, now: datetime) -> None:
        key = key_of(leg, row)
        if key in held.planned:
            return
        held.planned.add(key)
        if leg is None and held.goal == (routes.STEP, row.step):
            return  # it is to be seen at this step
        at = pace.moment(self, held, row, now)
        if at is None:
            held.forgotten.add(key)
            found = now + timedelta(days=self.rng.uniform(*FOUND_AGAIN))
            self.push(found, self.recall, held, None if leg is None else leg.id, key)
            return
        self.push(at, self.act, held, None if leg is None else leg.id, key)
        if self.rng.random() < SIDE and at - now > timedelta(minutes=40):
            self.push(now + (at - now) * self.rng.uniform(0.2, 0.9), self.aside, held)

    def remember(self, held: Held, now: datetime) -> None:
        """After being chased, somebody may remember what was forgotten."""
        rows: list[tuple[Leg | None, Any]] = [(None, held.case), *((leg, leg) for leg in held.legs)]
        for leg, row in rows:
            key = key_of(leg, row)
            if key in held.forgotten and row.overdue_at is not None and self.rng.random() < pace.REMEMBERS:
                held.forgotten.discard(key)
                at = pace.office(self, now, self.rng.uniform(0.5, 4))
                self.push(at, self.act, held, None if leg is None else leg.id, key)

    def recall(self, now: datetime, held: Held, leg_id: UUID | None, key: Any) -> None:
        """What nobody remembered when chased is found at last, when somebody clears the desk."""
        if key in held.forgotten:
            held.forgotten.discard(key)
            self.act(now, held, leg_id, key)

    def act(self, now: datetime, held: Held, leg_id: UUID | None, key: Any) -> None:
        """Whoever has it makes the move that comes next."""
        leg = next((one for one in held.legs if one.id == leg_id), None)
        row = held.case if leg_id is None else leg
        if row is None or key_of(leg, row) != key:
            return  # it has moved on without them
        found = choosing.towards_goal(self, held, now) if leg is None and held.goal else None
        if found is choosing.WAITS:
            return
        found = found or choosing.usual(self, held, leg, now)
        if found is None:
            return
        actor, offer = found
        if not self.make(held, actor, offer, now) and held.tries < TRIES:
            held.tries += 1
            held.goal = None
            self.push(pace.office(self, now, self.rng.uniform(0.2, 2)), self.act, held, leg_id, key)

    def aside(self, now: datetime, held: Held) -> None:
        """Something said, noted or corrected that does not move the case on."""
        found = choosing.aside(self, held, now)
        if found is not None:
            actor, offer = found
            self.make(held, actor, offer, now)

    def offers(self, held: Held, actor: Actor, now: datetime) -> list[queries.Offer]:
        """What the actor may do with the case and its parts now."""
        seen = [leg.owner_key for leg in held.legs]
        if actor.sight is not None and not may_see(actor.sight, held.case, leg_keys=seen):
            return []
        preset = compiled(held.case.edition_id)
        own, views = queries.offers_of(held.case, held.legs, actor, self.memory, preset, now)
        return [*own, *(offer for view in views for offer in view.offers)]

    def make(self, held: Held, actor: Actor, offer: queries.Offer, now: datetime) -> bool:
        """Make a move; whether it could be made."""
        data = fill(offer.form, offer.move, self.pen(held, offer, actor, now))
        case, move = held.case, offer.move
        try:
            done = perform(
                self.place_id, case.id, move.id, actor, data, leg_id=offer.leg_id, seen=case.version, now=now
            )
        except (Refused, Conflict, Case.DoesNotExist) as error:
            told = getattr(error, "code", type(error).__name__)
            self.played.refused[f"{move.id}: {told} {sorted(getattr(error, 'errors', {}))}"] += 1
            return False
        self.played.moves[move.id] += 1
        if held.goal == (routes.MOVE, move.id):
            held.goal = None
        held.tries = 0
        assert done.case is not None
        self.stands(held, done.case, done.legs)
        self.played.story.append((held.case.number, move.id, held.case.step))
        if actor.person_id is not None and self.rng.random() < READS:
            queries.mark_read(held.case, actor.person_id)
        for opened in done.opened:
            if opened not in self.held:
                self.take_in(opened, held.message, None, now)
        self.plan(held, now)
        self.extras.after_move(held, actor, now)
        return True

    def pen(self, held: Held, offer: queries.Offer, actor: Actor, now: datetime) -> Pen:
        """What is at hand for filling in a form about the case."""
        item, organ, organs = choosing.duty(self, held)
        if offer.leg_id is None and choosing.misroutes(self, held, offer):
            organ = self.rng.choice(organs[1:] or (organ,))
        elif not any(name == "organ" for name in offer.move.needs):
            organ = ""  # as the handbook says
        preset = compiled(held.case.edition_id)
        row = preset.items.get(item)
        handler = self.memory.organ(held.case.organ_id).short if held.case.organ_id else ""
        return Pen(
            rng=self.rng, calendar=self.calendar, now=now, item=item, organ=organ, organs=organs,
            other=lambda: choosing.other_number(self, held),
            about={"item": row.name if row else "", "organ": handler, "place": held.case.address},
            facts=held.case.fields, wanted=held.wanted, limits=self.limits, stage=lambda: self.studio.photo(actor.scope, now, tidy=True),
        )  # fmt: skip

    def actors(self, held: Held, row: Any) -> list[Actor]:
        """Everybody who may have something to do with the case: its owner, the desk, a leader, the caller."""
        found: list[Actor] = []
        owner = self.owner(held, row)
        if owner is not None:
            found.append(owner)
        for people in (self.crew.desk, self.crew.leaders):
            if people:
                found.append(staff_actor(self.rng.choice(people)))
        found.append(caller(self.place_id, held.person, held.case.id))
        return found

    def owner(self, held: Held, row: Any) -> Actor | None:
        """Somebody who acts for the owner of the case or part; None when nobody does."""
        key = row.owner_key
        if key.startswith("caller:") or (
            held.person is not None and key == f"person:{held.person.person_id}"
        ):
            return caller(self.place_id, held.person, held.case.id)
        sight = self.claimant(held, key) or self.crew.holder(key, self.rng)
        return None if sight is None else staff_actor(sight)

    def claimant(self, held: Held, key: str) -> Sight | None:
        """Of a pool, mostly somebody of the organ whose duty it is: people look before they claim."""
        if not key.startswith("pool:") or self.rng.random() >= CLAIMS_OWN:
            return None
        right = self.memory.organ_by_code(choosing.duty(self, held)[1])
        return None if right is None else self.crew.of_organ(key, right.id, self.rng)


def key_of(leg: Leg | None, row: Any) -> Any:
    """What names one stay of a case (or part) at a step."""
    token = Token.from_json(row.token)
    return (None if leg is None else leg.id, token.round, token.entry)
