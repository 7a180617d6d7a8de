"""Links and QR codes for rating one case without signing in: signed, for one purpose, for a time, once for each caller.

A link holds ids only. It opens the rating page of that case and round and nothing else: neither its story nor its
contact. Those who joined a case have links of their own and rate apart from the caller.
"""

from __future__ import annotations

import base64
import contextlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.core import signing
from django.db import IntegrityError, transaction

from huying import clock
from huying.cases.actions import Refused, Stale, perform
from huying.cases.actions.state import SATISFACTION
from huying.cases.models import Case, Contact
from huying.cases.who import Actor
from huying.ledger import actions as ledger
from huying.ledger.ids import uuid7
from huying.ledger.sealing import lookup_hash
from huying.places import memory as places
from huying.reviews.actions.answering import CameTo, again, keep
from huying.reviews.models import Answer, RatingMark

SALT = "reviews.rate"
CHANNEL = "link"
KEPT = timedelta(days=90)  # a device mark
NOBODY = UUID(int=0)


class BadLink(Exception):
    """The link is none of ours, or its time is over (``over``)."""

    def __init__(self, over: bool = False) -> None:
        super().__init__("over" if over else "unknown")
        self.over = over


@dataclass(frozen=True, slots=True)
class Opened:
    """What a link leads to. *contact* is set for somebody who joined; *may* says whether it can still be rated."""

    case: Case
    contact: Contact | None
    round: int
    may: bool


def code_of(case: Case, contact_id: UUID | None = None, *, now: datetime | None = None) -> str:
    """The code of a link by which the case's caller (or the one who joined with *contact_id*) rates this round."""
    memory = places.of(case.place_id)
    reviews = memory.preset.reviews if memory.preset is not None else None
    until = (now or clock.now()) + timedelta(days=reviews.link_days if reviews is not None else 30)
    raw = case.place_id.to_bytes(2, "big", signed=True) + case.id.bytes + (contact_id or NOBODY).bytes
    raw += case.round.to_bytes(1, "big") + int(until.timestamp()).to_bytes(5, "big")
    return signing.Signer(salt=SALT, sep=".").sign(base64.urlsafe_b64encode(raw).rstrip(b"=").decode())


def open_code(code: str, *, now: datetime | None = None) -> Opened:
    """What the code leads to. At most three SQL statements. Raises BadLink."""
    try:
        plain = signing.Signer(salt=SALT, sep=".").unsign(code)
        raw = base64.urlsafe_b64decode(plain + "=" * (-len(plain) % 4))
    except (signing.BadSignature, ValueError) as error:
        raise BadLink from error
    if int.from_bytes(raw[35:40], "big") < (now or clock.now()).timestamp():
        raise BadLink(over=True)
    place_id, turn = int.from_bytes(raw[:2], "big", signed=True), raw[34]
    case = Case.objects.filter(place_id=place_id, id=UUID(bytes=raw[2:18]), erased_at=None).first()
    contact_id = UUID(bytes=raw[18:34])
    contact = None
    if case is not None and contact_id != NOBODY:
        contact = Contact.objects.filter(place_id=place_id, id=contact_id, case_id=case.id).first()
    if case is None or (contact is None and contact_id != NOBODY):
        raise BadLink
    given = Answer.objects.filter(
        place_id=place_id,
        case_id=case.id,
        source="link",
        contact_id=contact.id if contact else None,
        round=turn,
    ).exists()
    rated = contact.satisfaction is not None if contact is not None else case.satisfaction is not None
    return Opened(
        case, contact, turn, case.closed_at is not None and case.round == turn and not given and not rated
    )


def made(case: Case, actor: Actor, contact_id: UUID | None = None, *, now: datetime | None = None) -> str:
    """As ``code_of``, with an event: somebody who serves printed or sent the link."""
    now = now or clock.now()
    code = code_of(case, contact_id, now=now)
    with transaction.atomic():
        data = {} if contact_id is None else {"contact": contact_id}
        ledger.append(
            case.place_id,
            [ledger.Entry(kind="review.link", at=now, case_id=case.id, data=data)],
            actor.for_ledger(),
        )
    return code


def rate(
    opened: Opened,
    data: Mapping[str, Any],
    *,
    device: str = "",
    channel: str = CHANNEL,
    now: datetime | None = None,
) -> CameTo:
    """The caller, or one who joined, says through a link how it was. Raises Refused.

    *data*: satisfaction, comment, wish (only the caller's leads to a new round). *device* is a random cookie; a keyed
    hash of it is kept for 90 days.
    """
    now = now or clock.now()
    said, wish = str(data.get("satisfaction", "")), bool(data.get("wish"))
    if said not in SATISFACTION:
        raise Refused("invalid", {"satisfaction": "?"})
    place_id, ident = opened.case.place_id, opened.case.id
    actor = Actor(channel=channel, holds=frozenset({ident}))
    with transaction.atomic():
        case = Case.objects.select_for_update(of=("self",)).get(place_id=place_id, id=ident)
        if case.closed_at is None or case.round != opened.round:
            raise Refused("over")
        came = CameTo()
        if opened.contact is None:
            if case.satisfaction is not None:
                raise Refused("rated")
            came = _of_caller(case, actor, said, str(data.get("comment") or "").strip(), wish, now)
        else:
            took = Contact.objects.filter(
                place_id=place_id, id=opened.contact.id, case_id=ident, satisfaction=None
            ).update(satisfaction=SATISFACTION[said])
            if not took:
                raise Refused("rated")
        answer = Answer(
            place_id=place_id, id=uuid7(), case_id=ident, source="link", joined=opened.contact is not None,
            contact_id=opened.contact.id if opened.contact is not None else None, round=opened.round,
            organ_id=case.organ_id, at=now, satisfaction=SATISFACTION[said], wish=wish and opened.contact is None,
        )  # fmt: skip
        try:
            with transaction.atomic():
                keep(answer, actor, came)
        except IntegrityError as error:
            raise Refused("rated") from error
        if device:
            note_device(case, device, channel, now)
        return came


def note_device(case: Case, device: str, channel: str, now: datetime) -> RatingMark:
    """Keep from which device a rating came, as a keyed hash, for 90 days. One SQL statement."""
    mark = RatingMark(
        place_id=case.place_id, id=uuid7(), case_id=case.id, at=now, channel=channel,
        device_hash=lookup_hash(device, "review.device"), expires=now + KEPT,
    )  # fmt: skip
    mark.save(force_insert=True)
    return mark


def _of_caller(case: Case, actor: Actor, said: str, comment: str, wish: bool, now: datetime) -> CameTo:
    memory = places.of(case.place_id)
    reviews = memory.preset.reviews if memory.preset is not None else None
    if reviews is None:
        return CameTo()
    if said == "unsatisfied" and wish:
        if len(comment) < 2:
            raise Refused("invalid", {"comment": "?"})
        return again(case, reviews, actor, comment, now)
    sent = {"satisfaction": said, **({"comment": comment} if comment else {})}
    with contextlib.suppress(Refused, Stale):
        perform(case.place_id, case.id, reviews.rated, actor, sent, now=now)
        return CameTo("rated")
    raise Refused("over")
