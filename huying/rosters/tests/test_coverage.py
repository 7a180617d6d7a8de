"""How far an area is covered: figures of grids and what lies above them, for those who see the area."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse

from huying import clock as clocks
from huying.rosters import queries
from huying.rosters.models import Household, Pairing
from huying.testing.statements import statements

FAR = "220821001002-g01"  # a grid of another community of the same street


def figures(rosters, code):
    row = rosters.village.memory.by_code(code)
    total, below = queries.coverage(rosters.roster, row, rosters.village.memory)
    return (total.households, total.paired, total.unpaired, total.visited), {
        one.division.code: (one.households, one.paired, one.visited) for one in below
    }


def test_a_grid_counts_who_is_paired_and_visited_and_sums_go_up(rosters):
    rosters.homes(3)
    rosters.homes(1, "", first=11)
    rosters.homes(2, "other", first=21, grid=FAR)
    Pairing.objects.filter(
        household_id__in=Household.objects.filter(code__in=["h1", "h21"]).values("id")
    ).update(visited_at=clocks.now())
    assert figures(rosters, "220821001001")[1] == {"220821001001-g01": (4, 3, 1)}
    total, below = figures(rosters, "220821001")
    assert total == (6, 5, 1, 2)
    assert below == {"220821001001": (4, 3, 1), "220821001002": (2, 2, 1)}


def test_who_left_the_post_looks_after_nobody(rosters, clock):
    rosters.homes(3)
    clock.advance(timedelta(minutes=1))
    rosters.leave("officer")
    clock.advance(timedelta(minutes=1))
    assert figures(rosters, "220821001001")[0] == (3, 0, 3, 0)
    secretary = rosters.village.browser("secretary")
    page = secretary.get(reverse("rosters:coverage") + f"?at={rosters.grid.id}&unpaired=1").content.decode()
    assert "示例户1" in page


@pytest.mark.parametrize(
    ("period", "first"),
    [("week", "2026-11-02"), ("month", "2026-11-01"), ("quarter", "2026-10-01"), ("half-year", "2026-07-01")],
)
def test_when_a_period_began(rosters, period, first):
    from dataclasses import replace
    from datetime import UTC, datetime

    at = datetime(2026, 11, 4, 18, tzinfo=UTC)  # two in the morning of a Thursday there
    begun = queries.since(replace(rosters.roster, period=period), at, rosters.village.memory)
    assert begun.isoformat() == f"{first}T00:00:00+08:00"


def test_the_street_reads_down_to_the_grid_and_nobody_reads_the_neighbours(rosters):
    rosters.homes(1)
    rosters.homes(1, "other", first=21, grid=FAR)
    where = reverse("rosters:coverage")
    clerk, secretary = rosters.village.browser("clerk"), rosters.village.browser("secretary")
    assert "庆生社区" in clerk.get(where).content.decode()
    grid = clerk.get(f"{where}?at={rosters.grid.id}").content.decode()
    assert "示例户1" in grid
    assert "officer" in grid  # who has it
    far = rosters.village.memory.by_code(FAR)
    assert clerk.get(f"{where}?at={far.id}").status_code == 200
    assert secretary.get(f"{where}?at={far.id}").status_code == 404
    home = Household.objects.get(code="h21")
    assert secretary.get(reverse("rosters:household", args=[home.id])).status_code == 404
    assert clerk.get(reverse("rosters:household", args=[home.id])).status_code == 200
    assert rosters.village.browser("housing").get(where).status_code == 403
    assert rosters.village.browser("resident").get(where).status_code == 403


def test_the_figures_cost_two_statements_however_many_grids(rosters):
    rosters.homes(2)
    row = rosters.village.memory.by_code("220821001")
    with statements() as few:
        queries.coverage(rosters.roster, row, rosters.village.memory)
    rosters.homes(3, "other", first=21, grid=FAR)
    with statements() as many:
        queries.coverage(rosters.roster, row, rosters.village.memory)
    assert len(few) == len(many) == 2


def test_a_grids_list_goes_on_in_pages(rosters):
    rosters.homes(2)
    rosters.homes(1, "", first=3)
    memory = rosters.village.memory
    first, after = queries.lines(rosters.roster, rosters.grid, memory, size=2)
    rest, last = queries.lines(rosters.roster, rosters.grid, memory, after, size=2)
    assert [(one.household.code, one.who) for one in (*first, *rest)] == [
        ("h1", "officer"), ("h2", "officer"), ("h3", ""),
    ]  # fmt: skip
    assert last == ""
