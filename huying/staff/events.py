"""Kinds of event that this room writes to the ledger. The subject is the person concerned; names stay
private."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

from huying import clock
from huying.ledger import actions as ledger
from huying.ledger import kinds
from huying.ledger.actions import Actor, Entry
from huying.staff.models import Person

SIGNED_IN = "staff.signed_in"
SIGN_IN_FAILED = "staff.sign_in_failed"
SIGNED_OUT = "staff.signed_out"
SESSIONS_ENDED = "staff.sessions_ended"
PASSWORD_CHANGED = "staff.password_changed"  # noqa: S105 - the name of an event
SECOND_FACTOR = "staff.second_factor"
PERSON_CREATED = "staff.person_created"
PERSON_CHANGED = "staff.person_changed"
PERSON_ENDED = "staff.person_ended"
PERSON_RETURNED = "staff.person_returned"
UNLOCKED = "staff.unlocked"
POST_TAKEN = "staff.post_taken"
POST_LEFT = "staff.post_left"
POST_ENDED = "staff.post_ended"
ABSENT = "staff.absent"
BACK = "staff.back"
DELEGATE_MADE = "staff.delegate_made"
DELEGATE_ENDED = "staff.delegate_ended"
TOKEN_MADE = "staff.token_made"  # noqa: S105
TOKEN_REVOKED = "staff.token_revoked"  # noqa: S105
UNMASKED = "staff.unmasked"
EMERGENCY = "staff.emergency"
EMERGENCY_OVER = "staff.emergency_over"
IDENTITY_LINKED = "staff.identity_linked"
IDENTITY_UNLINKED = "staff.identity_unlinked"

kinds.register(SIGNED_IN, _("Signed in"), ("how",))
kinds.register(SIGN_IN_FAILED, _("A sign-in failed (%(why)s)"), ("why",))
kinds.register(SIGNED_OUT, _("Signed out"))
kinds.register(SESSIONS_ENDED, _("%(count)s sessions ended"), ("count",))
kinds.register(PASSWORD_CHANGED, _("Password changed (%(how)s)"), ("how",))
kinds.register(SECOND_FACTOR, _("Second factor: %(what)s"), ("what",))
kinds.register(PERSON_CREATED, _("Account made"), ("account_kind",))
kinds.register(PERSON_CHANGED, _("Account changed"), ("fields",))
kinds.register(PERSON_ENDED, _("Account ended"))
kinds.register(PERSON_RETURNED, _("Account opened again"))
kinds.register(UNLOCKED, _("Sign-in unlocked"))
kinds.register(
    POST_TAKEN, _("Took the post %(role)s (%(slot)s)"), ("post", "role", "division", "organ", "slot")
)
kinds.register(POST_LEFT, _("Left the post %(role)s (%(slot)s)"), ("post", "role", "slot"))
kinds.register(POST_ENDED, _("The post %(role)s was ended"), ("post", "role"))
kinds.register(ABSENT, _("Absent from %(since)s"), ("absence", "since", "until", "reason"))
kinds.register(BACK, _("Absence ended"), ("absence",))
kinds.register(DELEGATE_MADE, _("Became a delegate (%(body)s)"), ("body", "division"))
kinds.register(DELEGATE_ENDED, _("Ceased to be a delegate (%(body)s)"), ("body", "division"))
kinds.register(TOKEN_MADE, _("An API key was made"), ("token", "scopes", "expires"))
kinds.register(TOKEN_REVOKED, _("An API key was revoked"), ("token",))
kinds.register(IDENTITY_LINKED, _("An outside sign-on was linked"))
kinds.register(IDENTITY_UNLINKED, _("The outside sign-on was unlinked"))
kinds.register(EMERGENCY, _("An emergency was declared"), ("emergency", "division", "reason", "until"))
kinds.register(EMERGENCY_OVER, _("An emergency was called off"), ("emergency", "division"))
kinds.register(UNMASKED, _("A sensitive field was looked at (%(field)s)"), ("field", "reason"))


def write(
    kind: str,
    person: Person,
    actor: Actor,
    data: Mapping[str, Any] | None = None,
    private: Mapping[str, Any] | None = None,
) -> None:
    """Append an event about *person*, in the transaction that changes the state.

    Somebody without a place (the operator of several) has no ledger to be written in.
    """
    _append(person, actor, [_entry(kind, person, data, private)])


def write_all(kind: str, person: Person, actor: Actor, told: Iterable[Mapping[str, Any]]) -> None:
    """The same for several of a kind at once, in one statement."""
    _append(person, actor, [_entry(kind, person, data, None) for data in told])


def _entry(
    kind: str, person: Person, data: Mapping[str, Any] | None, private: Mapping[str, Any] | None
) -> Entry:
    subject = ("person", person.pk)
    return Entry(kind=kind, subject=subject, data=dict(data or {}), private=private, at=clock.now())


def _append(person: Person, actor: Actor, entries: Sequence[Entry]) -> None:
    if person.place_id is not None:
        ledger.append(person.place_id, entries, actor)
