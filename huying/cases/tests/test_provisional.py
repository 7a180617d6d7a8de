"""A limit that reaches into a year whose holidays are not known says so beside itself, wherever it is shown."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from django.urls import reverse

from huying import clock
from huying.cases.actions import perform
from huying.cases.models import Case
from huying.cases.tests.desk_browser import desk, officer, reported, text, unclear
from huying.places import memory
from huying.places.models import Holiday

SAYS = "2027年的节假日安排还没有录入"
NEW_YEARS_EVE = datetime(2026, 12, 31, 8, 30, tzinfo=UTC)  # half an hour before the office closes


@pytest.fixture
def year_end() -> Any:
    with clock.frozen(NEW_YEARS_EVE) as held:
        yield held


def test_the_case_page_and_the_desk_say_that_the_limit_may_change(staff: Any, year_end: Any) -> None:
    case = reported(staff)
    perform(staff.place.pk, case.id, "sign_in", staff.officer(), {})
    case.refresh_from_db()
    assert case.due_at > datetime(2027, 1, 1, tzinfo=UTC)
    assert SAYS in text(officer(staff).get(reverse("cases:case", args=[case.number])))
    waits = unclear(staff)
    assert SAYS in text(desk(staff).get(reverse("cases:desk_queue")))
    assert SAYS in text(desk(staff).get(reverse("cases:desk_case", args=[waits.number])))


def test_a_limit_that_ends_this_year_says_nothing(staff: Any, year_end: Any) -> None:
    year_end.set(datetime(2026, 12, 30, 3, 0, tzinfo=UTC))
    case, waits = reported(staff), unclear(staff)
    assert SAYS not in text(officer(staff).get(reverse("cases:case", args=[case.number])))
    assert SAYS not in text(desk(staff).get(reverse("cases:desk_queue")))
    assert SAYS not in text(desk(staff).get(reverse("cases:desk_case", args=[waits.number])))


def test_once_the_year_is_entered_nothing_is_said(staff: Any, year_end: Any) -> None:
    Holiday.objects.create(place=staff.place, date=datetime(2027, 1, 1, tzinfo=UTC).date(), working=False)
    memory.forget()
    case = reported(staff)
    perform(staff.place.pk, case.id, "sign_in", staff.officer(), {})
    assert Case.objects.get(place_id=staff.place.pk, id=case.id).due_at > datetime(2027, 1, 1, tzinfo=UTC)
    assert SAYS not in text(officer(staff).get(reverse("cases:case", args=[case.number])))
