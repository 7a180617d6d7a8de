"""The case in hand during a move: read under lock, changed in memory, written back in one statement each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from huying.cases import facts as facts_of
from huying.cases.actions.report import OPENED, promise, state_of
from huying.cases.models import Case, Contact, Correction, Leg, Named
from huying.cases.routing import organ_of
from huying.cases.sight import may_see
from huying.cases.store import MOVED, legs_of, locked
from huying.cases.values import Given
from huying.cases.who import Actor
from huying.cases.world import CaseWorld, spot_of
from huying.flow import machine
from huying.flow.definition import Flow, Move
from huying.flow.machine import Outcome
from huying.flow.token import Token
from huying.ledger.actions import Entry
from huying.ledger.ids import uuid7
from huying.ledger.rows import put
from huying.ledger.sealing import Subject
from huying.places import memory as places
from huying.places.info import PlaceMemory
from huying.presets.queries import compiled

SATISFACTION = {"unsatisfied": 1, "fair": 2, "satisfied": 3}
URGENCY = {"0": 0, "1": 1, "2": 2}
# Fields that have a column of their own or lead to an effect; they are not kept among the case's fields.
OWN = ("item", "organ", "organs", "urgency", "satisfaction", "public_reply", "publish", "division")


@dataclass
class Work:
    """One case (and one leg of it) under lock."""

    memory: PlaceMemory
    preset: Any
    case: Case
    legs: list[Leg]
    leg: Leg | None
    actor: Actor
    now: datetime
    world: CaseWorld
    flow: Flow
    token: Token
    facts: dict[str, Any]
    item_row: Any
    organ_id: int | None
    was: dict[UUID, str] = field(default_factory=dict)
    loaded: dict[str, Any] = field(default_factory=dict)  # what moves seldom change, as it was read
    had: dict[str, Any] = field(default_factory=dict)  # the case's fields as they were read
    held: dict[Subject, bytes] = field(default_factory=dict)  # the case's data key, as it is kept
    files_key: str | None = None  # who staged what the move brings
    more_entries: list[Entry] = field(default_factory=list)
    new_keys: list[Any] = field(default_factory=list)
    changed_legs: list[Leg] = field(default_factory=list)
    new_legs: list[Leg] = field(default_factory=list)

    def nothing(self) -> Given:
        return Given()

    def choose(self, given: Given) -> None:
        """Take the item and the organ that were sent with the move into account before the machine looks."""
        chosen = given.codes.get("item")
        if chosen and chosen != self.case.item:
            self.item_row = self.preset.items.get(chosen)
            self.organ_id = organ_of(self.memory, self.item_row.handler, self.case.division_id)
        elif chosen and self.organ_id is None:
            self.organ_id = organ_of(self.memory, self.item_row.handler, self.case.division_id)
        if given.for_machine.get("organ"):
            self.organ_id = given.for_machine["organ"]
        self.facts["item"] = facts_of.item_facts(self.item_row)
        self.facts["item_row"] = self.item_row
        self.facts["organ_id"] = self.organ_id if self.leg is None else self.leg.organ_id
        if chosen and self.item_row is not None and self.item_row.grade is not None:
            given.for_machine.setdefault("grade", self.item_row.grade)
        if self.leg is None:
            self.world.organ_id = self.organ_id

    def take(self, given: Given) -> None:
        """Write the fields into the case's columns (in memory)."""
        case = self.case
        if self.leg is not None:
            self.leg.fields = {**self.leg.fields, **{k: v for k, v in given.codes.items() if k not in OWN}}
            return
        if (item := given.codes.get("item")) and item != case.item:
            self._learn(item)
            case.item = item
        if self.organ_id is not None and self.organ_id != case.organ_id:
            case.organ_id = self.organ_id
        if (urgency := given.codes.get("urgency")) is not None:
            case.urgency = URGENCY.get(str(urgency), case.urgency)
        if said := given.codes.get("satisfaction"):
            case.satisfaction = SATISFACTION.get(str(said))
        if reply := given.private.get("public_reply"):
            case.reply = reply
        if given.codes.get("publish") is not None:
            case.public = bool(given.codes["publish"]) and not case.confidential and case.call != "report"
        case.fields = {**case.fields, **{k: v for k, v in given.codes.items() if k not in OWN}}

    def _learn(self, item: str) -> None:
        """A desk said otherwise than the suggestion: remember it for the text model."""
        shown = (self.case.suggestion or {}).get("items") or []
        suggested = shown[0][0] if shown else ""
        if suggested != item and not self.actor.system:
            Correction.objects.create(
                place_id=self.case.place_id, id=uuid7(), case_id=self.case.id, item=item, suggested=suggested,
                at=self.now,
            )  # fmt: skip

    def counts(self) -> dict[str, int]:
        """The legs of the running round by result, as guards see them."""
        found: dict[str, int] = {}
        for leg in [*self.legs, *self.new_legs]:
            if leg.round == self.token_run:
                name = leg.result if leg.closed_at is not None else "open"
                found[name] = found.get(name, 0) + 1
        return found

    token_run: int = 0


