"""Accounts of an outside sign-on (OpenID Connect) that stand for people here: the only writers of ``Identity``.

Kept is a keyed hash of who somebody is over there, never a token, a picture or an address book: enough to know them
again, of no use to anybody else.
"""

from __future__ import annotations

from secrets import token_hex

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from huying import clock
from huying.ledger.actions import Actor
from huying.ledger.keyfiles import lookup_hash
from huying.staff import actions_people, events
from huying.staff.models import Identity, Person

WEB = "web"


def mark_of(issuer: str, subject: str) -> bytes:
    """By what an outside account is known here."""
    return lookup_hash(f"{issuer}\0{subject}", "staff.identity")


def person_of(issuer: str, subject: str) -> Person | None:
    """Whose outside account that is: an active person, or None. One SQL statement."""
    found = (
        Identity.objects.filter(mark=mark_of(issuer, subject), person__is_active=True)
        .exclude(person__kind=Person.Kind.SERVICE)
        .select_related("person")
        .first()
    )
    return None if found is None else found.person


def link(person: Person, issuer: str, subject: str) -> Identity:
    """Let the outside account stand for *person* from now on. ValidationError when it stands for somebody."""
    try:
        with transaction.atomic():
            made = Identity.objects.create(
                person=person, issuer=issuer, mark=mark_of(issuer, subject), linked_at=clock.now()
            )
            events.write(events.IDENTITY_LINKED, person, Actor(person_id=person.pk, channel=WEB))
    except IntegrityError:
        raise ValidationError(_("That account is linked with another person here already.")) from None
    return made


def unlink(person: Person) -> int:
    """End every link of *person*; how many there were. The outside sign-on opens nothing from then on."""
    with transaction.atomic():
        gone, _tables = Identity.objects.filter(person=person).delete()
        if gone:
            events.write(events.IDENTITY_UNLINKED, person, Actor(person_id=person.pk, channel=WEB))
    return gone


def new_resident(place_id: int, issuer: str, subject: str, name: str) -> Person:
    """A resident's account for somebody who has none, opened by the outside sign-on alone."""
    with transaction.atomic():
        person = actions_people.create_person(
            place_id,
            f"r-{token_hex(8)}",
            name.strip()[:60] or _("Resident"),
            kind=Person.Kind.RESIDENT,
            actor=Actor(channel=WEB),
        )
        link(person, issuer, subject)
    return person
