"""The dispatch card: one case as the desk decides on it, with the handbook, the load and the precedents beside it."""

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

from huying.cases import alike, dispatching, looks, naming, provisional, story, tracks
from huying.cases.actions import KeyReused, Refused, Stale, perform
from huying.cases.calls import CallRefused
from huying.cases.models import Case
from huying.cases.queries import CaseView, mark_read, seen_by, view
from huying.cases.store import legs_of
from huying.cases.views.case_context import NOTHING, Tried
from huying.cases.views.common import (
    actor_of,
    files_key,
    lang_of,
    memory_of,
    move_panel,
    posted,
    refusal,
    schema_fields,
    seen_of,
    stale,
)
from huying.cases.views.files import stage_sent
from huying.cases.views.staff import case_of, staff_page
from huying.cases.who import Actor
from huying.files.errors import FileError
from huying.places.info import GRID
from huying.presets.queries import compiled
from huying.staff.access import needs, next_of

TAKEN = (
    "taken"  # session key: numbers of the calls taken in this browser, whose codes may be told to the caller
)
DESK_RIGHTS = ("desk", "dispatch", "settle", "rule", "verify")


@never_cache
@require_GET
@staff_page
@needs(*DESK_RIGHTS)
def case(request: HttpRequest, number: str) -> HttpResponse:
    """The card of a case that the person may see. At most seventeen SQL statements beside the session's."""
    return card(request, case_of(request, number), actor_of(request))


@never_cache
@require_GET
@staff_page
@needs("take_calls", "report")
def taken(request: HttpRequest, number: str) -> HttpResponse:
    """What the caller is told, and the case at once to be sent on. Only in the browser that took the call."""
    if number not in request.session.get(TAKEN, []):
        raise Http404("not taken here")
    return card(request, case_of(request, number), actor_of(request), receipt=True)


def card(
    request: HttpRequest,
    found: Case,
    actor: Actor,
    tried: Tried = NOTHING,
    status: int = 200,
    *,
    receipt: bool = False,
) -> HttpResponse:
    """The page of the card; with *receipt* also number, code and promise, which stay when the case is out of sight."""
    memory = memory_of(request)
    context: dict[str, Any] = {
        "case": found, "tried": tried, "seen": found.version, "receipt": receipt, "preset_of_place": memory.preset,
        "next": next_of(request, ""), "owner": naming.owner_name(memory, found.owner_key),
    }  # fmt: skip
    if receipt:
        joined = request.session.get("joined", {}).get(found.number)
        context["code"] = tracks.shown(joined or tracks.code_of(found.id))
        context["joined"] = bool(joined)
    try:
        seen = view(found, actor)
    except Case.DoesNotExist:
        if not receipt:
            raise Http404("no such case") from None
        return render(request, "cases/desk/case.html", context, status=status)
    if actor.person_id is not None:
        mark_read(found, actor.person_id)
    context |= _card(seen, actor, tried)
    return render(request, "cases/desk/case.html", context, status=status)


def _card(seen: CaseView, actor: Actor, tried: Tried) -> dict[str, Any]:
    found, memory = seen.case, seen.memory
    panel = panel_of(seen, seen.offers, tried)
    legs = [
        {"view": one, "panel": panel_of(seen, one.offers, tried)}
        for one in seen.legs
        if one.leg.closed_at is None
    ]
    before, after = story.before_and_after(found, seen.attachments)
    return {
        "v": seen, "panel": panel, "legs": legs, "before": before, "after": after,
        "chips": looks.chips(found, seen.step, seen.now), "call": looks.call_look(found.call),
        "channel": looks.channel_name(seen.preset, found.channel), "source": looks.outside_source(found),
        "suggested": dispatching.suggested(memory, found) if not found.item else [],
        "book": dispatching.of_case(memory, found) if found.closed_at is None else None,
        "dispatch": next((offer.move.id for offer in seen.offers if _sends(offer)), ""),
        "alike": _alike(seen, actor), "fields_known": _known(seen), "grid_list": _grid_refused(tried, seen),
        "settles": any("question" in {one.id for one in offer.fields} for offer in seen.offers)
        or any(one.leg.part == "opinion" for one in seen.legs),
        "provisional": "" if found.paused_at else provisional.warning(
            memory, found.owner_key, found.token, found.due_at, seen.now
        ),
    }  # fmt: skip


