"""Slowing down guessing: django-axes counts per name and address; one address has a limit for all names
together."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from axes.models import AccessAttempt
from django.conf import settings
from django.db.models import Sum
from django.http import HttpRequest
from django.utils import timezone

from huying.staff import contact
from huying.staff.people import normal_phone

# A whole office may share one address, so it gets far more tries than one name does.
PER_ADDRESS = 100


def key_of(phone_hash: bytes) -> str:
    """What stands in django-axes' table instead of a telephone number."""
    return f"phone:{phone_hash.hex()[:32]}"


def name_for_axes(request: HttpRequest | None, credentials: Mapping[str, Any] | None) -> str:
    """The name under which tries are counted; a telephone number only as a hash (setting
    AXES_USERNAME_CALLABLE)."""
    typed = (credentials or {}).get("username")
    if typed is None and request is not None:
        typed = request.POST.get("username", "")
    name = str(typed or "").strip()[:60]
    phone = normal_phone(name)
    return key_of(contact.phone_hash(phone)) if phone else name


def address_of(request: HttpRequest) -> str | None:
    """The client's address, believing a proxy only as far as the settings say."""
    from axes.helpers import get_client_ip_address

    found = get_client_ip_address(request)
    return str(found) if found else None


def address_is_busy(request: HttpRequest) -> bool:
    """Whether so many sign-ins failed from this address lately that it has to wait, whatever the name."""
    address = address_of(request)
    if address is None:
        return False
    hours = float(getattr(settings, "AXES_COOLOFF_TIME", 0.5) or 0.5)
    since = timezone.now() - timedelta(hours=hours)
    failures = AccessAttempt.objects.filter(ip_address=address, attempt_time__gte=since).aggregate(
        total=Sum("failures_since_start")
    )["total"]
    return int(failures or 0) >= PER_ADDRESS
