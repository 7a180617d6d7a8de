"""The service circle on the map: what can be reached on foot from where somebody is, for residents and whoever serves."""

from __future__ import annotations

from collections.abc import Mapping

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from huying.cases import circle
from huying.cases.views.common import lang_of, memory_of, villages
from huying.places.info import PlaceMemory
from huying.presets.definition import PointType
from huying.ui.typed import point_of

FAR = 10  # minutes from which a point is shown to all, before anybody says where they are


@require_GET
def service_circle(request: HttpRequest) -> HttpResponse:
    """Service points with their circles; with a village or a point, what is reached from there. No SQL statement."""
    memory = memory_of(request)
    points = circle.points_of(memory)
    if not points:
        raise Http404
    spot = spot_of(request, memory)
    rows = circle.reach(memory, *spot) if spot is not None else []
    shown = [row.point for row in rows] or [one for one in points if one.minutes >= FAR] or points
    return render(
        request, "cases/resident/circle.html",
        {
            "rows": rows, "chosen": request.GET.get("village", ""), "preset_of_place": memory.preset,
            "villages": villages(memory),
            "points": circle.pins(
                shown, _("serves {minutes} minutes on foot"), point_types(memory), lang_of()
            ),
            "spot": spot,
            "types": [
                {"name": one.name.text(lang_of()), "text": one.text.text(lang_of()), "tone": one.tone}
                for one in point_types(memory).values()
            ],
            "layers": [{"kind": "division", "data": circle.outlines(shown)}],
            "within": sum(row.within for row in rows), "count": len(points),
        },
    )  # fmt: skip


def point_types(memory: PlaceMemory) -> Mapping[str, PointType]:
    """What the place calls the types of its points."""
    return memory.preset.place.point_types if memory.preset is not None else {}


def spot_of(request: HttpRequest, memory: PlaceMemory) -> tuple[float, float] | None:
    """Where the person says that they are: a point, or a village."""
    point = point_of(request.GET.get("at", ""))
    if point is not None:
        return point
    row = memory.by_code(request.GET.get("village", ""))
    if row is None:
        return None
    if row.centre is not None:
        return row.centre
    from shapely.geometry import shape

    for grid in memory.below(row.id):
        if grid.outline:
            found = shape(dict(grid.outline)).representative_point()
            return found.x, found.y
    return None
