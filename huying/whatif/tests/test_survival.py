"""Times of which some are not known to the end."""

from __future__ import annotations

import random
from math import inf

import pytest

from huying.whatif.survival import estimate, interval


def test_the_estimate_of_a_worked_example() -> None:
    # Six who stopped, of ten: 1, 2+, 3, 4, 4, 5+, 6, 8+, 9, 10+
    curve = estimate(
        [(1, True), (2, False), (3, True), (4, True), (4, True), (5, False), (6, True), (8, False), (9, True), (10, False)]
    )  # fmt: skip
    assert curve.share(0.5) == 1
    assert curve.share(1) == pytest.approx(0.9)
    assert curve.share(3) == pytest.approx(0.9 * 7 / 8)
    assert curve.share(4) == pytest.approx(0.9 * 7 / 8 * 5 / 7)
    assert curve.share(6) == pytest.approx(0.9 * 5 / 8 * 3 / 4)
    assert curve.never == pytest.approx(0.9 * 5 / 8 * 3 / 4 * 1 / 2)


def test_draws_follow_the_curve_also_when_something_is_known_already() -> None:
    rng = random.Random(3)
    known = [(rng.expovariate(1.0), True) for _ in range(3000)]
    curve = estimate(known)
    drawn = sorted(curve.draw(rng.random()) for _ in range(4000))
    assert drawn[2000] == pytest.approx(0.69, abs=0.06)
    later = sorted(curve.draw(rng.random(), 1.0) for _ in range(4000))
    assert later[0] >= 1.0
    assert later[2000] == pytest.approx(1.69, abs=0.1)  # what has lasted does not wear out here


def test_what_nobody_has_finished_never_ends() -> None:
    curve = estimate([(1, True), (5, False), (5, False), (5, False)])
    assert curve.never == pytest.approx(0.75)
    assert curve.draw(0.5) == inf
    assert curve.draw(0.9) == 1


def test_unfinished_ones_make_it_longer() -> None:
    """Leaving out what is not finished would say that all is done within two hours."""
    rng = random.Random(4)
    whole = [rng.expovariate(1 / 4) for _ in range(4000)]
    curve = estimate([(min(time, 2.0), time <= 2.0) for time in whole])
    assert curve.share(2.0) == pytest.approx(0.607, abs=0.03)


def test_nine_of_ten() -> None:
    assert interval([float(n) for n in range(101)]) == (5.0, 95.0)
