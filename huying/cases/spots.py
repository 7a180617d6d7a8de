"""Open cases on the map of an overview: a mark for each town, or single points within a town.

What is confidential, a report of wrongdoing or about somebody is on no map.
"""

from __future__ import annotations

from typing import Any

from django.db import connection
from django.urls import reverse

from huying import clock
from huying.cases import behind, naming
from huying.cases.overview import OPEN, Scope, area_sql
from huying.places.info import PlaceMemory
from huying.staff.sight import Sight

MOST = 400  # single points; more are told apart by nobody


def is_wide(scope: Scope) -> bool:
    """Whether the map shows towns rather than single cases."""
    return scope.top or (scope.division is None and not scope.organs)


def of_open(sight: Sight, scope: Scope, memory: PlaceMemory, url: str) -> dict[str, Any]:
    """GeoJSON of the open cases of a scope; *url* with a division's id at its end leads down. One SQL statement."""
    features = _by_town(scope, memory, url) if is_wide(scope) else _single(sight, scope, memory)
    return {"type": "FeatureCollection", "features": features}


def _by_town(scope: Scope, memory: PlaceMemory, url: str) -> list[dict[str, Any]]:
    area, params = area_sql(scope)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT split_part(c.path, '/', 3), count(*), "  # noqa: S608
            "count(*) FILTER (WHERE c.due_at < %s AND c.paused_at IS NULL) "
            f"FROM cases_case c WHERE {OPEN}{area} AND c.path <> '' GROUP BY 1",
            [clock.now(), scope.place_id, *params],
        )
        rows = cursor.fetchall()
    features = []
    for part, count, late in rows:
        town = memory.divisions.get(int(part)) if part else None
        centre = _centre(memory, town.id) if town is not None else None
        if town is None or centre is None:
            continue
        title = f"{town.name} {count}"
        features.append(_point(centre, title, "bad" if late else "info", f"{url}{town.id}", count, late))
    return features


def _centre(memory: PlaceMemory, ident: int) -> tuple[float, float] | None:
    """The middle of a division: its own, else of the grids below it."""
    row = memory.division(ident)
    if row.centre is not None:
        return row.centre
    below = [one.centre for one in memory.below(ident) if one.centre is not None]
    if not below:
        return None
    return sum(x for x, _y in below) / len(below), sum(y for _x, y in below) / len(below)


def _single(sight: Sight, scope: Scope, memory: PlaceMemory) -> list[dict[str, Any]]:
    now = clock.now()
    rows = behind.select(sight, scope, "open").filter(lat__isnull=False, lon__isnull=False)
    found = rows.values_list("number", "item", "lon", "lat", "due_at", "paused_at")[:MOST]
    features = []
    for number, item, lon, lat, due, paused in found:
        late = due is not None and due < now and paused is None
        name = naming.item_name(memory.preset, item) if memory.preset is not None else item
        title = f"{number} {name}".strip()
        address = reverse("cases:case", args=[number])
        assert lon is not None
        assert lat is not None
        features.append(_point((lon, lat), title, "bad" if late else "info", address, 1, int(late)))
    return features


def _point(at: tuple[float, float], title: str, tone: str, url: str, count: int, late: int) -> dict[str, Any]:
    return {
        "type": "Feature", "geometry": {"type": "Point", "coordinates": [round(at[0], 5), round(at[1], 5)]},
        "properties": {"title": title, "tone": tone, "url": url, "count": count, "late": late},
    }  # fmt: skip
