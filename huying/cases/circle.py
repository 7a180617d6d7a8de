"""The service circle: which service points somebody reaches on foot, and how far each of them serves.

Worked out, not surveyed: the walk is taken as a third longer than the straight line, at a steady pace.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from math import asin, cos, pi, radians, sin, sqrt
from typing import Any

from huying.places.info import PlaceMemory
from huying.presets.definition import PointType
from huying.presets.duty_definition import Point

METRES_A_MINUTE = 70.0
DETOUR = 1.3  # how much longer a walk is than the straight line
EARTH = 6_371_000.0
CORNERS = 32


@dataclass(frozen=True, slots=True)
class Reach:
    """A service point as seen from a spot: minutes on foot, and whether the spot lies in its circle."""

    point: Point
    minutes: int
    within: bool


def points_of(memory: PlaceMemory) -> list[Point]:
    """The service points of a place: those that serve so many minutes around."""
    preset = memory.preset
    return [one for one in preset.points.values() if one.minutes] if preset is not None else []


def metres(lon: float, lat: float, to_lon: float, to_lat: float) -> float:
    """The straight line between two points on the ground."""
    a = sin(radians(to_lat - lat) / 2) ** 2
    b = cos(radians(lat)) * cos(radians(to_lat)) * sin(radians(to_lon - lon) / 2) ** 2
    return 2 * EARTH * asin(sqrt(a + b))


def walk(lon: float, lat: float, point: Point) -> float:
    """Minutes on foot from a spot to a service point."""
    return metres(lon, lat, point.lon, point.lat) * DETOUR / METRES_A_MINUTE


def reach(
    memory: PlaceMemory, lon: float, lat: float, most: int = 6, types: Collection[str] = ()
) -> list[Reach]:
    """The nearest service points from a spot (of some *types* only, where given), nearest first, and always those whose
    circle holds it."""
    found = sorted(
        (Reach(one, max(1, round(minutes)), minutes <= one.minutes)
         for one in points_of(memory) if not types or one.type in types for minutes in (walk(lon, lat, one),)),
        key=lambda row: (not row.within, row.minutes, row.point.code),
    )  # fmt: skip
    return found[: max(most, sum(row.within for row in found))]


def ring(point: Point) -> list[list[float]]:
    """The edge of a point's circle as a closed ring of (lon, lat)."""
    radius = point.minutes * METRES_A_MINUTE / DETOUR
    up = radius / EARTH * 180 / pi
    across = up / cos(radians(point.lat))
    turns = [2 * pi * i / CORNERS for i in range(CORNERS)]
    made = [[round(point.lon + across * cos(t), 5), round(point.lat + up * sin(t), 5)] for t in turns]
    return [*made, made[0]]


def outlines(points: list[Point]) -> dict[str, Any]:
    """The circles as GeoJSON."""
    return {
        "type": "FeatureCollection",
        "features": [
            {
                "type": "Feature", "properties": {"tone": "info"},
                "geometry": {"type": "Polygon", "coordinates": [ring(one)]},
            }
            for one in points
        ],
    }  # fmt: skip


def pins(points: list[Point], text: str, types: Mapping[str, PointType], lang: str = "zh") -> dict[str, Any]:
    """The points themselves as GeoJSON, each in the colour of its type; *text* says how far each serves ("{minutes}
    minutes")."""
    return {
        "type": "FeatureCollection",
        "features": [
            {
                "type": "Feature", "geometry": {"type": "Point", "coordinates": [one.lon, one.lat]},
                "properties": {
                    "title": one.name, "tone": types[one.type].tone if one.type in types else "info",
                    "text": " · ".join(
                        [*([types[one.type].name.text(lang)] if one.type in types else []), text.format(minutes=one.minutes)]
                    ),
                },
            }
            for one in points
        ],
    }  # fmt: skip
