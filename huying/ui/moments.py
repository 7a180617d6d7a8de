"""Moments as they are written where "today" would say nothing."""

from __future__ import annotations

from datetime import datetime

from django.utils import timezone


def in_full(moment: datetime | None) -> str:
    """With the year and without words, for what is read months later or elsewhere: papers, sheets, a case's story."""
    return timezone.localtime(moment).strftime("%Y-%m-%d %H:%M") if moment is not None else ""
