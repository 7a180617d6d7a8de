"""The lists of services for residents: by theme, by a word; what one needs, where it is done, and ordering an errand."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from huying.cases import circle, services
from huying.cases.dispatching import limit_words
from huying.cases.views.circle import point_types, spot_of
from huying.cases.views.common import lang_of, memory_of, villages
from huying.cases.views.opening import may_open
from huying.places.info import PlaceMemory
from huying.presets.definition import Item
from huying.staff import sight as sights

LONGEST = 40
NEAREST = 3
WALK = 30  # minutes on foot beyond which a map says nothing


@require_GET
def lists(request: HttpRequest) -> HttpResponse:
    """Themes, the services of one, or those that a word finds. No SQL statement of its own."""
    memory = memory_of(request)
    themes = services.themes(memory)
    if not themes:
        raise Http404
    words = request.GET.get("q", "").strip()[:LONGEST]
    chosen = next((one for one in themes if one.row.code == request.GET.get("theme")), None)
    return render(
        request, "cases/resident/services.html",
        {
            "themes": themes, "chosen": chosen if not words else None, "q": words,
            "found": services.search(memory, words) if words else [], "most": services.FOUND_MOST,
            "count": sum(one.count for one in themes), "preset_of_place": memory.preset,
        },
    )  # fmt: skip


@require_GET
def service(request: HttpRequest, code: str) -> HttpResponse:
    """One service: what to bring, where it is done and which of these places is near, how long it takes, ordering it. One
    SQL statement at most, for who is asking."""
    memory = memory_of(request)
    item = next((one for one in services.listed(memory) if one.code == code), None)
    if item is None:
        raise Http404
    types = point_types(memory)
    spot = spot_of(request, memory) if item.at else None
    rows = circle.reach(memory, *spot, most=NEAREST, types=item.at)[:NEAREST] if spot is not None else []
    kind = services.kind_for(memory, item)
    sight = sights.of(request)
    opens = kind is not None and kind.code in {one.code for one in may_open(sight, memory)}
    order = reverse("cases:open_kind", args=[kind.code]) + f"?item={item.code}" if kind is not None else ""
    if order and sight.is_anonymous:
        order = f"{reverse('staff:sign_in')}?{urlencode({'next': order})}"
    return render(
        request, "cases/resident/service.html",
        {
            "item": item, "theme": _theme(memory, item), "places": [
                {"name": types[one].name.text(lang_of()), "text": types[one].text.text(lang_of()), "tone": types[one].tone}
                for one in item.at if one in types
            ],
            "rows": rows, "spot": spot, "near": any(row.minutes <= WALK for row in rows), "villages": villages(memory) if item.at else [],
            "village": request.GET.get("village", ""), "limit": limit_words(item.limits.get("handle", "")),
            "order": order if opens or sight.is_anonymous else "", "sign_in": not opens and sight.is_anonymous,
            "points": circle.pins([row.point for row in rows], "{minutes}", types, lang_of()),
            "layers": [{"kind": "division", "data": circle.outlines([row.point for row in rows])}],
            "preset_of_place": memory.preset,
        },
    )  # fmt: skip


def _theme(memory: PlaceMemory, item: Item) -> dict[str, Any]:
    preset = memory.preset
    assert preset is not None
    code = item.path[1] if len(item.path) > 2 else item.path[0]
    return {"code": code, "name": preset.items[code].name, "group": preset.items[item.parent].name}
