# A case a line reads better than twelve.
# ruff: noqa: E501
"""indicators.yaml: read as it says, and each mistake named with its line and how to mend it."""

from __future__ import annotations

import pytest

from huying.presets.diff import diff
from huying.presets.measures import ExpressionError, Term, in_words, parse_expression
from huying.presets.reader import load
from huying.presets.tests.mini import files

FILE = "indicators.yaml"
SOUND = """\
small: 5
indicators:
  on_time: {name: 按时办结率, meaning: 按时办结的比例, numerator: closed_in_time, denominator: closed + open_late, exclusions: [voided], basis: in, unit: percent, direction: higher, good: 0.9, fair: 0.8}
  returned: {name: 退单率, meaning: 退单的比例, numerator: handed_back, denominator: dispatched, basis: in, unit: percent, direction: lower, good: 0.05, fair: 0.1, levels: [place, organ]}
  complaints: {name: 投诉, meaning: 投诉件数, numerator: "reported[call=complaint, channel=web]", basis: in, unit: cases, direction: none}
scores:
  district: {name: 综合, meaning: 合计, weights: {on_time: 60, returned: 40}, good: 90, fair: 80}
"""

# (name, what is replaced, by what, [(line, code)…])
CASES = [
    ("no indicators", "indicators:", "indicater:", [(1, "missing"), (2, "unknown-key"), (7, "score-indicator"), (7, "score-indicator")]),
    ("a measure that nothing counts", "numerator: closed_in_time", "numerator: closed_intime", [(3, "unknown-measure")]),
    ("an exclusion that nothing counts", "[voided]", "[viod]", [(3, "unknown-measure")]),
    ("a product", "closed + open_late", "closed * open_late", [(3, "bad-expression")]),
    ("a call of a function", "closed + open_late", "len(closed)", [(3, "unknown-measure")]),
    ("nothing between two measures", "closed + open_late", "closed open_late", [(3, "bad-expression")]),
    ("brackets left open", '"reported[call=complaint, channel=web]"', '"reported[call=complaint"', [(5, "bad-expression")]),
    ("a field that no case has", "call=complaint", "mood=bad", [(5, "bad-choice")]),
    ("a kind of call that there is not", "call=complaint", "call=complain", [(5, "bad-choice")]),
    ("a channel that there is not", "channel=web", "channel=wap", [(5, "bad-choice")]),
    ("cases over dispatches", "denominator: dispatched", "denominator: closed", [(4, "mixed-measures")]),
    ("dispatches by the day of closing", "denominator: dispatched, basis: in", "denominator: dispatched, basis: closed", [(4, "measure-basis")]),
    ("a basis that there is not", "exclusions: [voided], basis: in", "exclusions: [voided], basis: opened", [(3, "bad-choice")]),
    ("a share of nothing", "denominator: closed + open_late, ", "", [(3, "missing")]),
    ("a number with a denominator", "unit: cases", "denominator: reported, unit: cases", [(5, "indicator-denominator")]),
    ("thresholds the wrong way round", "good: 0.9, fair: 0.8", "good: 0.8, fair: 0.9", [(3, "threshold-order")]),
    ("thresholds the wrong way round, lower is better", "good: 0.05, fair: 0.1,", "good: 0.1, fair: 0.05,", [(4, "threshold-order")]),
    ("thresholds of neither", "unit: cases, direction: none", "unit: cases, direction: none, good: 9, fair: 5", [(5, "threshold-direction")]),
    ("one threshold only", "good: 0.9, fair: 0.8", "good: 0.9", [(3, "missing")]),
    ("a threshold in per cent", "good: 0.9, fair: 0.8", "good: 90, fair: 0.8", [(3, "not-number"), (3, "threshold-order")]),
    ("a level that there is not", "[place, organ]", "[place, street]", [(4, "bad-choice")]),
    ("a score of an unknown indicator", "{on_time: 60,", "{ontime: 60,", [(7, "score-indicator")]),
    ("a score of a number", "returned: 40", "complaints: 40", [(7, "score-of-count")]),
    ("weights that make 110", "on_time: 60", "on_time: 70", [(7, "weights-total")]),
    ("a score named as an indicator", "  district:", "  on_time:", [(7, "duplicate-code")]),
    ("no meaning", "meaning: 退单的比例, ", "", [(4, "missing")]),
    ("an invented key", "basis: in, unit: percent, direction: higher", "basis: in, unti: 1, unit: percent, direction: higher", [(3, "unknown-key")]),
]  # fmt: skip


def made(text: str = SOUND) -> dict[str, str]:
    return {**files(), FILE: text}


def test_the_sound_one_is_read_as_it_says() -> None:
    preset, problems = load(made())
    assert problems == []
    assert preset is not None
    found = preset.indicators
    assert (found.small, list(found.indicators), list(found.scores)) == (
        5,
        ["on_time", "returned", "complaints"],
        ["district"],
    )
    on_time = found.indicators["on_time"]
    assert on_time.denominator is not None
    assert on_time.denominator.terms == (Term(1, "closed"), Term(1, "open_late"))
    assert (on_time.of, found.indicators["returned"].of) == ("case", "dispatch")
    assert found.indicators["complaints"].numerator.terms[0].only == (
        ("call", ("complaint",)),
        ("channel", ("web",)),
    )
    assert found.indicators["returned"].levels == ("place", "organ")
    assert found.scores["district"].weights == {"on_time": 60, "returned": 40}


@pytest.mark.parametrize(("name", "before", "after", "expected"), CASES, ids=[case[0] for case in CASES])
def test_a_mistake_is_named(name: str, before: str, after: str, expected: list[tuple[int, str]]) -> None:
    assert SOUND.count(before) == 1
    preset, problems = load(made(SOUND.replace(before, after)))
    assert preset is None
    assert [(one.file, one.line, one.code) for one in problems] == [(FILE, *one) for one in expected]
    for one in problems:
        assert one.what
        assert one.mend
        assert "{" not in one.text("zh") + one.text("en")


def test_a_slip_of_the_pen_gets_a_hint() -> None:
    [wrong] = load(made(SOUND.replace("numerator: closed_in_time", "numerator: closed_intime")))[1]
    assert "closed_in_time" in wrong.what


@pytest.mark.parametrize("text", ["", "+", "+ closed", "closed -", "closed + + voided", "closed[", "closed[]", "1", "closed + 1",
                                  "__import__", "closed[call=a;b]", "closed[call=a, call=b]", "closed\x00", "+".join(["closed"] * 13)])  # fmt: skip
def test_what_is_no_expression(text: str) -> None:
    with pytest.raises(ExpressionError):
        parse_expression(text)


def test_an_expression_in_words() -> None:
    found = parse_expression("reported[channel=grid|street] - untrue")
    names = {"channel": {"grid": "网格长端", "street": "乡镇街道"}}
    assert in_words(found, names) == "上报（网格长端、乡镇街道） − 不属实"
    assert in_words(found, {}, "en") == "came in (grid、street) − found untrue"


def test_a_changed_weight_is_a_difference_that_people_read() -> None:
    old, new = (
        load(made())[0],
        load(made(SOUND.replace("on_time: 60, returned: 40", "on_time: 70, returned: 30")))[0],
    )
    assert old is not None
    assert new is not None
    assert [str(one) for one in diff(old, new)] == [
        "综合评分 district：weights on_time: 60, returned: 40 → on_time: 70, returned: 30"
    ]


def test_a_place_without_the_file_has_no_indicators() -> None:
    preset, problems = load(files())
    assert problems == []
    assert preset is not None
    assert not preset.indicators.indicators
