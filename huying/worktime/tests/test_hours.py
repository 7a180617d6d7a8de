from datetime import date, datetime, time
from zoneinfo import ZoneInfo

import pytest

from huying.worktime import Calendar, HoursError, Season, due, parse_hours, parse_limit, read_calendar

ZONE = ZoneInfo("Asia/Shanghai")


def at(*parts):
    return datetime(*parts, tzinfo=ZONE)


def test_one_list_is_monday_to_friday():
    assert parse_hours([["08:30", "11:30"], ["13:00", "17:00"]]) == (((510, 690), (780, 1020)),) * 5 + (
        (),
        (),
    )


def test_weekdays_by_name_and_times_of_many_kinds():
    week = parse_hours({"mon": [[time(9), "12：00"]], "周六": [["22:00", "24:00"]], "Sunday": [[0, 60]]})
    assert week == (((540, 720),), (), (), (), (), ((1320, 1440),), ((0, 60),))


def test_sessions_without_a_gap_become_one():
    assert parse_hours([["08:00", "12:00"], ["12:00", "18:00"]])[0] == ((480, 1080),)


@pytest.mark.parametrize(
    ("value", "says"),
    [
        ([], "empty on every weekday"),
        ([["17:00", "08:00"]], "ends before it begins"),
        ([["08:00", "12:00"], ["11:00", "17:00"]], "overlaps"),
        ([["13:00", "17:00"], ["08:00", "12:00"]], "overlaps"),
        ([["8.30", "12:00"]], "not a time of day"),
        ([["08:60", "12:00"]], "not a time of day"),
        ([["08:00", "25:00"]], "not a time of day between"),
        ([["08:00"]], "not a session"),
        (["08:00-12:00"], "not a session"),
        ("08:00-12:00", "not a list of sessions"),
        ({"someday": [["08:00", "12:00"]]}, "not a weekday"),
    ],
)
def test_refuses_and_says_why(value, says):
    with pytest.raises(HoursError) as caught:
        parse_hours(value)
    assert says in str(caught.value)


def test_a_saturday_worked_in_return_has_the_hours_of_monday_or_those_given():
    saturday, hours = date(2026, 2, 14), {"mon": [["09:00", "12:00"]], "tue": [["08:00", "17:00"]]}
    assert Calendar(hours, {saturday: "work"}).sessions(saturday) == (
        (at(2026, 2, 14, 9), at(2026, 2, 14, 12)),
    )
    given = Calendar(hours, {saturday: True}, makeup=[["10:00", "15:00"]])
    assert given.sessions(saturday) == ((at(2026, 2, 14, 10), at(2026, 2, 14, 15)),)


def test_an_office_open_on_saturdays_counts_them_as_workdays():
    hall = Calendar({d: [["09:00", "16:00"]] for d in ("mon", "tue", "wed", "thu", "fri", "sat")}, {})
    assert due(parse_limit("1 workday"), at(2026, 7, 10, 15), hall) == at(2026, 7, 11, 16)


def test_summer_hours_hold_between_their_days():
    winter, summer = [["08:30", "11:30"], ["13:00", "17:00"]], [["08:00", "11:30"], ["13:30", "17:30"]]
    office = Calendar(winter, {}, seasons=[Season((5, 1), (9, 30), parse_hours(summer))])
    assert due(parse_limit("1 workday"), at(2026, 4, 29, 9), office) == at(2026, 4, 30, 17)
    assert due(parse_limit("1 workday"), at(2026, 4, 30, 9), office) == at(2026, 5, 1, 17, 30)
    assert due(parse_limit("1 workday"), at(2026, 9, 30, 9), office) == at(2026, 10, 1, 17)


def test_a_season_may_span_new_year_and_gives_its_hours_to_days_worked_in_return():
    cold = parse_hours([["09:00", "16:00"]])
    office = Calendar(
        [["08:00", "17:00"]], {date(2026, 2, 14): "work"}, seasons=[Season((11, 1), (2, 28), cold)]
    )
    assert office.sessions(date(2026, 1, 5)) == ((at(2026, 1, 5, 9), at(2026, 1, 5, 16)),)
    assert office.sessions(date(2026, 2, 14)) == ((at(2026, 2, 14, 9), at(2026, 2, 14, 16)),)
    assert office.sessions(date(2026, 3, 2)) == ((at(2026, 3, 2, 8), at(2026, 3, 2, 17)),)


def test_round_the_clock_never_closes_and_needs_no_holidays():
    duty = Calendar.round_the_clock()
    start = at(2027, 2, 6, 23, 30)
    assert due(parse_limit("2 work hours"), start, duty) == at(2027, 2, 7, 1, 30)
    assert due(parse_limit("1 workday"), start, duty) == at(2027, 2, 8)
    assert duty.covers(2027)
    assert duty.unknown_years(start, start) == ()


def test_read_calendar_takes_what_a_preset_says():
    plain = {
        "hours": {"mon": [["09:00", "12:00"]]},
        "seasons": [{"from": "06-01", "to": "08-31", "hours": {"mon": [["08:00", "11:00"]]}}],
        "makeup": [["09:00", "10:00"]],
    }
    office = read_calendar(plain, {date(2026, 2, 14): "work"}, years=[2026])
    assert office.sessions(date(2026, 6, 1)) == ((at(2026, 6, 1, 8), at(2026, 6, 1, 11)),)
    assert office.sessions(date(2026, 2, 14)) == ((at(2026, 2, 14, 9), at(2026, 2, 14, 10)),)
    assert office.covers(2026)
    assert not office.covers(2027)
    assert read_calendar(None).is_workday(date(2026, 11, 23))


@pytest.mark.parametrize(
    ("plain", "says"),
    [
        ({"ours": []}, '"ours" is not a part of a calendar'),
        ({"zone": "Asia/Nowhere"}, "time zone"),
        ({"follows_holidays": "no"}, "yes or no"),
        ({"seasons": [{"from": "05-01"}]}, "not a season"),
        (
            {"seasons": [{"from": "02-30", "to": "05-01", "hours": [["08:00", "09:00"]]}]},
            "not a day of the year",
        ),
    ],
)
def test_read_calendar_refuses_and_says_why(plain, says):
    with pytest.raises(HoursError) as caught:
        read_calendar(plain)
    assert says in str(caught.value)


def test_a_zone_that_changes_its_clock_is_refused():
    with pytest.raises(ValueError, match="constant offset"):
        Calendar(zone="Europe/Berlin")


def test_a_kind_of_day_that_is_not_known_is_refused():
    with pytest.raises(ValueError, match="not a kind of day"):
        Calendar(holidays={date(2026, 1, 1): "holiday"})
