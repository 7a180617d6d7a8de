"""Which kinds of case are orders of supervision: those that the preset gives to this room."""

from __future__ import annotations

from typing import Any

from huying.places import memory as places

ROOM = "supervise"
LEVELS = (1, 2, 3)  # ordinary, yellow card, red card


def kinds_of(preset: Any) -> tuple[str, ...]:
    """The codes of the preset's kinds of order; none where a place does not supervise."""
    if preset is None:
        return ()
    return tuple(code for code, kind in preset.kinds.items() if ROOM in kind.rooms)


def kinds_at(place_id: int) -> tuple[str, ...]:
    """The same for a place as it is now."""
    return kinds_of(places.of(place_id).preset)
