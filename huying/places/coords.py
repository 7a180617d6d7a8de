"""Coordinate systems of Chinese maps: WGS 84 (CGCS 2000 is taken as equal), GCJ-02 and BD-09.

The platform keeps WGS 84 and converts at the edge. All functions take and give (longitude, latitude) in
degrees.
GCJ-02 is applied inside a coarse box around the mainland only; outside it the systems are the same, as in
the maps
that use it. Going back from GCJ-02 has no closed form: it is iterated until the error is below 1e-9 degrees.
"""

from __future__ import annotations

import math
from collections.abc import Callable

Point = tuple[float, float]

_A = 6378245.0  # semi-major axis of the Krasovsky 1940 ellipsoid, metres
_EE = 0.00669342162296594323  # its first eccentricity squared
_BD = math.pi * 3000.0 / 180.0
WEST, EAST, SOUTH, NORTH = 72.004, 137.8347, 0.8293, 55.8271


def outside_china(lon: float, lat: float) -> bool:
    """Whether the point lies outside the box within which GCJ-02 shifts coordinates."""
    return not (WEST <= lon <= EAST and SOUTH <= lat <= NORTH)


def wgs84_to_gcj02(lon: float, lat: float) -> Point:
    """WGS 84 → GCJ-02 (maps of most Chinese vendors)."""
    if outside_china(lon, lat):
        return lon, lat
    d_lon, d_lat = _shift(lon, lat)
    return lon + d_lon, lat + d_lat


def gcj02_to_wgs84(lon: float, lat: float) -> Point:
    """GCJ-02 → WGS 84, to better than 1e-6 degrees."""
    if outside_china(lon, lat):
        return lon, lat
    return _undo(wgs84_to_gcj02, lon, lat)


def gcj02_to_bd09(lon: float, lat: float) -> Point:
    """GCJ-02 → BD-09."""
    radius = math.hypot(lon, lat) + 0.00002 * math.sin(lat * _BD)
    angle = math.atan2(lat, lon) + 0.000003 * math.cos(lon * _BD)
    return radius * math.cos(angle) + 0.0065, radius * math.sin(angle) + 0.006


def bd09_to_gcj02(lon: float, lat: float) -> Point:
    """BD-09 → GCJ-02, to better than 1e-6 degrees."""
    return _undo(gcj02_to_bd09, lon, lat)


def bd09_to_wgs84(lon: float, lat: float) -> Point:
    """BD-09 → WGS 84, to better than 1e-6 degrees."""
    return gcj02_to_wgs84(*bd09_to_gcj02(lon, lat))


TO_WGS84: dict[str, Callable[[float, float], Point]] = {
    "wgs84": lambda lon, lat: (lon, lat),
    "cgcs2000": lambda lon, lat: (lon, lat),
    "gcj02": gcj02_to_wgs84,
    "bd09": bd09_to_wgs84,
}


def to_wgs84(lon: float, lat: float, system: str = "wgs84") -> Point:
    """A point of *system* ("wgs84", "cgcs2000", "gcj02", "bd09") in WGS 84.

    Raises ValueError for an unknown system, for what is not a finite number, and for what is not on earth.
    """
    convert = TO_WGS84.get(system)
    if convert is None:
        raise ValueError(f"the coordinate system is one of {', '.join(TO_WGS84)}, not {system!r}")
    if not (math.isfinite(lon) and math.isfinite(lat) and -180 <= lon <= 180 and -90 <= lat <= 90):
        raise ValueError("a point is a longitude (-180 to 180) and a latitude (-90 to 90) in degrees")
    return convert(lon, lat)


def _shift(lon: float, lat: float) -> Point:
    x, y = lon - 105.0, lat - 35.0
    root = math.sqrt(abs(x))
    common = (20.0 * math.sin(6.0 * x * math.pi) + 20.0 * math.sin(2.0 * x * math.pi)) * 2.0 / 3.0
    d_lat = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * root + common
    d_lat += (20.0 * math.sin(y * math.pi) + 40.0 * math.sin(y / 3.0 * math.pi)) * 2.0 / 3.0
    d_lat += (160.0 * math.sin(y / 12.0 * math.pi) + 320.0 * math.sin(y * math.pi / 30.0)) * 2.0 / 3.0
    d_lon = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * root + common
    d_lon += (20.0 * math.sin(x * math.pi) + 40.0 * math.sin(x / 3.0 * math.pi)) * 2.0 / 3.0
    d_lon += (150.0 * math.sin(x / 12.0 * math.pi) + 300.0 * math.sin(x / 30.0 * math.pi)) * 2.0 / 3.0
    radians = lat / 180.0 * math.pi
    magic = 1 - _EE * math.sin(radians) ** 2
    root_magic = math.sqrt(magic)
    return (
        d_lon * 180.0 / (_A / root_magic * math.cos(radians) * math.pi),
        d_lat * 180.0 / (_A * (1 - _EE) / (magic * root_magic) * math.pi),
    )


def _undo(forward: Callable[[float, float], Point], lon: float, lat: float) -> Point:
    # The shift changes slowly, so subtracting the error of the guess converges by a factor of about 1e-4 a
    # round.
    guess_lon, guess_lat = lon, lat
    for _ in range(12):
        there_lon, there_lat = forward(guess_lon, guess_lat)
        error_lon, error_lat = there_lon - lon, there_lat - lat
        guess_lon, guess_lat = guess_lon - error_lon, guess_lat - error_lat
        if abs(error_lon) < 1e-9 and abs(error_lat) < 1e-9:
            break
    return guess_lon, guess_lat
