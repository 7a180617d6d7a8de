"""Erasing a case or a resident: approved by whoever has the right, with a ground and a rule that stay on record."""

from __future__ import annotations

import re
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from huying import clock
from huying.cases.actions.perform import Refused
from huying.cases.models import Case
from huying.cases.who import Actor
from huying.ledger import erasure

GROUNDS = ("request", "purpose_met", "period_over", "consent_withdrawn", "unlawful")
_RULE = re.compile(r"[A-Za-z0-9][A-Za-z0-9.:/-]{1,39}")


def erase_case(
    place_id: int, number: str, ground: str, rule: str, actor: Actor, *, now: datetime | None = None
) -> UUID:
    """Erase words, contacts and files of a closed case; the id of the event that says so. Raises Refused.

    Steps, owners and times stay, and the seal stays true. Whoever approves need not be able to see the case.
    """
    _check(actor, ground, rule)
    case = Case.objects.filter(place_id=place_id, number=number.strip()).first()
    if case is None:
        raise Refused("invalid", {"number": _("There is no case with this number.")})
    if case.erased_at is not None:
        raise Refused("invalid", {"number": _("The content of this case was erased already.")})
    if case.closed_at is None:
        raise Refused(
            "invalid", {"number": _("This case is still open. Close it first, or nobody can finish it.")}
        )
    return _erase(place_id, ("case", case.id), ground, rule, actor, now)


def erase_person(
    place_id: int, person_id: UUID, ground: str, rule: str, actor: Actor, *, now: datetime | None = None
) -> UUID:
    """Erase what is private about a resident: payloads, contacts, and the tie between them and their cases.

    The account itself belongs to the staff room, which is told as every room is. Raises Refused.
    """
    _check(actor, ground, rule)
    return _erase(place_id, ("person", person_id), ground, rule, actor, now)


def _check(actor: Actor, ground: str, rule: str) -> None:
    if not actor.has("erase") or actor.person_id is None:
        raise Refused("not-allowed")
    errors = {}
    if ground not in GROUNDS:
        errors["ground"] = _("Choose one.")
    if not _RULE.fullmatch(rule):
        errors["rule"] = _(
            "Two to forty letters, digits, dots or dashes: the number of the rule or of the decision."
        )
    if errors:
        raise Refused("invalid", errors)


def _erase(
    place_id: int, subject: tuple[str, UUID], ground: str, rule: str, actor: Actor, now: datetime | None
) -> UUID:
    assert actor.person_id is not None
    return erasure.erase(
        place_id, subject, ground, rule, actor.person_id, now or clock.now(), actor=actor.for_ledger()
    )
