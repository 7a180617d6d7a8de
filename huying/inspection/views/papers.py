"""Orders down and requests up: the list, and the form by which an order is issued."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from huying.cases import looks, naming
from huying.cases.actions import KeyReused, Refused
from huying.cases.calls import CallRefused
from huying.cases.lists import pack_id
from huying.cases.views.common import actor_of, memory_of, organ_choices
from huying.inspection import actions, queries
from huying.inspection.models import Finding
from huying.inspection.views.common import cursor, in_words, inspectors_only, pattern_name, tabs, unit_name
from huying.places.info import PlaceMemory
from huying.presets.queries import compiled

DAYS = 5


@never_cache
@require_GET
@inspectors_only
def papers(request: HttpRequest) -> HttpResponse:
    """Orders and requests, newest first. Five SQL statements beside those of every page."""
    memory, actor = memory_of(request), actor_of(request)
    actions.look(actor, "papers")
    rows = queries.papers(memory.place_id, before=cursor(request), most=queries.PAGE + 1)
    more = rows[queries.PAGE - 1][0].id if len(rows) > queries.PAGE else None
    here = reverse("inspection:papers")
    lines = []
    for paper, case in rows[: queries.PAGE]:
        step = naming.step_name(compiled(case.edition_id).flow_of(case.kind), case.step)
        organ = memory.organs.get(paper.organ_id) if paper.organ_id else None
        lines.append(
            {
                "paper": paper, "case": case, "organ": organ.name if organ else "",
                "step": looks.phase_look(case.phase, step),
            }
        )  # fmt: skip
    context = {
        "tabs": tabs("papers"), "lines": lines, "may_order": bool(queries.inspection_of(memory).order),
        "next_url": f"{here}?after={pack_id(more)}" if more else "",
        "previous_url": here if request.GET.get("after") else "",
    }  # fmt: skip
    return render(request, "inspection/papers.html", context)


@never_cache
@require_http_methods(["GET", "POST"])
@inspectors_only
def order(request: HttpRequest) -> HttpResponse:
    """Issue an order; from a finding (``?finding=``) it is filled in and concludes that."""
    memory, actor = memory_of(request), actor_of(request)
    if not queries.inspection_of(memory).order:
        raise Http404
    found = _finding(request, memory.place_id)
    if request.method == "GET":
        actions.look(actor, "order", finding_id=found.id if found else None)
        return _form(request, memory, found)
    organ = memory.organ_by_code(request.POST.get("organ", ""))
    days = request.POST.get("days", "")
    try:
        made = actions.order(
            memory, actor, organ.id if organ else 0, request.POST.get("text", ""),
            int(days) if days.isdecimal() else 0, title=_title(memory, found), finding_id=found.id if found else None,
            key=request.POST.get("key") or None,
        )  # fmt: skip
    except CallRefused as problem:
        errors = {"text": "; ".join(problem.errors.values())}
        return _form(request, memory, found, errors, 422)
    except KeyReused:
        errors = {"text": _("This was sent before with other content. Look at the list of orders.")}
        return _form(request, memory, found, errors, 409)
    except Refused as problem:
        if problem.code == "already":
            messages.info(request, _("Somebody else has noted an outcome in the meantime."))
            return redirect("inspection:papers")
        words = {"organ": _("Choose another organ than your own."), "days": _("From 1 to 60 workdays.")}
        return _form(request, memory, found, {n: words.get(n, "") for n in problem.errors}, 422)
    messages.success(request, _("The order %(number)s is issued.") % {"number": made.number})
    return redirect("inspection:papers")


def _title(memory: PlaceMemory, found: Finding | None) -> str:
    """What an order from a finding is called; one of its own is called by how its text begins."""
    if found is None:
        return ""
    return f"{pattern_name(memory, found)}：{unit_name(memory, found.unit)}"


def _finding(request: HttpRequest, place_id: int) -> Finding | None:
    text = request.POST.get("finding") or request.GET.get("finding") or ""
    if not text:
        return None
    try:
        return queries.finding(place_id, UUID(text))
    except (ValueError, Finding.DoesNotExist):
        raise Http404 from None


def _form(
    request: HttpRequest, memory: PlaceMemory, found: Finding | None, errors: dict[str, str] | None = None,
    status: int = 200,
) -> HttpResponse:  # fmt: skip
    errors = errors or {}
    sent = request.POST
    unit = found.unit.partition(":") if found is not None else ("", "", "")
    code = ""
    if unit[0] == "organ" and unit[2].isdecimal() and int(unit[2]) in memory.organs:
        code = memory.organ(int(unit[2])).code
    text = ""
    if found is not None:
        text = _("%(pattern)s: %(words)s Look into it and report what was found.") % {
            "pattern": pattern_name(memory, found), "words": in_words(found),
        }  # fmt: skip
    office = queries.office_of(memory)
    fields: list[dict[str, Any]] = [
        {
            "id": "organ", "label": _("Organ that answers"), "type": "organ", "required": True,
            "value": sent.get("organ", code), "errors": errors.get("organ", ""),
            "choices": [one for one in organ_choices(memory) if office is None or one["id"] != office.code],
        },
        {
            "id": "text", "label": _("What is to be looked into"), "type": "long", "required": True, "max": 4000,
            "hint": _("Facts and units; nothing about people that does not belong to it."),
            "value": sent.get("text", text), "errors": errors.get("text", ""),
        },
        {
            "id": "days", "label": _("Workdays to answer"), "type": "number", "required": True, "min": 1, "max": 60,
            "value": sent.get("days", DAYS), "errors": errors.get("days", ""),
        },
    ]  # fmt: skip
    context = {
        "tabs": tabs("papers"), "fields": fields, "found": found, "key": sent.get("key") or uuid4().hex,
        "unit": unit_name(memory, found.unit) if found else "",
    }  # fmt: skip
    return render(request, "inspection/order.html", context, status=status)
