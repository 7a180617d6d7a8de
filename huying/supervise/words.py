"""Texts of the preset with their {braces} filled in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from huying.cases import naming
from huying.cases.models import Case
from huying.presets.definition import Words


class _Kept(dict[str, Any]):
    def __missing__(self, key: str) -> str:
        return ""


def fill(words: Words, values: Mapping[str, Any], lang: str = "zh") -> str:
    """*words* with *values* in their braces; what is not known is left out. Papers are written in Chinese by default."""
    return words.text(lang).format_map(_Kept({name: str(value) for name, value in values.items()}))


def values_of(case: Case | None, memory: Any, organ_id: int) -> dict[str, Any]:
    """What texts may say of the case that is supervised and of the organ. No title of a closed-circle case."""
    found: dict[str, Any] = {"organ": memory.organ(organ_id).name if organ_id in memory.organs else ""}
    if case is None:
        return found
    preset = memory.preset
    found["number"] = case.number
    found["item"] = naming.item_name(preset, case.item) or (naming.english() and "no item") or "未定事项"
    town = town_of(memory, case)
    found["place"] = town.name if town is not None else ""
    return found


def town_of(memory: Any, case: Case) -> Any:
    """The division below the top in which the case lies; the top where it lies nowhere in particular."""
    if case.division_id is None or case.division_id not in memory.divisions:
        return memory.top
    chain = memory.division(case.division_id).ancestors
    return memory.division(chain[1]) if len(chain) > 1 else memory.division(case.division_id)
