"""Numbers that people type and addresses name."""

from __future__ import annotations

import pytest

from huying.ui.typed import whole


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("0", 0), ("42", 42), ("007", 7), ("9" * 18, 10**18 - 1), ("9" * 19, None), ("9" * 5000, None), ("", None), ("²", None),
        ("４２", None), ("-1", None), ("1.0", None), (" 1", None), ("1_000", None), (None, None),
    ],
)  # fmt: skip
def test_only_plain_digits_and_not_too_many(text: object, number: int | None) -> None:
    assert whole(text) == number


def test_a_field_may_be_shorter() -> None:
    assert (whole("999", 3), whole("1000", 3)) == (999, None)