def _alike(seen: CaseView, actor: Actor) -> dict[str, Any] | None:
    """Open cases alike that one press puts under this one, through the same door as cases chosen in the list."""
    found = alike.proposal(seen.case, seen.offers, actor, seen.memory)
    if found is None:
        return None
    fields = alike.fields_of(found)
    reason = next((one.id for one in fields if one.type in ("text", "long")), "")
    said = {reason: _("The same item, near and within days")} if reason else {}
    return {
        "rows": found.rows, "move": found.move, "other": found.other, "name": found.offer.name,
        "fields": schema_fields(fields, seen.preset, seen.memory, values=said),
    }  # fmt: skip


def panel_of(seen: CaseView, offers: Any, tried: Tried) -> list[dict[str, Any]]:
    """The moves as forms that come back to the card, filled in as far as is known."""
    url = reverse("cases:desk_move", args=[seen.case.number])
    panel = move_panel(
        offers, seen.case, seen.preset, seen.memory, url, upload=reverse("cases:upload"), tried=tried.move,
        errors=tried.errors, values=tried.values, key=tried.key, general=tried.general,
    )  # fmt: skip
    dispatching.prefill(panel, offers, seen.case, seen.memory, tried.move)
    for shown, offer in zip(panel, offers, strict=True):
        shown["info"] = any(field["id"] == "item" for field in shown["fields"])
        shown["main"] = offer.move.to is not None
    if panel and not any(one["open"] for one in panel) and panel[0]["main"]:
        panel[0]["open"] = True
    return panel


def _sends(offer: Any) -> bool:
    asked = {one.id for one in offer.fields}
    return offer.move.tone == "primary" and {"item", "organ"} <= asked and "ruling" not in asked


def _known(seen: CaseView) -> list[tuple[str, str]]:
    """Codes that earlier moves left (why it was returned, how long an extension was asked for), in words."""
    found = []
    for schema in seen.preset.forms.values():
        for one in schema.fields:
            value = seen.case.fields.get(one.id)
            if value in (None, "", False) or (not one.choices and one.type not in ("number", "date")):
                continue
            words = next((c.label.text(lang_of()) for c in one.choices if c.id == value), str(value))
            found.append((one.label.text(lang_of()), words))
    return list(dict.fromkeys(found))


def _grid_refused(tried: Tried, seen: CaseView) -> list[str]:
    """After a refusal because an item is not admitted: some of what grid workers may be given, to choose from."""
    if not tried.move or tried.general != not_admitted():
        return []
    return [str(row.name) for row in dispatching.admitted(seen.memory)]


def not_admitted() -> str:
    """Why an item cannot be given to a grid worker."""
    return refusal(Refused("not-admitted"))


@require_GET
@staff_page
@needs(*DESK_RIGHTS)
def item(request: HttpRequest, number: str) -> HttpResponse:
    """What the handbook says of the item being chosen (an HTMX fragment)."""
    found, actor = case_of(request, number), actor_of(request)
    legs = legs_of(found.place_id, found.id)
    if not seen_by(found, actor, legs):
        raise Http404("no such case")
    memory = memory_of(request)
    code = request.GET.get("item", "")[:60]
    return render(
        request, "cases/desk/_book.html",
        {"book": dispatching.of_case(memory, found, code), "preset_of_place": memory.preset, "chosen": code},
    )  # fmt: skip


