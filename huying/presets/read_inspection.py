"""inspection.yaml: read and checked, with what it refers to."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from huying.flow.source import KeyPath, Problem, parse_yaml
from huying.presets.definition import Preset
from huying.presets.inspection_definition import FINDS, Inspection, Pattern
from huying.presets.problems import problem
from huying.presets.shape import Doc

FILE = "inspection.yaml"
_COMMON = ("id", "name", "find", "days", "note")
#: What each pattern may say besides.
_OWN = {
    "returns": ("least", "hits", "times", "level"),
    "extensions": ("least", "hits", "times", "level", "left"),
    "voids": ("least", "hits", "times", "level"),
    "unchanged": ("hits", "minutes", "same_reply", "without_evidence"),
    "device": ("hits",),
}
LONGEST = 400  # days; what is older is not kept for this


def of(preset: Preset) -> Inspection:
    """The inspection of a preset, which was checked when it was published; an empty one where there is no such file."""
    return _of(preset.files.get(FILE, ""))


@lru_cache(maxsize=16)
def _of(text: str) -> Inspection:
    return read(text, []) if text else Inspection()


def read(text: str, problems: list[Problem]) -> Inspection:
    """The text of inspection.yaml; what is wrong is added to *problems*."""
    source, wrong = parse_yaml(text, FILE)
    problems += wrong
    if source is None:
        return Inspection()
    doc = Doc(source, problems)
    data = doc.mapping(source.data, (), FILE, ("office", "order", "request", "patterns", "note"), ("office",))
    found: dict[str, Pattern] = {}
    for number, value in enumerate(doc.items(data.get("patterns"), ("patterns",), "patterns")):
        one = _pattern(doc, value, ("patterns", number))
        if one.id in found:
            doc.wrong("duplicate-code", ("patterns", number, "id"), code=one.id, first=found[one.id].line)
        elif one.id:
            found[one.id] = one
    return Inspection(
        doc.code(data.get("office"), ("office",), "office"),
        doc.code(data.get("order"), ("order",), "order"),
        doc.code(data.get("request"), ("request",), "request"),
        found,
    )


def _pattern(doc: Doc, value: Any, path: KeyPath) -> Pattern:
    find = value.get("find") if isinstance(value, dict) else None
    where = "patterns"
    known = (*_COMMON, *_OWN.get(str(find), tuple(sorted({name for own in _OWN.values() for name in own}))))
    one = doc.mapping(value, path, where, known, ("id", "name", "find"))

    def number(key: str, default: float, least: float, most: float) -> float:
        return doc.number(one, key, (*path,), default, least, most)

    return Pattern(
        id=doc.code(one.get("id"), (*path, "id"), "id"),
        name=doc.words(one.get("name"), (*path, "name"), "name"),
        find=doc.choice(one.get("find"), (*path, "find"), "find", FINDS),
        days=int(number("days", 90, 1, LONGEST)),
        least=int(number("least", 20, 5, 10_000)),
        hits=int(number("hits", 5, 2, 1_000)),
        times=number("times", 2.0, 1.0, 100.0),
        level=number("level", 0.01, 0.000001, 0.2),
        minutes=int(number("minutes", 10, 1, 1_440)),
        same_reply=int(number("same_reply", 3, 2, 1_000)),
        without_evidence=doc.flag(one, "without_evidence", path, True),
        left=number("left", 4.0, 0.1, 400.0),
        line=doc.source.line(*path),
    )


def check_inspection(preset: Preset, broken: frozenset[str]) -> list[Problem]:
    """What the file says wrongly, and what it refers to that is not there."""
    if FILE not in preset.files or FILE in broken:
        return []
    found: list[Problem] = []
    inspection = read(preset.files[FILE], found)
    if found:
        return found
    office, organs, kinds = inspection.office, preset.organs, preset.kinds
    if "organs.csv" not in broken and office not in organs:
        line = _line(preset, "office:")
        found.append(problem("unknown-organ", FILE, line, where="office", name=office, like=(office, organs)))
    for name, kind in (("order", inspection.order), ("request", inspection.request)):
        if kind and "kinds.yaml" not in broken and kind not in kinds:
            line = _line(preset, f"{name}:")
            found.append(problem("unknown-kind", FILE, line, where=name, name=kind, like=(kind, kinds)))
    return found


def _line(preset: Preset, beginning: str) -> int:
    lines = preset.files[FILE].splitlines()
    return next((n for n, line in enumerate(lines, 1) if line.startswith(beginning)), 1)
