"""How a scripted official fills in forms."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from huying.presets.reader import load
from huying.testing.demo.filling import Pen, fill, limit_fields
from huying.worktime import Calendar

PRESETS = Path(__file__).resolve().parents[3] / "presets"
NOW = datetime(2026, 3, 18, 6, 0, tzinfo=UTC)


def test_what_says_by_when_lies_ahead_and_what_happened_does_not() -> None:
    preset, problems = load(PRESETS / "zhenlai")
    assert preset is not None
    assert not problems
    limits = limit_fields(preset.flows.values())
    assert "finish_by" in limits
    assert "visited_at" not in limits
    pen = Pen(random.Random(1), Calendar.round_the_clock(), NOW, limits=limits)
    [settle] = [one for one in preset.flows["bill"].moves if one.id == "settle"]
    given = fill(preset.move_form("bill", "settle"), replace(settle, needs=("finish_by",)), pen)
    assert datetime.fromisoformat(given["finish_by"]) > NOW
