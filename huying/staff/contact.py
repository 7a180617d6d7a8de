"""Telephone numbers of people: sealed under the person's data key, found again by a keyed hash, shown
masked."""

from __future__ import annotations

from huying.ledger import keys, sealing
from huying.staff.models import Person
from huying.staff.people import normal_phone

PURPOSE = "staff.phone"
_CONTEXT = "staff.person.phone"


def phone_hash(phone: str) -> bytes:
    """The hash under which a number (11 digits, as `normal_phone` gives it) is found."""
    return keys.lookup_hash(phone, PURPOSE)


def set_phone(person: Person, phone: str) -> None:
    """Put *phone* on an unsaved or saved *person*, sealed; "" removes it. ValueError when it is not a number.

    Must run in a transaction: it may make the person's data key. Saving is the caller's.
    """
    if not phone:
        person.phone_sealed = person.phone_hash = None
        return
    normal = normal_phone(phone)
    if normal is None:
        raise ValueError("not a mobile number")
    if person.place_id is None:
        raise ValueError("somebody without a place has no data key to seal a number under")
    subject = ("person", person.pk)
    key = keys.find_or_make(person.place_id, [subject])[subject]
    person.phone_sealed = sealing.seal(person.place_id, key, {"phone": normal}, _CONTEXT).blob
    person.phone_hash = phone_hash(normal)


def phone_of(person: Person) -> str:
    """The number in clear, "" when there is none or it was erased. Whoever shows it writes
    `events.UNMASKED`."""
    if person.phone_sealed is None or person.place_id is None:
        return ""
    subject = ("person", person.pk)
    key = keys.find(person.place_id, [subject]).get(subject)
    if key is None:
        return ""
    held = sealing.open_sealed(person.place_id, key, bytes(person.phone_sealed), _CONTEXT)
    return str(held["phone"])


def masked(phone: str) -> str:
    """138****5678; short ones are hidden whole."""
    return f"{phone[:3]}****{phone[-4:]}" if len(phone) >= 11 else "*" * len(phone)
