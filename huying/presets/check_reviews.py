"""reviews.yaml against the rest of the preset: kinds, moves, steps and items that it names are there."""

from __future__ import annotations

from collections.abc import Iterable

from huying.flow.definition import Flow
from huying.flow.source import Problem
from huying.presets.definition import Preset
from huying.presets.problems import problem
from huying.presets.review_definition import Review

FILE = "reviews.yaml"


def check_reviews(preset: Preset, broken: frozenset[str] = frozenset()) -> list[Problem]:
    """Every problem between reviews.yaml and the other files."""
    if preset.reviews is None or FILE in broken or "kinds.yaml" in broken:
        return []
    if any(name.startswith("flows/") for name in broken):
        return []
    reviews = preset.reviews
    found: list[Problem] = []
    for code in reviews.of:
        found += _known(preset, code, preset.kinds, "unknown-kind", "of")
    reviewed = [preset.flow_of(code) for code in reviews.of if code in preset.kinds]
    reviewed = [flow for flow in reviewed if flow is not None]
    parts = [flow for flow in preset.flows.values() if flow.leg]
    moves = _moves([*reviewed, *parts])
    steps = {step for flow in [*reviewed, *parts] for step in flow.steps}
    for name in ("rated", "again", "reopen"):
        if code := getattr(reviews, name):
            found += _known(preset, code, _moves(reviewed), "unknown-move", f"moves.{name}")
    for task in reviews.tasks():
        found += _task(preset, task)
    channels = {one.code for one in preset.place.channels}
    named = {
        effect.args[0] for flow in preset.flows.values() for move in flow.moves for effect in move.does
        if effect.do == "score" and effect.args
    }  # fmt: skip
    for rule in reviews.rules:
        where = f"deductions.{rule.id}"
        if rule.scored and rule.id not in named:
            found.append(problem("score-unused", FILE, _line_of(preset, rule.id), id=rule.id))
        for code in rule.moves:
            found += _known(preset, code, moves, "unknown-move", where)
        for code in rule.overdue:
            found += _known(preset, code, steps, "unknown-step-of", where)
        for code in rule.channels:
            if "place.yaml" not in broken:
                found += _known(preset, code, channels, "bad-channel", where)
    if "indicators.yaml" not in broken:
        shares = preset.indicators.indicators
        for level, appraisal in reviews.appraisals.items():
            for part in appraisal.parts:
                where = f"appraisal.{level}"
                found += _known(preset, part.indicator, shares, "unknown-indicator", where)
                one = shares.get(part.indicator)
                if one is not None and level not in one.levels:
                    line = _line_of(preset, part.indicator)
                    found.append(
                        problem("indicator-level", FILE, line, where=where, name=one.id, level=level)
                    )
    return found


def _task(preset: Preset, task: Review) -> list[Problem]:
    found = _known(preset, task.kind, preset.kinds, "unknown-kind", "kind")
    kind = preset.kinds.get(task.kind)
    if kind is not None and kind.flow in preset.flows:
        moves = _moves([preset.flows[kind.flow]])
        for code in (*task.done.values(), *task.again):
            found += _known(preset, code, moves, "unknown-move", task.kind)
    for draw in task.draws:
        for code in draw.items:
            found += _known(preset, code, preset.items, "unknown-item", f"draws.{draw.id}")
    return found


def _moves(flows: Iterable[Flow]) -> set[str]:
    return {move.id for flow in flows for move in flow.moves}


def _known(preset: Preset, name: str, known: Iterable[str], code: str, where: str) -> list[Problem]:
    names = list(known)
    if name in names:
        return []
    return [problem(code, FILE, _line_of(preset, name), where=where, name=name, like=(name, names))]


def _line_of(preset: Preset, text: str) -> int:
    return next((n for n, line in enumerate(preset.files.get(FILE, "").splitlines(), 1) if text in line), 0)
