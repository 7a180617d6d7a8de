"""Taking a call and typing: whoever answers the telephone, or reports for somebody who stands before them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from huying.cases import actions, calling, queries
from huying.cases.actions.others import join, unmask
from huying.cases.actions.perform import Refused
from huying.cases.calls import Call, CallRefused, Reporter, from_form
from huying.cases.models import Case
from huying.cases.views.common import (
    actor_of,
    files_key,
    lang_of,
    memory_of,
    posted,
    refusal,
    schema_fields,
)
from huying.cases.views.desk_case import TAKEN
from huying.cases.views.desk_fields import (
    NOT_HERE,
    call_sections,
    extra_errors,
    own_values,
)
from huying.cases.views.files import stage_sent
from huying.cases.views.staff import staff_page
from huying.cases.who import DESK, Actor
from huying.files.errors import FileError
from huying.places.info import PlaceMemory
from huying.staff.access import needs
from huying.ui.typed import point_of, whole

STREET = "street"


def channel_for(request: HttpRequest, memory: PlaceMemory) -> str:
    """The centre's desk types what comes by telephone; everybody else who serves reports by the channel of their role."""
    sight = actor_of(request).sight
    top = memory.top
    at_centre = sight is not None and top is not None and f"desk:{top.id}" in sight.owner_keys
    if sight is not None and not at_centre:
        return calling.own_channel(memory.preset, sight.roles, STREET)
    return DESK if at_centre and sight is not None and sight.can("take_calls") else STREET


@never_cache
@require_http_methods(["GET", "POST"])
@staff_page
@needs("take_calls", "report")
def call(request: HttpRequest) -> HttpResponse:
    """The form of a call, and taking it. What was typed comes back with whatever is wrong (422)."""
    memory = memory_of(request)
    preset = memory.preset
    kind = calling.main_kind(preset)
    if preset is None or not kind:
        raise Http404("no calls are taken here")
    fields = [one for one in preset.form_of(kind).fields if one.id not in NOT_HERE]
    if request.method == "GET":
        return _page(request, memory, kind, {}, {}, 200)
    values = posted(request, fields)
    own = own_values(request)
    if not values.get("item") and own["pick_item"]:
        values["item"] = own["pick_item"]
    if values.get("anonymous"):
        # The number was typed to find earlier calls; an anonymous call keeps nothing of it.
        for name in ("reporter_name", "reporter_phone"):
            values.pop(name, None)
    file_errors = stage_sent(request, fields, values)
    form = preset.form_of(kind).pick([one.id for one in fields if one.required], [one.id for one in fields])
    cleaned, errors = form.clean(values, lang_of())
    division_id, more = extra_errors(memory, values, own)
    errors = {**errors, **file_errors, **more}
    if errors:
        return _page(request, memory, kind, {**values, **own}, errors, 422)
    clean = dict(cleaned.all)
    if not values.get("anonymous"):
        clean["reporter_address"] = own["reporter_address"]
    made_call = replace(
        from_form(kind, clean, division_id=division_id, kinds_of_call=preset.kinds[kind].calls),
        source=own["source"], source_number=own["source_number"],
    )  # fmt: skip
    return _take(request, memory, kind, made_call, {**values, **own})


def _take(
    request: HttpRequest, memory: PlaceMemory, kind: str, made_call: Call, values: dict[str, Any]
) -> HttpResponse:
    actor = actor_of(request, channel_for(request, memory))
    key = request.POST.get("key", "")[:80] or str(uuid4())
    try:
        made = actions.report(memory.place_id, made_call, actor, key=key, files_key=files_key(request))
    except CallRefused as refused:
        return _page(request, memory, kind, values, refused.errors, 422)
    except FileError as error:
        return _page(request, memory, kind, {**values, "photos": []}, {"photos": str(error)}, 422)
    except actions.KeyReused:
        text = _("This form was sent before with something else in it. Please check and send it again.")
        return _page(request, memory, kind, {**values, "photos": []}, {"": text}, 409)
    taken = [one for one in request.session.get(TAKEN, []) if one != made.number]
    request.session[TAKEN] = [*taken, made.number][-20:]
    messages.success(request, _("Taken under the number %(number)s.") % {"number": made.number})
    if values.get("answered") and not made.again:
        _answer(request, made, actor, str(values["answer"]), made_call.item, key)
    return HttpResponseRedirect(reverse("cases:desk_taken", args=[made.number]), status=303)


def _answer(
    request: HttpRequest, made: actions.Reported, actor: Actor, text: str, item: str, key: str
) -> None:
    """What was answered on the telephone is put on record at once, where the flow lets the desk do so."""
    case = Case.objects.get(place_id=made.place_id, id=made.case_id)
    seen = queries.view(case, actor)
    offer = next((o for o in seen.offers if o.move.closes and o.move.result == "answered"), None)
    if offer is None:
        messages.warning(
            request,
            _("The case was sent to %(owner)s at once; please give them your answer as a note.")
            % {"owner": seen.owner},
        )
        return
    asked = {one.id for one in offer.fields}
    data = {name: value for name, value in (("item", item), ("public_reply", text)) if name in asked}
    try:
        actions.perform(
            case.place_id, case.id, offer.move.id, actor, data, key=f"{key[:72]}-answer", seen=case.version,
            lang=lang_of(),
        )  # fmt: skip
    except (Refused, actions.Stale) as error:
        why = refusal(error) if isinstance(error, Refused) else ""
        messages.warning(
            request, _("The answer was not recorded: %(why)s Please do it below.") % {"why": why}
        )
    else:
        messages.success(request, _("Your answer is on record and the case is closed."))


