"""Point → grid in memory, and outlines as GeoJSON. Longitudes and latitudes are WGS 84 degrees throughout."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import shapely
from django.utils.translation import gettext as _
from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry

# About a centimetre: a point this near a border is on it, whatever floating point says about the border
# itself.
BORDER_DEGREES = 1e-7


class OutlineError(ValueError):
    """The outline is not a polygon that encloses an area; the text says what is wrong."""


def geometry_of(outline: Mapping[str, Any]) -> BaseGeometry:
    """The polygon of a GeoJSON geometry. Raises OutlineError when it is not a valid (Multi)Polygon on
    earth."""
    if outline.get("type") not in ("Polygon", "MultiPolygon"):
        raise OutlineError(
            _("an outline is a Polygon or a MultiPolygon, not %(type)s") % {"type": outline.get("type")}
        )
    try:
        found = shape(dict(outline))
    except (ValueError, TypeError, KeyError, IndexError, shapely.errors.ShapelyError) as problem:
        raise OutlineError(
            _("the coordinates cannot be read: %(problem)s") % {"problem": problem}
        ) from problem
    if found.is_empty:
        raise OutlineError(_("the outline is empty"))
    west, south, east, north = found.bounds
    if not (-180 <= west <= east <= 180 and -90 <= south <= north <= 90):
        raise OutlineError(
            _("coordinates are longitude then latitude in degrees, and these lie off the earth")
        )
    if not found.is_valid:
        raise OutlineError(
            _("the outline crosses itself or is broken (%(reason)s)")
            % {"reason": shapely.is_valid_reason(found)}
        )
    return found


def outline_of_points(points: Sequence[tuple[float, float]]) -> dict[str, Any]:
    """A GeoJSON polygon through *points* (lon, lat), closed if they are not. Raises OutlineError."""
    ring = [[lon, lat] for lon, lat in points]
    if ring and ring[0] != ring[-1]:
        ring.append(list(ring[0]))
    if len(ring) < 4:
        raise OutlineError(_("an outline needs at least three different points"))
    outline: dict[str, Any] = {"type": "Polygon", "coordinates": [ring]}
    geometry_of(outline)
    return outline


def centre_of(outline: Mapping[str, Any]) -> tuple[float, float]:
    """A point (lon, lat) that surely lies inside the outline, also when it is bent or has holes."""
    inside = geometry_of(outline).representative_point()
    return round(inside.x, 7), round(inside.y, 7)


class Areas:
    """A set of outlines, each with an id, that can be asked what lies at a point."""

    def __init__(self, outlines: Sequence[tuple[int, Mapping[str, Any]]]) -> None:
        self._ids = [ident for ident, _ in outlines]
        self._shapes = np.array([geometry_of(outline) for _, outline in outlines], dtype=object)
        shapely.prepare(self._shapes)
        self._tree = shapely.STRtree(self._shapes) if len(self._ids) else None

    def at(self, lon: float, lat: float) -> tuple[list[int], bool]:
        """The ids of the outlines at the point, lowest first, and whether it lies on a border of one of
        them."""
        if self._tree is None:
            return [], False
        point = shapely.Point(lon, lat)
        hits = self._tree.query(point, predicate="dwithin", distance=BORDER_DEGREES)
        if len(hits) == 0:
            return [], False
        border = any(
            shapely.dwithin(self._shapes[hit].boundary, point, BORDER_DEGREES) for hit in hits.tolist()
        )
        return sorted(self._ids[hit] for hit in hits.tolist()), border
