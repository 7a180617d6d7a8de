"""Duties become tasks: once for each date and place, also after restarts; and once for each case that calls for them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from huying.cases import duties, looks
from huying.cases.actions import perform, report
from huying.cases.calls import Call
from huying.cases.models import Case
from huying.cases.tests.people import Staff
from huying.cases.tests.walking import in_place, said, signed_in
from huying.cases.who import Actor
from huying.clock import frozen
from huying.ledger import jobs as ledger_jobs
from huying.ledger import readers

FIFTH = datetime(2026, 3, 5, 1, 0, tzinfo=UTC)  # 09:00 on a Thursday in China, the 5th of the month
BRANCH = "321171001001-g01"


@pytest.fixture
def staff(db: Any, settings: Any) -> Iterator[Staff]:
    with in_place("zhenjiang", settings, FIFTH) as made:
        yield made


def tasks(staff: Staff) -> list[Case]:
    return list(Case.objects.filter(place_id=staff.place.pk, kind="duty").order_by("id"))


def duties_in(staff: Staff) -> list[str]:
    return sorted(case.fields["duty"] for case in tasks(staff))


def test_a_date_opens_a_task_for_each_grid_with_somebody_to_do_it_and_only_once(staff: Staff) -> None:
    place = staff.place.pk
    staff.person("volunteer", role="volunteer", division=BRANCH)
    staff.person("twin", role="volunteer", division=BRANCH)  # two of them: still one task of the grid
    assert duties.open_due(place, FIFTH - timedelta(hours=10)) == 0  # the evening before
    duties.forget()
    assert duties.open_due(place, FIFTH) == 1
    duties.forget()  # as after a restart
    assert duties.open_due(place, FIFTH + timedelta(hours=3)) == 0
    (case,) = tasks(staff)
    assert (case.fields["duty"], case.step, case.title) == ("visit-alone", "volunteer", "独居老人必访")
    grid = staff.memory.by_code(BRANCH)
    assert (case.grid_id, case.owner_key) == (grid.id, f"post:volunteer@{grid.id}")
    assert case.due_at is not None
    assert timedelta(days=4) < case.due_at - FIFTH < timedelta(days=12)


def test_days_missed_while_the_server_was_down_are_made_up_but_not_old_ones(staff: Staff) -> None:
    staff.person("volunteer", role="volunteer", division=BRANCH)
    assert duties.open_due(staff.place.pk, FIFTH + timedelta(days=2)) == 1  # on the 7th
    duties.forget()
    other = staff.person("far", role="volunteer", division="321171002001-g01")
    assert other is not None
    duties.open_due(staff.place.pk, FIFTH + timedelta(days=4))  # on the 9th it is too late for the 5th
    assert duties_in(staff).count("visit-alone") == 1


def opened(staff: Staff) -> list[str]:
    """Of which duty and which day there are tasks, of those done in each grid."""
    found = {case.source_number.rpartition(":")[0] for case in tasks(staff) if case.lon is None}
    return sorted(found)


def test_what_fell_due_in_a_longer_outage_is_opened_once_for_its_last_date(staff: Staff) -> None:
    place = staff.place.pk
    staff.person("home", role="centre_home", division=BRANCH)
    assert duties.open_due(place) == 2  # nobody looked before: of the last days only
    before = ["check-fire:2026-03-02", "clear-passage:2026-03-04"]
    assert opened(staff) == before
    duties.forget()
    with frozen(FIFTH + timedelta(days=20)):  # the 25th
        points = [one for one in staff.memory.preset.points.values() if one.type == "information"]
        assert duties.open_due(place) == 4 + len(points)  # each of which was to be gone to on the 8th
        # Once a year and once a month; of what comes each week the last one, not those of the 9th and the 16th.
        missed = ["errand-recognition:2026-03-10", "visit-newcomers:2026-03-15"]
        assert opened(staff) == sorted(
            [*before, *missed, "check-fire:2026-03-23", "clear-passage:2026-03-25"]
        )
        duties.forget()
        assert duties.open_due(place) == 0
    duties.forget()
    with frozen(FIFTH + timedelta(days=1)):  # the time is put right again
        assert duties.open_due(place) == 0
    duties.forget()
    with frozen(FIFTH + timedelta(days=21)):
        assert duties.open_due(place) == 0


def test_the_promise_of_the_year_is_not_lost_when_nothing_ran_on_its_day(staff: Staff) -> None:
    staff.person("branch", role="branch_secretary", division=BRANCH)
    promises = Case.objects.filter(place_id=staff.place.pk, kind="promise")
    for day, opened in ((6, 0), (26, 1), (27, 1)):
        duties.forget()
        with frozen(datetime(2026, 1, day, 1, 0, tzinfo=UTC)):
            duties.open_due(staff.place.pk)
        assert promises.count() == opened, day


def test_a_task_says_in_words_that_the_platform_opened_it(staff: Staff) -> None:
    volunteer = signed_in(staff, "volunteer", role="volunteer", division=BRANCH)
    duties.open_due(staff.place.pk)
    (case,) = tasks(staff)
    page = said(volunteer.get(f"/cases/{case.number}/"))
    assert "按计划生成" in page
    assert "clock" not in page
    assert case.source_number not in page  # a mark of the platform's own, no number of another system
    filters = volunteer.get("/inbox/?channel=clock").content.decode()
    assert '<option value="clock" selected>按计划生成</option>' in filters


def test_channels_bear_the_places_name_else_the_platforms(staff: Staff) -> None:
    preset = staff.memory.preset
    assert looks.channel_name(preset, "grid") == "民情记录本"
    assert looks.channel_name(preset, "delegate") == "代表委员"  # this place has no such channel of its own
    assert looks.channel_name(preset, "review") == "评查时发起"
    assert looks.channel_name(None, "web") == "群众端"
    assert looks.channel_name(preset, "drone") == "drone"


def test_points_have_a_task_each_where_they_lie(staff: Staff) -> None:
    flood = datetime(2026, 5, 15, 1, 0, tzinfo=UTC)
    risks = [one for one in staff.memory.preset.points.values() if one.type == "risk"]
    assert duties.open_due(staff.place.pk, flood) == len(risks) == 15
    case = tasks(staff)[0]
    assert case.lon is not None
    assert case.grid_id is not None
    assert risks[0].name in case.title


def test_an_event_calls_for_a_duty_once(staff: Staff) -> None:
    place = staff.place.pk
    branch = staff.person("branch", role="branch_secretary", division=BRANCH)
    made = report(
        place, Call(body="楼道里闻到煤气味", division_id=staff.memory.by_code("321171001001").id, anonymous=True),
        Actor(channel="web"),
    )  # fmt: skip
    assert branch is not None
    desk = staff.actor("desk", role="village_desk", division="321171001001")
    _read(place)
    assert tasks(staff) == []  # nobody knows yet what it is
    case = Case.objects.get(place_id=place, id=made.case_id)
    for item in ("B02", "B01"):  # an item of safety, corrected to another one
        perform(place, case.id, "sort", desk, {"item": item})
        _read(place)
    assert duties_in(staff) == ["arrive-danger"]


def test_a_report_of_wrongdoing_calls_for_nothing(staff: Staff) -> None:
    place = staff.place.pk
    made = report(
        place, Call(body="有人倾倒", call="report", division_id=staff.memory.by_code("321171001001").id, anonymous=True),
        Actor(channel="web"),
    )  # fmt: skip
    desk = staff.actor("desk", role="centre_desk", organ="centre")
    perform(place, made.case_id, "sort", desk, {"item": "B01"})
    _read(place)
    assert tasks(staff) == []


def _read(place: int) -> None:
    ledger_jobs.drain(place)
    while readers.run(place, 50):
        pass
