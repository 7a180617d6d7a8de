"""API keys: 256 random bits shown once, kept as SHA-256, looked up in one indexed statement."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Collection, Iterable
from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from huying import clock
from huying.ledger.actions import Actor
from huying.staff import events
from huying.staff.models import ApiToken, Person

PREFIX = "hy_"
SCOPES = {
    "cases:read": gettext_lazy("read cases"),
    "cases:write": gettext_lazy("report cases"),
    "cases:move": gettext_lazy("make moves"),
    "places:read": gettext_lazy("read places"),
    "items:read": gettext_lazy("read items"),
    "organs:read": gettext_lazy("read organs"),
    "open311": gettext_lazy("Open311"),
}
_NOTE_EVERY = timedelta(minutes=10)


def create(
    person: Person,
    name: str,
    scopes: Iterable[str],
    *,
    actor: Actor,
    expires: datetime | None = None,
) -> tuple[ApiToken, str]:
    """A key that acts as *person* within *scopes*, and its text, which nobody can show again.

    Raises ValidationError for an unknown scope, no scope, or an end that has passed.
    """
    wanted = sorted(set(scopes))
    if not wanted or not set(wanted) <= SCOPES.keys():
        raise ValidationError({"scopes": _("Choose at least one scope from the list.")})
    if expires is not None and expires <= clock.now():
        raise ValidationError({"expires": _("The end has passed already.")})
    if person.place_id is None:
        raise ValidationError({"person": _("This person belongs to another place.")})
    text = PREFIX + secrets.token_urlsafe(32)
    with transaction.atomic():
        token = ApiToken.objects.create(
            place_id=person.place_id,
            person=person,
            name=name.strip()[:80] or "API",
            hash=_hash(text),
            scopes=wanted,
            expires=expires,
        )
        data = {"token": token.pk, "scopes": wanted, "expires": expires}
        events.write(events.TOKEN_MADE, person, actor, data)
    return token, text


def verify(text: str, needed: Collection[str] = ()) -> ApiToken | None:
    """The live key with that text whose scopes hold all of *needed*, `person` loaded with it; else None.

    One indexed SQL statement; at most every ten minutes a second one notes that the key is in use.
    """
    if not text.startswith(PREFIX) or len(text) > 100:
        return None
    now = clock.now()
    token = (
        ApiToken.objects.select_related("person")
        .filter(Q(expires=None) | Q(expires__gt=now), hash=_hash(text), revoked=None, person__is_active=True)
        .first()
    )
    if token is None or not set(needed) <= set(token.scopes):
        return None
    if token.last_used is None or now - token.last_used >= _NOTE_EVERY:
        ApiToken.objects.filter(pk=token.pk).update(last_used=now)
        token.last_used = now
    return token


def revoke(token: ApiToken, *, actor: Actor) -> None:
    """The key stops working at once."""
    if token.revoked is not None:
        return
    with transaction.atomic():
        token.revoked = clock.now()
        token.save(update_fields=["revoked"])
        events.write(events.TOKEN_REVOKED, token.person, actor, {"token": token.pk})


def _hash(text: str) -> bytes:
    return hashlib.sha256(text.encode()).digest()