def _page(
    request: HttpRequest,
    memory: PlaceMemory,
    kind: str,
    values: dict[str, Any],
    errors: dict[str, str],
    status: int,
) -> HttpResponse:
    actor = actor_of(request)
    full = actor.has("take_calls")
    preset = memory.preset
    assert preset is not None
    fields = [one for one in preset.form_of(kind).fields if one.id not in NOT_HERE]
    shown = schema_fields(
        fields, preset, memory, values=values, errors=errors, upload=reverse("cases:upload"),
        over={"photos": {"required": False}},
    )  # fmt: skip
    sections = call_sections(shown, memory, values, errors, full=full, calls=preset.kinds[kind].calls)
    every = [field for section in sections for field in (*section["fields"], *section["more"])]
    context = {
        "sections": sections, "all_fields": every if errors else [], "general": [errors[""]] if errors.get("") else [],
        "full": full, "errors": errors, "key": request.POST.get("key") if status == 422 else "", "memory": memory,
        "preset_of_place": preset, "decides": actor.has("desk"),
    }  # fmt: skip
    return render(request, "cases/desk/call.html", context, status=status)


def _typed(request: HttpRequest, memory: PlaceMemory) -> Call:
    """The call as far as it is typed, for suggestions: nothing is checked here, nothing is kept."""
    point = point_of(request.POST.get("place", ""))
    division = whole(request.POST.get("division", ""))
    return Call(
        body=request.POST.get("body", "")[:4000], title=request.POST.get("title", "")[:200],
        call=request.POST.get("call", "") or "help", lon=point[0] if point else None,
        lat=point[1] if point else None, address=request.POST.get("address", "")[:200],
        division_id=division if division in memory.divisions else None,
        confidential=bool(request.POST.get("confidential")),
    )  # fmt: skip


@require_POST
@staff_page
@needs("take_calls", "report")
def suggest(request: HttpRequest) -> HttpResponse:
    """Where the call would go as far as it is typed (an HTMX fragment). One SQL statement besides the session's."""
    memory, sight = memory_of(request), actor_of(request).sight
    if memory.preset is None or sight is None:
        raise Http404("no calls are taken here")
    found = calling.outlook(memory, sight, _typed(request, memory))
    context = {
        "found": found, "chosen": request.POST.get("item") or request.POST.get("pick_item", ""),
        "preset_of_place": memory.preset,
    }  # fmt: skip
    return render(request, "cases/desk/_outlook.html", context)


@require_POST
@staff_page
@needs("take_calls")
def earlier(request: HttpRequest) -> HttpResponse:
    """Earlier calls of the number typed, within sight (an HTMX fragment). Two SQL statements."""
    memory, sight = memory_of(request), actor_of(request).sight
    phone = request.POST.get("reporter_phone", "")[:20]
    if sight is None:
        raise Http404("nobody")
    rows = calling.earlier(sight, phone, memory)
    context = {"rows": rows, "enough": bool(calling.digits(phone)), "preset_of_place": memory.preset}
    context["may_recall"] = bool(rows) and sight.can("unmask")
    return render(request, "cases/desk/_earlier.html", context)


@require_POST
@staff_page
@needs("unmask")
def recall(request: HttpRequest) -> HttpResponse:
    """Fill in the name and address that this number left before; the look at them goes on record."""
    actor = actor_of(request, DESK)
    phone = request.POST.get("reporter_phone", "")[:20]
    ident = (
        calling.known_contact(actor.sight, phone)
        if actor.sight is not None and calling.digits(phone)
        else None
    )
    if ident is None:
        raise Http404("no earlier call")
    case = Case.objects.get(place_id=memory_of(request).place_id, id=ident)
    try:
        found = unmask(case, _("The same number calls again"), actor)
    except Refused as error:
        raise Http404("not for these eyes") from error
    known = next((one for one in found if not one["join"]), {})
    fields = [
        {"id": "reporter_name", "label": _("Name"), "type": "text", "max": 40, "value": known.get("name", "")},
        {"id": "reporter_address", "label": _("Address of the caller"), "type": "text", "max": 120,
         "value": known.get("address", "")},
    ]  # fmt: skip
    return render(request, "cases/desk/_recalled.html", {"fields": fields})


@require_POST
@staff_page
@needs("take_calls", "report")
def join_case(request: HttpRequest, number: str) -> HttpResponse:
    """The caller has the same trouble as in an open case: +1 instead of a second one."""
    memory = memory_of(request)
    anonymous = bool(request.POST.get("anonymous"))
    reporter = Reporter(
        name="" if anonymous else request.POST.get("reporter_name", "")[:40],
        phone="" if anonymous else request.POST.get("reporter_phone", "")[:20],
        address="" if anonymous else request.POST.get("reporter_address", "")[:120],
    )  # fmt: skip
    try:
        case = queries.by_number(memory.place_id, number)
        made = join(memory.place_id, case.id, reporter, actor_of(request, channel_for(request, memory)))
    except Case.DoesNotExist as error:
        raise Http404("no such case") from error
    except Refused as error:
        messages.error(request, refusal(error))
        return HttpResponseRedirect(reverse("cases:desk_call"), status=303)
    request.session["joined"] = {**request.session.get("joined", {}), number: made.track_code}
    taken = [one for one in request.session.get(TAKEN, []) if one != number]
    request.session[TAKEN] = [*taken, number][-20:]
    messages.success(request, _("The caller was added to %(number)s.") % {"number": number})
    return HttpResponseRedirect(reverse("cases:desk_taken", args=[number]), status=303)


__all__ = ["call", "channel_for", "earlier", "join_case", "recall", "suggest"]
