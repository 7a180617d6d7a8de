"""The reference data of a place, held in memory by each process.

`of(place_id)` looks at one small row at most once a second and reads everything anew when its number
changed, so a
worker notices a change within a second and an ordinary request spends no SQL statement on reference data.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import connection, transaction
from django.db.models import F
from django.db.models.functions import Floor, Random

from huying.places.info import DivisionInfo, Located, OrganInfo, PlaceMemory
from huying.places.loading import load
from huying.places.models import RefVersion

__all__ = ["DivisionInfo", "Located", "OrganInfo", "PlaceMemory", "bump", "forget", "of"]

LOOK_EVERY = 1.0  # seconds between two looks at the version row


@dataclass
class _Slot:
    memory: PlaceMemory
    looked: float


@dataclass
class _Own(threading.local):
    """What this thread changed and has not committed: nobody else may see it yet."""

    slots: dict[int, _Slot | None] = field(default_factory=dict)


_shared: dict[int, _Slot] = {}
_own = _Own()
_lock = threading.Lock()


def of(place_id: int) -> PlaceMemory:
    """The reference data of the place as of at most a second ago. Raises Place.DoesNotExist."""
    if _own.slots and not connection.in_atomic_block:
        _own.slots.clear()
    slots: Any = _own.slots if place_id in _own.slots else _shared
    slot: _Slot | None = slots.get(place_id)
    if slot is not None:
        if time.monotonic() - slot.looked < LOOK_EVERY:
            return slot.memory
        number = RefVersion.objects.filter(place_id=place_id).values_list("number", flat=True).first()
        if number == slot.memory.version:
            slot.looked = time.monotonic()
            return slot.memory
    with _lock:
        # Another thread may have read it while this one waited for the lock.
        again: _Slot | None = slots.get(place_id)
        if again is not None and again is not slot:
            return again.memory
        looked = (
            time.monotonic()
        )  # taken before reading, so that a change during the reading is seen next time
        fresh = _Slot(load(place_id), looked)
        slots[place_id] = fresh
        return fresh.memory


def bump(place_id: int) -> None:
    """Tell every worker that reference data of the place changed; call it in the transaction that changes it.

    The step is random so that a number seen inside a transaction that is then rolled back is never met again.
    """
    changed = RefVersion.objects.filter(place_id=place_id).update(
        number=F("number") + 1 + Floor(Random() * 1_000_000)
    )
    if not changed:
        RefVersion.objects.create(place_id=place_id)
    if connection.in_atomic_block:
        _own.slots[place_id] = None
        transaction.on_commit(lambda: forget(place_id))
    else:
        forget(place_id)


def forget(place_id: int | None = None) -> None:
    """Drop what this process holds of one place, or of all; the next `of` reads it anew."""
    if place_id is None:
        _shared.clear()
        _own.slots.clear()
    else:
        _shared.pop(place_id, None)
        _own.slots.pop(place_id, None)


def held() -> Mapping[int, int]:
    """Which places this process holds, and at which version (for the status page)."""
    return {place_id: slot.memory.version for place_id, slot in list(_shared.items())}
