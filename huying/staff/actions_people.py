"""Accounts: made, changed, ended, given a new password. One function a use case, each with its event."""

from __future__ import annotations

import secrets
from typing import Any

from axes.utils import reset as axes_reset
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from huying import clock
from huying.ledger.actions import Actor
from huying.staff import contact, events, signin
from huying.staff.models import ApiToken, Holding, Person
from huying.staff.throttle import key_of

# Read aloud and typed from paper: no letters that look like others.
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"


def create_person(
    place_id: int | None,
    username: str,
    name: str,
    *,
    actor: Actor,
    kind: str = Person.Kind.STAFF,
    phone: str = "",
    password: str | None = None,
    must_change_password: bool = False,
    check_password: bool = True,
    hashed: str = "",
) -> Person:
    """A new account. Raises ValidationError (by field) for a name taken, a poor password or a bad number.

    Without a password nobody can sign in until one is set. *check_password* is off only for demo data, and so is
    *hashed*: a password that many made-up people share and that was hashed once, since hashing is slow on purpose.
    """
    person = Person(
        place_id=place_id, username=Person.normalize_username(username.strip()), name=name.strip(), kind=kind
    )
    person.must_change_password = must_change_password
    if not person.username or not person.name:
        raise ValidationError({"username" if not person.username else "name": _("This is needed.")})
    if password is not None and check_password:
        check_password_rules(password, person)
    if hashed:
        person.password = hashed
    else:
        person.set_password(password)
    with transaction.atomic():
        _save_new(person, phone)
        events.write(events.PERSON_CREATED, person, actor, {"account_kind": str(kind)}, {"name": person.name})
    return person


def _save_new(person: Person, phone: str) -> None:
    try:
        contact.set_phone(person, phone)
    except ValueError:
        raise ValidationError({"phone": _("This is not a mobile number.")}) from None
    try:
        with transaction.atomic():
            person.save(force_insert=True)
    except IntegrityError as problem:
        if "person_resident_phone" in str(problem):
            raise ValidationError({"phone": _("There is an account with this number already.")}) from None
        raise ValidationError({"username": _("This name is taken.")}) from None


def change_person(person: Person, *, actor: Actor, **changes: Any) -> list[str]:
    """Change name, phone, language or elder_mode; the fields that did change. Raises ValidationError."""
    allowed = {"name", "phone", "language", "elder_mode"}
    if unknown := changes.keys() - allowed:
        raise TypeError(f"not to be changed here: {', '.join(sorted(unknown))}")
    fields: list[str] = []
    with transaction.atomic():
        if "phone" in changes:
            phone = changes.pop("phone")
            before = person.phone_hash
            try:
                contact.set_phone(person, phone)
            except ValueError:
                raise ValidationError({"phone": _("This is not a mobile number.")}) from None
            if (before and bytes(before)) != person.phone_hash:
                fields += ["phone_sealed", "phone_hash"]
        for field, value in changes.items():
            if getattr(person, field) != value:
                setattr(person, field, value)
                fields.append(field)
        if fields:
            try:
                with transaction.atomic():
                    person.save(update_fields=fields)
            except IntegrityError:
                raise ValidationError({"phone": _("There is an account with this number already.")}) from None
            events.write(events.PERSON_CHANGED, person, actor, {"fields": fields})
    return fields


def end_person(person: Person, *, actor: Actor) -> None:
    """Close the account: no sign-in, no posts, no keys, and whoever is signed in is out at once."""
    now = clock.now()
    with transaction.atomic():
        person.is_active = False
        person.save(update_fields=["is_active"])
        for holding in Holding.objects.filter(person=person, until=None).select_related("post"):
            holding.until = now
            holding.save(update_fields=["until"])
            data = {"post": holding.post_id, "role": holding.post.role, "slot": holding.slot}
            events.write(events.POST_LEFT, person, actor, data)
        for token in ApiToken.objects.filter(person=person, revoked=None):
            token.revoked = now
            token.save(update_fields=["revoked"])
            events.write(events.TOKEN_REVOKED, person, actor, {"token": token.pk})
        signin.end_sessions(person)
        events.write(events.PERSON_ENDED, person, actor)


def return_person(person: Person, *, actor: Actor) -> None:
    """Open an ended account again, without the posts it had."""
    with transaction.atomic():
        person.is_active = True
        try:
            with transaction.atomic():
                person.save(update_fields=["is_active"])
        except IntegrityError:
            raise ValidationError({"phone": _("There is an account with this number already.")}) from None
        events.write(events.PERSON_RETURNED, person, actor)


def change_password(person: Person, password: str, *, actor: Actor, keep: str | None = None) -> None:
    """The person's own new password; all other sessions end (*keep* is the key of this one).

    Raises ValidationError (field `password`).
    """
    check_password_rules(password, person)
    if person.check_password(password):
        raise ValidationError({"password": _("Choose another password than the present one.")})
    with transaction.atomic():
        person.set_password(password)
        person.must_change_password = False
        person.save(update_fields=["password", "must_change_password"])
        signin.end_sessions(person, keep=keep)
        events.write(events.PASSWORD_CHANGED, person, actor, {"how": "own"})


def reset_password(person: Person, *, actor: Actor) -> str:
    """A random password to hand over once; it must be changed at the first sign-in. All sessions end."""
    password = "-".join("".join(secrets.choice(_LETTERS) for _i in range(4)) for _j in range(4))
    with transaction.atomic():
        person.set_password(password)
        person.must_change_password = True
        person.save(update_fields=["password", "must_change_password"])
        signin.end_sessions(person)
        events.write(events.PASSWORD_CHANGED, person, actor, {"how": "reset"})
    return password


def unlock(person: Person, *, actor: Actor) -> int:
    """Forget the failed sign-ins that lock this account out. How many rows that were."""
    with transaction.atomic():
        gone = axes_reset(username=person.username)
        if person.phone_hash is not None:
            gone += axes_reset(username=key_of(bytes(person.phone_hash)))
        events.write(events.UNLOCKED, person, actor)
    return int(gone)


def unmask_phone(person: Person, reason: str, *, actor: Actor) -> str:
    """The number in clear, with the look and its reason on the ledger. ValidationError without a reason."""
    if len(reason.strip()) < 2:
        raise ValidationError({"reason": _("Say why you need to see it.")})
    with transaction.atomic():
        phone = contact.phone_of(person)
        events.write(events.UNMASKED, person, actor, {"field": "phone"}, {"reason": reason.strip()})
    return phone


def check_password_rules(password: str, person: Person) -> None:
    """Raise ValidationError (field `password`) when *password* is too poor for *person*."""
    try:
        validate_password(password, person)
    except ValidationError as problem:
        raise ValidationError({"password": problem.messages}) from None
