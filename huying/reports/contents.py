"""What a report says: each section worked out once, with the figures of that moment, as plain data that is kept."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from huying.reports import figures, periods
from huying.reports.making import Making
from huying.reports.naming import indicator_name, measure_name
from huying.reports.sections import cases, effect, organs, tables

Made = dict[str, Any]
_BRACES = re.compile(r"\{([^{}]*)\}")

MAKERS: Mapping[str, Callable[[Making, Any], Made]] = {
    "figures": tables.figures_table,
    "ranking": tables.ranking,
    "standings": tables.standings,
    "chart": tables.chart,
    "topics": tables.topics,
    "cases": cases.typical,
    "overdue": cases.overdue,
    "shirking": organs.shirking,
    "orders": organs.orders,
    "bulletins": organs.bulletins,
    "deductions": organs.deductions,
    "named": organs.named,
    "effect": effect.effect,
}


def contents(making: Making) -> Made:
    """The whole report as JSON: heads, title, sections with their blocks. What people write comes later (``edits``)."""
    kind, preset = making.kind, making.preset
    office = preset.organs[kind.office].name if kind.office in preset.organs else ""
    period = periods.words(kind.period, making.period)
    title = kind.title.format_map({"place": making.division.name, "period": period, "office": office})
    made = [_section(making, one) for one in kind.sections]
    named = next((one for one in made if one["kind"] == "named"), None)
    for one in made:
        if one["kind"] == "text":
            one["text"] = _filled(making, one["text"], len(named["chosen"]) if named else 0)
    return {
        "v": 1,
        "head": kind.head,
        "office": office,
        "copies": kind.copies,
        "title": title,
        "period": period,
        "sections": made,
    }


def _section(making: Making, section: Any) -> Made:
    found: Made = {"id": section.id, "kind": section.kind, "title": str(section.title), "blocks": []}
    if section.kind == "text":
        return found | {"text": section.text}
    return found | MAKERS[section.kind](making, section)


def _filled(making: Making, text: str, named: int) -> str:
    """The text with its values. A name that nothing fills (an indicator that was dropped) becomes a dash."""
    own = making.own() if _BRACES.search(text) else {}

    def fill(match: re.Match[str]) -> str:
        name, _colon, which = match[1].partition(":")
        if name == "place":
            return making.division.name
        if name == "period":
            return periods.words(making.kind.period, making.period)
        if name == "organs":
            return str(named)
        now, before, year_before = own.get(name, (None, None, None))
        if which == "numerator":
            return figures.NONE if now is None else f"{now.numerator:g}"
        if which == "before":
            return figures.told(now, before, "环比")
        if which == "year_before":
            return figures.told(now, year_before, "同比")
        return figures.value(now)

    return _BRACES.sub(fill, text)


__all__ = ["contents", "indicator_name", "measure_name"]
