"""What happens to a case beside the flow's moves: joining it, naming who may see it, looking at a contact, publishing."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from huying import clock
from huying.cases import tracks
from huying.cases.actions.perform import Refused
from huying.cases.actions.report import contact_row
from huying.cases.calls import Call, Reporter
from huying.cases.discreet import tells_who
from huying.cases.models import Case, Contact, Leg, Named
from huying.cases.queries import seen_by
from huying.cases.store import legs_of
from huying.cases.who import Actor
from huying.files import actions as files
from huying.files import queries as files_of
from huying.ledger import actions as ledger
from huying.ledger import keys as ledger_keys
from huying.ledger.ids import uuid7
from huying.ledger.sealing import open_sealed


@dataclass(frozen=True, slots=True)
class Joined:
    """What somebody who joined a case is told."""

    case_id: UUID
    number: str
    track_code: str
    joins: int
    contact_id: UUID


def join(
    place_id: int, case_id: UUID, reporter: Reporter, actor: Actor, *, now: datetime | None = None
) -> Joined:
    """Somebody has the same trouble: +1 instead of a second report. They follow it with a code of their own.

    A person with an account joins a case once; doing it again answers the same. Raises Refused and Case.DoesNotExist.
    """
    now = now or clock.now()
    with transaction.atomic():
        case = Case.objects.select_for_update().get(place_id=place_id, id=case_id)
        if case.closed_at is not None or case.confidential or case.call == "report":
            raise Refused("not-joinable")
        person = reporter.person_id
        if person is not None:
            before = Contact.objects.filter(place_id=place_id, case_id=case_id, person_id=person).first()
            if before is not None:
                return Joined(case_id, case.number, tracks.code_of(before.id), case.joins, before.id)
        key = ledger_keys.find_or_make(place_id, [("case", case_id)])[("case", case_id)]
        row = contact_row(place_id, case_id, Call(body="+1", reporter=reporter), now, key, join=True)
        if row is None:
            row = {
                "place_id": place_id, "id": uuid7(), "case_id": case_id, "join": True, "person_id": None,
                "sealed": b"", "phone_hash": None, "satisfaction": None, "at": now,
            }  # fmt: skip
        code = tracks.code_of(row["id"])
        Contact.objects.create(**{**row, "track_hash": tracks.hash_of(code)})
        Case.objects.filter(place_id=place_id, id=case_id).update(joins=F("joins") + 1)
        ledger.append(
            place_id,
            [
                ledger.Entry(
                    kind="case.joined", data={"join": row["id"], "joins": case.joins + 1}, at=now, case_id=case_id,
                    subject=("case", case_id), version=case.version,
                )
            ],
            actor.for_ledger(),
        )  # fmt: skip
    return Joined(case_id, case.number, code, case.joins + 1, row["id"])


def name_reader(case: Case, person_id: UUID, actor: Actor, *, now: datetime | None = None) -> None:
    """Name a person who may see a confidential case besides its holders. Only a holder may. Raises Refused."""
    if not actor.owns(case.owner_key):
        raise Refused("not-allowed")
    now = now or clock.now()
    with transaction.atomic():
        _, made = Named.objects.get_or_create(
            place_id=case.place_id, case_id=case.id, person_id=person_id,
            defaults={"id": uuid7(), "by_id": actor.person_id, "at": now},
        )  # fmt: skip
        if made:
            ledger.append(
                case.place_id,
                [ledger.Entry(kind="case.named", data={"person": person_id}, at=now, case_id=case.id)],
                actor.for_ledger(),
            )


def unmask(case: Case, reason: str, actor: Actor, *, now: datetime | None = None) -> list[dict[str, Any]]:
    """The callers' names and telephones, for a reason that goes on record. Raises Refused.

    Whoever works on the case (its owner, and organs whose part is open) or has the right ``unmask`` may look; each
    look is an event.
    """
    if len(reason.strip()) < 2:
        raise Refused("invalid", {"reason": _("Please say why you need to see it.")})
    legs = legs_of(case.place_id, case.id)
    if not seen_by(case, actor, legs) or not may_unmask(case, actor, legs):
        raise Refused("not-allowed")
    now = now or clock.now()
    with transaction.atomic():
        ledger.append(
            case.place_id,
            [
                ledger.Entry(
                    kind="case.unmasked", data={"fields": ["contact"]}, private={"reason": reason.strip()[:400]},
                    at=now, case_id=case.id, subject=("case", case.id), version=case.version,
                )
            ],
            actor.for_ledger(),
        )  # fmt: skip
        return contacts(case)


def may_unmask(case: Case, actor: Actor, legs: Sequence[Leg]) -> bool:
    """Whether the actor, who sees the case, may look at the contact. No SQL statement."""
    works = any(leg.closed_at is None and actor.owns(leg.owner_key) for leg in legs)
    return works or actor.has("unmask") or actor.owns(case.owner_key)


def contacts(case: Case) -> list[dict[str, Any]]:
    """The opened contacts of a case: name, phone, address, whether they joined. Callers have put the look on record."""
    rows = list(Contact.objects.filter(place_id=case.place_id, case_id=case.id).order_by("id"))
    key = ledger_keys.find(case.place_id, [("case", case.id)]).get(("case", case.id))
    found = []
    for row in rows:
        payload: dict[str, Any] = {}
        if key is not None and row.sealed:
            payload = open_sealed(case.place_id, key, bytes(row.sealed), f"contact:{row.id}")
        found.append({**payload, "join": row.join, "at": row.at})
    return found


def masked_phone(phone: str) -> str:
    """A telephone number as it is shown to everybody: the middle is hidden."""
    return phone if len(phone) < 7 else f"{phone[:3]}****{phone[-4:]}"


def publish(
    case: Case,
    title: str,
    text: str,
    actor: Actor,
    *,
    approved: bool = True,
    photos: Collection[UUID] = (),
    now: datetime | None = None,
) -> None:
    """Approve (or take back) a case's public title, text and those *photos* only. Needs the right ``publish``.

    Raises Refused, and NotPublishable for a file that is no kept photo.
    """  # fmt: skip
    if not actor.has("publish") or not seen_by(case, actor):
        raise Refused("not-allowed")
    if approved and (case.confidential or case.call == "report"):
        raise Refused("not-publishable")
    if approved and tells_who(title, text):
        raise Refused("tells-who")
    now = now or clock.now()
    with transaction.atomic():
        Case.objects.filter(place_id=case.place_id, id=case.id).update(
            public=approved, public_title=title.strip()[:200] if approved else "",
            public_text=text.strip()[:4000] if approved else "",
        )  # fmt: skip
        for one in files_of.of_case(case.place_id, case.id):
            chosen = approved and one.id in photos
            if chosen != one.public_ok:
                files.publish(case.place_id, one.id, chosen)
        ledger.append(
            case.place_id,
            [
                ledger.Entry(
                    kind="case.published", data={"public": approved}, private={"title": title, "text": text}, at=now,
                    case_id=case.id, subject=("case", case.id), version=case.version,
                )
            ],
            actor.for_ledger(),
        )  # fmt: skip
