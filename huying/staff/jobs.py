"""What the background process does for this room."""

from __future__ import annotations

from django.utils import timezone

from huying.staff import codes
from huying.staff.models import Session


def tidy() -> None:
    """Delete sessions that are over and codes nobody can use any more."""
    Session.objects.filter(expire_date__lt=timezone.now()).delete()
    codes.forget_old()


TICKS = [("staff-tidy", 3600, tidy)]
