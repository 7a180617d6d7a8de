"""The only writers of the inspection channel. Nothing here changes a case but by ``cases.actions.report``."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db import transaction

from huying import clock
from huying.cases import actions as cases
from huying.cases.actions import Refused
from huying.cases.calls import Call, Reporter
from huying.cases.who import Actor
from huying.inspection.models import Finding, Look, Paper
from huying.inspection.queries import inspection_of, office_of
from huying.ledger import actions as ledger
from huying.ledger.actions import Entry
from huying.ledger.ids import uuid7
from huying.places.info import PlaceMemory
from huying.staff import seats

OUTCOMES = (Finding.Outcome.NOTHING, Finding.Outcome.ASKED)


@transaction.atomic
def look(actor: Actor, page: str, *, case_id: UUID | None = None, finding_id: UUID | None = None) -> None:
    """Put a look through the channel on its log and on the ledger. Two SQL statements."""
    assert actor.sight is not None
    assert actor.person_id is not None
    place_id, now = actor.sight.place_id, clock.now()
    Look.objects.create(
        place_id=place_id, id=uuid7(), person_id=actor.person_id, at=now, page=page, case_id=case_id,
        finding_id=finding_id,
    )  # fmt: skip
    data: dict[str, Any] = {"page": page}
    if case_id is not None:
        data["case"] = case_id
    if finding_id is not None:
        data["finding"] = finding_id
    ledger.append(place_id, [Entry("inspection.looked", data, now)], actor.for_ledger())


@transaction.atomic
def conclude(actor: Actor, ident: UUID, outcome: str, note: str) -> Finding:
    """Note what a person made of a finding: nothing in it, or the unit was asked. Raises Refused, Finding.DoesNotExist."""
    if outcome not in OUTCOMES:
        raise Refused("invalid", {"outcome": "unknown"})
    if len(note.strip()) < 2:
        raise Refused("invalid", {"note": "missing"})
    return _conclude(actor, ident, outcome, note)


def _conclude(actor: Actor, ident: UUID, outcome: str, note: str, order_id: UUID | None = None) -> Finding:
    assert actor.sight is not None
    if not actor.has("inspect"):
        raise Refused("not-allowed")
    found = Finding.objects.select_for_update().get(place_id=actor.sight.place_id, id=ident)
    if found.outcome:
        raise Refused("already")
    now = clock.now()
    found.outcome, found.note, found.looked_at = outcome, note.strip()[:2000], now
    found.looked_by, found.order_id = actor.person_id, order_id
    found.save(update_fields=["outcome", "note", "looked_at", "looked_by", "order_id"])
    data = {"finding": ident, "outcome": outcome}
    ledger.append(found.place_id, [Entry("inspection.concluded", data, now)], actor.for_ledger())
    return found


@transaction.atomic
def order(
    memory: PlaceMemory, actor: Actor, organ_id: int, text: str, days: int, *, title: str = "",
    finding_id: UUID | None = None, key: str | None = None,
) -> cases.Reported:  # fmt: skip
    """Issue an instruction to an organ: a case of the place's kind, which only the two of them see.

    With *finding_id* the finding is concluded by it. Raises Refused, CallRefused, KeyReused, Finding.DoesNotExist.
    """
    office, kind = office_of(memory), inspection_of(memory).order
    if office is None or not kind or not actor.has("inspect"):
        raise Refused("not-allowed")
    if organ_id == office.id or organ_id not in memory.organs:
        raise Refused("invalid", {"organ": "unknown"})
    if not 1 <= days <= 60:
        raise Refused("invalid", {"days": "range"})
    made = cases.report(
        memory.place_id,
        Call(
            body=text, title=title, kind=kind, call="suggestion", organ_id=organ_id, readers=(office.id,),
            author_key=_seat_of(memory, actor, office.id), confidential=True, reporter=Reporter(actor.person_id),
            fields={"days": days},
        ),
        actor, key=key,
    )  # fmt: skip
    if made.again:
        return made
    Paper.objects.create(
        place_id=memory.place_id,
        id=made.case_id,
        down=True,
        organ_id=organ_id,
        finding_id=finding_id,
        at=clock.now(),
    )
    data: dict[str, Any] = {"case": made.case_id, "organ": organ_id}
    if finding_id is not None:
        data["finding"] = finding_id
        _conclude(actor, finding_id, Finding.Outcome.ORDERED, made.number, made.case_id)
    ledger.append(memory.place_id, [Entry("inspection.ordered", data, clock.now())], actor.for_ledger())
    return made


def _seat_of(memory: PlaceMemory, actor: Actor, office_id: int) -> str:
    """The seat at the office from which the actor inspects: they accept the answer, or whoever stands in for them."""
    assert actor.sight is not None
    for key in actor.sight.seats:
        seat = seats.parse(key)
        role = memory.roles.get(seat.role) if seat is not None and seat.organ_id == office_id else None
        if role is not None and "inspect" in role.rights:
            return key
    raise Refused("not-allowed")


@transaction.atomic
def ask(
    memory: PlaceMemory, actor: Actor, text: str, *, title: str = "", key: str | None = None
) -> cases.Reported:
    """An organ or town asks the inspection office. Only the office and whoever asked see it. Raises Refused, CallRefused."""
    office, kind = office_of(memory), inspection_of(memory).request
    if office is None or not kind or not actor.has("handle"):
        raise Refused("not-allowed")
    made = cases.report(
        memory.place_id,
        Call(
            body=text, title=title, kind=kind, call="suggestion", organ_id=office.id, confidential=True,
            reporter=Reporter(actor.person_id),
        ),
        actor, key=key,
    )  # fmt: skip
    if not made.again:
        organ = min(actor.sight.organs) if actor.sight is not None and len(actor.sight.organs) == 1 else None
        Paper.objects.create(
            place_id=memory.place_id, id=made.case_id, down=False, organ_id=organ, at=clock.now()
        )
        entry = Entry("inspection.asked", {"case": made.case_id}, clock.now())
        ledger.append(memory.place_id, [entry], actor.for_ledger())
    return made
