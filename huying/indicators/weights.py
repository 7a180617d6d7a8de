"""Changing what a score weighs: as data, as the place's next edition, checked whole before it is published."""

from __future__ import annotations

import re
from collections.abc import Mapping

from huying.cases.handbook import Draft
from huying.flow.source import parse_yaml
from huying.presets.definition import Preset
from huying.presets.diff import diff
from huying.presets.indicator_definition import Score
from huying.presets.read_indicators import FILE
from huying.presets.reader import load


def changed(text: str, score: str, weights: Mapping[str, float]) -> str:
    """The file's text with other weights of a score; comments and everything else stay. Raises KeyError."""
    source, _problems = parse_yaml(text, FILE)
    data = source.data if source is not None else {}
    if score not in (data.get("scores") or {}):
        raise KeyError(score)
    written = "weights: {" + ", ".join(f"{name}: {weight:g}" for name, weight in weights.items()) + "}"
    lines = text.splitlines(keepends=True)
    # The mark of a value given in braces is the line of its key; of a block, its first line: look upwards for the key.
    assert source is not None
    at = min(source.line("scores", score, "weights"), len(lines)) - 1
    while at > 0 and not re.search(r"\bweights\s*:", lines[at]):
        at -= 1
    braces = re.search(r"\bweights\s*:\s*\{[^{}]*\}", lines[at])
    if braces is not None:
        lines[at] = lines[at][: braces.start()] + written + lines[at][braces.end() :]
        return "".join(lines)
    indent = len(lines[at]) - len(lines[at].lstrip())
    end = at + 1
    while end < len(lines) and (
        not lines[end].strip() or len(lines[end]) - len(lines[end].lstrip()) > indent
    ):
        end += 1
    return "".join([*lines[:at], " " * indent + written + "\n", *lines[end:]])


def draft(preset: Preset, score: Score, weights: Mapping[str, float]) -> Draft:
    """The preset with other weights, checked, with what would change."""
    files = {**preset.files, FILE: changed(preset.files[FILE], score.id, weights)}
    new, problems = load(files)
    return Draft(files, diff(preset, new) if new is not None else (), problems)
