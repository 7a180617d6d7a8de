"""What indicators and measures are called in a paper: as the place's files say."""

from __future__ import annotations

from typing import Any

from huying.presets.definition import Preset


def _held(preset: Preset, ident: str) -> Any:
    held: Any = getattr(preset, "indicators", None)
    if held is None:
        return None
    for rows in (getattr(held, "indicators", held), getattr(held, "scores", {})):
        if ident in rows:
            return rows[ident]
    return None


def indicator_name(preset: Preset, ident: str) -> str:
    """The indicator's name; its id when this edition does not know it."""
    row = _held(preset, ident)
    return str(row.name) if row is not None else ident


def unit_of(preset: Preset, ident: str) -> str:
    """percent, points or cases."""
    row = _held(preset, ident)
    return "cases" if row is None else str(getattr(row, "unit", "points"))


def direction(preset: Preset, ident: str) -> str:
    """higher, lower or none: which is better."""
    row = _held(preset, ident)
    return "none" if row is None else str(getattr(row, "direction", "higher"))


def measure_name(name: str) -> str:
    """What was left out, in words."""
    from huying.presets.measures import MEASURES

    row = MEASURES.get(name)
    return str(row.name) if row is not None else name
