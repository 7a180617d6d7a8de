"""The public notice of grids: which grid somebody lives in, who serves there, and whom to call about them."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET
from shapely.geometry import GeometryCollection, shape

from huying.cases.views.common import lang_of, memory_of, villages
from huying.places.info import DivisionInfo, PlaceMemory
from huying.staff.queries import serving
from huying.ui.typed import point_of


def shown_roles(memory: PlaceMemory) -> list[str]:
    """The roles whose holders the preset makes known (``shown: yes``), in its order."""
    return [code for code, role in memory.preset.roles.items() if role.shown] if memory.preset else []


@require_GET
def my_grid(request: HttpRequest) -> HttpResponse:
    """Grids at a point (``at``) or of a village (``village``), with who serves there. One SQL statement besides the session's."""
    memory = memory_of(request)
    roles = shown_roles(memory)
    if not roles:
        raise Http404
    point = point_of(request.GET.get("at", ""))
    village, grids, outside = _found(memory, request.GET.get("village", ""), point)
    units = [*([village] if village is not None else []), *grids]
    outlines = _outlines(grids)
    names = serving(memory.place_id, [one.id for one in units], roles) if units else {}
    order = {role: i for i, role in enumerate(roles)}
    cards = [
        {
            "name": one.name, "layer": one.layer, "is_grid": bool(one.layer),
            "people": [
                {"role": memory.roles[role].name_in(lang_of()), "name": name}
                for role, name in sorted(names.get(one.id, []), key=lambda row: order[row[0]])
            ],
        }
        for one in units
    ]  # fmt: skip
    return render(
        request, "cases/resident/my_grid.html",
        {
            "villages": villages(memory), "chosen": village.code if village is not None else "", "cards": cards,
            "village": memory.full_name(village.id) if village is not None else "", "outside": outside,
            "asked": bool(point or request.GET.get("village")), "spot": point, "grids": len(grids),
            "centre": memory.centre, "preset_of_place": memory.preset,
            "layers": [{"kind": "division", "data": outlines}] if outlines["features"] else [],
            "bounds": _around(outlines) if outlines["features"] else None,
        },
    )  # fmt: skip


def _found(
    memory: PlaceMemory, code: str, point: tuple[float, float] | None
) -> tuple[DivisionInfo | None, list[DivisionInfo], bool]:
    """The village, its grids (or those at the point), and whether the point lies outside of the place."""
    if point is not None:
        grids = list(memory.locate_layers(*point).values())
        found = memory.locate(*point)
        return found.division, grids, found.outside and not grids
    row = memory.by_code(code)
    if row is None or row.layer or not row.active:
        return None, [], False
    return row, [one for one in memory.below(row.id) if one.layer and one.active], False


def _outlines(grids: list[DivisionInfo]) -> dict[str, Any]:
    """The grids' outlines as GeoJSON."""
    return {
        "type": "FeatureCollection",
        "features": [
            {
                "type": "Feature",
                "properties": {"title": one.name, "tone": "info"},
                "geometry": dict(one.outline),
            }
            for one in grids
            if one.outline
        ],
    }


def _around(outlines: dict[str, Any]) -> tuple[float, ...]:
    """(west, south, east, north) of the outlines."""
    return tuple(GeometryCollection([shape(one["geometry"]) for one in outlines["features"]]).bounds)
