"""forms/*.yaml, templates.yaml."""

from __future__ import annotations

from typing import Any

from huying.flow import GuardError, parse_guard
from huying.flow.source import KeyPath
from huying.presets.definition import Template
from huying.presets.fields import COUNTS, LENGTHS, ROUTE, TYPES, Choice, FormField
from huying.presets.forms import FormSchema
from huying.presets.shape import TEXT_MAX, Doc

FIELD_KEYS = (
    "id",
    "label",
    "type",
    "required",
    "choices",
    "when",
    "max",
    "min",
    "hint",
    "private",
    "staff",
    "of",
    "under",
    "note",
)


def read_form(doc: Doc, stem: str, tiers: tuple[str, ...]) -> FormSchema | None:
    """One form; its id is `form:` or the file's name."""
    data = doc.mapping(
        doc.source.data, (), doc.file, ("form", "title", "fields", "note"), ("title", "fields")
    )
    ident = doc.code(data.get("form", stem), ("form",), "form")
    if not ident:
        return None
    fields: list[FormField] = []
    seen: dict[str, int] = {}
    for i, raw in enumerate(doc.items(data.get("fields"), ("fields",), "fields")):
        one = _field(doc, raw, ("fields", i), tiers)
        if one is None:
            continue
        if one.id in seen:
            doc.wrong("duplicate-code", ("fields", i), code=one.id, first=seen[one.id])
            continue
        seen[one.id] = one.line
        fields.append(one)
    if not fields and data.get("fields") is not None:
        doc.wrong("no-form-fields", ("fields",), form=ident)
    title = doc.words(data.get("title"), ("title",), "title")
    return FormSchema(ident, title, tuple(fields), file=doc.file)


def _field(doc: Doc, raw: Any, path: KeyPath, tiers: tuple[str, ...]) -> FormField | None:
    data = doc.mapping(raw, path, "a field", FIELD_KEYS, ("id", "label", "type"))
    ident = doc.code(data.get("id"), (*path, "id"), "id")
    kind = doc.choice(data.get("type"), (*path, "type"), "type", TYPES)
    if not ident or not kind:
        return None
    choices: list[Choice] = []
    for i, one in enumerate(doc.items(data.get("choices"), (*path, "choices"), "choices")):
        here = (*path, "choices", i)
        if not isinstance(one, dict):
            one = {"id": one, "label": one}
        part = doc.mapping(one, here, "choices", ("id", "label"), ("id", "label"))
        code = doc.code(part.get("id"), here, "id")
        if code in {choice.id for choice in choices}:
            doc.wrong("duplicate-value", here, text=code, where=f"{ident}.choices")
        choices.append(Choice(code, doc.words(part.get("label"), (*here, "label"), "label")))
    of = doc.choice(data.get("of"), (*path, "of"), "of", (ROUTE,))
    if of and (kind != "choices" or choices):
        doc.wrong(
            "bad-choice", (*path, "of"), text=of, where=f"{ident} (type: choices)", like=(of, ("choices",))
        )
    if kind in ("choice", "choices") and not choices and not of:
        doc.wrong("no-choices", path, field=ident)
    when = None
    if data.get("when") is not None:
        text = doc.text(data["when"], (*path, "when"), "when", 500)
        try:
            when = parse_guard(text, tiers)
        except GuardError as error:
            doc.wrong("bad-guard", (*path, "when"), text=text, why=error)
    low = _bound(doc, data, "min", path)
    high = _bound(doc, data, "max", path)
    if low is not None and high is not None and low > high:
        doc.wrong("bad-range", path, where=ident)
    if kind in LENGTHS or kind in COUNTS:
        most = {**dict.fromkeys(LENGTHS, 20_000), **dict.fromkeys(COUNTS, 200)}[kind]
        if high is not None and not 1 <= high <= most:
            doc.wrong("not-number", (*path, "max"), where="max", range=f"1–{most}")
    return FormField(
        ident,
        doc.words(data.get("label"), (*path, "label"), "label"),
        kind,
        doc.flag(data, "required", path),
        tuple(choices),
        when,
        low,
        high,
        doc.words(data.get("hint"), (*path, "hint"), "hint", 200, required=False),
        doc.flag(data, "private", path),
        doc.source.line(*path),
        doc.codes(data.get("under"), (*path, "under"), "under"),
        staff=doc.flag(data, "staff", path),
        of=of,
    )


def _bound(doc: Doc, data: dict[str, Any], key: str, path: KeyPath) -> float | None:
    if data.get(key) is None:
        return None
    return doc.number(data, key, path, 0, -1e15, 1e15)


def read_templates(doc: Doc) -> tuple[Template, ...]:
    """templates.yaml: move → templates."""
    data = doc.mapping(doc.source.data, (), doc.file, ("templates", "note"), ("templates",))
    raw = (
        doc.mapping(data["templates"], ("templates",), "templates")
        if data.get("templates") is not None
        else {}
    )
    found: list[Template] = []
    for move, listed in raw.items():
        for i, one in enumerate(doc.items(listed, ("templates", move), f"templates.{move}")):
            path = ("templates", move, i)
            keys = ("id", "name", "field", "text")
            part = doc.mapping(one, path, "a template", keys, keys)
            made = Template(
                doc.code(part.get("id"), (*path, "id"), "id"),
                move,
                doc.words(part.get("name"), (*path, "name"), "name"),
                doc.code(part.get("field"), (*path, "field"), "field"),
                doc.words(part.get("text"), (*path, "text"), "text", TEXT_MAX),
            )
            if any(made.id == other.id and move == other.move for other in found):
                doc.wrong("duplicate-value", path, text=made.id, where=f"templates.{move}")
            found.append(made)
    return tuple(found)
