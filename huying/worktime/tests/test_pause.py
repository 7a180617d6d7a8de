from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from huying.worktime import (
    Calendar,
    Limit,
    Unit,
    after_pause,
    before,
    due,
    extend,
    parse_limit,
    remaining,
    resume,
    share_point,
)

from .reference import ZONE
from .test_due import OFFICE, STARTS, at

UNITS = st.sampled_from(list(Unit))
LIMITS = st.builds(Limit, st.integers(1, 40), UNITS)
SECONDS = st.integers(0, 30 * 86_400).map(lambda s: timedelta(seconds=s, microseconds=s % 997))


def test_a_pause_over_the_weekend_costs_no_working_time(office):
    end = due(parse_limit("4 work hours"), at(2026, 3, 6, 15, 0), office)  # Friday
    assert end == at(2026, 3, 9, 10, 30)
    assert after_pause(end, at(2026, 3, 6, 17, 0), at(2026, 3, 9, 8, 30), office, Unit.WORK_HOUR) == end


def test_what_is_left_is_carried_over_lunch_and_holiday(office):
    end = due(parse_limit("6 work hours"), at(2026, 2, 14, 8, 30), office)  # the Saturday worked in return
    assert end == at(2026, 2, 14, 16, 0)
    left = remaining(end, at(2026, 2, 14, 11, 0), office, Unit.WORK_HOUR)
    assert left == timedelta(hours=3, minutes=30)
    assert resume(left, at(2026, 2, 18, 10, 0), office, Unit.WORK_HOUR) == at(2026, 2, 24, 13, 30)


def test_workdays_carry_working_time_not_midnights(office):
    end = due(parse_limit("2 workdays"), at(2026, 3, 3, 9, 0), office)
    assert end == at(2026, 3, 5, 17, 0)
    # a minute's pause over midnight is worth nothing
    assert after_pause(end, at(2026, 3, 3, 23, 59), at(2026, 3, 4, 0, 1), office, Unit.WORKDAY) == end
    # one whole workday of pause is one whole workday
    assert after_pause(end, at(2026, 3, 4, 10, 0), at(2026, 3, 5, 10, 0), office, Unit.WORKDAY) == at(
        2026, 3, 6, 17
    )


def test_overdue_stays_as_much_overdue(office):
    end, paused, resumed = at(2026, 3, 3, 10, 0), at(2026, 3, 3, 11, 0), at(2026, 3, 4, 14, 0)
    again = after_pause(end, paused, resumed, office, Unit.WORK_HOUR)
    assert again == at(2026, 3, 4, 11, 30)  # an hour ago, as the office works
    assert remaining(again, resumed, office, Unit.WORK_HOUR) == timedelta(hours=-1)


def test_days_carry_clock_time(office):
    end = due(parse_limit("5 days"), at(2026, 2, 14, 16, 0), office)
    assert after_pause(end, at(2026, 2, 15), at(2026, 2, 17), office, Unit.DAY) == at(2026, 2, 21, 16, 0)


def test_a_pause_that_ends_before_it_begins_is_an_error(office):
    with pytest.raises(ValueError, match="cannot end before"):
        after_pause(at(2026, 3, 5), at(2026, 3, 4), at(2026, 3, 3), office, Unit.DAY)


@settings(max_examples=300, deadline=None)
@given(STARTS, LIMITS, SECONDS)
def test_resuming_at_once_changes_nothing(start, limit, later):
    end = due(limit, start, OFFICE)
    paused = min(start + later, end)
    assert after_pause(end, paused, paused, OFFICE, limit.unit) == end


@settings(max_examples=300, deadline=None)
@given(STARTS, LIMITS, st.lists(SECONDS, min_size=4, max_size=4))
def test_any_number_of_pauses_neither_gains_nor_loses(start, limit, gaps):
    end = due(limit, start, OFFICE)
    whole = remaining(end, start, OFFICE, limit.unit)
    used, running, at_ = timedelta(), end, start
    for run, pause in (gaps[:2], gaps[2:]):
        paused = min(at_ + run, running)
        used += remaining(paused, at_, OFFICE, limit.unit)
        at_ = paused + pause
        running = after_pause(running, paused, at_, OFFICE, limit.unit)
    assert used + remaining(running, at_, OFFICE, limit.unit) == whole
    assert running >= end


@settings(max_examples=300, deadline=None)
@given(STARTS, UNITS, st.integers(1, 30), st.integers(1, 30))
def test_an_extension_adds_up(start, unit, first, more):
    once = due(Limit(first + more, unit), start, OFFICE)
    assert extend(due(Limit(first, unit), start, OFFICE), Limit(more, unit), OFFICE) == once


@settings(max_examples=200, deadline=None)
@given(STARTS, UNITS, st.integers(2, 30), st.data())
def test_notice_before_the_end_is_the_shorter_limit(start, unit, amount, data):
    notice = data.draw(st.integers(1, amount - 1))
    end = due(Limit(amount, unit), start, OFFICE)
    assert before(end, Limit(notice, unit), OFFICE) == due(Limit(amount - notice, unit), start, OFFICE)


def test_an_office_that_closes_at_midnight_extends_by_its_own_days():
    duty = Calendar.round_the_clock()
    start = at(2026, 3, 3, 9)
    end = due(parse_limit("1 workday"), start, duty)
    assert end == at(2026, 3, 5)
    assert extend(end, parse_limit("1 workday"), duty) == due(parse_limit("2 workdays"), start, duty)
    assert before(end, parse_limit("1 workday"), duty) == at(2026, 3, 4)


@settings(max_examples=300, deadline=None)
@given(STARTS, LIMITS, st.floats(0, 1), st.floats(0, 1))
def test_share_points_lie_in_order_between_start_and_end(start, limit, one, other):
    low, high = sorted((one, other))
    first, second = (share_point(limit, start, share, OFFICE) for share in (low, high))
    end = due(limit, start, OFFICE)
    assert start <= first <= second <= end
    assert share_point(limit, start, 0, OFFICE) == start
    assert share_point(limit, start, 1, OFFICE) == end


@pytest.mark.parametrize(
    ("limit", "share", "point"),
    [
        ("4 work hours", 0.75, at(2026, 3, 9, 9, 30)),
        ("24 hours", 0.5, at(2026, 3, 7, 3, 0)),
        # 2 h on Friday and 7 h on Monday are the limit: half of the 9 h is 2.5 h into Monday
        ("1 workday", 0.5, at(2026, 3, 9, 11, 0)),
    ],
)
def test_share_points_by_example(office, limit, share, point):
    assert share_point(parse_limit(limit), at(2026, 3, 6, 15, 0), share, office) == point


@pytest.mark.parametrize("share", [-0.1, 1.1, float("nan")])
def test_a_share_outside_of_the_limit_is_an_error(office, share):
    with pytest.raises(ValueError, match="between 0 and 1"):
        share_point(parse_limit("1 day"), datetime(2026, 3, 3, tzinfo=ZONE), share, office)
