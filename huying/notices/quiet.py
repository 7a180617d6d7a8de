"""Quiet hours: at night a message waits for the morning, unless it is urgent."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from django.utils import timezone

from huying.notices.kinds import URGENT

FROM, UNTIL = time(21), time(8)  # local time


def send_at(now: datetime, urgency: int = 0, *, nights: bool = False) -> datetime:
    """When a message of that *urgency* may go out; *nights*: the person wants it at any hour."""
    if nights or urgency >= URGENT:
        return now
    local = timezone.localtime(now)
    if UNTIL <= local.time() < FROM:
        return now
    day = local.date() + timedelta(days=1 if local.time() >= FROM else 0)
    return datetime.combine(day, UNTIL, local.tzinfo)
