"""Settling whose duty something is: ask organs with a deadline, see their views side by side, rule; and the rulings."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from huying.cases import dispatching, lists, looks, precedents
from huying.cases.actions import Refused
from huying.cases.actions.precedents import end
from huying.cases.models import Case, Precedent
from huying.cases.queries import mark_read, view
from huying.cases.views.case_context import NOTHING, Tried
from huying.cases.views.common import actor_of, memory_of, refusal
from huying.cases.views.desk_case import panel_of
from huying.cases.views.staff import case_of, staff_page
from huying.cases.who import Actor
from huying.ledger import queries as ledger
from huying.places.info import PlaceMemory
from huying.staff.access import needs

RIGHTS = ("settle", "rule")


@never_cache
@require_GET
@staff_page
@needs(*RIGHTS)
def settle(request: HttpRequest, number: str) -> HttpResponse:
    """One case whose owner is not clear. At most sixteen SQL statements beside the session's."""
    return settle_page(request, case_of(request, number), actor_of(request))


def settle_page(
    request: HttpRequest, found: Case, actor: Actor, tried: Tried = NOTHING, status: int = 200
) -> HttpResponse:
    """The page; with *tried* a refused move, open and filled with what was typed."""
    try:
        seen = view(found, actor)
    except Case.DoesNotExist:
        raise Http404("no such case") from None
    if actor.person_id is not None:
        mark_read(found, actor.person_id)
    memory = memory_of(request)
    story = ledger.history(found.place_id, found.id, private=True)
    panel = panel_of(seen, seen.offers, tried)
    fields = {shown["id"]: {one["id"] for one in shown["fields"]} for shown in panel}
    ask = [one for one in panel if "question" in fields[one["id"]]]
    rule = [one for one in panel if "ruling" in fields[one["id"]]]
    for one in (*ask, *rule):
        one["open"] = one["open"] or one in (ask[:1] if not rule else rule[:1])
    said = precedents.views([one.leg for one in seen.legs], story, memory, seen.preset)
    _prefer(rule, said, memory, tried)
    ruling, ruled_at = precedents.ruled(story)
    kept = precedents.of_case(found)
    context = {
        "v": seen, "case": found, "tried": tried, "seen": found.version, "ask": ask, "rule": rule,
        "views": said, "given": sum(1 for one in said if one.text), "question": precedents.asked(story),
        "ruling": ruling, "ruled_at": ruled_at, "kept": kept, "chips": looks.chips(found, seen.step, seen.now),
        "suggested": dispatching.suggested(memory, found), "book": dispatching.of_case(memory, found),
        "next": reverse("cases:desk_settle", args=[found.number]), "preset_of_place": memory.preset,
        "kept_organ": memory.organ(kept[0].organ_id).name if kept and kept[0].organ_id in memory.organs else "",
    }  # fmt: skip
    return render(request, "cases/desk/settle.html", context, status=status)


def _prefer(
    rule: list[dict[str, Any]], said: list[precedents.View], memory: PlaceMemory, tried: Tried
) -> None:
    """Where just one organ is ready to lead, it stands in the ruling's form, to be confirmed or changed."""
    ready = {one.leg.organ_id for one in said if one.stand_code == "lead"}
    if len(ready) != 1:
        return
    code = memory.organ(ready.pop()).code
    for shown in rule:
        for field in shown["fields"]:
            if field["id"] == "organ" and not field["value"] and shown["id"] != tried.move:
                field["value"] = code


@never_cache
@require_GET
@staff_page
@needs(*RIGHTS, "dispatch", "overview")
def precedent_list(request: HttpRequest) -> HttpResponse:
    """Rulings that hold (or, with ``?ended=1``, those that were ended). Two SQL statements beside the session's."""
    actor, memory = actor_of(request), memory_of(request)
    assert actor.sight is not None
    typed, ended = request.GET.get("q", "")[:60], request.GET.get("ended") == "1"
    try:
        rows, after = precedents.listing(
            actor.sight, memory, typed, ended=ended, cursor=request.GET.get("after", "")
        )
    except lists.BadCursor:
        return HttpResponseRedirect(reverse("cases:precedents"))
    return render(request, "cases/desk/precedents.html", _list_context(actor, rows, after, typed, ended))


def _list_context(actor: Actor, rows: Any, after: str, typed: str, ended: bool) -> dict[str, Any]:
    return {
        "rows": rows, "q": typed, "ended": ended, "after": after, "may_end": actor.has("rule") and not ended,
        "tabs": [
            {"label": _("In force"), "url": "?", "current": not ended},
            {"label": _("Ended"), "url": "?ended=1", "current": ended},
        ],
    }  # fmt: skip


@never_cache
@require_POST
@staff_page
@needs("rule")
def precedent_end(request: HttpRequest, precedent_id: UUID) -> HttpResponse:
    """End a precedent (field ``reason``): back to the list, with what was wrong if something was."""
    actor, memory = actor_of(request), memory_of(request)
    try:
        row = end(memory.place_id, precedent_id, request.POST.get("reason", ""), actor)
    except (Precedent.DoesNotExist, Case.DoesNotExist):
        raise Http404("no such precedent") from None
    except Refused as error:
        messages.error(request, next(iter(error.errors.values()), refusal(error)))
    else:
        messages.success(
            request,
            _("The precedent %(number)s is ended; new calls no longer follow it.") % {"number": row.number},
        )
    return HttpResponseRedirect(reverse("cases:precedents"), status=303)
