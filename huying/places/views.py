"""What anybody may ask of the map: outlines of a layer, the grid at a point, which place."""

from __future__ import annotations

from functools import lru_cache

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import condition, require_GET, require_POST

from huying.places import coords, geojson, memory
from huying.places.current import SESSION_KEY, place_id_of
from huying.places.models import Place


@lru_cache(maxsize=64)
def _text(place_id: int, version: int, layer: str) -> bytes | None:
    found = geojson.layer(memory.of(place_id), layer)
    return None if found is None else found.encode()


def _etag(request: HttpRequest, layer: str) -> str | None:
    place_id = place_id_of(request)
    return f'"{place_id}-{memory.of(place_id).version}-{layer}"' if place_id else None


@require_GET
@condition(etag_func=_etag)
def layer(request: HttpRequest, layer: str) -> HttpResponse:
    """A layer as GeoJSON. Browsers keep it and ask each time whether it changed."""
    place_id = place_id_of(request)
    text = _text(place_id, memory.of(place_id).version, layer) if place_id else None
    if text is None:
        raise Http404
    return HttpResponse(
        text, content_type="application/geo+json", headers={"Cache-Control": "private, no-cache"}
    )


@require_GET
def at(request: HttpRequest) -> HttpResponse:
    """The grid and division at ?lon=&lat=[&system=gcj02|bd09], in words and ids."""
    place_id = place_id_of(request)
    try:
        point = coords.to_wgs84(
            float(request.GET.get("lon", "")),
            float(request.GET.get("lat", "")),
            request.GET.get("system", "wgs84"),
        )
    except ValueError:
        return JsonResponse({"error": _("This is not a point.")}, status=400)
    if not place_id:
        raise Http404
    place = memory.of(place_id)
    found = place.locate(*point)
    if found.outside:
        label = _("Outside of %(place)s") % {"place": place.name}
    elif found.grid is not None:
        label = place.full_name(found.grid.id)
    else:
        label = place.full_name(found.division.id) if found.division else ""
    return JsonResponse(
        {
            "label": label,
            "grid": found.grid.id if found.grid else None,
            "division": found.division.id if found.division else None,
            "on_border": found.on_border,
            "outside": found.outside,
        }
    )


@require_POST
def choose(request: HttpRequest, code: str) -> HttpResponse:
    """Be a visitor of another place of this deployment."""
    place = get_object_or_404(Place, code=code)
    request.session[SESSION_KEY] = place.pk
    return HttpResponseRedirect("/")
