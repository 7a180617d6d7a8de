"""Checks after closing and look-backs: drawn by rule, looked at, and begun again where it was not good."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from huying.cases.actions import Refused, perform
from huying.cases.models import Case, Link
from huying.reviews import worklist
from huying.reviews.actions import answering, looking_back
from huying.reviews.models import Answer, Cycle, Task


def drawn(staff: Any, read_on: Any) -> Task:
    read_on(staff.place.pk)
    return Task.objects.get(place_id=staff.place.pk, kind="check")


def test_a_check_that_failed_opens_a_new_round(
    clock: Any, staff: Any, closed: Any, read_on: Any, head: Any, everybody_drawn: Any
) -> None:
    case = closed()
    task = drawn(staff, read_on)
    with pytest.raises(Refused):  # what is wrong has to be said
        answering.looked(staff.place.pk, task.id, False, {}, head)
    came = answering.looked(staff.place.pk, task.id, False, {"finding": "摊位第二天又摆出来了"}, head)
    case.refresh_from_db()
    assert (came.what, case.round, case.step) == ("reopened", 2, "take")
    task.refresh_from_db()
    assert task.outcome == "failed"
    assert Answer.objects.get().reason == "failed"


def test_a_check_that_passed_changes_nothing(
    clock: Any, staff: Any, closed: Any, read_on: Any, head: Any, everybody_drawn: Any
) -> None:
    case = closed()
    task = drawn(staff, read_on)
    assert answering.looked(staff.place.pk, task.id, True, {}, head).what == ""
    before = case.version
    case.refresh_from_db()
    assert (case.version, case.round) == (before, 1)


def test_after_the_window_what_failed_becomes_a_linked_case(
    clock: Any, staff: Any, closed: Any, read_on: Any, head: Any, everybody_drawn: Any
) -> None:
    case = closed()
    task = drawn(staff, read_on)
    perform(staff.place.pk, case.id, "rated", staff.resident, {"satisfaction": "satisfied"})
    came = answering.looked(staff.place.pk, task.id, False, {"finding": "又占道了"}, head)
    assert came.what == "new_case"
    assert Link.objects.get(kind="again").case_id == case.id


def test_only_those_with_the_right_look(
    clock: Any, staff: Any, closed: Any, read_on: Any, everybody_drawn: Any
) -> None:
    closed()
    task = drawn(staff, read_on)
    with pytest.raises(Refused):
        answering.looked(staff.place.pk, task.id, True, {}, staff.officer())


def test_a_look_back_is_drawn_once_when_the_half_year_is_over(
    clock: Any, staff: Any, closed: Any, everybody_drawn: Any
) -> None:
    place = staff.place.pk
    first = closed()
    clock.set(clock().replace(month=6, day=30))
    second = closed()
    clock.set(clock().replace(month=7, day=2))
    closed()  # of the next half-year
    cycle = looking_back.draw(place)
    assert cycle is not None
    assert (cycle.name, cycle.start, cycle.end) == ("2026-H1", date(2026, 1, 1), date(2026, 7, 1))
    assert (cycle.closed, cycle.drawn) == (2, 2)
    tasks = Task.objects.filter(kind="look_back").order_by("case_id")
    assert [task.case_id for task in tasks] == [first.id, second.id]
    held = Case.objects.get(id=tasks[0].id)
    assert held.owner_key.startswith("division:")
    assert looking_back.draw(place) is None
    assert Cycle.objects.count() == 1


def test_what_came_back_begins_again_and_shows_in_the_progress(
    clock: Any, staff: Any, closed: Any, everybody_drawn: Any
) -> None:
    place = staff.place.pk
    cases = [closed(), closed()]
    clock.set(clock().replace(month=7, day=2))
    cycle = looking_back.draw(place)
    assert cycle is not None
    town = staff.memory.ancestor(cases[0].division_id, "town")
    clerk = staff.actor("clerk", role="town_clerk", division=town.code)
    first, second = Task.objects.filter(kind="look_back").order_by("id")
    assert answering.looked(place, first.id, True, {}, clerk).what == ""
    came = answering.looked(place, second.id, False, {"finding": "流动摊贩又回来了"}, clerk)
    assert came.what == "new_case"
    shown = worklist.cycle(cycle)
    assert (shown.whole.drawn, shown.whole.done, shown.whole.came_back) == (2, 2, 1)
    assert [(row.division_id, row.percent) for row in shown.towns] == [(town.id, 100)]


def test_the_share_is_about_what_was_asked_for(huinan: Any) -> None:
    from huying.ledger.ids import uuid7
    from huying.reviews.sampling import lot

    lots = [lot(uuid7(), "sample") for _ in range(4000)]
    below = sum(one < 20 for one in lots) / len(lots)
    assert 0.17 < below < 0.23
    case = uuid7()
    assert lot(case, "sample") == lot(case, "sample")
    assert lot(case, "sample") != lot(case, "silent")


def test_protected_cases_come_up_only_where_a_draw_names_them(
    clock: Any, staff: Any, closed: Any, read_on: Any, everybody_drawn: Any
) -> None:
    from huying.reviews.reader import _open_to

    case = closed()
    review = staff.memory.preset.reviews.call_back
    assert len(_open_to(review, case)) == 3
    case.call = "report"
    assert _open_to(review, case) == []
