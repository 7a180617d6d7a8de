"""Periods: calendar units know what comes before them, and parts fill them without gaps."""

from __future__ import annotations

import itertools
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huying.indicators.periods import Period, day, half, month, quarter, week, year


def span(one: Period) -> tuple[str, str]:
    return one.start.isoformat(), one.last.isoformat()


@pytest.mark.parametrize(("period", "step", "own", "before", "year_before"), [
    (month(2026, 3), "month", ("2026-03-01", "2026-03-31"), ("2026-02-01", "2026-02-28"), ("2025-03-01", "2025-03-31")),
    (month(2026, 1), "month", ("2026-01-01", "2026-01-31"), ("2025-12-01", "2025-12-31"), ("2025-01-01", "2025-01-31")),
    (quarter(2026, 1), "quarter", ("2026-01-01", "2026-03-31"), ("2025-10-01", "2025-12-31"), ("2025-01-01", "2025-03-31")),
    (half(2026, 2), "half", ("2026-07-01", "2026-12-31"), ("2026-01-01", "2026-06-30"), ("2025-07-01", "2025-12-31")),
    (year(2024), "year", ("2024-01-01", "2024-12-31"), ("2023-01-01", "2023-12-31"), ("2023-01-01", "2023-12-31")),
    (week(date(2026, 3, 4)), "week", ("2026-03-02", "2026-03-08"), ("2026-02-23", "2026-03-01"), ("2025-03-03", "2025-03-09")),
    (day(date(2024, 2, 29)), "day", ("2024-02-29", "2024-02-29"), ("2024-02-28", "2024-02-28"), ("2023-02-28", "2023-02-28")),
    (Period(date(2026, 3, 5), date(2026, 3, 15)), "", ("2026-03-05", "2026-03-14"),
     ("2026-02-23", "2026-03-04"), ("2025-03-05", "2025-03-14")),
])  # fmt: skip
def test_what_comes_before(
    period: Period, step: str, own: tuple[str, str], before: tuple[str, str], year_before: tuple[str, str]
) -> None:
    assert period.step == step
    assert (span(period), span(period.before()), span(period.year_before())) == (own, before, year_before)


@given(
    st.dates(date(2004, 1, 1), date(2027, 12, 31)),
    st.integers(1, 800),
    st.sampled_from(["day", "week", "month"]),
)
def test_parts_fill_a_period(start: date, days: int, step: str) -> None:
    period = Period(start, start + timedelta(days=days))
    parts = period.parts(step)
    assert (parts[0].start, parts[-1].end) == (period.start, period.end)
    assert all(one.end == other.start for one, other in itertools.pairwise(parts))
    assert sum(one.days for one in parts) == days
    assert period.before().end == period.start
    assert period.year_before().end < period.end


def test_a_period_has_a_day() -> None:
    with pytest.raises(ValueError, match="at least one day"):
        Period(date(2026, 3, 1), date(2026, 3, 1))
