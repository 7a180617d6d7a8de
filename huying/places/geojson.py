"""Outlines as GeoJSON for maps. Names and outlines of grids are published by the places themselves."""

from __future__ import annotations

import json
from typing import Any

from huying.places.info import DivisionInfo, PlaceMemory

DIVISIONS = "divisions"


def layer(place: PlaceMemory, name: str) -> str | None:
    """The FeatureCollection of a layer of grids, or of "divisions", as JSON text; None when there is no
    such layer.

    Divisions without an outline of their own are left out.
    """
    if name == DIVISIONS:
        rows = [row for row in place.divisions.values() if row.active and not row.layer]
    elif name in place.grids:
        rows = list(place.grids[name])
    else:
        return None
    features = [_feature(place, row) for row in rows if row.outline]
    return json.dumps(
        {"type": "FeatureCollection", "features": features}, ensure_ascii=False, separators=(",", ":")
    )


def _feature(place: PlaceMemory, row: DivisionInfo) -> dict[str, Any]:
    parent = place.divisions.get(row.parent_id) if row.parent_id is not None else None
    return {
        "type": "Feature",
        "id": row.id,
        "geometry": row.outline,
        "properties": {
            "id": row.id,
            "code": row.code,
            "name": row.name,
            "tier": row.tier,
            "layer": row.layer,
            "parent": parent.name if parent else "",
            "schematic": row.schematic,
        },
    }
