from datetime import date, datetime

import pytest

from huying.worktime import Calendar, holiday_rows, last_year

from . import reference


def day(text):
    return date.fromisoformat(text)


def test_every_day_of_2004_to_2027_is_what_the_announcements_say(office):
    for ordinal in range(date(2004, 1, 1).toordinal(), date(2028, 1, 1).toordinal()):
        on = date.fromordinal(ordinal)
        assert office.is_workday(on) == reference.works(on), on


def test_spring_festival_2026_by_name(office):
    rows = {row.date: row for row in holiday_rows(2026, 2026)}
    assert {rows[day(f"2026-02-{d}")].name for d in range(15, 24)} == {"春节"}
    assert rows[day("2026-02-14")] == (day("2026-02-14"), True, "春节", "Spring Festival")
    assert office.is_workday(day("2026-02-14"))  # a Saturday
    assert office.is_workday(day("2026-02-28"))
    assert not any(office.is_workday(day(f"2026-02-{d}")) for d in range(15, 24))


def test_national_day_2025_by_name(office):
    rows = {row.date: row for row in holiday_rows(2025, 2025)}
    assert rows[day("2025-10-01")].name == "国庆节"
    assert not any(office.is_workday(day(f"2025-10-0{d}")) for d in range(1, 9))
    assert office.is_workday(day("2025-09-28"))  # a Sunday
    assert office.is_workday(day("2025-10-11"))


def test_rows_are_ordered_unique_and_say_their_kind():
    rows = list(holiday_rows())
    dates = [row.date for row in rows]
    assert dates == sorted(set(dates))
    assert {row.date.year for row in rows} == set(range(2004, last_year() + 1))
    assert all(row.name and row.name_en and row.kind == ("work" if row.is_workday else "off") for row in rows)


def test_years_without_data_yield_nothing_and_are_named(office):
    unknown = last_year() + 1
    assert list(holiday_rows(unknown, unknown + 3)) == []
    assert office.covers(unknown - 1)
    assert not office.covers(unknown)
    start = datetime(unknown - 1, 12, 30, 9, tzinfo=reference.ZONE)
    end = datetime(unknown, 1, 6, 17, tzinfo=reference.ZONE)
    assert office.unknown_years(start, end) == (unknown,)
    assert office.unknown_years(end, start) == (unknown,)
    assert office.unknown_years(start, start) == ()


def test_a_year_that_somebody_enters_becomes_known():
    office = Calendar(holidays={date(2027, 1, 1): "off"})
    assert office.covers(2027)
    assert not office.is_workday(date(2027, 1, 1))


def test_a_table_of_years_may_be_stated():
    office = Calendar(holidays={date(2027, 1, 1): "off"}, years=[])
    assert not office.covers(2027)


@pytest.mark.parametrize("year", [1999, 2100])
def test_a_day_outside_the_table_is_an_error(office, year):
    with pytest.raises(ValueError, match="outside of the calendar"):
        office.is_workday(date(year, 6, 1))
