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


def supervising_move(case: Any) -> str | None:
    """The move of the case's flow, where it stands, that opens an order; None when there is none."""
    from huying.presets.queries import compiled

    preset = compiled(case.edition_id)
    kinds = kinds_of(preset)
    for move in preset.flow_of(case.kind).moves:
        if case.step in move.sources and any(e.do == "open" and e.args[0] in kinds for e in move.does):
            return str(move.id)
    return None
