"""Ending a precedent: routing follows it no longer; what was decided by it stays as it is."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from huying import clock
from huying.cases import figures
from huying.cases.actions.perform import Refused
from huying.cases.models import Case, Precedent
from huying.cases.queries import seen_by
from huying.cases.store import legs_of
from huying.cases.who import Actor
from huying.ledger import actions as ledger

LONGEST = 400


def end(
    place_id: int, precedent_id: UUID, reason: str, actor: Actor, *, now: datetime | None = None
) -> Precedent:
    """End a precedent for a reason that goes on record. Needs the right ``rule`` and sight of its case.

    Ending it again answers the same. Raises Refused, Precedent.DoesNotExist and Case.DoesNotExist.
    """
    if not actor.has("rule"):
        raise Refused("not-allowed")
    if len(reason.strip()) < 2:
        raise Refused("invalid", {"reason": _("Please say why it no longer holds.")})
    now = now or clock.now()
    with transaction.atomic():
        row = Precedent.objects.select_for_update(of=("self",)).get(place_id=place_id, id=precedent_id)
        case = Case.objects.get(place_id=place_id, id=row.case_id)
        legs = legs_of(place_id, row.case_id)
        if not seen_by(case, actor, legs):
            raise Case.DoesNotExist("no such case")
        if row.ended_at is not None:
            return row
        row.ended_at = now
        row.save(update_fields=["ended_at"])
        ledger.append(
            place_id,
            [
                ledger.Entry(
                    kind="case.precedent_ended",
                    data={"item": row.item, "organ": row.organ_id, "number": row.number},
                    private={"reason": reason.strip()[:LONGEST]}, at=now, case_id=case.id,
                    subject=("case", case.id), version=case.version,
                )
            ],
            actor.for_ledger(),
        )  # fmt: skip
    figures.forget()
    return row
