"""What supervision.yaml refers to: kinds, organs, roles with the right, moves that the clock makes."""

from __future__ import annotations

import re

from huying.flow.source import Problem
from huying.flow.words import parse_relation
from huying.presets.definition import Preset, Words
from huying.presets.problems import problem
from huying.presets.read_supervision import FILE, read
from huying.presets.supervision_definition import PARTS, Rule

ROOM = "supervise"
#: what the form of an order must ask: to whom, what, how seriously, by when, who else reads it
FIELDS = {"to_organ": "organ", "demand": "long", "level": "choice", "days": "number", "copies": "organs"}
_BRACES = re.compile(r"\{([^{}]*)\}")


def check_supervision(preset: Preset, broken: frozenset[str]) -> list[Problem]:
    """What the file says wrongly, and references that lead nowhere."""
    found: list[Problem] = []
    for kind in preset.kinds.values():
        form = preset.forms.get(kind.form)
        if ROOM in kind.rooms and form is not None:
            types = {one.id: one.type for one in form.fields}
            found += [
                problem("order-field", form.file, 1, form=form.id, name=name, kind=wanted)
                for name, wanted in FIELDS.items()
                if types.get(name) != wanted
            ]
    if found or FILE not in preset.files or FILE in broken:
        return found
    whole = read(preset.files[FILE], preset.place.tiers, found)
    if found:
        return found
    orders = [kind for kind in preset.kinds.values() if ROOM in kind.rooms]
    for name, words in (("bulletin.title", whole.title), ("bulletin.text", whole.text)):
        found += _parts(name, words, 1)
    if "organs.csv" not in broken:
        found += _organs(preset, "order.copies", whole.copies, 1)
        found += _organs(preset, "bulletin.to", whole.readers, 1)
    for rule in whole.rules.values():
        where = f"rules.{rule.id}"
        if rule.do != "urge" and "kinds.yaml" not in broken and not orders:
            found.append(problem("no-order-kind", FILE, rule.line, where=where))
        if "organs.csv" not in broken:
            found += _organs(preset, where, rule.copies, rule.line)
        if "roles.yaml" not in broken:
            found += _roles(preset, rule, where, orders[0].right if orders else "")
        found += _kinds(preset, rule, where, broken)
        found += _parts(where, rule.demand, rule.line)
    return found


def _organs(preset: Preset, where: str, names: tuple[str, ...], line: int) -> list[Problem]:
    return [
        problem("unknown-organ", FILE, line, where=where, name=name, like=(name, preset.organs))
        for name in names
        if name not in preset.organs
    ]


def _roles(preset: Preset, rule: Rule, where: str, right: str) -> list[Problem]:
    found = []
    for text, needed in ((rule.author, ""), (rule.to, right)):
        relation = parse_relation(text, preset.place.tiers) if text else None
        if relation is None or relation.kind != "post":
            continue
        role = preset.roles.get(relation.args[0])
        if role is None:
            name = relation.args[0]
            found.append(
                problem("unknown-role", FILE, rule.line, where=where, name=name, like=(name, preset.roles))
            )
        elif needed and needed not in role.rights:  # whoever is asked to issue an order must be able to
            found.append(problem("role-lacks-right", FILE, rule.line, role=role.code, right=needed))
    return found


def _kinds(preset: Preset, rule: Rule, where: str, broken: frozenset[str]) -> list[Problem]:
    if "kinds.yaml" in broken:
        return []
    found = [
        problem("unknown-kind", FILE, rule.line, where=where, name=name, like=(name, preset.kinds))
        for name in rule.kinds
        if name not in preset.kinds
    ]
    if found or rule.do != "urge":
        return found
    kinds = [preset.kinds[name] for name in rule.kinds] or [k for k in preset.kinds.values() if not k.right]
    flows = [preset.flows[kind.flow] for kind in kinds if kind.flow in preset.flows]
    moves = {move.id: move for flow in flows for move in flow.moves if move.id == rule.move}
    if not moves and flows:
        known = [move.id for flow in flows for move in flow.moves if move.by_clock]
        found.append(
            problem("unknown-move", FILE, rule.line, where=where, name=rule.move, like=(rule.move, known))
        )
    elif any(not any(by.kind == "clock" for by in move.by) for move in moves.values()):
        found.append(problem("not-by-clock", FILE, rule.line, where=where, name=rule.move))
    return found


def _parts(where: str, words: Words, line: int) -> list[Problem]:
    return [
        problem("report-part", FILE, line, where=where, name=name, known=", ".join(PARTS), like=(name, PARTS))
        for text in (words.zh, words.en)
        for name in _BRACES.findall(text)
        if name not in PARTS
    ]
