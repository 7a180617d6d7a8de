"""Links and QR codes for rating one case without signing in: signed, for one purpose, for a time, once for each caller.

A link holds ids only. It opens the rating page of that case and round and nothing else: neither its story nor its
contact. Those who joined a case have links of their own and rate apart from the caller; so does whoever made a
call that was merged into it.
"""

from __future__ import annotations

import base64
import contextlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils.crypto import constant_time_compare, salted_hmac

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
OWN, SIGNED = 24, 9  # bytes of a code without whose it is, and of its signature
MERGED_MOST = 5  # a case into which calls were merged may itself be merged


class BadLink(Exception):
    """The link is none of ours, or its time is over (``over``)."""

    def __init__(self, over: bool = False) -> None:
        super().__init__("over" if over else "unknown")
        self.over = over


@dataclass(frozen=True, slots=True)
class Opened:
    """What a link leads to. *by* is set for somebody beside the caller: the contact of one who joined (*contact*), or the
    call that was merged into this one. *may* says whether it can still be rated."""

    case: Case
    contact: Contact | None
    round: int
    may: bool
    by: UUID | None = None


def code_of(case: Case, by: UUID | None = None, *, now: datetime | None = None) -> str:
    """The code of a link by which the case's caller rates this round; *by*: the contact of one who joined it, or the case
    of a call that was merged into it. Short, because it goes out by SMS."""
    memory = places.of(case.place_id)
    reviews = memory.preset.reviews if memory.preset is not None else None
    until = (now or clock.now()) + timedelta(days=reviews.link_days if reviews is not None else 30)
    raw = case.place_id.to_bytes(2, "big", signed=True) + case.id.bytes + case.round.to_bytes(1, "big")
    raw += int(until.timestamp()).to_bytes(5, "big") + (by.bytes if by is not None else b"")
    return base64.urlsafe_b64encode(raw + _sign(raw, settings.SECRET_KEY)).rstrip(b"=").decode()


def _sign(raw: bytes, key: str) -> bytes:
    return salted_hmac(SALT, raw, secret=key, algorithm="sha256").digest()[:SIGNED]


def _unsigned(code: str) -> bytes:
    """What a code says. Raises BadLink for one that we did not make."""
    try:
        held = base64.b64decode(code + "=" * (-len(code) % 4), altchars=b"-_", validate=True)
    except ValueError as error:
        raise BadLink from error
    raw, mark = held[:-SIGNED], held[-SIGNED:]
    keys = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    known = any(constant_time_compare(_sign(raw, key), mark) for key in keys)
    if not known or len(raw) not in (OWN, OWN + 16):
        raise BadLink
    return raw


def open_code(code: str, *, now: datetime | None = None) -> Opened:
    """What the code leads to. At most three SQL statements. Raises BadLink."""
    raw = _unsigned(code)
    if int.from_bytes(raw[19:OWN], "big") < (now or clock.now()).timestamp():
        raise BadLink(over=True)
    place_id, turn = int.from_bytes(raw[:2], "big", signed=True), raw[18]
    by = UUID(bytes=raw[OWN:]) if len(raw) > OWN else None
    case = Case.objects.filter(place_id=place_id, id=UUID(bytes=raw[2:18]), erased_at=None).first()
    if case is None:
        raise BadLink
    given = Answer.objects.filter(place_id=place_id, case_id=case.id, source="link", contact_id=by)
    if by is None:
        open_still = case.satisfaction is None and not given.filter(round=turn).exists()
        return Opened(case, None, turn, case.closed_at is not None and case.round == turn and open_still)
    contact = Contact.objects.filter(place_id=place_id, id=by, case_id=case.id).first()
    if contact is not None:
        open_still = contact.satisfaction is None
    elif Case.objects.filter(place_id=place_id, id=by, lead_id__isnull=False, erased_at=None).exists():
        open_still = not given.exists()  # once, whatever becomes of the case afterwards
    else:
        raise BadLink
    return Opened(case, contact, turn, case.closed_at is not None and case.round == turn and open_still, by)


def lead_of(case: Case) -> Case | None:
    """The case into which a call was merged in the end; None for one that was not. A statement for each merging."""
    lead: Case | None = None
    following = case.lead_id
    for _turn in range(MERGED_MOST):
        if following is None:
            break
        lead = Case.objects.filter(place_id=case.place_id, id=following, erased_at=None).first()
        following = lead.lead_id if lead is not None else None
    return lead


def for_message(case: Case, contact: Contact | None, person_id: UUID | None) -> str:
    """The path of the link that the message "please rate" carries; "" where there is nothing that it could be for.

    Three SQL statements at most. The link says nothing about the case to whoever reads the message.
    """
    memory = places.of(case.place_id)
    reviews = memory.preset.reviews if memory.preset is not None else None
    if reviews is None or not reviews.rated or case.kind not in reviews.of or case.closed_at is None:
        return ""
    by = contact.id if contact is not None and contact.join else None
    if contact is None and person_id != case.reporter_id:
        joined = Contact.objects.filter(
            place_id=case.place_id, case_id=case.id, person_id=person_id, join=True
        )
        by = joined.values_list("id", flat=True).first()
        if by is None:
            return ""
    return reverse("reviews:rate", args=[code_of(case, by)])


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
        if case.closed_at is None or case.round != opened.round or case.erased_at is not None:
            raise Refused("over")
        came = CameTo()
        if opened.by is None:
            if case.satisfaction is not None:
                raise Refused("rated")
            came = _of_caller(case, actor, said, str(data.get("comment") or "").strip(), wish, now)
        elif opened.contact is None:
            given = Answer.objects.filter(
                place_id=place_id, case_id=ident, source="link", contact_id=opened.by
            )
            if given.exists():
                raise Refused("rated")
        else:
            took = Contact.objects.filter(
                place_id=place_id, id=opened.contact.id, case_id=ident, satisfaction=None
            ).update(satisfaction=SATISFACTION[said])
            if not took:
                raise Refused("rated")
        answer = Answer(
            place_id=place_id, id=uuid7(), case_id=ident, source="link", joined=opened.by is not None,
            contact_id=opened.by, round=opened.round,
            organ_id=case.organ_id, at=now, satisfaction=SATISFACTION[said], wish=wish and opened.by is None,
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
