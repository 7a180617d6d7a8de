"""A demonstration brings made-up households for its officers, once."""

from __future__ import annotations

from huying.cases.tests.loading import loaded
from huying.cases.tests.people import Staff
from huying.rosters.models import Household, Pairing
from huying.testing.demo.households import settle


def test_officers_of_a_demonstration_have_households_once(rosters):
    assert settle(rosters.place_id) == 20  # eight of each of two officers, and two of nobody beside them
    assert Household.objects.count() == 20
    assert Pairing.objects.count() == 16
    assert all("示例" in row.address and "示例" in row.label for row in Household.objects.all())
    assert settle(rosters.place_id) == 0


def test_those_who_serve_in_a_grid_have_households_of_it(db):
    staff = Staff(loaded("zhenjiang"))
    grid = staff.memory.grids["general"][0]
    for role in ("volunteer", "centre_home", "branch_secretary"):
        staff.person(role, role=role, division=grid.code)
    assert settle(staff.place.pk) == 30
    assert set(Household.objects.values_list("grid_id", flat=True)) == {grid.id}
