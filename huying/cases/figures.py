"""Figures that routing looks at: how much each owner has open, and past rulings.

They are read at most every five seconds a process and place, beside the intake path and not in it, and the figures
used are recorded with the decision.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import numpy as np

from huying.cases.models import Load, Precedent
from huying.suggest.likeness import similarity

OLD_AFTER = 5.0  # seconds
MOST_PRECEDENTS = 2000  # the newest ones that still hold, of one place


@dataclass(frozen=True, slots=True)
class Ruling:
    """A past ruling as routing compares it."""

    id: UUID
    case_id: UUID
    number: str
    item: str
    path: str
    organ_id: int
    signature: tuple[int, ...]
    ruled_at: datetime


@dataclass(frozen=True, slots=True)
class Figures:
    """Open cases by owner key, and rulings by item; as of ``read`` (monotonic seconds)."""

    read: float
    open: Mapping[str, int]
    rulings: Mapping[str, tuple[Ruling, ...]]


_held: dict[int, Figures] = {}
_lock = threading.Lock()


def pack(signature: tuple[int, ...]) -> bytes:
    """A signature as it is stored: four bytes for each number."""
    return np.array(signature, dtype="<u4").tobytes()


def unpack(stored: bytes | memoryview) -> tuple[int, ...]:
    """The numbers of a stored signature."""
    return tuple(int(n) for n in np.frombuffer(bytes(stored), dtype="<u4"))


def of(place_id: int) -> Figures:
    """The figures of the place, at most five seconds old. Two SQL statements when they are read anew."""
    held = _held.get(place_id)
    if held is not None and time.monotonic() - held.read < OLD_AFTER:
        return held
    if held is not None and not _lock.acquire(blocking=False):
        return held  # somebody else is reading them: slightly older figures do
    if held is None:
        _lock.acquire()
    try:
        fresh = _read(place_id)
        _held[place_id] = fresh
        return fresh
    finally:
        _lock.release()


def forget() -> None:
    """Read anew at the next use (tests; after a ruling in this process)."""
    _held.clear()


def _read(place_id: int) -> Figures:
    started = time.monotonic()
    loads = dict(Load.objects.filter(place_id=place_id, n__gt=0).values_list("owner_key", "n"))
    rulings: dict[str, list[Ruling]] = {}
    rows = (
        Precedent.objects.filter(place_id=place_id, ended_at=None)
        .order_by("-ruled_at")
        .values_list("id", "case_id", "number", "item", "path", "organ_id", "signature", "ruled_at")
    )
    for ident, case_id, number, item, path, organ_id, signature, ruled_at in rows[:MOST_PRECEDENTS]:
        rulings.setdefault(item, []).append(
            Ruling(ident, case_id, number, item, path, organ_id, unpack(signature), ruled_at)
        )
    return Figures(started, loads, {item: tuple(rows) for item, rows in rulings.items()})


ALIKE = 0.18  # share of common wording from which an older ruling on the same item speaks for a new call


def ruling_for(figures: Figures, item: str, path: str, signature: tuple[int, ...]) -> Ruling | None:
    """The ruling to follow: same item, made for this area or one around it, and about the like; newest wins ties."""
    best: tuple[float, datetime, Ruling] | None = None
    for ruling in figures.rulings.get(item, ()):
        if ruling.path and not path.startswith(ruling.path):
            continue
        alike = similarity(signature, ruling.signature) if signature and ruling.signature else 0.0
        if alike < ALIKE:
            continue
        if best is None or (alike, ruling.ruled_at) > best[:2]:
            best = (alike, ruling.ruled_at, ruling)
    return None if best is None else best[2]
