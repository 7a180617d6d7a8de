"""Kinds, flows, forms and templates together."""

from __future__ import annotations

import re

from huying.flow.definition import Flow
from huying.flow.source import Problem
from huying.presets.definition import Kind, Preset
from huying.presets.flow_context import flow_problems
from huying.presets.moves import MOVES_FORM
from huying.presets.problems import problem

FILE = "kinds.yaml"
_BRACES = re.compile(r"\{([^{}\s]*)\}")
#: Values that a template may use besides the fields of forms.
TEMPLATE_VALUES = ("item", "number", "due", "organ", "division", "place", "title")


def check_flows(preset: Preset, broken: frozenset[str]) -> list[Problem]:
    """Every problem between kinds, flows, forms and templates. Nothing is said about what stands in a broken file."""
    found: list[Problem] = []
    flows_sound = not any(name.startswith("flows/") for name in broken)
    forms_sound = not any(name.startswith("forms/") for name in broken)
    if FILE not in broken:
        found += _kinds(preset, flows_sound, forms_sound)
    if flows_sound:
        found += flow_problems(preset, broken)
    if forms_sound and "catalogue.csv" not in broken:
        found += _under(preset)
    if flows_sound and forms_sound:
        if FILE not in broken and not any(one.code == "unknown-form" for one in found):
            found += _unused(preset)
        if "templates.yaml" not in broken:
            found += _templates(preset)
    return found


def _kinds(preset: Preset, flows_sound: bool, forms_sound: bool) -> list[Problem]:
    found = []
    for kind in preset.kinds.values():
        line, where = _line(preset, FILE, f"{kind.code}:"), f"kinds.{kind.code}"
        flow = preset.flows.get(kind.flow)
        if flow is None:
            if flows_sound and kind.flow:
                found.append(
                    problem(
                        "unknown-flow",
                        FILE,
                        line,
                        where=where,
                        name=kind.flow,
                        like=(kind.flow, preset.flows),
                    )
                )
        elif flow.leg:
            found.append(problem("leg-as-kind", FILE, line, flow=flow.id))
        elif flow.kind and flow.kind != kind.code:
            found.append(problem("kind-mismatch", FILE, line, flow=flow.id, other=flow.kind, kind=kind.code))
        if kind.form and kind.form not in preset.forms and forms_sound:
            found.append(
                problem(
                    "unknown-form", FILE, line, where=where, name=kind.form, like=(kind.form, preset.forms)
                )
            )
        form = preset.forms.get(kind.form)
        if kind.due and form is not None:
            numbers = [one.id for one in form.fields if one.type == "number"]
            if kind.due not in numbers:
                found.append(
                    problem("due-field", FILE, line, where=where, name=kind.due, like=(kind.due, numbers))
                )
        if kind.board is not None:
            found += _board(preset, kind, where, flow, forms_sound)
    for flow in preset.flows.values():
        if flow.kind and flow.kind not in preset.kinds:
            line = _line(preset, flow.file, "kind:")
            found.append(
                problem(
                    "unknown-kind",
                    flow.file,
                    line,
                    where=flow.id,
                    name=flow.kind,
                    like=(flow.kind, preset.kinds),
                )
            )
    return found


def _board(preset: Preset, kind: Kind, where: str, flow: Flow | None, forms_sound: bool) -> list[Problem]:
    """What a kind's page of the year names: fields that may be read by others, and steps."""
    assert kind.board is not None
    line, found = _line(preset, FILE, "board:") or _line(preset, FILE, f"{kind.code}:"), []
    names = [kind.form, MOVES_FORM, *(move.form for move in (flow.moves if flow else ()) if move.form)]
    fields = {
        one.id for name in names if name in preset.forms for one in preset.forms[name].fields
        if not one.private and one.type not in ("photo", "files", "point")
    }  # fmt: skip
    for name in kind.board.shows if forms_sound else ():
        if name not in fields:
            found.append(problem("board-field", FILE, line, where=where, name=name, like=(name, fields)))
    for name in kind.board.drafts if flow is not None else ():
        if flow is not None and name not in flow.steps:
            found.append(
                problem("unknown-step-of", FILE, line, where=where, name=name, like=(name, flow.steps))
            )
    return found


def _under(preset: Preset) -> list[Problem]:
    """Rows of the catalogue that fields of items name."""
    return [
        problem("unknown-parent", form.file, one.line, name=code, like=(code, preset.items))
        for form in preset.forms.values()
        for one in form.fields
        for code in one.under
        if code not in preset.items
    ]


def _unused(preset: Preset) -> list[Problem]:
    used = {kind.form for kind in preset.kinds.values()} | {MOVES_FORM, "leg"}
    used |= {move.form for flow in preset.flows.values() for move in flow.moves if move.form}
    asked = {
        name for flow in preset.flows.values() for move in flow.moves for name in (*move.needs, *move.asks)
    }
    return [
        problem("unused-form", form.file, 1, form=form.id)
        for form in preset.forms.values()
        if form.id not in used and not asked & set(form.ids)
    ]


def _templates(preset: Preset) -> list[Problem]:
    file, found = "templates.yaml", []
    moves = {move.id for flow in preset.flows.values() for move in flow.moves}
    fields = {name for form in preset.forms.values() for name in form.ids}
    for one in preset.templates:
        line = _line(preset, file, f"id: {one.id}")
        where = f"templates.{one.move}"
        if one.move not in moves:
            line = _line(preset, file, f"{one.move}:")
            found.append(
                problem("unknown-move", file, line, where="templates", name=one.move, like=(one.move, moves))
            )
            continue
        if one.field not in fields:
            found.append(
                problem("unknown-field", file, line, where=where, name=one.field, like=(one.field, fields))
            )
        known = fields | set(TEMPLATE_VALUES)
        for name in _BRACES.findall(one.text.zh) + _BRACES.findall(one.text.en):
            if name not in known:
                found.append(problem("unknown-value", file, line, name=name, like=(name, known)))
                break
    return found


def _line(preset: Preset, file: str, text: str) -> int:
    for number, line in enumerate(preset.files.get(file, "").splitlines(), 1):
        at = line.find(text)
        if at >= 0 and not line[:at].strip(" -{"):
            return number
    return 0
