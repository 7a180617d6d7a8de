"""reports.yaml: what it says in itself. What it refers to is checked in `check_reports`."""

from __future__ import annotations

import re
from datetime import date, time
from functools import lru_cache
from typing import Any

from huying.flow.source import KeyPath, Problem, parse_yaml
from huying.presets.definition import Preset
from huying.presets.report_definition import (
    COMPARE,
    GROUPS,
    PERIODS,
    SECTIONS,
    STEPS,
    ReportKind,
    Reports,
    Schedule,
    Section,
)  # fmt: skip
from huying.presets.review_definition import LEVELS
from huying.presets.shape import TEXT_MAX, Doc

FILE = "reports.yaml"
NUMBER_PARTS = ("yyyy", "seq")
TITLE_PARTS = ("place", "period", "office")
_KNOWN = (
    "name", "period", "tier", "head", "office", "number", "title", "make", "edit", "issue", "readers", "sections",
    "copies", "note",
)  # fmt: skip
_BRACES = re.compile(r"\{([^{}]*)\}")
_TIME = re.compile(r"([01]\d|2[0-3]):([0-5]\d)\Z")


def parts(text: str) -> list[str]:
    """What stands in braces in a text, in order."""
    return _BRACES.findall(text)


def read(text: str, tiers: tuple[str, ...], problems: list[Problem]) -> Reports:
    """The text of reports.yaml as Reports; what is wrong is added to *problems*."""
    source, wrong = parse_yaml(text, FILE)
    problems += wrong
    return _reports(Doc(source, problems), tiers) if source is not None else Reports()


def of(preset: Preset) -> Reports:
    """The reports of a preset, which was checked when it was published; none where it has no such file."""
    return _of(preset.files.get(FILE, ""), preset.place.tiers)


@lru_cache(maxsize=16)
def _of(text: str, tiers: tuple[str, ...]) -> Reports:
    return read(text, tiers, []) if text else Reports()


def _reports(doc: Doc, tiers: tuple[str, ...]) -> Reports:
    """reports.yaml as Reports."""
    data = doc.mapping(doc.source.data, (), "reports.yaml", ("reports", "note"), ("reports",))
    raw = doc.mapping(data["reports"], ("reports",), "reports") if data.get("reports") is not None else {}
    return Reports({code: _kind(doc, code, value, tiers) for code, value in raw.items()})


def _kind(doc: Doc, code: str, value: Any, tiers: tuple[str, ...]) -> ReportKind:
    path: KeyPath = ("reports", code)
    where = f"reports.{code}"
    doc.code(code, path, "reports")
    required = ("name", "period", "office", "head", "number", "title", "issue", "readers", "sections")
    one = doc.mapping(value, path, where, _KNOWN, required)
    tier = doc.text(one.get("tier"), (*path, "tier"), "tier") or (tiers[-1] if tiers else "")
    if tiers and tier not in tiers:
        doc.wrong("unknown-tier", (*path, "tier"), where=where, name=tier, like=(tier, tiers))
    readers = doc.mapping(
        one.get("readers") or {}, (*path, "readers"), f"{where}.readers", ("roles", "organs")
    )
    issue = doc.codes(one.get("issue"), (*path, "issue"), "issue")
    if not issue and one.get("issue") is not None:
        doc.wrong("empty", (*path, "issue"), where=f"{where}.issue")
    return ReportKind(
        code=code,
        name=doc.words(one.get("name"), (*path, "name"), "name"),
        period=doc.choice(one.get("period"), (*path, "period"), "period", PERIODS, "month"),
        tier=tier,
        head=doc.text(one.get("head"), (*path, "head"), "head", 40),
        office=doc.code(one.get("office"), (*path, "office"), "office"),
        number=_pattern(doc, one, "number", path, NUMBER_PARTS, ("seq",)),
        title=_pattern(doc, one, "title", path, TITLE_PARTS, ("period",)),
        schedule=_schedule(doc, one.get("make"), (*path, "make"), where),
        edit=doc.codes(one.get("edit"), (*path, "edit"), "edit"),
        issue=issue,
        roles=doc.codes(readers.get("roles"), (*path, "readers", "roles"), "roles"),
        organs=doc.codes(readers.get("organs"), (*path, "readers", "organs"), "organs"),
        sections=_sections(doc, one.get("sections"), (*path, "sections"), where),
        copies=doc.text(one.get("copies"), (*path, "copies"), "copies", 200),
        line=doc.source.line(*path),
    )


def _pattern(
    doc: Doc, one: dict[str, Any], key: str, path: KeyPath, known: tuple[str, ...], needed: tuple[str, ...]
) -> str:
    text = doc.text(one.get(key), (*path, key), key, 80)
    found = parts(text)
    for name in found:
        if name not in known:
            doc.wrong("report-part", (*path, key), name=name, where=key, like=(name, known))
    for name in needed:
        # Two papers of one name or number cannot be told apart in the archive.
        if text and name not in found:
            doc.wrong("report-without", (*path, key), name=name, where=key)
    return text


