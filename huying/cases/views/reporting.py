"""A resident reports: photo first, then what and where; similar calls nearby are offered before a second one is made."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import segno
from django.core.cache import cache
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from huying.cases import actions, queries, tracks
from huying.cases.actions.others import join as join_case
from huying.cases.calls import CallRefused, Reporter, from_form
from huying.cases.kinds import default_kind, roles_of
from huying.cases.models import Case
from huying.cases.queries import is_caller
from huying.cases.views.common import (
    actor_of,
    channel_of,
    files_key,
    follow_case,
    hold_case,
    lang_of,
    memory_of,
    posted,
    schema_fields,
)
from huying.cases.views.files import stage_sent
from huying.files.errors import FileError
from huying.staff.throttle import address_of
from huying.ui.typed import point_of, whole

# What only those who serve fill in.
NOT_HERE = ("title", "item", "urgency", "handled_now", "after_photos", "happened_at", "people")
MOST_AN_HOUR = (
    20  # reports from one address without an account; a shared office address has more people than that
)
DIVISION = "division"


@require_http_methods(["GET", "POST"])
def report(request: HttpRequest) -> HttpResponse:
    """The form, and taking what it sends. Nothing typed is lost when something is wrong."""
    memory = memory_of(request)
    preset = memory.preset
    if preset is None or not (code := default_kind(preset)):
        raise Http404
    form = preset.form_of(code)
    roles = roles_of(form)
    fields = [one for one in form.fields if one.id not in NOT_HERE and not one.staff]
    if request.method == "GET":
        return _page(request, memory, fields, {}, {}, 200)
    values = posted(request, fields)
    errors = stage_sent(request, fields, values)
    cleaned, found = form.pick([one.id for one in fields if one.required], [one.id for one in fields]).clean(
        values, lang_of(), {"anonymous": bool(values.get(roles.get("anonymous", "")))}
    )
    errors = {**found, **errors}
    division_id = _division(request, memory, errors)
    if not request.user.is_authenticated and _too_many(request):
        errors[""] = _(
            "Many reports came from your address in the last hour. Please try again later, or telephone."
        )
    if errors:
        return _page(request, memory, fields, values, errors, 422)
    kind = preset.kinds[code]
    person = request.user.pk if request.user.is_authenticated else None
    call = from_form(
        code, cleaned.all, form=form, person_id=person, division_id=division_id, kinds_of_call=kind.calls
    )
    try:
        made = actions.report(
            memory.place_id, call, actor_of(request, channel_of(request)), key=request.POST.get("key") or None,
            files_key=files_key(request),
        )  # fmt: skip
    except CallRefused as refused:
        return _page(request, memory, fields, values, refused.errors, 422)
    except FileError as error:
        return _page(request, memory, fields, values, {roles.get("photos", ""): str(error)}, 422)
    except actions.KeyReused:
        values.pop(roles.get("photos", ""), None)
        return _page(
            request, memory, fields, values,
            {"": _("This form was sent before with something else in it. Please check and send it again.")}, 409,
        )  # fmt: skip
    hold_case(request, made.case_id)
    return redirect("cases:done", number=made.number)


def _page(
    request: HttpRequest,
    memory: Any,
    fields: Any,
    values: dict[str, Any],
    errors: dict[str, str],
    status: int,
) -> HttpResponse:
    preset = memory.preset
    roles = roles_of(preset.form_of(default_kind(preset)))
    changes: dict[str, dict[str, Any]] = {
        "body": {"draft": "report-body", "rows": 5},
        "place": {"value": _point_text(values.get(roles.get("place", "")))},
        "call": {"value": values.get(roles.get("call", ""), "help")},
        "photos": {"required": False},
    }
    over = {roles[role]: change for role, change in changes.items() if role in roles}
    if request.user.is_authenticated and not values and "reporter_name" in roles:
        over[roles["reporter_name"]] = {"value": request.user.get_full_name()}
    shown = {
        f["id"]: f
        for f in schema_fields(
            fields, preset, memory, values=values, errors=errors, upload=reverse("cases:upload"), over=over
        )
    }

    def those(*wanted: str) -> list[dict[str, Any]]:
        return [shown.pop(roles[role]) for role in wanted if roles.get(role) in shown]

    what = those("photos", "body", "call")
    where = those("place", "address")
    where.append(_division_field(memory, request.POST.get(DIVISION, ""), errors.get(DIVISION, "")))
    who = those("anonymous", "reporter_name", "reporter_phone", "confidential")
    context = {
        "what": [*what, *shown.values()], "where": where, "who": who, "errors": errors, "general": errors.get("", ""),
        "all_fields": [*what, *shown.values(), *where, *who], "memory": memory, "preset_of_place": preset,
        "key": request.POST.get("key") if status == 422 and request.POST.get("key") else uuid4(),
    }  # fmt: skip
    return render(request, "cases/resident/report.html", context, status=status)


def _point_text(value: Any) -> str:
    if isinstance(value, dict) and value.get("lon"):
        return f"{value['lon']},{value['lat']}"
    return ""


def _division_field(memory: Any, value: str, error: str) -> dict[str, Any]:
    choices = [
        {
            "id": row.id, "label": row.name,
            "group": memory.division(row.parent_id).name if row.parent_id in memory.divisions else "",
        }
        for row in memory.divisions.values()
        if row.active and not row.layer and row.tier == memory.tiers[0]
    ]  # fmt: skip
    return {
        "id": DIVISION, "type": DIVISION, "label": _("Village or community"), "choices": choices, "value": value,
        "hint": _("If you cannot mark the place on the map, choose it here."), "errors": error,
    }  # fmt: skip


def _division(request: HttpRequest, memory: Any, errors: dict[str, str]) -> int | None:
    typed = request.POST.get(DIVISION, "")
    if not typed:
        return None
    found = whole(typed)
    if found not in memory.divisions:
        errors[DIVISION] = _("There is no such village or community here.")
        return None
    return found


def _too_many(request: HttpRequest) -> bool:
    name = f"cases.report:{address_of(request)}"
    cache.add(name, 0, 3600)
    try:
        return bool(cache.incr(name) > MOST_AN_HOUR)
    except ValueError:  # it ran out between the two calls
        return False


@require_POST
def similar(request: HttpRequest) -> HttpResponse:
    """Open calls near the point that read alike, offered before a second one is made (an HTMX fragment)."""
    memory = memory_of(request)
    if memory.preset is None or not (code := default_kind(memory.preset)):
        raise Http404
    roles = roles_of(memory.preset.form_of(code))
    point = point_of(request.POST.get(roles.get("place", "place"), ""))
    found: list[Any] = []
    if point is not None:
        found = queries.similar_open(
            memory.place_id, request.POST.get(roles.get("body", "body"), ""), *point, most=3
        )
    return render(
        request, "cases/resident/_similar.html",
        {"rows": found, "preset": memory.preset, "preset_of_place": memory.preset, "names": _names(found, memory)},
    )  # fmt: skip


def _names(found: list[Any], memory: Any) -> list[dict[str, Any]]:
    from huying.cases import naming

    return [
        {
            "number": case.number, "item": naming.item_name(memory.preset, case.item) or _("Not yet sorted"),
            "away": round(away), "at": case.reported_at, "joins": case.joins, "phase": case.phase,
            "step": naming.step_name(memory.preset.flow_of(case.kind), case.step),
        }
        for case, away, _alike in found
    ]  # fmt: skip


@require_POST
def join(request: HttpRequest, number: str) -> HttpResponse:
    """+1: the same trouble, not a second report. The one who joins follows it with a code of their own."""
    memory = memory_of(request)
    try:
        case = queries.by_number(memory.place_id, number)
        person = request.user.pk if request.user.is_authenticated else None
        reporter = Reporter(
            person_id=person, name=request.POST.get("reporter_name", "")[:40],
            phone=request.POST.get("reporter_phone", "")[:20],
        )  # fmt: skip
        joined = join_case(memory.place_id, case.id, reporter, actor_of(request))
    except (Case.DoesNotExist, actions.Refused) as error:
        raise Http404 from error
    if not is_caller(case, actor_of(request)):
        follow_case(request, case.id, joined.contact_id)
    request.session["joined"] = {**request.session.get("joined", {}), number: joined.track_code}
    return redirect("cases:done", number=number)


@require_GET
def done(request: HttpRequest, number: str) -> HttpResponse:
    """What the caller needs: the number, the code, by when there will be an answer, and what happens next."""
    memory = memory_of(request)
    try:
        case = queries.by_number(memory.place_id, number)
    except Case.DoesNotExist as error:
        raise Http404 from error
    actor = actor_of(request)
    if not (is_caller(case, actor) or case.id in actor.joined):
        raise Http404
    joined = request.session.get("joined", {}).get(number)
    code = joined or tracks.code_of(case.id)
    link = request.build_absolute_uri(reverse("cases:track_link", args=[code]))
    picture = segno.make(link, error="m").svg_inline(scale=4, border=2, omitsize=True, svgclass="hy-qr")
    return render(
        request, "cases/resident/done.html",
        {
            "case": case, "code": tracks.shown(code), "link": link, "qr": picture, "joined": bool(joined),
            "owner": _owner(case, memory), "memory": memory, "preset_of_place": memory.preset,
        },
    )  # fmt: skip


def _owner(case: Case, memory: Any) -> str:
    from huying.cases import naming

    return naming.owner_name(memory, case.owner_key)