def load_work(place_id: int, which: UUID | str, actor: Actor, now: datetime, leg_id: UUID | None) -> Work:
    """Lock the case and read what a move on it needs.

    One SQL statement, one more for legs where there are any, and one more for whom a confidential case is open to.
    Raises Case.DoesNotExist when there is no such case, or none that the actor may see.
    """
    case, wrapped = locked(place_id, which)
    case_token = Token.from_json(case.token)
    legs = legs_of(place_id, case.id) if case_token.legs_run else []
    _check_sight(case, legs, actor)
    memory = places.of(place_id)
    preset = compiled(case.edition_id)
    item_row = preset.items.get(case.item) if case.item else None
    leg = None
    if leg_id is not None:
        leg = next((one for one in legs if one.id == leg_id), None)
        if leg is None:
            raise Case.DoesNotExist("no such part")
    world = CaseWorld(
        memory=memory, case_id=case.id,
        division_id=case.division_id, grid_id=case.grid_id, reporter_id=case.reporter_id,
        organ_id=leg.organ_id if leg else case.organ_id, parent_key=case.owner_key if leg else "",
        subject_organ_id=case.subject_organ_id, point=spot_of(case),
    )  # fmt: skip
    facts = facts_of.of_case(case, item_row, now, joint=case_token.legs_run > 0)
    flow, token = preset.flow_of(case.kind), case_token
    if leg is not None:
        flow, token = preset.flows[leg.flow], Token.from_json(leg.token)
        facts |= {
            **leg.fields,
            "organ_id": leg.organ_id,
            "overdue": leg.due_at is not None and leg.due_at < now,
        }
    work = Work(
        memory, preset, case, legs, leg, actor, now, world, flow, token, facts, item_row, case.organ_id
    )
    if wrapped is not None:
        work.held["case", case.id] = wrapped
    work.token_run = case_token.legs_run
    work.loaded = {name: getattr(case, name) for name in _SELDOM}
    work.had = case.fields
    if case.closed_at is None and case.owner_key:
        work.was[case.id] = case.owner_key
    for one in legs:
        if one.closed_at is None:
            work.was[one.id] = one.owner_key
    return work


def _check_sight(case: Case, legs: Sequence[Leg], actor: Actor) -> None:
    if actor.system or case.id in actor.holds:
        return
    sight = actor.sight
    if sight is not None:
        keys = [leg.owner_key for leg in legs]
        if may_see(sight, case, leg_keys=keys):
            return
        person = sight.person_id
        if person is not None:
            own = {"place_id": case.place_id, "case_id": case.id, "person_id": person}
            named = [person] if Named.objects.filter(**own).exists() else []
            joined = [person] if Contact.objects.filter(**own).exists() else []
            if (named or joined) and may_see(sight, case, leg_keys=keys, named=named, joined=joined):
                return
    raise Case.DoesNotExist("no such case")


def save(
    work: Work,
    move: Move | None,
    outcome: Outcome,
    given: Given,
    now: datetime,
    *,
    timer: str = "",
    fell_due: datetime | None = None,
    why: str = "",
) -> list[Entry]:
    """Put into the case (in memory; ``writing.write`` writes it) and its legs what came of it; the entries for the
    ledger. One SQL statement where legs are new or changed, else none."""
    entries: list[Entry] = []
    case = work.case
    flow = work.preset.flow_of(case.kind)
    case_token = outcome.token
    case_events: list[Any] = list(outcome.events)
    case.version += 1
    if work.leg is not None:
        entries.append(_leg_entry(work, work.leg, outcome, move, given, now, timer, fell_due, why))
        _put_leg(work.leg, outcome.token, work.flow, now)
        work.changed_legs.append(work.leg)
        moved = machine.advance(
            flow, Token.from_json(case.token), _case_world(work), _case_facts(work), now, legs=work.counts()
        )
        from huying.cases.actions import effects

        effects.carry_out_case(work, moved, now)
        case_token, case_events = moved.token, moved.events
    elif work.new_legs or any(e["event"] in ("legs", "legs_left") for e in outcome.events):
        moved = machine.advance(flow, case_token, work.world, work.facts, now, legs=work.counts())
        case_token = moved.token
        case_events += moved.events
    if case_events or work.leg is None:
        entries.append(_case_entry(work, case_token, case_events, move, given, now, timer, fell_due, why))
    _put_case(work, case_token, flow, now)
    put({leg.id: leg for leg in (*work.new_legs, *work.changed_legs)}.values(), ("place_id", "id"))
    # What concerns a leg comes before what it leads to in the case.
    return entries


# The columns that are compared with how they were: the others are written with every move.
_SELDOM = tuple(f.attname for f in Case._meta.concrete_fields if f.attname not in ("place_id", "id", *MOVED))


