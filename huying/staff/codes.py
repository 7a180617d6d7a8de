"""Six-digit codes sent to a telephone: for registering, and for whatever room needs to know a number is
theirs.

How a code travels is not this room's business: `use_sender` takes a function from the room that can send
messages.
A demonstration has none and shows the code on the page.
"""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction
from django.db.models import Q

from huying import clock
from huying.ledger import keys
from huying.staff import contact, signin
from huying.staff.models import OneTimeCode
from huying.staff.people import normal_phone

LIFETIME = timedelta(minutes=5)
TRIES = 5
GAP = timedelta(seconds=60)
PER_PHONE, PER_ADDRESS = 5, 20  # an hour

Sender = Callable[[str, str, str], None]
"""(phone, code, purpose): hands the code to whatever sends it; raises when that fails."""

_sender: Sender | None = None


class CodeRefused(Exception):
    """No code was sent. `why`: "phone" (not a number), "wait" (too many or too soon), "no_sender"."""

    def __init__(self, why: str) -> None:
        self.why = why
        super().__init__(why)


@dataclass(frozen=True, slots=True)
class Sent:
    """A code on its way; `shown` is the code itself in a demonstration without a sender, else None."""

    phone: str
    shown: str | None


def use_sender(sender: Sender | None) -> None:
    """Let *sender* carry codes from now on."""
    global _sender
    _sender = sender


def send(phone: str, purpose: str, address: str | None = None) -> Sent:
    """Send a fresh code to *phone*; earlier ones for the same purpose are void. Raises CodeRefused."""
    normal = normal_phone(phone)
    if normal is None:
        raise CodeRefused("phone")
    if _sender is None and not signin.demo():
        raise CodeRefused("no_sender")
    now = clock.now()
    hashed = contact.phone_hash(normal)
    with transaction.atomic():
        recent = OneTimeCode.objects.filter(created_at__gt=now - timedelta(hours=1))
        theirs = recent.filter(phone_hash=hashed)
        if (
            theirs.filter(created_at__gt=now - GAP).exists()
            or theirs.count() >= PER_PHONE
            or (address is not None and recent.filter(address=address).count() >= PER_ADDRESS)
        ):
            raise CodeRefused("wait")
        OneTimeCode.objects.filter(phone_hash=hashed, purpose=purpose, used_at=None).update(used_at=now)
        code = f"{secrets.randbelow(10**6):06d}"
        OneTimeCode.objects.create(
            purpose=purpose,
            phone_hash=hashed,
            code_hash=_hash(normal, purpose, code),
            address=address,
            created_at=now,
            expires_at=now + LIFETIME,
        )
    if _sender is None:
        return Sent(normal, shown=code)
    _sender(normal, code, purpose)
    return Sent(normal, shown=None)


def check(phone: str, purpose: str, code: str) -> bool:
    """Whether *code* is the one sent last to *phone*; it is used up then. Five wrong tries make it void."""
    normal = normal_phone(phone)
    if normal is None:
        return False
    now = clock.now()
    with transaction.atomic():
        held = (
            OneTimeCode.objects.select_for_update()
            .filter(phone_hash=contact.phone_hash(normal), purpose=purpose, used_at=None)
            .filter(expires_at__gt=now, tries__lt=TRIES)
            .order_by("-created_at")
            .first()
        )
        if held is None:
            return False
        held.tries += 1
        right = hmac.compare_digest(bytes(held.code_hash), _hash(normal, purpose, code.strip()))
        if right:
            held.used_at = now
        held.save(update_fields=["tries", "used_at"])
    return right


def forget_old() -> int:
    """Delete codes older than a day; called by the background process."""
    gone, _tables = OneTimeCode.objects.filter(Q(created_at__lt=clock.now() - timedelta(days=1))).delete()
    return gone


def _hash(phone: str, purpose: str, code: str) -> bytes:
    return keys.lookup_hash(f"{purpose}:{phone}:{code}", "staff.code")
