"""Time-ordered UUIDs (RFC 9562, version 7), made by the application."""

from __future__ import annotations

import os
import threading
import time
from datetime import UTC, datetime
from uuid import UUID

_lock = threading.Lock()
_last = 0


def uuid7() -> UUID:
    """A new UUIDv7, greater than every one this process made before, in whatever thread.

    48 bits of milliseconds, 12 bits of fraction of a millisecond (1/4096 ms), 62 random bits. When the system
    clock stands still or steps back, the stamp is counted on from the last one, so order is never lost.
    """
    global _last
    ns = time.time_ns()
    stamp = (ns // 1_000_000) << 12 | (ns % 1_000_000) * 4096 // 1_000_000
    with _lock:
        if stamp <= _last:
            stamp = _last + 1
        _last = stamp
    # os.urandom, not random: ids show in addresses, and must not let anyone guess the next.
    noise = int.from_bytes(os.urandom(8), "big") >> 2
    return UUID(int=(stamp >> 12) << 80 | 0x7 << 76 | (stamp & 0xFFF) << 64 | 0x2 << 62 | noise)


def made_at(value: UUID) -> datetime:
    """When a UUIDv7 was made (aware, UTC, to the millisecond), by the clock of the machine that made it."""
    if value.version != 7:
        raise ValueError(f"{value} is not a time-ordered UUID")
    return datetime.fromtimestamp((value.int >> 80) / 1000, UTC)


def _fresh_lock() -> None:
    # A fork while another thread holds the lock would leave the child waiting for ever.
    global _lock
    _lock = threading.Lock()


os.register_at_fork(after_in_child=_fresh_lock)