def _case_world(work: Work) -> CaseWorld:
    case = work.case
    return CaseWorld(
        memory=work.memory, case_id=case.id,
        division_id=case.division_id, grid_id=case.grid_id, reporter_id=case.reporter_id, organ_id=case.organ_id,
        point=spot_of(case),
    )  # fmt: skip


def _case_facts(work: Work) -> dict[str, Any]:
    return facts_of.of_case(work.case, work.item_row, work.now, joint=True)


def _put_case(work: Work, token: Token, flow: Flow, now: datetime) -> None:
    case = work.case
    closed_before, overdue_before, paused_before = case.closed_at, case.overdue_at, case.paused_at
    state = state_of(token, flow, now)
    for name, value in state.items():
        setattr(case, name, value)
    case.changed_at = now
    if token.closed:
        case.closed_at = closed_before or now
    if token.paused:
        case.paused_at = paused_before or now
    fired_due = any(name.startswith("due") for name in token.fired)
    case.overdue_at = (overdue_before or now) if fired_due and not token.closed else None
    organs = set(case.organ_ids)
    kind, _, number = (token.owner or "").partition(":")
    if kind == "organ" and number.isdigit():
        # Whoever claimed it from a pool is the organ in charge from now on.
        if not token.ended:
            case.organ_id = int(number)
        organs.add(int(number))
    organs.update(leg.organ_id for leg in work.new_legs)
    case.organ_ids = sorted(organs)
    if case.promised_at is None and work.leg is None:
        opened = case.fields.get(OPENED)
        began = datetime.fromisoformat(opened) if opened else case.reported_at
        case.promised_at = promise(work.world, work.item_row, token, began)
    elif (
        case.due_at is not None
        and case.promised_at is not None
        and token.extensions
        and case.due_at > case.promised_at
    ):
        case.promised_at = case.due_at


def _put_leg(leg: Leg, token: Token, flow: Flow, now: datetime) -> None:
    leg.token = token.to_json()
    leg.step = token.step
    leg.phase = flow.steps[token.step].phase
    leg.owner_key = "" if token.ended else token.owner or ""
    leg.due_at, leg.next_at = token.due, token.next_at
    if token.closed and leg.closed_at is None:
        leg.closed_at = now
    leg.result = token.result or ""
    if any(name.startswith("due") for name in token.fired):
        leg.overdue_at = leg.overdue_at or now
    if leg.arrived_at is None and token.entry > 1:
        leg.arrived_at = now


def _told(
    token: Token,
    events: Sequence[Any],
    move: Move | None,
    given: Given,
    was: str,
    timer: str,
    fell_due: datetime | None,
    now: datetime,
    why: str,
) -> dict[str, Any]:
    data: dict[str, Any] = {"step": token.step, "flow": list(events)}
    if move is not None:
        data["move"] = move.id
    if was:
        data["was"] = was
    if token.owner and not token.ended:
        data["owner"] = token.owner
    if token.due is not None:
        data["due"] = token.due
    if token.closed:
        data["closed"] = True
        data["result"] = token.result
    if token.round > 1:
        data["round"] = token.round
    if given.codes:
        data["fields"] = given.codes
    if timer:
        data["timer"] = timer
        if fell_due is not None and (now - fell_due).total_seconds() > LATE:
            data["late"] = int((now - fell_due).total_seconds())
            data["fell_due"] = fell_due
            if why:
                data["why"] = why
    return data


LATE = 120  # seconds after which a firing says that it is late


def _case_entry(
    work: Work,
    token: Token,
    events: Sequence[Any],
    move: Move | None,
    given: Given,
    now: datetime,
    timer: str,
    fell_due: datetime | None,
    why: str,
) -> Entry:
    case = work.case
    own = work.leg is None
    data = _told(token, events, move if own else None, given if own else Given(), work.was.get(case.id, ""),
                 timer if own else "", fell_due, now, why)  # fmt: skip
    if own:
        data["item"], data["organ"] = case.item, case.organ_id
    return Entry(
        kind="case.fired" if timer and own else "case.moved", data=data, at=now,
        private=(given.private or None) if own else None, case_id=case.id, subject=("case", case.id),
        version=case.version,
    )  # fmt: skip


def _leg_entry(
    work: Work,
    leg: Leg,
    outcome: Outcome,
    move: Move | None,
    given: Given,
    now: datetime,
    timer: str,
    fell_due: datetime | None,
    why: str,
) -> Entry:
    data = _told(
        outcome.token, outcome.events, move, given, work.was.get(leg.id, ""), timer, fell_due, now, why
    )
    data["organ"] = leg.organ_id
    return Entry(
        kind="leg.fired" if timer else "leg.moved", data=data, at=now, private=given.private or None,
        case_id=work.case.id, leg_id=leg.id, subject=("case", work.case.id), version=work.case.version,
    )  # fmt: skip
