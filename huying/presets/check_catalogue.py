"""The catalogue: every item that can be chosen has a handler and limits."""

from __future__ import annotations

from huying.flow.source import Problem
from huying.flow.words import SpellingError, parse_relation
from huying.presets.definition import Item, Preset
from huying.presets.problems import problem

FILE = "catalogue.csv"
_RELATIONS = ("grid", "division", "desk", "post", "reporter")


def check_items(preset: Preset, check_organs: bool = True, check_tree: bool = True) -> list[Problem]:
    """Every problem of catalogue.csv in relation to organs and tiers."""
    if FILE not in preset.files:
        return []
    found: list[Problem] = []
    for item in preset.items.values():
        for handler in (item.handler, *item.co_handlers):
            # Inherited ones are reported where they are written.
            above = preset.items.get(item.parent)
            if above is not None and handler in (above.handler, *above.co_handlers):
                continue
            if handler and not _is_handler(preset, handler, check_organs):
                found.append(
                    problem("bad-handler", FILE, item.line, text=handler, like=(handler, preset.organs))
                )
        if not item.leaf:
            if item.keywords and check_tree:
                found.append(problem("not-a-leaf", FILE, item.line, code=item.code, what="keywords"))
            continue
        found += _leaf(preset, item)
    if not preset.leaves and preset.items:
        found.append(problem("no-items", FILE, 1))
    return found


def _leaf(preset: Preset, item: Item) -> list[Problem]:
    found = []
    if not item.handler:
        found.append(problem("no-handler", FILE, item.line, code=item.code))
    if "handle" not in item.limits:
        found.append(problem("no-limit", FILE, item.line, code=item.code, phase="handle"))
    if item.handler in item.co_handlers or len(set(item.co_handlers)) != len(item.co_handlers):
        twice = item.handler if item.handler in item.co_handlers else item.co_handlers[0]
        found.append(problem("duplicate-value", FILE, item.line, text=twice, where="handler, co_handlers"))
    if item.handler == "grid" and not item.grid:
        found.append(problem("grid-not-admitted", FILE, item.line, code=item.code))
    return found


def _is_handler(preset: Preset, text: str, check_organs: bool) -> bool:
    if text in preset.organs:
        return True
    try:
        return parse_relation(text, preset.place.tiers).kind in _RELATIONS
    except SpellingError:
        return not check_organs and text.isidentifier()
