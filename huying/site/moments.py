"""Reading times and durations that people type: ``2026-03-02 08:00``, ``3d``, ``2h30m``."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Asia/Shanghai")
_UNITS = {"w": "weeks", "d": "days", "h": "hours", "m": "minutes", "s": "seconds"}


def moment(text: str) -> datetime:
    """The aware moment that *text* (ISO, ``T`` or a space, China's time unless it says otherwise) means."""
    try:
        read = datetime.fromisoformat(text.strip().replace("Z", "+00:00"))
    except ValueError:
        raise ValueError(f"{text!r} is not a time; write it like 2026-03-02T08:00") from None
    return read if read.tzinfo else read.replace(tzinfo=ZONE)


def duration(text: str) -> timedelta:
    """The duration that *text* (such as ``3d``, ``12h``, ``1d 6h``) means; more than nothing."""
    squeezed = re.sub(r"\s+", "", text.lower())
    if not re.fullmatch(r"(\d+(\.\d+)?[wdhms])+", squeezed):
        raise ValueError(f"{text!r} is not a duration; write it like 3d, 12h or 1d6h (w, d, h, m, s)")
    parts = {_UNITS[unit]: 0.0 for _, unit in re.findall(r"(\d+(?:\.\d+)?)([wdhms])", squeezed)}
    for amount, unit in re.findall(r"(\d+(?:\.\d+)?)([wdhms])", squeezed):
        parts[_UNITS[unit]] += float(amount)
    made = timedelta(**parts)
    if made <= timedelta(0):
        raise ValueError("a clock moves on by more than nothing")
    return made
