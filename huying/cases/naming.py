"""Owners, steps and moves in the words that people use; all from memory, no SQL statement."""

from __future__ import annotations

from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from huying.flow.definition import Flow, Move
from huying.places.info import PlaceMemory
from huying.staff import seats


def english() -> bool:
    """Whether the page is in English."""
    return (get_language() or "").startswith("en")


def owner_name(memory: PlaceMemory, key: str) -> str:
    """Who an owner key is, such as the organ's name; empty for nobody."""
    kind, _sep, rest = seats.post_key(key).partition(":")
    if kind == "organ" and rest.isdigit() and int(rest) in memory.organs:
        return memory.organ(int(rest)).name
    if kind in ("person", "caller"):
        return _("the caller")
    if kind == "desk" and rest.isdigit():
        top = memory.top
        if top is not None and top.id == int(rest) and memory.centre is not None:
            return memory.centre.name
        return _("desk of %(place)s") % {"place": _division(memory, rest)}
    if kind == "division":
        return _division(memory, rest)
    if kind == "post":
        role, _at, number = rest.partition("@")
        name = memory.roles[role].name if role in memory.roles else role
        if number.startswith("organ:"):
            organ = memory.organs.get(int(number[6:])) if number[6:].isdigit() else None
            return f"{organ.short if organ is not None else ''} {name}".strip()
        return f"{_division(memory, number)} {name}".strip()
    if kind == "pool":
        return _("to be claimed")
    return ""


def _division(memory: PlaceMemory, number: str) -> str:
    if not number.isdigit() or int(number) not in memory.divisions:
        return ""
    row = memory.division(int(number))
    if row.layer and row.parent_id is not None:
        return f"{memory.division(row.parent_id).short}{row.name}"
    return row.name


def step_name(flow: Flow, step: str) -> str:
    """A step's name in the language of the page."""
    row = flow.steps.get(step)
    return step if row is None else (row.en or row.name if english() else row.name)


def move_name(flow: Flow, move: str) -> str:
    """A move's name in the language of the page."""
    row: Move | None = flow.by_id.get(move)
    return move if row is None else (row.en or row.name if english() else row.name)


def stages(flow: Flow, step: str) -> list[tuple[str, str]]:
    """The stages of a flow with their state: done, now or ahead; for the bar at the top of a case."""
    names = flow.stages_en if english() and flow.stages_en else flow.stages
    codes = list(flow.stages)
    current = flow.steps[step].stage if step in flow.steps else ""
    if flow.steps[step].end:
        return [(names.get(code) or flow.stages[code], "done") for code in codes]
    at = codes.index(current) if current in codes else -1
    return [
        (names.get(code) or flow.stages[code], "done" if i < at else "now" if i == at else "ahead")
        for i, code in enumerate(codes)
    ]


def item_name(preset: Any, code: str) -> str:
    """An item's name; the code when this edition does not know it; empty for none."""
    if not code:
        return ""
    row = preset.items.get(code)
    return code if row is None else str(row.name)


def item_path(preset: Any, code: str) -> list[str]:
    """The names of an item and the rows above it, top first."""
    row = preset.items.get(code)
    return [] if row is None else [str(preset.items[one].name) for one in row.path if one in preset.items]
