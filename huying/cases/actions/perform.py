"""A move on a case, or on an organ's part of it: the one way by which a case changes.

Lock the case's row, check sight, version and fields, let the flow's machine work out what follows, write it and tell
the ledger, all in one transaction. Nothing is half done: a refusal leaves everything as it was.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from huying import clock
from huying.cases.actions import effects
from huying.cases.actions.keys import KeyReused, body_hash, earlier, row
from huying.cases.actions.state import Work, load_work, save
from huying.cases.actions.writing import write
from huying.cases.models import Asked, Case, Leg
from huying.cases.values import clean_move
from huying.cases.who import CLOCK_ACTOR, Actor
from huying.files import actions as files
from huying.flow import machine
from huying.flow.world import BadValue, FlowError, GuardFailed, MissingFields
from huying.places.info import GRID

__all__ = ["Conflict", "KeyReused", "Performed", "Refused", "Stale", "fire", "fire_next", "perform"]


class Refused(Exception):
    """The move cannot be made; nothing has changed. ``code`` is for machines, ``errors`` says it by field."""

    def __init__(self, code: str, errors: Mapping[str, str] | None = None, detail: str = "") -> None:
        super().__init__(detail or code)
        self.code = code
        self.errors = dict(errors or {})
        self.detail = detail


class Conflict(Exception):
    """Somebody else was there first. Nothing has changed and nothing that was typed is lost."""


class Stale(Conflict):
    """The case has moved on since it was seen; ``version`` and ``step`` are how it stands now."""

    def __init__(self, version: int, step: str) -> None:
        super().__init__(f"the case is at version {version}")
        self.version = version
        self.step = step


@dataclass(frozen=True, slots=True)
class Performed:
    """What a move led to."""

    place_id: int
    case_id: UUID
    version: int
    step: str
    owner_key: str
    due_at: datetime | None
    closed: bool
    again: bool = False
    opened: tuple[UUID, ...] = field(default_factory=tuple)
    # As they were written; not told again for a key that was used before.
    case: Case | None = None
    legs: tuple[Leg, ...] = ()


def perform(
    place_id: int,
    which: UUID | str,
    move: str,
    actor: Actor,
    data: Mapping[str, Any] | None = None,
    *,
    key: str | None = None,
    seen: int | None = None,
    leg_id: UUID | None = None,
    now: datetime | None = None,
    lang: str | None = None,
    files_key: str | None = None,
    by_room: bool = False,
) -> Performed:
    """Make *move* on the case with that id or number (or, with *leg_id*, on one organ's part).

    *data* is what the move's form asks for; *seen* the version that the actor looked at; *key* an idempotency key;
    *by_room* is for the room that keeps the move for itself (a task of the reviews), since it does the rest as well.
    Raises Refused, Stale, KeyReused, or Case.DoesNotExist, which also stands for "not for your eyes".
    """  # fmt: skip
    data = data or {}
    now = now or clock.now()
    digest = body_hash([str(which), move, str(leg_id), data]) if key is not None else b""
    try:
        with transaction.atomic():
            return _perform(
                place_id, which, move, actor, data, key, digest, seen, leg_id, now, lang, files_key, by_room
            )
    except (Refused, Stale, _Used):
        # Said before? Then the answer is the one given then, though the case has moved on since.
        again = earlier(place_id, actor.scope, key, digest) if key is not None else None
        if again is None:
            raise
        return _said_before(again)


class _Used(Conflict):
    pass


def _said_before(asked: Asked) -> Performed:
    said = asked.answer
    due = said.get("due_at")
    return Performed(
        asked.place_id, asked.case_id, said["version"], said["step"], said["owner_key"],
        datetime.fromisoformat(due) if due else None, said["closed"], again=True,
    )  # fmt: skip


def _perform(
    place_id: int, which: UUID | str, move_id: str, actor: Actor, data: Mapping[str, Any], key: str | None,
    digest: bytes, seen: int | None, leg_id: UUID | None, now: datetime, lang: str | None, files_key: str | None,
    by_room: bool,
) -> Performed:  # fmt: skip
    work = load_work(place_id, which, actor, now, leg_id)
    if seen is not None and seen != work.case.version:
        raise Stale(work.case.version, work.case.step)
    token, flow = work.token, work.flow
    move = flow.by_id.get(move_id)
    if move is None or move.auto:
        raise Refused("unknown-move")
    if not by_room and work.leg is None and move_id in work.preset.kept_moves(work.case.kind):
        raise Refused("kept-by-room")
    given, errors = clean_move(work, move, data, lang)
    if token.step not in move.sources:
        raise Stale(work.case.version, work.case.step) if seen is None else Refused("unknown-move")
    if errors:
        raise Refused("invalid", errors)
    work.choose(given)
    by: Any = (
        machine.CLOCK if actor.system else actor
    )  # the platform makes only what the flow gives to the clock
    try:
        outcome = machine.perform(flow, token, move_id, work.world, work.facts, given.for_machine, now, by)
    except MissingFields as error:
        raise Refused("missing-fields", dict.fromkeys(error.fields, given.missing)) from error
    except BadValue as error:
        raise Refused("invalid", {error.field: given.unusable}) from error
    except GuardFailed as error:
        raise Refused(error.code, detail=error.guard) from error
    except FlowError as error:
        raise Refused(error.code) from error
    _admitted(work, outcome.token)
    work.take(given)
    work.files_key = files_key or actor.scope
    effects.pass_on(work, move, given)
    if given.tokens:
        files.claim(
            place_id, given.tokens, files_key or actor.scope, case_id=work.case.id, at=now,
            private=work.case.confidential,
        )  # fmt: skip
    opened = effects.carry_out(work, move, outcome, given, actor, now)
    entries = save(work, move, outcome, given, now)
    case = work.case
    answer = {
        "version": case.version, "step": case.step, "owner_key": case.owner_key,
        "due_at": case.due_at.isoformat() if case.due_at else None, "closed": case.closed_at is not None,
    }  # fmt: skip
    asked = None if key is None else row(place_id, actor.scope, key, digest, case.id, answer, now)
    if not write(work, entries, asked):
        raise _Used(key)
    return Performed(
        place_id, case.id, case.version, case.step, case.owner_key, case.due_at, case.closed_at is not None,
        opened=tuple(opened), case=case, legs=(*work.legs, *work.new_legs),
    )  # fmt: skip


def _admitted(work: Work, token: Any) -> None:
    """Grid workers are sent only what is on the place's admitted list: anything else cannot be assigned to them."""
    owner = token.owner or ""
    if work.leg is not None or owner == work.token.owner or not owner.startswith("division:"):
        return
    division = work.memory.division(int(owner.partition(":")[2]))
    item = work.item_row
    if division.tier == GRID and work.flow.steps[token.step].phase == "handle" and not (item and item.grid):
        raise Refused("not-admitted")


@dataclass(frozen=True, slots=True)
class Fired:
    """An alarm went off; when the case and the leg (if it was a leg's) have something to do next."""

    timer: str
    case_next: datetime | None
    leg_next: datetime | None


def fire(place_id: int, case_id: UUID, *, leg_id: UUID | None = None, now: datetime | None = None) -> int:
    """The clock: let every alarm of the case (or leg) that is due go off, in order. Answers how many did.

    One transaction for each alarm, so that what fell due while the server was down happens one after the other. Firing
    again does nothing.
    """
    count = 0
    moment = now or clock.now()
    while (fired := fire_next(place_id, case_id, leg_id=leg_id, now=moment)) is not None:
        count += 1
        coming = fired.case_next if leg_id is None else fired.leg_next
        if coming is None or coming > moment:
            break
    return count


@transaction.atomic
def fire_next(
    place_id: int, case_id: UUID, *, leg_id: UUID | None = None, now: datetime, until: datetime | None = None,
    why: str = "",
) -> Fired | None:  # fmt: skip
    """Let the earliest alarm that fell due by *until* (else by *now*) go off; None when there is none.

    It happens *now*, whenever it fell due: limits that follow from it start now. *why* says what made it late
    (``down``, ``jump``), where something did.
    """
    work = load_work(place_id, case_id, CLOCK_ACTOR, now, leg_id)
    ripe = work.token.due_alarms(min(until or now, now))
    if not ripe:
        return None
    alarm = ripe[0]
    assert alarm.at is not None
    outcome = machine.fire(work.flow, work.token, alarm.key, work.world, work.facts, now)
    if not outcome.events:
        return None
    given = work.nothing()
    effects.carry_out(work, None, outcome, given, CLOCK_ACTOR, now)
    entries = save(work, None, outcome, given, now, timer=alarm.name, fell_due=alarm.at, why=why)
    write(work, entries)
    return Fired(alarm.name, work.case.next_at, work.leg.next_at if work.leg is not None else None)
