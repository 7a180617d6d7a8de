"""Bulletins: the list, and each as a page."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from huying.cases.sight import visible
from huying.cases.views.common import memory_of
from huying.cases.views.staff import staff_page
from huying.staff import sight as sights
from huying.supervise import lists, queries
from huying.supervise.levels import level_look
from huying.supervise.views.common import after_last, cursor


@never_cache
@require_GET
@staff_page
def bulletins(request: HttpRequest) -> HttpResponse:
    """The bulletins that the person may read, newest first. One SQL statement of its own."""
    sight, memory = sights.of(request), memory_of(request)
    rows = queries.bulletins_seen(memory.place_id, sight)
    after = cursor(request.GET.get("after", ""))
    if after is not None:
        rows = rows.filter(id__lt=after)
    found = list(rows.order_by("-id")[: lists.PAGE + 1])
    following = after_last([row.id for row in found], lists.PAGE)
    context = {
        "rows": [
            {"row": row, "organ": _organ(memory, row.organ_id), "level": level_look(row.level)}
            for row in found[: lists.PAGE]
        ],
        "next": f"?after={following}" if following else "", "previous": "?" if after is not None else "",
        "preset_of_place": memory.preset,
    }  # fmt: skip
    return render(request, "supervise/bulletins.html", context)


@never_cache
@require_GET
@staff_page
def bulletin(request: HttpRequest, number: str) -> HttpResponse:
    """One bulletin, as it was issued. Two SQL statements of its own."""
    sight, memory = sights.of(request), memory_of(request)
    row = queries.bulletins_seen(memory.place_id, sight).filter(number=number).first()
    if row is None:
        raise Http404("no such bulletin")
    seen = visible(sight).filter(id=row.case_id).exists()
    readers = [_organ(memory, one) for one in row.readers if one != row.organ_id]
    context = {
        "row": row, "organ": _organ(memory, row.organ_id), "level": level_look(row.level), "readers": readers,
        "order_seen": seen, "from": memory.centre.name if memory.centre is not None else "",
        "preset_of_place": memory.preset,
    }  # fmt: skip
    return render(request, "supervise/bulletin.html", context)


def _organ(memory: object, ident: int) -> str:
    organs = getattr(memory, "organs", {})
    return str(organs[ident].name) if ident in organs else ""
