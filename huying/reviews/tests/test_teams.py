"""Teams of grids are appraised; whoever serves a grid alone is not, because the mark would be a person's."""

from __future__ import annotations

from typing import Any

import pytest

from huying.cases.actions import perform
from huying.cases.tests.desk_browser import browser, text
from huying.indicators.periods import quarter
from huying.presets.review_definition import Appraisal as Weights
from huying.presets.review_definition import Part
from huying.reviews import appraising
from huying.staff.models import Holding
from huying.testing.statements import statements

QUARTER = quarter(2026, 1)
PAGE = "/reviews/appraisal/?level=grid&period=2026-Q1"


@pytest.fixture(autouse=True)
def _weighed(clock: Any, staff: Any, monkeypatch: Any) -> None:
    """The place weighs teams as well."""
    weights = Weights("grid", (Part("satisfied", 60), Part("on_time", 40)), least=2, people=3)
    monkeypatch.setitem(staff.memory.preset.reviews.appraisals, "grid", weights)


def serve(staff: Any, grid: Any, many: int) -> list[Any]:
    """So many people hold a post in the grid."""
    return [
        staff.person(f"{grid.code}-{n}", role="grid_worker", division=grid.code) for n in range(1, many + 1)
    ]


@pytest.fixture
def grid(staff: Any, closed: Any, read_on: Any) -> Any:
    """The grid in which three cases were closed and rated: satisfied, satisfied, unsatisfied."""
    for answer in ("satisfied", "satisfied", "unsatisfied"):
        case = closed()
        perform(staff.place.pk, case.id, "rated", staff.resident, {"satisfaction": answer})
    read_on(staff.place.pk)
    return staff.memory.division(case.grid_id)


def test_a_team_stands_by_the_cases_of_its_grid(staff: Any, grid: Any) -> None:
    serve(staff, grid, 3)
    rows = appraising.standings(staff.place.pk, QUARTER, "grid").rows
    assert [(row.unit_id, row.name, row.rank) for row in rows] == [(grid.id, grid.name, 1)]
    row = rows[0]
    of = {part.indicator: (part.numerator, part.denominator) for part in row.parts}
    assert of == {"satisfied": (2, 3), "on_time": (3, 3)}
    assert row.total == 80.0


def test_one_or_two_people_are_no_team(staff: Any, grid: Any) -> None:
    assert appraising.standings(staff.place.pk, QUARTER, "grid").rows == ()
    serve(staff, grid, 2)
    assert appraising.standings(staff.place.pk, QUARTER, "grid").rows == ()


def test_who_left_does_not_make_a_team(staff: Any, grid: Any, clock: Any, head: Any) -> None:
    people = serve(staff, grid, 3)
    clock.set(clock().replace(month=4, day=2))
    issued = appraising.issue(staff.place.pk, QUARTER, "grid", head)
    Holding.objects.filter(person=people[0]).update(until=clock())
    assert appraising.standings(staff.place.pk, quarter(2026, 2), "grid").rows == ()
    assert appraising.standings(staff.place.pk, QUARTER, "grid") == issued  # what was issued stays


def test_the_page_says_what_a_team_is_and_narrows_to_a_town(staff: Any, grid: Any) -> None:
    client = browser(staff, "centre-head", role="centre_head", organ="centre")
    assert "独自负责一个网格的人不参与比较" in text(client.get(PAGE))
    serve(staff, grid, 3)
    page = text(client.get(PAGE))
    assert grid.name in page
    assert "少于 3 人" in page
    town = staff.memory.ancestor(grid.id, "town")
    other = next(row for row in staff.memory.children(staff.memory.top.id) if row.id != town.id)
    assert grid.name in text(client.get(f"{PAGE}&town={town.id}"))
    assert grid.name not in text(client.get(f"{PAGE}&town={other.id}"))
    assert grid.name in text(client.get(f"{PAGE}&town=nothing"))


def test_the_page_costs_the_same_however_many_teams_there_are(staff: Any, grid: Any) -> None:
    client = browser(staff, "centre-head", role="centre_head", organ="centre")
    serve(staff, grid, 3)

    def visit() -> int:
        with statements() as done:
            client.get(PAGE)
        return len(done)

    visit()  # a first visit notes that somebody is there
    first = visit()
    for other in staff.memory.grids["general"][:5]:
        if other.id != grid.id:
            serve(staff, other, 4)
    assert visit() == first
