"""Findings: the list, one with its numbers and its very cases, and what a person made of it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from huying.cases import naming
from huying.cases.actions import Refused
from huying.cases.lists import pack_id
from huying.cases.views.common import actor_of, memory_of
from huying.inspection import actions, queries
from huying.inspection.models import Finding
from huying.inspection.views.common import (
    OUTCOMES,
    cursor,
    in_words,
    inspectors_only,
    pattern_name,
    tabs,
    test_in_words,
    unit_name,
)
from huying.places.info import PlaceMemory
from huying.presets.queries import compiled


def _chip(found: Finding) -> dict[str, Any]:
    label, tone, icon = OUTCOMES[found.outcome]
    return {"label": label, "tone": tone, "icon": icon}


def _line(memory: PlaceMemory, found: Finding) -> dict[str, Any]:
    return {
        "found": found, "name": pattern_name(memory, found), "unit": unit_name(memory, found.unit),
        "words": in_words(found), "chip": _chip(found),
    }  # fmt: skip


@never_cache
@require_GET
@inspectors_only
def findings(request: HttpRequest) -> HttpResponse:
    """What waits to be looked at (``?looked=1``: what was). Four SQL statements beside those of every page."""
    memory, actor = memory_of(request), actor_of(request)
    looked = request.GET.get("looked") == "1"
    actions.look(actor, "findings")
    rows = queries.findings(memory.place_id, looked=looked, before=cursor(request), most=queries.PAGE + 1)
    more = rows[queries.PAGE - 1].id if len(rows) > queries.PAGE else None
    here = reverse("inspection:findings") + ("?looked=1" if looked else "?looked=0")
    context = {
        "tabs": tabs("findings"), "looked": looked, "patterns": queries.inspection_of(memory).patterns,
        "lines": [_line(memory, row) for row in rows[: queries.PAGE]],
        "next_url": f"{here}&after={pack_id(more)}" if more else "",
        "previous_url": here if request.GET.get("after") else "",
    }  # fmt: skip
    return render(request, "inspection/findings.html", context)


def _found(request: HttpRequest, ident: UUID) -> Finding:
    try:
        return queries.finding(memory_of(request).place_id, ident)
    except Finding.DoesNotExist:
        raise Http404 from None


@never_cache
@require_GET
@inspectors_only
def finding(request: HttpRequest, ident: UUID) -> HttpResponse:
    """One finding. Six SQL statements beside those of every page."""
    return _page(request, ident)


def _page(
    request: HttpRequest,
    ident: UUID,
    *,
    errors: dict[str, str] | None = None,
    status: int = 200,
    note: str = "",
) -> HttpResponse:
    memory, actor = memory_of(request), actor_of(request)
    found = _found(request, ident)
    assert actor.sight is not None
    actions.look(actor, "finding", finding_id=found.id)
    cases = queries.cases_of(found, actor.sight)
    who = queries.names_of([found.looked_by]) if found.looked_by else {}
    context = {
        **_line(memory, found), "tabs": tabs("findings"), "test": test_in_words(found),
        "cases": [
            {
                "case": one, "item": naming.item_name(compiled(one.edition_id), one.item),
                "step": naming.step_name(compiled(one.edition_id).flow_of(one.kind), one.step),
            }
            for one in cases
        ],
        "hidden": len(found.case_ids) - len(cases), "errors": errors or {}, "note": note,
        "by": who.get(found.looked_by, "") if found.looked_by else "", "is_organ": found.unit.startswith("organ:"),
        "note_field": {
            "id": "note", "label": _("What was found on looking"), "type": "long", "required": True, "max": 2000,
            "value": note, "errors": (errors or {}).get("note", ""),
        },
    }  # fmt: skip
    return render(request, "inspection/finding.html", context, status=status)


@never_cache
@require_POST
@inspectors_only
def conclude(request: HttpRequest, ident: UUID) -> HttpResponse:
    """Note the outcome."""
    outcome, note = request.POST.get("outcome", ""), request.POST.get("note", "")
    _found(request, ident)
    try:
        actions.conclude(actor_of(request), ident, outcome, note)
    except Refused as problem:
        if problem.code == "already":
            messages.info(request, _("Somebody else has noted an outcome in the meantime."))
            return redirect("inspection:finding", ident=ident)
        words = {"note": _("Please say in a sentence what was found."), "outcome": _("Choose an outcome.")}
        errors = {name: words.get(name, "") for name in problem.errors}
        return _page(request, ident, errors=errors, status=422, note=note)
    messages.success(request, _("The outcome is noted."))
    return redirect("inspection:findings")
