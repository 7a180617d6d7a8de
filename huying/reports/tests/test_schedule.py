"""Drafts are made by themselves, once for each period, also for periods that ended while the server was down."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from huying.clock import frozen
from huying.reports import access, actions, jobs, periods
from huying.reports.models import Report
from huying.reports.tests.conftest import END


def made(lived: Any, code: str) -> list[date]:
    rows = Report.objects.filter(place_id=lived.place_id, kind=code, scheduled=True)
    return list(rows.order_by("start", "division_id").values_list("start", flat=True))


def run() -> int:
    done = 0
    while found := jobs.make_due():
        done += found
    return done


def test_each_period_once(settled: Any) -> None:
    # 3 November, a Tuesday, 9 o'clock: yesterday's, the towns' last week, October's two; the look-back is long due.
    assert run() == 1 + 15 + 2 + 1
    assert made(settled, "daily") == [date(2026, 11, 2)]
    assert made(settled, "weekly") == [date(2026, 10, 26)] * 15
    assert made(settled, "monthly") == [date(2026, 10, 1)]
    # The special report waits for the second workday at 8, which is today.
    assert made(settled, "special") == [date(2026, 10, 1)]
    assert made(settled, "lookback") == [date(2026, 1, 1)]
    assert run() == 0


def test_the_hour_and_the_workday(settled: Any) -> None:
    memory = settled.memory
    kinds = access.kinds(memory)

    def at(code: str, day: date) -> str:
        schedule = kinds[code].schedule
        found = periods.made_at(memory, schedule, periods.around(kinds[code].period, day))
        return f"{found:%Y-%m-%d %H:%M}"

    assert at("daily", date(2026, 10, 30)) == "2026-10-31 07:30"
    assert at("monthly", date(2026, 10, 5)) == "2026-11-02 08:00"  # the 1st is a Sunday
    assert at("special", date(2026, 10, 5)) == "2026-11-03 08:00"
    assert at("monthly", date(2026, 9, 5)) == "2026-10-08 08:00"  # after the National Day holiday
    assert at("lookback", date(2026, 8, 1)).startswith("2027-01-1")


def test_missed_while_down(settled: Any) -> None:
    run()
    before = Report.objects.filter(place_id=settled.place_id).count()
    with frozen(datetime(2026, 12, 7, 1, 0, tzinfo=UTC)):  # five weeks later, a Monday, 9 o'clock
        assert run() == Report.objects.filter(place_id=settled.place_id).count() - before
        assert made(settled, "daily") == [
            date.fromordinal(one)
            for one in range(date(2026, 11, 2).toordinal(), date(2026, 12, 7).toordinal())
        ]
        assert made(settled, "monthly") == [date(2026, 10, 1), date(2026, 11, 1)]
        assert sorted(set(made(settled, "weekly"))) == [
            date(2026, 10, 26), date(2026, 11, 2), date(2026, 11, 9), date(2026, 11, 16), date(2026, 11, 23),
            date(2026, 11, 30),
        ]  # fmt: skip
        assert run() == 0
        late = Report.objects.get(place_id=settled.place_id, kind="monthly", start=date(2026, 11, 1))
        # It says of when its figures are: of now, not of the day on which it should have been made.
        assert late.data_at == datetime(2026, 12, 7, 1, 0, tzinfo=UTC)


def test_by_hand_and_on_schedule_do_not_get_in_each_others_way(settled: Any) -> None:
    by_hand = actions.make(settled.actor("desk_head"), "monthly", settled.top, date(2026, 10, 9))
    assert not by_hand.scheduled
    run()
    assert made(settled, "monthly") == [date(2026, 10, 1)]


def test_the_clock_of_a_demonstration_stops_at_the_next_one(settled: Any) -> None:
    run()
    found = jobs.next_due()
    assert found is not None
    assert END < found <= datetime(2026, 11, 3, 23, 30, tzinfo=UTC)
