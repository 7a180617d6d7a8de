"""Signing in and out, and the sessions that come of it."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.auth import login, logout
from django.db import transaction
from django.http import HttpRequest

from huying import clock
from huying.ledger.actions import Actor
from huying.staff import events
from huying.staff.models import Person, Session
from huying.staff.throttle import address_of

IDLE_STAFF = 8 * 3600  # seconds without a request until staff are signed out
IDLE_RESIDENT = 30 * 24 * 3600
TOUCH_EVERY = 300  # seconds between two notes that a session is in use

# What the session says about the second factor: absent = none asked for.
SECOND, NEEDED, DONE = "second", "needed", "done"
MUST_CHANGE = "must_change"
POST = "post"


def sign_in(request: HttpRequest, person: Person, how: str = "password", second: bool = False) -> None:
    """Start *person*'s session under a fresh key. With *second* it may do nothing before the second
    factor."""
    with transaction.atomic():
        login(request, person, backend="huying.staff.backends.PersonBackend")
        session = request.session
        session.set_expiry(IDLE_RESIDENT if person.kind == Person.Kind.RESIDENT else IDLE_STAFF)
        session["agent"] = request.headers.get("User-Agent", "")[:200]
        session["address"] = address_of(request)
        session["started_at"] = session["seen_at"] = clock.now().isoformat()
        session.pop(POST, None)
        _flag(session, SECOND, NEEDED if second else None)
        _flag(session, MUST_CHANGE, True if person.must_change_password else None)
        session.save()
        events.write(events.SIGNED_IN, person, Actor(person_id=person.pk, channel="web"), {"how": how})


def sign_out(request: HttpRequest) -> None:
    """End this session."""
    if isinstance(request.user, Person):
        with transaction.atomic():
            person = request.user
            logout(request)
            events.write(events.SIGNED_OUT, person, Actor(person_id=person.pk, channel="web"))


def second_factor_done(request: HttpRequest) -> None:
    """Open the session fully, under a fresh key, because it may do more now."""
    request.session.cycle_key()
    request.session[SECOND] = DONE


def sessions_of(person: Person) -> list[Session]:
    """The person's live sessions, the most recently used first."""
    from django.utils import timezone

    # Django itself lets sessions expire by the machine's clock, so this list does too.
    return list(
        Session.objects.filter(person_id=person.pk, expire_date__gt=timezone.now()).order_by("-seen_at")
    )


def end_sessions(person: Person, keep: str | None = None, only: str | None = None) -> int:
    """End the person's sessions: all, all but the one with key *keep*, or *only* one. How many."""
    found = Session.objects.filter(person_id=person.pk)
    if keep is not None:
        found = found.exclude(session_key=keep)
    if only is not None:
        found = found.filter(session_key=only)
    gone, _tables = found.delete()
    return gone


def touch(request: HttpRequest) -> None:
    """Note now and then that the session is in use, which also moves its end."""
    seen = str(request.session.get("seen_at", ""))
    now = clock.now()
    if seen[:16] != now.isoformat()[:16] and _seconds_since(seen, now) >= TOUCH_EVERY:
        request.session["seen_at"] = now.isoformat()


def demo() -> bool:
    """Whether this is a demonstration, where sign-ins are kept easy and a banner says so."""
    return bool(getattr(settings, "HUYING_DEMO", False))


def _seconds_since(seen: str, now: Any) -> float:
    from datetime import datetime

    try:
        return float((now - datetime.fromisoformat(seen)).total_seconds())
    except ValueError:
        return float(TOUCH_EVERY)


def _flag(session: Any, name: str, value: Any) -> None:
    if value is None:
        session.pop(name, None)
    else:
        session[name] = value


def password_changed(request: HttpRequest, person: Person) -> None:
    """Keep this session alive over the person's own change of password, under a fresh key."""
    from django.contrib.auth import update_session_auth_hash

    update_session_auth_hash(request, person)
    request.session.pop(MUST_CHANGE, None)
