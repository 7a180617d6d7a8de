"""Point → grid: inside, on a border, outside, in other coordinate systems, and quick."""

import time

import pytest

from huying.places import coords, memory
from huying.testing.cast import mini_place

pytestmark = pytest.mark.django_db


@pytest.fixture
def known():
    return memory.of(mini_place().pk)


def test_inside_a_grid(known):
    found = known.locate(120.005, 40.004)
    assert found.grid.code == "990000001001-g01"
    assert found.division.code == "990000001001"
    assert not found.on_border
    assert not found.outside


def test_on_a_border_the_lowest_id_is_taken_and_said(known):
    left, right = known.by_code("990000001001-g01"), known.by_code("990000001001-g02")
    found = known.locate(120.01, 40.004)
    assert found.grid.id == min(left.id, right.id)
    assert found.on_border


def test_on_a_corner_of_four(known):
    codes = ("990000001001-g01", "990000001001-g02", "990000001002-g01", "990000001002-g02")
    found = known.locate(120.01, 40.01)
    assert found.grid.id == min(known.by_code(code).id for code in codes)
    assert found.on_border


def test_on_the_outer_edge(known):
    found = known.locate(120.0, 40.004)
    assert found.grid.code == "990000001001-g01"
    assert found.on_border


@pytest.mark.parametrize("point", [(120.03, 40.01), (119.99, 40.0), (0.0, 0.0), (126.05, 42.68)])
def test_outside_every_grid_none_is_invented(known, point):
    found = known.locate(*point)
    assert found.grid is None
    assert found.division is None
    assert found.outside


def test_layers_are_apart(known):
    assert known.locate(120.008, 40.008, "enterprise").grid.code == "990000001001-e01"
    found = known.locate_layers(120.008, 40.008)
    assert {layer: grid.code for layer, grid in found.items()} == {
        "general": "990000001001-g01",
        "enterprise": "990000001001-e01",
    }
    assert known.locate_layers(120.05, 40.02).keys() == {"general"}


@pytest.mark.parametrize("system", ["gcj02", "bd09"])
def test_points_of_chinese_maps_are_converted_at_the_edge(known, system):
    there = coords.wgs84_to_gcj02(120.0095, 40.0005)
    if system == "bd09":
        there = coords.gcj02_to_bd09(*there)
    assert known.locate(*there).grid != known.locate(120.0095, 40.0005).grid
    assert known.locate(*coords.to_wgs84(*there, system)).grid.code == "990000001001-g01"


def test_a_look_up_is_quick(known):
    known.locate(120.005, 40.005)
    start = time.perf_counter()
    for _ in range(200):
        known.locate(120.005, 40.005)
    assert (time.perf_counter() - start) / 200 < 0.002
