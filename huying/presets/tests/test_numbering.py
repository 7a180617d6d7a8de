"""Case numbers."""

from __future__ import annotations

from datetime import date

import pytest

from huying.presets.numbering import period, problem, render

DAY = date(2026, 3, 7)


@pytest.mark.parametrize(
    ("pattern", "wanted", "series"),
    [
        ("HN{yyyymmdd}-{seq5}", "HN20260307-00042", "20260307"),
        ("{yy}{mm}{seq4}", "26030042", "2603"),
        ("A-{seq3}", "A-042", ""),
        ("{yyyy}.{seq1}", "2026.42", "2026"),
    ],
)
def test_numbers_look_as_the_pattern_says(pattern, wanted, series):
    assert problem(pattern) == ""
    assert render(pattern, DAY, 42) == wanted
    assert period(pattern, DAY) == series


@pytest.mark.parametrize(
    "pattern",
    ["", "A{yyyy}", "{seq5}{seq5}", "{seq0}", "{day}{seq5}", "a b{seq3}", "{seq5", "x" * 50 + "{seq3}"],
)
def test_patterns_that_cannot_number(pattern):
    assert problem(pattern)
