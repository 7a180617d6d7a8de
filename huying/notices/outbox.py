"""Sending: from a row of the outbox to a channel. Runs in jobs, never in a request.

A message may go out twice when a process dies between sending and noting it; it bears the same id then.
"""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils import translation

from huying import clock
from huying.cases import tracks
from huying.cases.models import Case, Contact
from huying.ledger import keys, sm
from huying.ledger.ids import uuid7
from huying.ledger.sealing import lookup_hash, open_sealed
from huying.notices import channels, choices, words
from huying.notices.channels import Message, Undelivered
from huying.notices.kinds import ABOUT
from huying.notices.models import Delivery, Notice
from huying.staff import codes, contact
from huying.staff.models import Person
from huying.staff.sight import sight_of

State = Delivery.State
TRIES = 6
CODE = "code"
LANGUAGE = "zh-hans"  # of whoever chose none
STUCK = timedelta(hours=2)  # a job that was taken and never came back
BATCH = 500


def hand_over(most: int = BATCH) -> int:
    """Give what is due to the job queue; what got stuck there is taken anew. How many were given."""
    from huying.notices.tasks import deliver

    now = clock.now()
    with transaction.atomic():
        stuck = Delivery.objects.filter(state=State.QUEUED, due_at__lt=now, changed_at__lt=now - STUCK)
        stuck.update(state=State.WAITING, changed_at=now)
        rows = list(
            Delivery.objects.select_for_update(skip_locked=True)
            .filter(state=State.WAITING, due_at__lte=now)
            .order_by("due_at")[:most]
        )
        if rows:
            Delivery.objects.filter(pk__in=[row.pk for row in rows]).update(
                state=State.QUEUED, changed_at=now
            )
            jobs: list[Any] = [{"place_id": row.place_id, "ident": str(row.id)} for row in rows]
            deliver.batch_defer(*jobs)
    return len(rows)


def carry_codes() -> None:
    """Let one-time codes travel by SMS where there is a gateway; a demonstration goes on showing them."""
    if settings.HUYING_SMS_URL:
        codes.use_sender(send_code)


def send_code(phone: str, code: str, purpose: str) -> None:
    """Put a one-time code into the outbox, sealed, and hand it over at once."""
    from huying.notices.tasks import deliver

    now, ident = clock.now(), uuid7()
    sealed = sm.encrypt(_code_key(), json.dumps({"to": phone, "code": code}).encode(), ident.bytes)
    with transaction.atomic():
        Delivery.objects.create(
            place_id=0, id=ident, channel=channels.SMS, template=CODE, sealed=sealed, state=State.QUEUED, at=now,
            due_at=now, changed_at=now,
        )  # fmt: skip
        deliver.defer(place_id=0, ident=str(ident))


def _code_key() -> bytes:
    # The key lies outside the database, as those of all lookups do.
    return lookup_hash("one-time codes on their way", "notices.outbox")[: sm.KEY]


def send(place_id: int, ident: UUID) -> bool:
    """Send one message and note what came of it; False when it should be tried again later."""
    row = Delivery.objects.filter(place_id=place_id, id=ident, state=State.QUEUED).first()
    if row is None:
        return True  # erased, or sent by an earlier attempt
    channel = channels.find(row.channel)
    message = _message(row)
    if message is None or channel is None:
        _note(row, State.DROPPED, "" if message is None else "no-channel")
        return True
    try:
        channel.send(message)
    except Undelivered as problem:
        row.tries += 1
        if problem.again and row.tries < TRIES and not (row.template == CODE and _over(row)):
            Delivery.objects.filter(pk=row.pk).update(
                tries=row.tries, problem=problem.code, changed_at=clock.now()
            )
            return False
        _note(row, State.FAILED, problem.code)
        return True
    row.tries += 1
    _note(row, State.SENT, "")
    return True


def again(place_id: int, ident: UUID) -> bool:
    """Try a failed message once more, for an administrator. A one-time code is gone for good."""
    now = clock.now()
    return bool(
        Delivery.objects.filter(place_id=place_id, id=ident, state=State.FAILED)
        .exclude(template=CODE)
        .update(state=State.WAITING, tries=0, due_at=now, changed_at=now)
    )


def _note(row: Delivery, state: str, problem: str) -> None:
    # An erasure may have taken the row in the meantime: then there is nothing to note.
    Delivery.objects.filter(pk=row.pk).update(
        state=state, problem=problem, tries=row.tries, sealed=None, changed_at=clock.now()
    )


def _over(row: Delivery) -> bool:
    return clock.now() - row.at > codes.LIFETIME


def _message(row: Delivery) -> Message | None:
    """The message in words, made now: None when it is not to be sent any more."""
    if row.template == CODE or row.case_id is None:
        return _code_message(row)
    if row.template in ABOUT:
        return _plain_message(row)
    case = Case.objects.filter(place_id=row.place_id, id=row.case_id, erased_at=None).first()
    if case is None:
        return None
    language, to, track, caller = LANGUAGE, "", "", None
    if row.person_id is not None and row.notice_id is not None:
        person = _unread_by(row)
        if person is None:
            return None
        language, to = person.language or language, _address_of(person, row.channel)
    elif row.contact_id is not None:
        caller = Contact.objects.filter(place_id=row.place_id, id=row.contact_id).first()
        to, track = _phone_of(case, caller), _track(case, caller)
    if not to:
        return None
    with translation.override(language):
        link = words.link_of(row.template, case, caller, row.person_id)
        said = words.message(row.template, case, track, link)
    return Message(str(row.id), to, row.template, said.subject, said.text, said.params)


def _unread_by(row: Delivery) -> Person | None:
    """Whom the message is for; None when they have read the notice in the meantime or are gone."""
    if row.person_id is None or row.notice_id is None:
        return None
    if not Notice.objects.filter(place_id=row.place_id, id=row.notice_id, read_at=None).exists():
        return None
    return Person.objects.filter(id=row.person_id, is_active=True).first()


def _address_of(person: Person, channel: str) -> str:
    return contact.phone_of(person) if channel == channels.SMS else choices.mail_of(person)


def _plain_message(row: Delivery) -> Message | None:
    """A message about no case: only while whoever it is for may still know of it."""
    person = _unread_by(row)
    if person is None or row.case_id is None:
        return None
    if row.case_id not in ABOUT[row.template](sight_of(person), [row.case_id]):
        return None
    to = _address_of(person, row.channel)
    if not to:
        return None
    with translation.override(person.language or LANGUAGE):
        said = words.plain_message(row.template)
    return Message(str(row.id), to, row.template, said.subject, said.text, said.params)


def _code_message(row: Delivery) -> Message | None:
    if row.sealed is None or _over(row):
        return None
    held = json.loads(sm.decrypt(_code_key(), bytes(row.sealed), row.id.bytes))
    with translation.override(LANGUAGE):
        said = words.code_message(held["code"], int(codes.LIFETIME.total_seconds() // 60))
    return Message(str(row.id), held["to"], CODE, said.subject, said.text, said.params)


def _phone_of(case: Case, caller: Contact | None) -> str:
    if caller is None or not caller.sealed:
        return ""
    key = keys.find(case.place_id, [("case", case.id)]).get(("case", case.id))
    if key is None:
        return ""
    held = open_sealed(case.place_id, key, bytes(caller.sealed), f"contact:{caller.id}")
    return str(held.get("phone") or "")


def _track(case: Case, caller: Contact | None) -> str:
    """Whoever joined a call follows it with a code of their own."""
    return tracks.code_of(caller.id if caller is not None and caller.join else case.id)
