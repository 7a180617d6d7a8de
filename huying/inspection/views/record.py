"""The channel's own log: who looked at what, for inspectors only."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from huying.cases.lists import pack_id
from huying.cases.views.common import actor_of, memory_of
from huying.inspection import actions, queries
from huying.inspection.views.common import PAGES, cursor, inspectors_only, tabs


@never_cache
@require_GET
@inspectors_only
def log(request: HttpRequest) -> HttpResponse:
    """Who looked at what through the channel. Six SQL statements beside those of every page."""
    memory = memory_of(request)
    actions.look(actor_of(request), "log")
    rows, more = queries.log(memory.place_id, before=cursor(request))
    here = reverse("inspection:log")
    context = {
        "tabs": tabs("log"), "lines": [{"row": row, "page": PAGES.get(row.page, row.page)} for row in rows],
        "next_url": f"{here}?after={pack_id(more)}" if more else "",
        "previous_url": here if request.GET.get("after") else "",
    }  # fmt: skip
    return render(request, "inspection/log.html", context)
