"""Limits that reach into a year whose holidays nobody has entered yet: counted by plain weekdays, and said so."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from huying.places.info import PlaceMemory


def warning(
    memory: PlaceMemory,
    owner: str,
    token: Mapping[str, Any],
    due_at: datetime | None,
    now: datetime,
) -> str:
    """What to write beside a running limit that may still change with the holiday table; "" where it cannot.

    *owner* is the owner key of who holds it. *token* is the case's or leg's: a limit by the clock does not care for
    holidays. From memory, no SQL statement.
    """
    if due_at is None or due_at <= now or not token.get("working", True):
        return ""
    years = memory.calendar_of(owner).unknown_years(now, due_at)
    if not years:
        return ""
    words = _(
        "The holidays of %(years)s are not entered yet: this limit counts plain weekdays there and may change."
    )
    return words % {"years": "、".join(str(year) for year in years)}


__all__ = ["warning"]
