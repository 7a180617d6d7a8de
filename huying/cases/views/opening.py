"""Opening a case of another kind than a call: a finding, a dispute, a hazard, an errand… Which kinds somebody may open
is said by their roles (``opens`` in roles.yaml); what is asked by the kind's own form."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from huying.cases import actions, naming
from huying.cases.calls import CallRefused, from_form
from huying.cases.kinds import roles_of
from huying.cases.models import Case
from huying.cases.views.common import (
    actor_of,
    channel_of,
    files_key,
    hold_case,
    lang_of,
    memory_of,
    posted,
    schema_fields,
)
from huying.cases.views.files import stage_sent
from huying.cases.who import GRID as GRID_CHANNEL
from huying.cases.who import Actor
from huying.files.errors import FileError
from huying.places.info import GRID, PlaceMemory
from huying.staff import sight as sights
from huying.staff.access import person_of
from huying.staff.sight import Sight
from huying.ui.typed import whole

DIVISION = "division"
WHERE = ("place", "address")
WHO = ("reporter_name", "reporter_phone", "anonymous", "confidential")
MOST_CHOICES = 400  # divisions offered; beyond that a map or an address is quicker


@dataclass(frozen=True, slots=True)
class About:
    """What another room opens a case for: where that is, through which channel the case comes, the address that the form
    is sent to, and what to do in the transaction in which the case was made. *back*: where to go on afterwards."""

    name: str
    division_id: int
    address: str
    channel: str
    action: str
    made: Callable[[actions.Reported, Actor], None]
    back: str


def may_open(sight: Sight, memory: PlaceMemory) -> list[Any]:
    """The kinds that somebody may open by hand, in the order of kinds.yaml."""
    preset = memory.preset
    if preset is None:
        return []
    codes = {kind for role in sight.roles if role in preset.roles for kind in preset.roles[role].opens}
    return [kind for code, kind in preset.kinds.items() if code in codes]


@never_cache
@require_GET
def choose(request: HttpRequest) -> HttpResponse:
    """The kinds that somebody may open. One SQL statement beside those of every page."""
    memory, sight = memory_of(request), sights.of(request)
    kinds = may_open(sight, memory)
    if not kinds:
        raise Http404
    return render(
        request, "cases/opening/choose.html",
        {
            "kinds": [{"code": k.code, "name": k.name.text(lang_of()), "title": _title(memory, k)} for k in kinds],
            "base": _base(sight), "preset_of_place": memory.preset,
        },
    )  # fmt: skip


def _title(memory: PlaceMemory, kind: Any) -> str:
    assert memory.preset is not None
    return str(memory.preset.form_of(kind.code).title.text(lang_of()))


def _base(sight: Sight) -> str:
    return "ui/resident.html" if sight.is_resident or sight.is_anonymous else "ui/desk.html"


@never_cache
@require_http_methods(["GET", "POST"])
def opened(request: HttpRequest, kind: str) -> HttpResponse:
    """The form of a kind, and taking what it sends. Nothing typed is lost when something is wrong."""
    row = next((one for one in may_open(sights.of(request), memory_of(request)) if one.code == kind), None)
    if row is None:
        raise Http404
    return taken(request, row)


def taken(request: HttpRequest, row: Any, about: About | None = None) -> HttpResponse:
    """The form of a kind that the person may open, also on the pages of another room that says what it is *about*."""
    memory, sight = memory_of(request), sights.of(request)
    if memory.preset is None:
        raise Http404
    kind = row.code
    form = memory.preset.form_of(kind)
    fields = list(form.fields)
    if request.method == "GET":
        return _page(request, memory, row, {}, {}, 200, about)
    values = posted(request, fields)
    errors = stage_sent(request, fields, values)
    cleaned, found = form.clean(values, lang_of())
    division_id = about.division_id if about is not None else _division(request, memory, sight, errors)
    errors = {**found, **errors, **_items(memory, fields, cleaned.all)}
    if errors:
        return _page(request, memory, row, values, errors, 422, about)
    staff = not (sight.is_resident or sight.is_anonymous)
    named = cleaned.all.get(roles_of(form).get("reporter_name", ""))
    call = from_form(
        kind, cleaned.all, form=form, division_id=division_id, kinds_of_call=row.calls,
        # Whoever writes down what somebody else asked for is not the one who asked.
        person_id=None if staff and named else sight.person_id,
    )  # fmt: skip
    channel = GRID_CHANNEL if _looks_after_grid(sight, memory) else channel_of(request)
    actor = actor_of(request, about.channel if about is not None else channel)
    try:
        with transaction.atomic():
            made = actions.report(
                memory.place_id, call, actor, key=request.POST.get("key", "")[:80] or None,
                files_key=files_key(request),
            )  # fmt: skip
            if about is not None:
                about.made(made, actor)
    except CallRefused as refused:
        return _page(request, memory, row, values, refused.errors, 422, about)
    except FileError as error:
        return _page(request, memory, row, values, {roles_of(form).get("photos", ""): str(error)}, 422, about)
    except actions.KeyReused:
        text = _("This form was sent before with something else in it. Please check and send it again.")
        return _page(request, memory, row, values, {"": text}, 409, about)
    hold_case(request, made.case_id)
    if not staff:
        return redirect("cases:done", number=made.number)
    case = Case.objects.get(place_id=memory.place_id, id=made.case_id)
    return render(
        request, "cases/opening/opened.html",
        {
            "base": _base(sight), "case": case, "name": row.name.text(lang_of()), "kind": kind,
            "about": about, "owner": naming.owner_name(memory, case.owner_key), "preset_of_place": memory.preset,
            "step": naming.step_name(memory.preset.flow_of(kind), case.step),
        },
    )  # fmt: skip


def _looks_after_grid(sight: Sight, memory: PlaceMemory) -> bool:
    ids = (int(key[9:]) for key in sight.owner_keys if key.startswith("division:") and key[9:].isdigit())
    return any(one in memory.divisions and memory.division(one).tier == GRID for one in ids)


def _items(memory: PlaceMemory, fields: Any, values: dict[str, Any]) -> dict[str, str]:
    """An item must stand under the rows that its field names."""
    assert memory.preset is not None
    errors = {}
    for one in fields:
        row = (
            memory.preset.items.get(str(values.get(one.id, ""))) if one.type == "item" and one.under else None
        )
        if row is not None and set(one.under).isdisjoint(row.path):
            errors[one.id] = _("Choose an item of the list.")
    return errors


def _own(sight: Sight, memory: PlaceMemory) -> list[Any]:
    """The divisions and grids that somebody serves in."""
    ids = sorted(
        int(key[9:]) for key in sight.owner_keys if key.startswith("division:") and key[9:].isdigit()
    )
    return [memory.division(one) for one in ids if one in memory.divisions]


def _division(request: HttpRequest, memory: PlaceMemory, sight: Sight, errors: dict[str, str]) -> int | None:
    """Where it is, when no point was given: what was chosen, else the one division that the person serves in."""
    typed = request.POST.get(DIVISION, "")
    if typed:
        found = whole(typed)
        if found in memory.divisions:
            return found
        errors[DIVISION] = _("There is no such division here.")
        return None
    own = _own(sight, memory)
    return own[0].id if len(own) == 1 else None


def _division_field(memory: PlaceMemory, sight: Sight, value: str, error: str) -> dict[str, Any]:
    own = _own(sight, memory)
    rows = [
        row
        for row in memory.divisions.values()
        if row.active and not row.layer and row.tier == memory.tiers[0]
    ]
    if sight.paths:
        rows = [row for row in rows if sight.sees_path(row.path)]
    shown = [*own, *(row for row in rows[:MOST_CHOICES] if row not in own)]
    choices = [
        {
            "id": row.id, "label": row.name,
            "group": memory.division(row.parent_id).name if row.parent_id in memory.divisions else "",
        }
        for row in shown
    ]  # fmt: skip
    return {
        "id": DIVISION, "type": DIVISION, "label": _("Village or community"), "choices": choices,
        "value": value or (str(own[0].id) if own else ""), "errors": error,
        "hint": _("If you cannot mark the place on the map, choose it here."),
    }  # fmt: skip


def _page(
    request: HttpRequest,
    memory: PlaceMemory,
    kind: Any,
    values: dict[str, Any],
    errors: dict[str, str],
    status: int,
    about: About | None = None,
) -> HttpResponse:
    sight, preset = sights.of(request), memory.preset
    assert preset is not None
    form = preset.form_of(kind.code)
    roles = roles_of(form)
    point = values.get(roles.get("place", ""))
    over: dict[str, dict[str, Any]] = {}
    if "place" in roles:
        over[roles["place"]] = {"value": f"{point['lon']},{point['lat']}" if isinstance(point, dict) else ""}
    if about is not None and "address" in roles and not values:
        over[roles["address"]] = {"value": about.address}
    if "body" in roles:
        over[roles["body"]] = {"draft": f"open-{about.action if about is not None else kind.code}", "rows": 4}
    asked = request.GET.get("item", "") if request.method == "GET" else ""
    if asked in preset.items and preset.items[asked].leaf and any(one.id == "item" for one in form.fields):
        over["item"] = {"value": asked}  # ordered from a list of services
        if "title" in roles:
            over[roles["title"]] = {"value": preset.items[asked].name}
    if sight.is_resident and not values and "reporter_name" in roles:
        over[roles["reporter_name"]] = {"value": person_of(request).get_full_name()}
    shown = {
        one["id"]: one
        for one in schema_fields(
            form.fields, preset, memory, values=values, errors=errors, upload=reverse("cases:upload"), over=over
        )
    }  # fmt: skip
    where = [shown.pop(roles[role]) for role in WHERE if roles.get(role) in shown]
    who = [shown.pop(roles[role]) for role in WHO if roles.get(role) in shown]
    if about is None:
        where.append(_division_field(memory, sight, request.POST.get(DIVISION, ""), errors.get(DIVISION, "")))
    what = list(shown.values())
    context = {
        "base": _base(sight), "kind": kind.code, "title": _title(memory, kind), "what": what, "where": where,
        "about": about, "action": about.action if about is not None else reverse("cases:open_kind", args=[kind.code]),
        "who": who, "all_fields": [*what, *where, *who], "errors": errors,
        "general": [errors[""]] if errors.get("") else [], "preset_of_place": preset,
        "key": request.POST.get("key") if status == 422 and request.POST.get("key") else uuid4(),
    }  # fmt: skip
    return render(request, "cases/opening/form.html", context, status=status)
