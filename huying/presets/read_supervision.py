"""supervision.yaml: what it says in itself. What it refers to is checked in `check_supervision`."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from huying.flow.source import KeyPath, Problem, parse_yaml
from huying.flow.words import SpellingError, parse_relation
from huying.presets.definition import Preset, Words
from huying.presets.read_place import check_numbering
from huying.presets.shape import TEXT_MAX, Doc
from huying.presets.supervision_definition import DO, NUMBERING, WHEN, Rule, Supervision

FILE = "supervision.yaml"
_KEYS = (
    "id", "name", "when", "do", "times", "within", "kinds", "move", "level", "days", "copies", "author", "to", "demand",
    "note",
)  # fmt: skip
#: what a rule cannot do without, by what it waits for and by what it does
_NEEDS = {"similar": ("times", "within"), "named": ("within",)}
_NEEDS_TO = {
    "urge": ("move",), "order": ("author", "demand", "level", "days"), "suggest": ("to", "demand"),
}  # fmt: skip


def read(text: str, tiers: tuple[str, ...], problems: list[Problem]) -> Supervision:
    """The text of supervision.yaml as Supervision; what is wrong is added to *problems*."""
    source, wrong = parse_yaml(text, FILE)
    problems += wrong
    return _whole(Doc(source, problems), tiers) if source is not None else Supervision()


def of(preset: Preset | None) -> Supervision:
    """The rules of a preset, which was checked when it was published; none where it has no such file."""
    if preset is None:
        return Supervision()
    return _of(preset.files.get(FILE, ""), preset.place.tiers)


@lru_cache(maxsize=16)
def _of(text: str, tiers: tuple[str, ...]) -> Supervision:
    return read(text, tiers, []) if text else Supervision()


def _whole(doc: Doc, tiers: tuple[str, ...]) -> Supervision:
    data = doc.mapping(doc.source.data, (), FILE, ("order", "bulletin", "rules", "note"))
    order = doc.part(data, "order", ("level", "days", "copies"))
    bulletin = doc.part(data, "bulletin", ("numbering", "to", "title", "text"))
    path: KeyPath = ("bulletin", "numbering")
    numbering = doc.text(bulletin.get("numbering"), path, "numbering") or NUMBERING
    check_numbering(doc, numbering, path)
    rules: dict[str, Rule] = {}
    for i, raw in enumerate(doc.items(data.get("rules"), ("rules",), "rules")):
        rule = _rule(doc, raw, ("rules", i), tiers)
        if rule is None:
            continue
        if rule.id in rules:
            doc.wrong("duplicate-code", ("rules", i), code=rule.id, first=rules[rule.id].line)
            continue
        rules[rule.id] = rule
    return Supervision(
        rules=rules,
        level=int(doc.number(order, "level", ("order",), 1, 1, 3)),
        days=int(doc.number(order, "days", ("order",), 5, 1, 60)),
        copies=doc.codes(order.get("copies"), ("order", "copies"), "copies"),
        numbering=numbering,
        readers=doc.codes(bulletin.get("to"), ("bulletin", "to"), "to"),
        title=doc.words(bulletin.get("title"), ("bulletin", "title"), "title", 100, required=False),
        text=doc.words(bulletin.get("text"), ("bulletin", "text"), "text", TEXT_MAX, required=False),
    )


def _rule(doc: Doc, raw: Any, path: KeyPath, tiers: tuple[str, ...]) -> Rule | None:
    one = doc.mapping(raw, path, "a rule", _KEYS, ("id", "name", "when", "do"))
    ident = doc.code(one.get("id"), (*path, "id"), "id")
    when = doc.choice(one.get("when"), (*path, "when"), "when", WHEN)
    do = doc.choice(one.get("do"), (*path, "do"), "do", DO)
    if not (ident and when and do):
        return None
    for key in (*_NEEDS.get(when, ()), *_NEEDS_TO[do]):
        if one.get(key) in (None, ""):
            doc.wrong("missing", path, where=f"rules.{ident}", key=key)
    return Rule(
        id=ident,
        name=doc.words(one.get("name"), (*path, "name"), "name"),
        when=when,
        do=do,
        times=int(doc.number(one, "times", path, 1, 1, 1000)),
        within=int(doc.number(one, "within", path, 0, 1, 366)),
        kinds=doc.codes(one.get("kinds"), (*path, "kinds"), "kinds"),
        move=doc.code(one.get("move"), (*path, "move"), "move"),
        level=int(doc.number(one, "level", path, 1, 1, 3)),
        days=int(doc.number(one, "days", path, 5, 1, 60)),
        copies=doc.codes(one.get("copies"), (*path, "copies"), "copies"),
        author=_post(doc, one, "author", path, tiers),
        to=_post(doc, one, "to", path, tiers),
        demand=doc.words(one["demand"], (*path, "demand"), "demand", TEXT_MAX)
        if one.get("demand")
        else Words(""),
        line=doc.source.line(*path),
    )


def _post(doc: Doc, one: dict[str, Any], key: str, path: KeyPath, tiers: tuple[str, ...]) -> str:
    """Who a rule names: a desk or a post of a tier, so that it is the same whatever case the rule meets."""
    text = doc.text(one.get(key), (*path, key), key)
    if not text:
        return ""
    try:
        relation = parse_relation(text, tiers)
    except SpellingError:
        relation = None
    if relation is None or relation.kind not in ("desk", "post") or relation.tier == "here":
        doc.wrong("rule-post", (*path, key), text=text, where=key)
        return ""
    return text
