"""A call comes in: the one way by which a case is made.

Everything is worked out in memory first: place, item, organ, the flow's automatic moves, the limit. Then one
statement writes the case at its first human step, with the caller's contact and the events (with photos, one
transaction of a few).
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import datetime
from operator import attrgetter
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from huying import clock
from huying.cases import facts as facts_of
from huying.cases import numbers, routing, tracks
from huying.cases.actions.keys import LONGEST, KeyReused, body_hash, earlier, row
from huying.cases.calls import Call, CallRefused, Reporter, problems, title_of
from huying.cases.kinds import default_kind
from huying.cases.store import insert_case
from huying.cases.who import Actor
from huying.cases.world import AUTHOR, CaseWorld, due_in
from huying.files import actions as files
from huying.flow import machine
from huying.flow.token import Token
from huying.ledger import actions as ledger
from huying.ledger import keys as ledger_keys
from huying.ledger.ids import uuid7
from huying.ledger.sealing import seal
from huying.places import memory as places
from huying.places.info import PlaceMemory
from huying.staff import contact
from huying.staff.people import normal_phone

__all__ = ["KeyReused", "Reported", "report"]

OPENED = "opened_at"  # among a case's fields: when limits began, of a call that was received before


@dataclass(frozen=True, slots=True)
class Reported:
    """What the caller is told: the number, the code to follow it with, and the promise of time."""

    place_id: int
    case_id: UUID
    number: str
    track_code: str
    promised_at: datetime | None
    step: str
    again: bool = False  # the same key had been sent before


def report(
    place_id: int,
    call: Call,
    actor: Actor,
    *,
    key: str | None = None,
    now: datetime | None = None,
    parent_id: UUID | None = None,
    files_key: str | None = None,
) -> Reported:
    """Take a call and make it a case.

    *key*: an idempotency key of at most 80 characters. *files_key*: who staged the call's photos (default: the
    actor's scope). *now* is the moment from which limits run; the call was received then too, unless it says *at*
    itself (a message taken over from another system keeps its own time).
    Raises CallRefused (with the errors by field; nothing is written) and KeyReused.
    """  # fmt: skip
    if errors := problems(call):
        raise CallRefused(errors)
    if key is not None and not (0 < len(key) <= LONGEST):
        raise CallRefused({"key": _("A key has 1 to 80 characters.")})
    memory = places.of(place_id)
    opened = now or call.at or clock.now()
    made = _worked_out(memory, call, actor, opened, min(call.at or opened, opened))
    digest = body_hash(_said_in(call)) if key is not None else b""
    number = numbers.take(place_id, made.pattern, made.now)
    case = {**made.case, "number": number}
    answer = {"number": number, "promised_at": made.promised_at.isoformat() if made.promised_at else None}
    asked = (
        row(place_id, actor.scope, key, digest, made.case_id, answer, made.now) if key is not None else None
    )
    written: dict[str, Any] = {"contact": made.contact, "asked": asked}
    if not call.photos:
        events = ledger.prepare(
            place_id, made.entries(number, 0, parent_id), actor.for_ledger(), new_keys=[made.data_key]
        )
        new = insert_case(case, **written, events=events)
    else:
        with transaction.atomic():
            if new := insert_case(case, **written):
                refs = files.claim(
                    place_id, call.photos, files_key or actor.scope, case_id=made.case_id, at=made.now,
                    private=call.confidential or call.call == "report",
                )  # fmt: skip
                ledger.append(
                    place_id, made.entries(number, len(refs), parent_id), actor.for_ledger(),
                    new_keys=[made.data_key],
                )  # fmt: skip
    if not new:
        again = earlier(place_id, actor.scope, key or "", digest)
        if again is None:
            raise KeyReused(key)
        return _said_before(again, place_id)
    return Reported(place_id, made.case_id, number, made.track_code, made.promised_at, str(case["step"]))


_FIELDS = attrgetter(*(one.name for one in fields(Call) if one.name != "reporter"))
_REPORTER = attrgetter(*(one.name for one in fields(Reporter)))


def _said_in(call: Call) -> Any:
    """All that a call says, for telling two apart (``dataclasses.asdict`` takes ten times as long)."""
    return [_FIELDS(call), _REPORTER(call.reporter)]


def _said_before(asked: Any, place_id: int) -> Reported:
    promised = asked.answer.get("promised_at")
    return Reported(
        place_id, asked.case_id, asked.answer["number"], tracks.code_of(asked.case_id),
        datetime.fromisoformat(promised) if promised else None, "", again=True,
    )  # fmt: skip


@dataclass(slots=True)
class _Made:
    """A case before it is written."""

    now: datetime
    case_id: UUID
    track_code: str
    pattern: str
    promised_at: datetime | None
    case: dict[str, Any]
    contact: dict[str, Any] | None
    data_key: Any
    told: dict[str, Any]
    private: dict[str, Any]

    def entries(self, number: str, photos: int, parent_id: UUID | None) -> list[ledger.Entry]:
        data = {**self.told, "number": number}
        if photos:
            data["photos"] = photos
        if parent_id is not None:
            data["parent"] = parent_id
        return [
            ledger.Entry(
                kind="case.reported", data=data, at=self.now, private=self.private, case_id=self.case_id,
                subject=("case", self.case_id), version=1,
            )
        ]  # fmt: skip


def _worked_out(memory: PlaceMemory, call: Call, actor: Actor, now: datetime, received: datetime) -> _Made:
    preset = memory.preset
    code = call.kind or (default_kind(preset) if preset is not None else "")
    if preset is None or code not in preset.kinds:
        raise CallRefused({"kind": _("There is no such kind of case here.")})
    kind = preset.kinds[code]
    if kind.calls and call.call not in kind.calls:
        raise CallRefused({"call": _("This kind of call is not taken here.")})
    if kind.right and not actor.system and not actor.has(kind.right):
        raise CallRefused({"kind": _("This is opened by those who have the right to.")})
    found = routing.route(memory, call) if not kind.right else routing.addressed(memory, call)
    item_row = preset.items.get(found.item) if found.item else None
    case_id = uuid7()
    track_code = tracks.code_of(case_id)
    spot = found.spot
    reporter_id = None if call.anonymous else call.reporter.person_id
    own_fields = {name: value for name, value in call.fields.items() if name != AUTHOR}
    if kind.right and call.author_key:
        own_fields[AUTHOR] = call.author_key
    if kind.due and own_fields.get(kind.due):
        own_fields["due"] = due_in(memory, found.organ_id, now, own_fields[kind.due])
    # What the form calls private is sealed with the case's words, not kept among its columns.
    form = preset.forms.get(kind.form)
    hidden: dict[str, Any] = {}
    for one in form.fields if form is not None else ():
        if one.private and one.id in own_fields:
            hidden[one.id] = own_fields.pop(one.id)
    if received < now:
        own_fields[OPENED] = now.isoformat()
    facts = facts_of.of_call(
        kind=code, call=call.call, channel=actor.channel, item_row=item_row, organ_id=found.organ_id,
        sure=found.sure, placed=spot.placed, in_grid=spot.grid_id is not None, urgency=call.urgency, confidential=call.confidential,
        anonymous=call.anonymous, fields=own_fields,
    )  # fmt: skip
    world = CaseWorld(
        memory=memory, case_id=case_id, division_id=spot.division_id,
        grid_id=spot.grid_id, reporter_id=reporter_id, organ_id=found.organ_id,
        point=None if call.lon is None or call.lat is None else (call.lon, call.lat),
    )  # fmt: skip
    flow = preset.flow_of(code)
    grade = None if item_row is None else item_row.grade
    outcome = machine.start(flow, world, facts, now, {}, actor, grade=grade)
    token = outcome.token
    promised = promise(world, item_row, token, now)
    organ_id = found.organ_id if token.owner == f"organ:{found.organ_id}" else None
    case = {
        "place_id": memory.place_id, "id": case_id, "kind": code, "edition_id": memory.edition_id,
        "call": call.call, "channel": actor.channel, "source": call.source, "source_number": call.source_number,
        "title": title_of(call), "body": call.body.strip(), "item": found.item, "urgency": call.urgency,
        "flags": list(call.flags), "anonymous": call.anonymous, "confidential": call.confidential,
        "subject_organ_id": call.subject_organ_id, "subject_person_id": call.subject_person_id, "division_id": spot.division_id,
        "grid_id": spot.grid_id, "path": spot.path or top_path(memory), "lon": call.lon, "lat": call.lat,
        "address": call.address.strip(), "located": spot.how, "organ_id": organ_id,
        "organ_ids": sorted({*call.readers, *([organ_id] if organ_id else [])}), "fields": own_fields, "suggestion": found.suggestion,
        "signature": found.signature, "reported_at": received, "changed_at": now, "overdue_at": None,
        "promised_at": promised, "satisfaction": None, "reply": "", "lead_id": None, "joins": 0, "public": False,
        "public_title": "", "public_text": "", "erased_at": None, "reporter_id": reporter_id,
        "track_hash": tracks.hash_of(track_code), "version": 1,
        **state_of(token, flow, now),
    }  # fmt: skip
    data_key = ledger_keys.new_key(memory.place_id, ("case", case_id))
    told: dict[str, Any] = {
        "kind": code, "call": call.call, "edition": memory.edition_id, "division": spot.division_id,
        "grid": spot.grid_id, "path": spot.path, "how": spot.how, "item": found.item,
        "confidence": round(found.confidence, 3), "sure": found.sure, "step": token.step, "owner": token.owner,
        "due": token.due, "promise": promised, "urgency": call.urgency, "anonymous": call.anonymous,
        "confidential": call.confidential, "flow": outcome.events,
    }  # fmt: skip
    if received < now:
        told["received"] = received
    if items := found.suggestion.get("items"):
        told["suggested"] = [[code, score] for code, score, _ in items]
    if found.ruling is not None:
        told["as_in"] = found.ruling.number
    if found.figures:
        told["open"] = found.figures
    if organ_id is not None:
        told["organ"] = organ_id
    private: dict[str, Any] = {
        **hidden, "title": case["title"], "body": case["body"], "address": case["address"]
    }  # fmt: skip
    return _Made(
        now, case_id, track_code, kind.numbering or preset.place.numbering, promised, case,
        contact_row(memory.place_id, case_id, call, now, data_key), data_key, told, private,
    )  # fmt: skip


def state_of(token: Token, flow: Any, now: datetime) -> dict[str, Any]:
    """The columns of a case that follow from its token."""
    step = flow.steps[token.step]
    return {
        "step": token.step, "phase": step.phase, "tier": token.tier or "", "grade": token.grade,
        "round": token.round, "owner_key": "" if token.ended else token.owner or "", "token": token.to_json(),
        "due_at": token.due, "next_at": token.next_at, "paused_at": now if token.paused else None,
        "closed_at": now if token.closed else None, "result": token.result or "",
    }  # fmt: skip


def contact_row(
    place_id: int, case_id: UUID, call: Call, now: datetime, data_key: Any, *, join: bool = False
) -> dict[str, Any] | None:
    """How to reach whoever called, sealed under the case's key; None for an anonymous call."""
    who = call.reporter
    if call.anonymous or not (who.person_id or who.name or who.phone):
        return None
    ident = uuid7()
    payload = {"name": who.name, "phone": who.phone, "address": who.address}
    return {
        "place_id": place_id, "id": ident, "case_id": case_id, "join": join, "person_id": who.person_id,
        "sealed": seal(place_id, data_key, payload, f"contact:{ident}").blob,
        "phone_hash": phone_hash(who.phone) if who.phone else None, "track_hash": None, "satisfaction": None,
        "at": now,
    }  # fmt: skip


def top_path(memory: PlaceMemory) -> str:
    """Where a case lies of which nothing is known: in the place as a whole, so that those who see all of it do."""
    return memory.top.path if memory.top is not None else ""


def phone_hash(phone: str) -> bytes:
    """The keyed hash by which earlier calls from a number are found; the same as for people with accounts."""
    return contact.phone_hash(normal_phone(phone) or "".join(c for c in phone if c.isdigit())[-12:])


def promise(world: CaseWorld, item_row: Any, token: Token, now: datetime) -> datetime | None:
    """By when the caller will have an answer: the item's limits one after another; None while it has no item."""
    if token.total_due is not None:
        return token.total_due
    if item_row is None:
        return None
    from huying.cases.world import limit_text, span_of

    preset = world.memory.preset
    grades = preset.place.grades if preset is not None else {}
    at, owner = now, f"organ:{world.organ_id}" if world.organ_id else token.owner
    for name in ("arrive", "handle"):
        if text := limit_text(item_row, token.grade, name, grades):
            at = world.after(at, span_of(text), owner)
    return at if at > now else None
