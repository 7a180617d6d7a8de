"""The quick calendar says what the real one says."""

from __future__ import annotations

import random
from datetime import UTC, date, datetime, timedelta

import pytest

from huying.cases.world import span_of
from huying.whatif.hours import Hours
from huying.worktime import Calendar, due, parse_limit

SINCE, UNTIL = datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 12, 31, tzinfo=UTC)
HOLIDAYS = {date(2026, 2, 15) + timedelta(days=n): "off" for n in range(9)} | {
    date(2026, 2, 14): "work",
    date(2026, 2, 28): "work",
    date(2026, 10, 1): "off",
    date(2026, 10, 2): "off",
}


@pytest.mark.parametrize("calendar", [Calendar(holidays=HOLIDAYS), Calendar.round_the_clock()])
def test_it_agrees_with_the_calendar(calendar: Calendar) -> None:
    hours = Hours(calendar, SINCE.timestamp(), UNTIL.timestamp())
    rng = random.Random(5)
    spans = ("90 work minutes", "4 work hours", "1 workday", "5 workdays", "30 minutes", "24 hours", "3 days")
    for _ in range(1500):
        at = SINCE + timedelta(seconds=rng.uniform(2 * 86400, 300 * 86400))
        other = at + timedelta(seconds=rng.uniform(0, 20 * 86400))
        worked = (calendar.worked(other) - calendar.worked(at)) / 1_000_000
        assert hours.between(at.timestamp(), other.timestamp()) == pytest.approx(worked, abs=0.01)
        text = rng.choice(spans)
        wanted = due(parse_limit(text), at, calendar).timestamp()
        assert hours.due(at.timestamp(), span_of(text)) == pytest.approx(wanted, abs=0.01), (at, text)
        opening = calendar.next_open(at).timestamp()
        assert hours.next_open(at.timestamp()) == pytest.approx(opening, abs=0.01)


def test_time_goes_back_as_it_went() -> None:
    calendar = Calendar(holidays=HOLIDAYS)
    hours = Hours(calendar, SINCE.timestamp(), UNTIL.timestamp())
    start = datetime(2026, 2, 24, 2, 30, tzinfo=UTC)  # just after the Spring Festival
    for worked in (60.0, 7200.0, 40 * 3600.0):
        before = hours.shifted(start.timestamp(), -worked)
        real = calendar.moment_of(calendar.worked(start) - int(worked * 1_000_000))
        assert before == pytest.approx(real.timestamp(), abs=0.01)
        assert hours.between(before, start.timestamp()) == pytest.approx(worked)
    assert hours.shifted(start.timestamp(), 0.0) == start.timestamp()


def test_beyond_its_days_there_is_no_moment() -> None:
    hours = Hours(Calendar(), SINCE.timestamp(), (SINCE + timedelta(days=7)).timestamp())
    assert hours.after(SINCE.timestamp(), 400 * 3600) == float("inf")
