"""A limit may come from the grade: where the item has none, and where the case was given another grade than its item."""

from __future__ import annotations

from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest

from huying.cases.tests.people import Staff
from huying.cases.tests.test_zhenjiang import chain, reported
from huying.cases.tests.walking import in_place, move
from huying.cases.world import limit_text
from huying.worktime import due, parse_limit

GRADES = {1: {"handle": "10 workdays"}, 3: {"handle": "2 workdays", "accept": "1 work hour"}}


@pytest.fixture
def staff(db: Any, settings: Any) -> Iterator[Staff]:
    with in_place("zhenjiang", settings) as made:
        yield made


@pytest.mark.parametrize(
    ("own", "its_grade", "grade", "phase", "expected"),
    [
        ({"handle": "3 workdays"}, 3, 3, "handle", "3 workdays"),  # its own comes first
        ({"handle": "3 workdays"}, 3, None, "handle", "3 workdays"),
        ({}, 3, None, "handle", "2 workdays"),  # none of its own
        ({"handle": "3 workdays"}, 3, 1, "handle", "10 workdays"),  # given another grade
        ({"handle": "3 workdays"}, 3, 2, "handle", "3 workdays"),  # the place says nothing about that grade
        ({"handle": "3 workdays"}, 3, 3, "accept", "1 work hour"),
        ({}, None, None, "handle", None),
    ],
)
def test_item_and_grade(
    own: dict[str, str], its_grade: Any, grade: Any, phase: str, expected: str | None
) -> None:
    item = SimpleNamespace(limits=own, grade=its_grade)
    assert limit_text(item, grade, phase, GRADES) == expected
    assert limit_text(None, 1, "handle", GRADES) == "10 workdays"  # not yet known what it is about
    assert limit_text(item, grade, phase, {}) == own.get(phase)


def test_a_case_that_proves_harder_gets_the_time_of_its_new_grade(staff: Any) -> None:
    """The item's own limit at the village; raised to grade 2, that of the grade, in the calendar of the place."""
    who = chain(staff)
    case = reported(staff)
    item = staff.memory.preset.items["E13"]
    grades = staff.memory.preset.place.grades
    assert item.limits["handle"] != grades[2]["handle"]

    def ends(text: str) -> Any:
        return due(parse_limit(text), case.changed_at, staff.memory.calendar(case.organ_id))

    move(who["home"], case, "to_branch", site_note="看过")
    move(who["branch"], case, "to_desk", site_note="看过")
    move(who["village"], case, "sort", item="E13")
    move(who["village"], case, "own")
    assert (case.step, case.due_at) == ("work", ends(item.limits["handle"]))
    move(who["village"], case, "harder", up_reason="主管堵塞，要开挖路面")
    move(who["town"], case, "own")
    assert (case.step, case.grade, case.due_at) == ("work", 2, ends(grades[2]["handle"]))
