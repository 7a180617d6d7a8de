"""The second factor: an authenticator app (TOTP), and recovery codes for when it is lost."""

from __future__ import annotations

import hmac
import secrets

import segno
from django.db import transaction
from django.http import HttpRequest

from huying import clock
from huying.ledger import keys
from huying.ledger.actions import Actor
from huying.staff import events, signin
from huying.staff.models import Authenticator, Person, RecoveryCode
from huying.staff.sight import Sight

# Whoever steers cases of others, manages or inspects; the rest may use it if they like.
RIGHTS = frozenset(
    {"desk", "inspect", "manage_people", "manage_items", "manage_presets", "manage_keys", "manage_places"}
)
RECOVERY_CODES = 10


class SecondFactorNeeded(Exception):
    """The session may not use these rights yet; `StaffMiddleware` sends the browser to the right page."""


def required(seen: Sight) -> bool:
    """Whether the rights of *seen* need a second factor on this deployment; a demonstration asks for none."""
    return not signin.demo() and not seen.rights.isdisjoint(RIGHTS)


def device_of(person: Person) -> Authenticator | None:
    """The person's confirmed authenticator."""
    found: Authenticator | None = Authenticator.objects.filter(user=person, confirmed=True).first()
    return found


def begin(person: Person) -> Authenticator:
    """A fresh secret to be confirmed; an older one that was never confirmed is dropped."""
    Authenticator.objects.filter(user=person, confirmed=False).delete()
    made: Authenticator = Authenticator.objects.create(
        user=person, name=Authenticator.DERIVED, confirmed=False
    )
    return made


def pending(person: Person) -> Authenticator | None:
    """The secret that waits for confirmation."""
    found: Authenticator | None = Authenticator.objects.filter(user=person, confirmed=False).first()
    return found


def picture(device: Authenticator, issuer: str) -> str:
    """The secret as a QR code: an SVG element without styles, so that the content policy lets it through."""
    from urllib.parse import quote

    label = quote(f"{issuer}:{device.user.get_username()}")
    secret = secret_of(device)
    address = f"otpauth://totp/{label}?secret={secret}&issuer={quote(issuer)}&digits={device.digits}"
    code = segno.make(address, error="m", micro=False)
    return str(code.svg_inline(scale=5, border=2, omitsize=True, svgclass="qr", lineclass="qr-line"))


def secret_of(device: Authenticator) -> str:
    """The secret in base32, for typing where the camera does not work."""
    from base64 import b32encode

    return b32encode(device.bin_key).decode().rstrip("=")


def confirm(person: Person, code: str, *, actor: Actor) -> list[str] | None:
    """Confirm the pending secret by a code of it; the recovery codes, to be shown once. None: wrong code."""
    device = pending(person)
    if device is None or not device.verify_token(_digits(code)):
        return None
    with transaction.atomic():
        Authenticator.objects.filter(user=person, confirmed=True).delete()
        device.confirmed = True
        device.save()
        codes = _new_codes(person)
        events.write(events.SECOND_FACTOR, person, actor, {"what": "on"})
    return codes


def check(person: Person, code: str) -> bool:
    """Whether *code* is right now for the person's authenticator, or a recovery code not used yet (used up
    then).

    django-otp makes wrong guesses wait longer and longer.
    """
    typed = code.strip().replace(" ", "").replace("-", "").lower()
    device = device_of(person)
    if device is not None and typed.isdecimal() and len(typed) == device.digits:
        return bool(device.verify_token(typed))
    return _use_recovery(person, typed)


def remove(person: Person, *, actor: Actor) -> None:
    """Take the second factor away (a lost telephone): an administrator does this, and the person starts
    again."""
    with transaction.atomic():
        Authenticator.objects.filter(user=person).delete()
        RecoveryCode.objects.filter(person=person).delete()
        signin.end_sessions(person)
        events.write(events.SECOND_FACTOR, person, actor, {"what": "removed"})


def hold_back(request: HttpRequest, seen: Sight) -> None:
    """Raise SecondFactorNeeded when *seen* needs a second factor and the session has not shown one."""
    if required(seen) and request.session.get(signin.SECOND) != signin.DONE:
        raise SecondFactorNeeded


def _digits(code: str) -> int:
    typed = code.strip().replace(" ", "")
    return int(typed) if typed.isdecimal() and len(typed) <= 8 else -1


def _new_codes(person: Person) -> list[str]:
    RecoveryCode.objects.filter(person=person).delete()
    codes = [f"{secrets.randbelow(16**5):05x}-{secrets.randbelow(16**5):05x}" for _ in range(RECOVERY_CODES)]
    RecoveryCode.objects.bulk_create(
        RecoveryCode(person=person, code_hash=_hash(person, code.replace("-", ""))) for code in codes
    )
    return codes


def _hash(person: Person, code: str) -> bytes:
    # Keyed: 40 bits alone could be tried out by somebody who only has the table.
    return keys.lookup_hash(f"{person.pk}:{code}", "staff.recovery")


def _use_recovery(person: Person, typed: str) -> bool:
    wanted = _hash(person, typed)
    with transaction.atomic():
        for row in RecoveryCode.objects.select_for_update().filter(person=person, used_at=None):
            if hmac.compare_digest(bytes(row.code_hash), wanted):
                row.used_at = clock.now()
                row.save(update_fields=["used_at"])
                return True
    return False