@never_cache
@require_POST
@staff_page
@needs(*DESK_RIGHTS)
def move(request: HttpRequest, number: str) -> HttpResponse:
    """Make a move from the card or the queue: 303 to ``next`` or back to the card; 422 or 409 show what is wrong."""
    found, actor = case_of(request, number), actor_of(request)
    legs = legs_of(found.place_id, found.id)
    if not seen_by(found, actor, legs):
        raise Http404("no such case")
    ident = request.POST.get("move", "")[:120]
    move_id, _at, leg_text = ident.partition("@")
    leg = next((one for one in legs if str(one.id) == leg_text), None)
    preset = compiled(found.edition_id)
    flow = preset.flows[leg.flow] if leg is not None else preset.flow_of(found.kind)
    if move_id not in flow.by_id or (leg_text and leg is None):
        return card(request, found, actor, Tried(general=refusal(Refused("unknown-move"))), 422)
    fields = preset.move_form(flow.id, move_id).fields
    data = posted(request, fields)
    errors = stage_sent(request, fields, data)
    key = request.POST.get("key", "")[:80]
    tried = Tried(ident, data, errors, key=key)
    if errors:
        return again(request, found, actor, tried, 422)
    status = 422
    try:
        done = perform(
            found.place_id, found.id, move_id, actor, data, key=key or None,
            seen=seen_of(request),
            leg_id=leg.id if leg is not None else None, lang=lang_of(), files_key=files_key(request),
        )  # fmt: skip
    except Refused as error:
        tried = Tried(ident, data, error.errors, _why(error, flow.by_id[move_id], flow, preset, data), key)
    except CallRefused as error:
        tried = Tried(ident, data, error.errors, refusal(Refused("invalid")), key)
    except (Stale, KeyReused) as error:
        text = (
            stale(error) if isinstance(error, Stale) else _("This form was sent before with other content.")
        )
        tried, status = Tried(ident, data, {}, text), 409
    except FileError as error:
        tried = Tried(ident, data, {}, str(error), key)
    except Case.DoesNotExist:
        raise Http404("no such case") from None
    else:
        return _done(request, found, actor, flow, move_id, done, leg.id if leg is not None else None)
    found.refresh_from_db()
    return again(request, found, actor, tried, status)


def again(request: HttpRequest, found: Case, actor: Actor, tried: Tried, status: int) -> HttpResponse:
    """The page that a refused move came from, with what was typed and what is wrong."""
    if next_of(request, "") == reverse("cases:desk_settle", args=[found.number]):
        from huying.cases.views.desk_settle import settle_page

        return settle_page(request, found, actor, tried, status)
    return card(request, found, actor, tried, status)


def _why(error: Refused, tried: Any, flow: Any, preset: Any, data: dict[str, Any]) -> str:
    """The refusal in words. A flow's own guard may refuse an item for the grid before ``perform`` does: same words."""
    row = preset.items.get(str(data.get("item") or ""))
    goal = flow.steps.get(tried.to) if tried.to else None
    to_grid = goal is not None and goal.owner is not None and goal.owner.kind == GRID
    if error.code in ("guard-failed", "not-admitted") and to_grid and row is not None and not row.grid:
        return not_admitted()
    return refusal(error)


def _done(
    request: HttpRequest, found: Case, actor: Actor, flow: Any, move_id: str, done: Any, leg_id: UUID | None
) -> HttpResponse:
    memory = memory_of(request)
    owner = naming.owner_name(memory, done.owner_key)
    words = {"number": found.number, "move": naming.move_name(flow, move_id), "owner": owner}
    said = (
        _("%(number)s: “%(move)s” is done; it is now with %(owner)s.") if owner
        else _("%(number)s: “%(move)s” is done.")
    )  # fmt: skip
    messages.success(request, said % words)
    fresh = Case.objects.get(place_id=found.place_id, id=found.id)
    legs = legs_of(found.place_id, found.id)
    onward = next_of(request, "")
    if not seen_by(fresh, actor, legs) and (not onward or found.number in onward):
        return HttpResponseRedirect(reverse("cases:desk_queue"), status=303)
    return HttpResponseRedirect(onward or reverse("cases:desk_case", args=[found.number]), status=303)
