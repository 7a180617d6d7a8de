"""The residents' home, and what has been published."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.views.decorators.http import require_GET

from huying.cases import lists
from huying.cases.published import by_number, outcomes
from huying.cases.views.common import memory_of
from huying.files import queries as files
from huying.places.current import place_id_of
from huying.places.info import GRID, PlaceMemory
from huying.staff import sight as sights
from huying.ui import nav

NEWEST = 5


@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """Where residents begin; staff are sent to their work. Two SQL statements besides the session's."""
    if not place_id_of(request):
        return render(request, "cases/resident/nowhere.html", status=503)
    if request.user.is_authenticated and request.user.kind == "staff" and "stay" not in request.GET:
        roles = memory_of(request).roles
        on_grid = any(roles[code].tier == GRID for code in sights.of(request).roles if code in roles)
        return redirect("cases:grid" if on_grid else "cases:work")
    memory = memory_of(request)
    return render(
        request, "cases/resident/home.html",
        {
            "memory": memory, "preset_of_place": memory.preset, "newest": outcomes(memory, NEWEST)[0],
            # On a phone the bar at the bottom has room for four; the others are reached from here.
            "ways": [one for one in nav.entries("resident", request) if not one["phone"]],
            "promise": _told(memory, "promise"),
            "after": [words.text(get_language() or "zh") for words in _public(memory).get("after", ())],
        },
    )  # fmt: skip


def _public(memory: PlaceMemory) -> Mapping[str, Any]:
    return memory.preset.place.public if memory.preset is not None else {}


def _told(memory: PlaceMemory, key: str) -> str:
    """What the place itself says to those who call, in its own words; "" when it says nothing."""
    words = _public(memory).get(key)
    return words.text(get_language() or "zh") if words is not None else ""


@require_GET
def public(request: HttpRequest) -> HttpResponse:
    """What has been published, newest first."""
    memory = memory_of(request)
    try:
        rows, after = outcomes(memory, lists.PAGE, request.GET.get("after", ""))
    except lists.BadCursor as error:
        raise Http404 from error
    return render(
        request, "cases/resident/public.html",
        {"memory": memory, "preset_of_place": memory.preset, "rows": rows, "after": after},
    )  # fmt: skip


@require_GET
def public_case(request: HttpRequest, number: str) -> HttpResponse:
    """One published case: what it was about, what came of it, when. Nothing that was not approved."""
    memory = memory_of(request)
    shown = by_number(memory, number)
    if shown is None:
        raise Http404
    return render(
        request, "cases/resident/public_case.html", {"one": shown, "memory": memory, "preset_of_place": memory.preset}
    )  # fmt: skip


@require_GET
def public_photo(request: HttpRequest, number: str, file_id: UUID) -> HttpResponseBase:
    """A photo of a published case that was approved for everyone."""
    memory = memory_of(request)
    shown = by_number(memory, number)
    if shown is None or file_id not in {photo.id for photo in shown.photos}:
        raise Http404
    photo = next(photo for photo in shown.photos if photo.id == file_id)
    return files.serve(photo, thumb="thumb" in request.GET, request=request)


__all__ = ["home", "public", "public_case", "public_photo"]
