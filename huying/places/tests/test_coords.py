"""Chinese coordinate systems there and back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huying.places import coords

INSIDE = st.tuples(st.floats(73, 135), st.floats(4, 53))


@given(INSIDE)
def test_gcj02_comes_back(point):
    back = coords.gcj02_to_wgs84(*coords.wgs84_to_gcj02(*point))
    assert back == pytest.approx(point, abs=1e-6, rel=0)


@given(INSIDE)
def test_bd09_comes_back(point):
    back = coords.bd09_to_wgs84(*coords.gcj02_to_bd09(*coords.wgs84_to_gcj02(*point)))
    assert back == pytest.approx(point, abs=1e-6, rel=0)


def test_known_points():
    """Values that the usual public converters give."""
    gcj = coords.wgs84_to_gcj02(116.404, 39.915)
    assert gcj == pytest.approx((116.41024450, 39.91640428), abs=1e-7, rel=0)
    bd = coords.gcj02_to_bd09(116.404, 39.915)
    assert bd == pytest.approx((116.41036949, 39.92133699), abs=1e-6, rel=0)
    assert coords.bd09_to_gcj02(116.404, 39.915) == pytest.approx(
        (116.39762729, 39.90865673), abs=1e-5, rel=0
    )


def test_the_shift_is_some_hundred_metres():
    lon, lat = coords.wgs84_to_gcj02(126.05, 42.68)
    assert 0.002 < abs(lon - 126.05) < 0.01
    assert 0.001 < abs(lat - 42.68) < 0.005


@pytest.mark.parametrize("point", [(139.7, 35.7), (-0.1, 51.5), (151.2, -33.9), (60.0, 30.0)])
def test_outside_china_nothing_moves(point):
    assert coords.outside_china(*point)
    assert coords.wgs84_to_gcj02(*point) == point
    assert coords.gcj02_to_wgs84(*point) == point


@pytest.mark.parametrize(
    ("lon", "lat", "system"), [(181, 0, "wgs84"), (0, 91, "bd09"), (float("nan"), 1, "wgs84")]
)
def test_a_point_off_the_earth_is_refused(lon, lat, system):
    with pytest.raises(ValueError, match="longitude"):
        coords.to_wgs84(lon, lat, system)


def test_an_unknown_system_is_refused():
    with pytest.raises(ValueError, match="one of wgs84, cgcs2000, gcj02, bd09"):
        coords.to_wgs84(116, 39, "utm")
