"""Office hours and holidays: the preset's, the table's, an organ's own, and years without data."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from huying.places import actions, memory
from huying.places.calendars import calendar_of, years_without_holidays
from huying.places.models import Holiday
from huying.testing.cast import mini_place

pytestmark = pytest.mark.django_db
CHINA = ZoneInfo("Asia/Shanghai")


def at(*when):
    return datetime(*when, tzinfo=CHINA)


@pytest.fixture
def place():
    return mini_place()


def test_the_presets_hours_over_the_national_calendar(place):
    calendar = calendar_of(place.pk)
    assert calendar.is_open(at(2026, 3, 2, 9))
    assert not calendar.is_open(at(2026, 3, 2, 12))  # lunch
    assert not calendar.is_workday(date(2026, 10, 1))
    assert calendar.is_workday(date(2026, 10, 10))  # a Saturday worked in return


def test_hours_of_the_table_win_and_can_be_taken_back(place):
    actions.set_office_hours(place.pk, None, {"mon": [["07:00", "24:00"]]}, actor=actions.SYSTEM)
    assert calendar_of(place.pk).is_open(at(2026, 3, 2, 23, 59))
    assert not calendar_of(place.pk).is_open(at(2026, 3, 3, 9))
    actions.set_office_hours(place.pk, None, None, actor=actions.SYSTEM)
    assert calendar_of(place.pk).is_open(at(2026, 3, 3, 9))


def test_an_organ_with_hours_of_its_own(place):
    organ = memory.of(place.pk).organ_by_code("water").id
    actions.set_office_hours(place.pk, organ, {"sat": [["09:00", "12:00"]]}, actor=actions.SYSTEM)
    assert calendar_of(place.pk, organ).is_open(at(2026, 3, 7, 10))
    assert not calendar_of(place.pk).is_open(at(2026, 3, 7, 10))


def test_an_organ_that_never_closes(place):
    table = "code,name,calendar\nhotline,热线,always\n".encode()
    actions.import_organs(place.pk, table, "organs.csv", actor=actions.SYSTEM)
    organ = memory.of(place.pk).organ_by_code("hotline").id
    assert calendar_of(place.pk, organ).is_open(at(2026, 10, 1, 3))


def test_a_day_entered_by_hand_survives_a_new_seeding(place):
    actions.set_holiday(place.pk, date(2026, 3, 2), False, "县庆", actor=actions.SYSTEM)
    actions.seed_holidays(place.pk)
    assert not calendar_of(place.pk).is_workday(date(2026, 3, 2))
    assert actions.remove_holiday(place.pk, date(2026, 3, 2), actor=actions.SYSTEM)
    assert calendar_of(place.pk).is_workday(date(2026, 3, 2))


def test_a_year_without_data_is_told(place):
    assert years_without_holidays(place.pk, date(2026, 11, 1)) == []
    assert years_without_holidays(place.pk, date(2026, 12, 1)) == [2027]
    assert years_without_holidays(place.pk, date(2027, 1, 1)) == [2027]
    Holiday.objects.create(place=place, date=date(2027, 1, 1), working=False)
    memory.bump(place.pk)
    assert years_without_holidays(place.pk, date(2027, 1, 1)) == []
