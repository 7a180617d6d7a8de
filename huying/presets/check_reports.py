"""What reports.yaml refers to: roles with the right, organs, divisions, indicators, moves."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from huying.flow.source import Problem
from huying.presets.definition import Preset
from huying.presets.problems import problem
from huying.presets.read_reports import FILE, parts, read
from huying.presets.report_definition import ReportKind, Section

EDIT, ISSUE = "edit_reports", "issue_reports"
CHANGES = ("before", "year_before", "numerator")
#: what a text may say besides indicators
WORDS = ("place", "period", "organs")


def check_reports(preset: Preset, broken: frozenset[str]) -> list[Problem]:
    """What the file says wrongly, and references that lead nowhere."""
    if FILE not in preset.files or FILE in broken:
        return []
    found: list[Problem] = []
    reports = read(preset.files[FILE], preset.place.tiers, found)
    for kind in reports.kinds.values() if not found else ():
        where = f"reports.{kind.code}"
        if "organs.csv" not in broken:
            found += _each("unknown-organ", kind, where, (*kind.organs, kind.office), preset.organs)
        if "roles.yaml" not in broken:
            found += _each("unknown-role", kind, where, (*kind.edit, *kind.issue, *kind.roles), preset.roles)
            found += _rights(preset, kind)
        for section in kind.sections:
            wide = section.kind not in BELOW or section.by in ("organ", "item", "channel")
            if wide and preset.place.tiers and kind.tier != preset.place.tiers[-1]:
                found.append(
                    problem("report-wide", FILE, section.line, where=f"{where}.{section.id}", tier=kind.tier)
                )
            found += _section(preset, section, f"{where}.{section.id}", broken)
    return found


def _each(code: str, row: Any, where: str, names: Iterable[str], known: Iterable[str]) -> list[Problem]:
    known = tuple(known)
    return [
        problem(code, FILE, row.line, where=where, name=name, like=(name, known))
        for name in dict.fromkeys(names)
        if name and name not in known
    ]


def _rights(preset: Preset, kind: ReportKind) -> list[Problem]:
    found = []
    for roles, right in ((kind.edit, EDIT), (kind.issue, ISSUE)):
        for name in roles:
            role = preset.roles.get(name)
            if role is not None and right not in role.rights:
                found.append(problem("role-lacks-right", FILE, kind.line, role=name, right=right))
    return found


#: what is known of a town or a village by itself; the rest is known of the whole place only
BELOW = ("text", "figures", "ranking", "chart", "cases", "overdue", "shirking")


def _section(preset: Preset, section: Section, where: str, broken: frozenset[str]) -> list[Problem]:
    found: list[Problem] = []
    indicators = indicators_of(preset)
    if "indicators.yaml" not in broken and indicators is not None:
        named = (*section.indicators, section.order)
        found += _each("unknown-indicator", section, where, named, indicators)
        found += _text(section, where, indicators)
    if "divisions.csv" not in broken:
        found += _each("unknown-division", section, where, section.pilots, preset.divisions)
    if not any(name.startswith("flows/") for name in broken):
        moves = {move.id for flow in preset.flows.values() for move in flow.moves}
        found += _each("unknown-move", section, where, section.moves, moves)
    return found


def indicators_of(preset: Preset) -> tuple[str, ...] | None:
    """The ids of the place's indicators; None when it has none of its own."""
    held: Any = getattr(preset, "indicators", None)
    rows = (*getattr(held, "indicators", ()), *getattr(held, "scores", ()))
    return rows or None


def _text(section: Section, where: str, indicators: tuple[str, ...]) -> list[Problem]:
    found = []
    for name in parts(section.text):
        ident, colon, change = name.partition(":")
        fine = ident in (*indicators, *WORDS) if not colon else ident in indicators and change in CHANGES
        if not fine:
            like = (name, (*WORDS, *indicators))
            found.append(problem("report-value", FILE, section.line, where=where, name=name, like=like))
    return found