def _schedule(doc: Doc, value: Any, path: KeyPath, where: str) -> Schedule | None:
    if value is None:
        return None
    one = doc.mapping(value, path, f"{where}.make", ("workday", "at"), ("at",))
    text = doc.text(one.get("at"), (*path, "at"), "at")
    found = _TIME.match(text)
    if text and not found:
        doc.wrong("bad-time", (*path, "at"), text=text)
    day = int(doc.number(one, "workday", path, 0, 0, 20))
    return Schedule(day, time(int(found[1]), int(found[2])) if found else time())


def _sections(doc: Doc, value: Any, path: KeyPath, where: str) -> tuple[Section, ...]:
    made: list[Section] = []
    rows = doc.items(value, path, f"{where}.sections")
    if not rows and value is not None:
        doc.wrong("empty", path, where=f"{where}.sections")
    seen: dict[str, int] = {}
    for i, row in enumerate(rows):
        here = (*path, i)
        if not isinstance(row, dict):
            doc.wrong("not-a-map", here, where=f"{where}.sections")
            continue
        section = _section(doc, row, here, where)
        if section is None:
            continue
        if section.id in seen:
            doc.wrong("duplicate-code", here, code=section.id, first=seen[section.id])
        seen.setdefault(section.id, section.line)
        made.append(section)
    return tuple(made)


def _section(doc: Doc, row: dict[str, Any], path: KeyPath, where: str) -> Section | None:
    kind = str(row.get("kind", ""))
    if kind not in SECTIONS:
        doc.wrong("bad-choice", (*path, "kind"), text=kind, where="kind", like=(kind, tuple(SECTIONS)))
        return None
    options = tuple(name.lower() for name in SECTIONS[kind])
    where = f"{where}.{kind}"
    needed = tuple(name.lower() for name in SECTIONS[kind] if name.isupper())
    one = doc.mapping(
        row, path, where, ("kind", "id", "title", "note", *options), (*(() if kind == "text" else ("title",)), *needed)
    )  # fmt: skip
    compare = doc.codes(one.get("compare"), (*path, "compare"), "compare")
    for i, name in enumerate(compare):
        if name not in COMPARE:
            doc.wrong("bad-choice", (*path, "compare", i), text=name, where="compare", like=(name, COMPARE))
    indicators = doc.codes(one.get("indicators"), (*path, "indicators"), "indicators")
    if one.get("indicator"):
        indicators = (doc.code(one["indicator"], (*path, "indicator"), "indicator"),)
    made = Section(
        id=doc.code(one.get("id"), (*path, "id"), "id") or kind,
        kind=kind,
        title=doc.words(one.get("title"), (*path, "title"), "title", required=False),
        text=doc.text(one.get("text"), (*path, "text"), "text", TEXT_MAX),
        indicators=indicators,
        compare=compare or COMPARE,
        by=doc.choice(one.get("by"), (*path, "by"), "by", GROUPS) if one.get("by") else "",
        level=doc.choice(one.get("level"), (*path, "level"), "level", LEVELS) if one.get("level") else "",
        order=doc.code(one.get("order"), (*path, "order"), "order"),
        step=doc.choice(one.get("step"), (*path, "step"), "step", STEPS) if one.get("step") else "",
        span=_count(doc, one, "span", path, 0, 36),
        most=_count(doc, one, "most", path, 10, 200),
        least=_count(doc, one, "least", path, 5, 10_000),
        moves=doc.codes(one.get("moves"), (*path, "moves"), "moves"),
        overdue=_count(doc, one, "overdue", path, 0, 10_000),
        shirking=_count(doc, one, "shirking", path, 0, 10_000),
        days=_count(doc, one, "days", path, 5, 60),
        pilots=doc.codes(one.get("pilots"), (*path, "pilots"), "pilots"),
        cut=_day(doc, one.get("cut"), (*path, "cut")),
        months=_count(doc, one, "months", path, 12, 36),
        line=doc.source.line(*path),
    )
    if kind == "chart" and bool(made.step) == bool(made.by):
        doc.wrong("chart-axis", path, where=where)
    if kind == "named" and not (made.overdue or made.shirking):
        doc.wrong("named-why", path, where=where)
    return made


def _count(doc: Doc, one: dict[str, Any], key: str, path: KeyPath, default: int, most: int) -> int:
    return int(doc.number(one, key, path, default, 0, most))


def _day(doc: Doc, value: Any, path: KeyPath) -> date | None:
    text = doc.text(value, path, "cut")
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        doc.wrong("bad-day", path, text=text)
        return None
