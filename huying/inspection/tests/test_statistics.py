"""The test by which units are compared: exact numbers, small samples left out, and no alarm where all are alike."""

from __future__ import annotations

import random
from math import comb

import pytest

from huying.inspection.statistics import tail, unusual
from huying.presets.definition import Words
from huying.presets.inspection_definition import Pattern

PATTERN = Pattern(
    id="returns", name=Words("退单", ""), find="returns", least=20, hits=5, times=2.0, level=0.01
)


@pytest.mark.parametrize(
    ("hits", "of", "rate"), [(0, 10, 0.3), (3, 10, 0.3), (10, 10, 0.3), (12, 40, 0.05), (1, 200, 0.001)]
)
def test_the_tail_is_the_binomial_one(hits, of, rate):
    exact = sum(comb(of, k) * rate**k * (1 - rate) ** (of - k) for k in range(hits, of + 1))
    assert tail(hits, of, rate) == pytest.approx(exact, rel=1e-9)


def test_large_numbers_do_not_overflow():
    assert tail(6000, 10_000, 0.5) < 1e-80
    assert tail(1, 100_000, 0.5) == pytest.approx(1.0)


def test_who_returns_far_more_is_named_with_the_numbers():
    told = unusual({"organ:1": (12, 40), "organ:2": (3, 60), "organ:3": (2, 50), "organ:4": (4, 4)}, PATTERN)
    assert len(told) == 1
    found = told[0]
    assert (found.unit, found.hits, found.of, found.others, found.others_of) == ("organ:1", 12, 40, 9, 114)
    assert found.compared == 3  # the fourth is too small to be judged, and counts among the others
    assert found.chance == pytest.approx(tail(12, 40, 10 / 116) * 3)


@pytest.mark.parametrize(
    "counts",
    [
        {"organ:1": (19, 19), "organ:2": (1, 90)},  # too small a sample, however glaring
        {"organ:1": (4, 40), "organ:2": (0, 90)},  # too few of them
        {"organ:1": (12, 40), "organ:2": (30, 100)},  # as everybody
        {"organ:1": (40, 40)},  # nobody to compare with
        {"organ:1": (9, 40), "organ:2": (12, 90)},  # more, but chance does as much
        {},
    ],
)
def test_what_is_not_named(counts):
    assert unusual(counts, PATTERN) == []


def test_where_all_are_alike_hardly_anybody_is_named():
    """Thirty organs that return one case in ten, three hundred times over: false alarms stay below the level."""
    dice, alarms = random.Random(5), 0
    for _ in range(300):
        counts = {}
        for organ in range(30):
            of = dice.randint(20, 80)
            counts[f"organ:{organ}"] = (sum(dice.random() < 0.1 for _ in range(of)), of)
        alarms += bool(unusual(counts, PATTERN))
    assert alarms <= 6  # 0.01 of 300, and some room for the dice
