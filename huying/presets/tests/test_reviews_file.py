"""reviews.yaml: what it says, and what is said about mistakes in it."""

from __future__ import annotations

from pathlib import Path

import pytest

from huying.presets.reader import load

PRESET = Path(__file__).resolve().parents[3] / "presets" / "huinan"


def files() -> dict[str, bytes | str]:
    return {
        path.relative_to(PRESET).as_posix(): path.read_bytes() for path in PRESET.rglob("*") if path.is_file()
    }


def test_the_real_file_is_read() -> None:
    preset, problems = load(PRESET)
    assert problems == []
    assert preset is not None
    assert preset.reviews is not None
    assert preset.reviews.call_back is not None
    assert [draw.when for draw in preset.reviews.call_back.draws] == ["unsatisfied", "unrated", "closed"]
    assert {rule.id for rule in preset.reviews.rules} >= {
        "frivolous",
        "late_in",
        "missing_in",
        "passed_on",
        "delay",
    }
    assert sum(part.weight for part in preset.reviews.appraisals["organ"].parts) == 100


@pytest.mark.parametrize(
    ("was", "becomes", "code", "text"),
    [
        ("of: [request]", "of: [requests]", "unknown-kind", "“requests”"),
        ("rated: rated", "rated: rate", "unknown-move", "“rate”"),
        ("answered: answered", "answered: replied", "unknown-move", "“replied”"),
        ("items: [E110, E201]", "items: [E110, Z9]", "unknown-item", "“Z9”"),
        ("overdue: [handle]", "overdue: [handel]", "unknown-step-of", "“handel” (perhaps “handle”?)"),
        ("scored: yes", "scored: yes, results: [void]", "rule-grounds", "passed_on"),
        ("id: passed_on", "id: passed", "score-unused", "“passed”"),
        ("channels: [street, grid]", "channels: [streets]", "bad-channel", "“streets”"),
        ("when: unrated", "when: silent", "bad-choice", "“silent”"),
        ("window: 5 workdays", "window: five days", "bad-limit", "five days"),
        ("indicator: answered", "indicator: answers", "unknown-indicator", "“answers”"),
        ("indicator: answered", "indicator: direct", "indicator-level", "“organ”"),
        ("every: half-year", "every: fortnight", "bad-choice", "“fortnight”"),
        ("share: 30", "share: 130", "not-number", "0–100"),
    ],
)  # fmt: skip
def test_a_mistake_is_told_with_its_line(was: str, becomes: str, code: str, text: str) -> None:
    given = files()
    right = bytes(given["reviews.yaml"]).decode()
    assert was in right
    wrong = right.replace(was, becomes, 1)
    given["reviews.yaml"] = wrong
    _preset, problems = load(given)
    found = [one for one in problems if one.file == "reviews.yaml"]
    assert code in [one.code for one in found]
    one = next(one for one in found if one.code == code)
    assert text in one.what
    assert one.line > 0
    assert one.mend


def test_points_that_a_move_takes_have_a_rule_or_are_named_at_the_move() -> None:
    given = files()
    flow = bytes(given["flows/organ-leg.yaml"]).decode()
    assert "score passed_on" in flow
    given["flows/organ-leg.yaml"] = flow.replace("score passed_on", "score passed_over")
    [one] = load(given)[1]
    line = flow[: flow.index("score passed_on")].count("\n") + 1
    assert (one.code, one.file, one.line) == ("unknown-score", "flows/organ-leg.yaml", line)
    assert "passed_on" in one.what
