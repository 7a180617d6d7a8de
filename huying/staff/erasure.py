"""What erasing a person leaves of their account: an id, so that the record still says that it was one and the same."""

from __future__ import annotations

from uuid import UUID

from django.contrib.auth.hashers import make_password

from huying.ledger.erasure import on_erase
from huying.ledger.sealing import Subject
from huying.staff import signin
from huying.staff.models import ApiToken, Identity, Person


def register() -> None:
    """Have the ledger call this room with every erasure; called when the app is ready."""
    on_erase(wipe)


def wipe(place_id: int, subject: Subject, event_id: UUID) -> None:
    """Empty the account: nobody can sign in with it again. Doing it twice is harmless."""
    kind, ident = subject
    if kind != "person":
        return
    person = Person.objects.filter(pk=ident, place_id=place_id).first()
    if person is None:
        return
    signin.end_sessions(person)
    ApiToken.objects.filter(person_id=ident).delete()
    Identity.objects.filter(person_id=ident).delete()
    Person.objects.filter(pk=ident).update(
        username=f"erased-{ident}", name="", phone_sealed=None, phone_hash=None, is_active=False,
        password=make_password(None),
    )  # fmt: skip
