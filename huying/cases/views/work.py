"""The inbox of everybody who serves: what waits, what is going on in their area, what they reported."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from huying.cases import inbox, looks
from huying.cases.actions import filters
from huying.cases.lists import BadCursor
from huying.cases.views.common import memory_of
from huying.cases.views.staff import staff_page
from huying.places.info import PlaceMemory
from huying.staff import sight as sights
from huying.staff.acting import held_posts
from huying.staff.models import Person
from huying.staff.sight import Sight


@never_cache
@require_GET
@staff_page
def work(request: HttpRequest) -> HttpResponse:
    """A page of the inbox; HTMX gets the list alone.

    Eight SQL statements at most beside those of signing in, however many cases there are.
    """
    memory, sight = memory_of(request), sights.of(request)
    wanted = inbox.filter_of(request.GET, sight, memory)
    try:
        found = inbox.page(sight, wanted, memory, request.GET.get("after", ""))
    except BadCursor:
        return HttpResponseRedirect(f"{reverse('cases:work')}?{inbox.address(wanted, memory)}")
    query = inbox.address(wanted, memory)
    context: dict[str, Any] = {
        "preset_of_place": memory.preset,
        "wanted": wanted, "lines": inbox.lines(sight, found, memory, wanted.scope == "after"), "query": query, "narrows": wanted.narrows,
        "next": f"?{query}&after={found.after}" if found.after else "",
        "previous": f"?{query}&after={found.before}" if found.before else "",
        "may_bulk": sight.can("bulk"), "may_export": sight.can("export"), "search_text": wanted.q,
        "shows_owner": wanted.scope not in ("mine", "after"), "idle": "" if found.rows else _idle(request, sight),
    }  # fmt: skip
    if request.headers.get("HX-Target") == "list":
        return render(request, "cases/_list.html", context)
    counts = inbox.tabs(sight, memory)
    context |= {
        "tabs": _tabs(sight, memory, wanted.scope, counts),
        "saved": filters.saved(sight), "choices": _choices(request, sight, memory),
        "advanced": _advanced(request.GET),
    }  # fmt: skip
    return render(request, "cases/work.html", context)


def _idle(request: HttpRequest, sight: Sight) -> str:
    """Why nothing can come to somebody who acts in no post now: ``standby`` or ``no-post``; "" for all others.

    One SQL statement, for those alone.
    """
    if sight.post_ids or sight.is_resident or not isinstance(request.user, Person):
        return ""
    return "standby" if held_posts(request.user) else "no-post"


def _tabs(sight: Sight, memory: PlaceMemory, current: str, counts: dict[str, int]) -> list[dict[str, Any]]:
    names = {
        "mine": _("My work"), "after": _("After closing"), "area": _("My area"), "organ": _("My organ"), "reported": _("Reported by me"),
        "all": pgettext("cases", "All"),
    }  # fmt: skip
    return [
        {
            "label": names[scope], "url": f"?scope={scope}", "current": scope == current,
            "count": inbox.capped(counts[scope]) if scope in counts else "",
        }
        for scope in inbox.scopes(sight, memory)
    ]  # fmt: skip


def _choices(request: HttpRequest, sight: Sight, memory: PlaceMemory) -> dict[str, list[tuple[Any, str]]]:
    preset = memory.preset
    return {
        "state": [
            ("open", _("Open")), ("soon", _("Due within a day")), ("overdue", _("Overdue")),
            ("paused", _("Clock stopped")), ("closed", _("Closed")), ("unplaced", _("Not located")),
        ],
        "step": inbox.step_choices(memory),
        "call": inbox.named_choices(looks.CALLS),
        "channel": list(looks.channels(preset).items()),
        "item": [(one.code, str(one.name)) for one in preset.called] if preset is not None else [],
        "division": inbox.division_choices(sight, memory),
    }  # fmt: skip


def _advanced(query: QueryDict) -> bool:
    """Whether one of the filters that are folded away is in use, so that they are shown unfolded."""
    return any(query.get(name) for name in ("item", "channel", "call", "since", "until", "urgent"))


@require_POST
@staff_page
def save_filter(request: HttpRequest) -> HttpResponse:
    """Keep the filter of the address in ``query`` under ``name``, or drop the one with the id ``drop``."""
    memory, sight = memory_of(request), sights.of(request)
    wanted = inbox.filter_of(QueryDict(request.POST.get("query", "")[:1000]), sight, memory)
    query = inbox.address(wanted, memory)
    if drop := request.POST.get("drop", ""):
        try:
            filters.drop(sight, UUID(drop))
        except ValueError:
            messages.error(request, _("This is no longer here"))
    else:
        try:
            filters.save(sight, request.POST.get("name", ""), query)
        except filters.NotSaved as error:
            messages.error(request, str(error))
        else:
            messages.success(request, _("Filter saved."))
    return HttpResponseRedirect(f"{reverse('cases:work')}?{query}", status=303)
