"""The grid worker's pages, made for a phone: today, a quick report with photos, my cases. Nothing here counts people."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from huying.cases import actions, calling, dispatching, inbox, lists, naming
from huying.cases.calls import CallRefused, from_form
from huying.cases.lists import Filter
from huying.cases.models import Case
from huying.cases.views.common import actor_of, files_key, lang_of, memory_of, posted, schema_fields
from huying.cases.views.files import stage_sent
from huying.cases.views.staff import staff_page
from huying.cases.who import GRID as CHANNEL
from huying.files.errors import FileError
from huying.places.info import GRID, DivisionInfo, PlaceMemory
from huying.staff import sight as sights
from huying.staff.access import person_of
from huying.staff.acting import acting_posts
from huying.staff.sight import Sight
from huying.ui.device import device_mark
from huying.ui.typed import point_of

FIELDS = ("photos", "body", "place", "address", "item", "handled_now", "after_photos", "urgency")
FEW = 6  # items offered as buttons
LOOKED = 200  # recent cases of the grid from which they are chosen
SHOWN = 20
SCOPES = ("mine", "area", "reported")


def grids_of(sight: Sight, memory: PlaceMemory) -> list[DivisionInfo]:
    """The grids that the person looks after."""
    ids = [int(key[9:]) for key in sight.owner_keys if key.startswith("division:") and key[9:].isdigit()]
    rows = [memory.division(one) for one in sorted(ids) if one in memory.divisions]
    return [row for row in rows if row.tier == GRID and row.active]


def grid_page(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Only for people who look after a grid (403 for others who serve)."""

    @wraps(view)
    @staff_page
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not grids_of(sights.of(request), memory_of(request)):
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return guarded


def _keys(grids: list[DivisionInfo]) -> list[str]:
    return [f"division:{row.id}" for row in grids]


@never_cache
@require_GET
@grid_page
def today(request: HttpRequest) -> HttpResponse:
    """What waits for me, due first; what is open in my grid; what I reported. Nine SQL statements at most."""
    memory, sight = memory_of(request), sights.of(request)
    grids = grids_of(sight, memory)
    waiting = lists.work(sight, size=SHOWN, keys=_keys(grids))
    reported = lists.listing(sight, Filter(scope="reported"), size=3, memory=memory)
    return render(
        request, "cases/grid/today.html",
        {
            "grids": [_named(memory, row) for row in grids], "posts": _posts(request, memory),
            "waiting": inbox.lines(sight, waiting, memory), "more": bool(waiting.after),
            "area_open": inbox.capped(lists.count(sight, Filter(scope="area", state="open"), memory)),
            "area_overdue": lists.count(sight, Filter(scope="area", state="overdue"), memory),
            "reported": inbox.lines(sight, reported, memory), "preset_of_place": memory.preset,
        },
    )  # fmt: skip


def _named(memory: PlaceMemory, row: DivisionInfo) -> str:
    parent = memory.divisions.get(row.parent_id) if row.parent_id is not None else None
    if parent is None or row.name.startswith((parent.name, parent.short or parent.name)):
        return row.name
    return f"{parent.name} {row.name}"


def _posts(request: HttpRequest, memory: PlaceMemory) -> list[dict[str, Any]]:
    """In which grids the person is on duty today, and where as a stand-in. One SQL statement."""
    found = []
    for post in acting_posts(person_of(request)):
        row = memory.divisions.get(post.division_id) if post.division_id is not None else None
        if row is not None and row.tier == GRID:
            found.append({"where": _named(memory, row), "stand_in": post.stand_in})
    return found


@never_cache
@require_GET
@grid_page
def cases(request: HttpRequest) -> HttpResponse:
    """My cases, those of my grid, or those I reported (``?scope=``). Five SQL statements at most."""
    memory, sight = memory_of(request), sights.of(request)
    scope = request.GET.get("scope", "")
    scope = scope if scope in SCOPES else "mine"
    state = "closed" if request.GET.get("state") == "closed" and scope != "mine" else "open"
    wanted = Filter(scope=scope, state="" if scope == "mine" else state)
    cursor = request.GET.get("after", "")
    try:
        if scope == "mine":
            found = lists.work(sight, cursor, SHOWN, keys=_keys(grids_of(sight, memory)))
        else:
            found = lists.listing(sight, wanted, cursor, SHOWN, memory)
    except lists.BadCursor:
        return HttpResponseRedirect(f"{reverse('cases:grid_cases')}?scope={scope}")
    names = {"mine": _("Waiting for me"), "area": _("In my grid"), "reported": _("Reported by me")}
    query = f"?scope={scope}&state={state}"
    return render(
        request, "cases/grid/cases.html",
        {
            "tabs": [{"label": names[one], "url": f"?scope={one}", "current": one == scope} for one in SCOPES],
            "lines": inbox.lines(sight, found, memory), "scope": scope, "state": state,
            "next_url": f"{query}&after={found.after}" if found.after else "",
            "previous_url": f"{query}&after={found.before}" if found.before else "",
            "preset_of_place": memory.preset,
        },
    )  # fmt: skip


@never_cache
@require_http_methods(["GET", "POST"])
@grid_page
def report(request: HttpRequest) -> HttpResponse:
    """A quick report. A request with the header ``X-Queued`` (kept on the phone until the line was back, or sent by
    script) is answered in JSON: 201 {number, url}, 200 when it was received before, 422 {errors}, 409 {error}."""
    memory = memory_of(request)
    kind = calling.main_kind(memory.preset)
    if memory.preset is None or not kind:
        raise Http404("no reports are taken here")
    form = memory.preset.form_of(kind)
    fields = [one for one in form.fields if one.id in FIELDS]
    if request.method == "GET":
        return _page(request, memory, fields, {}, {}, 200)
    queued = request.headers.get("X-Queued") == "1"
    if queued and request.POST.get("who", "") != device_mark(request.user):
        return JsonResponse({"error": _("This was typed by somebody else at this device.")}, status=409)
    values = posted(request, fields)
    if not values.get("item") and request.POST.get("few_item"):
        values["item"] = request.POST["few_item"][:60]
    file_errors = stage_sent(request, fields, values)
    cleaned, errors = form.pick(
        [one.id for one in fields if one.required], [one.id for one in fields]
    ).clean(values, lang_of())  # fmt: skip
    division_id = _chosen_grid(request, memory)
    errors |= file_errors | _spot_errors(memory, cleaned.all)
    if errors:
        return _refused(request, memory, fields, values, errors, queued)
    call = from_form(
        kind, cleaned.all, person_id=request.user.pk, division_id=division_id,
        kinds_of_call=memory.preset.kinds[kind].calls,
    )  # fmt: skip
    try:
        made = actions.report(
            memory.place_id, call, actor_of(request, CHANNEL), key=request.POST.get("key", "")[:80] or None,
            files_key=files_key(request),
        )  # fmt: skip
    except CallRefused as refused:
        return _refused(request, memory, fields, values, refused.errors, queued)
    except FileError as error:
        return _refused(request, memory, fields, {**values, "photos": []}, {"photos": str(error)}, queued)
    except actions.KeyReused:
        # A kept report whose photos were sent anew: the first sending had arrived after all.
        text = _("This form was sent before with something else in it. Please check and send it again.")
        if queued:
            return JsonResponse({"again": True})
        return _page(request, memory, fields, {**values, "photos": []}, {"": text}, 409)
    url = reverse("cases:grid")
    case = Case.objects.get(place_id=memory.place_id, id=made.case_id)
    text = _("Reported under %(number)s; it is now with %(owner)s.") % {
        "number": made.number, "owner": naming.owner_name(memory, case.owner_key) or _("nobody"),
    }  # fmt: skip
    if queued:
        if request.headers.get("X-Stay") != "1":
            messages.success(request, text)
        return JsonResponse(
            {"number": made.number, "url": url, "text": text}, status=200 if made.again else 201
        )
    messages.success(request, text)
    return HttpResponseRedirect(url, status=303)


def _spot_errors(memory: PlaceMemory, values: dict[str, Any]) -> dict[str, str]:
    """A grid worker may settle on the spot only what is admitted, and shows what it looks like afterwards."""
    if not values.get("handled_now"):
        return {}
    errors = {}
    item = values.get("item")
    if not item:
        errors["item"] = _("Please choose what you handled.")
    elif item not in {row.code for row in dispatching.admitted(memory)}:
        errors["item"] = _("This item is not on the list of what grid workers may be given.")
    if not values.get("after_photos"):
        errors["after_photos"] = _("Please show how it looks now.")
    return errors


def _chosen_grid(request: HttpRequest, memory: PlaceMemory) -> int | None:
    """The own grid that was ticked where no position was taken; never a guess."""
    text = request.POST.get("grid", "")
    mine = {str(row.id) for row in grids_of(sights.of(request), memory)}
    return int(text) if text in mine else None


def _refused(
    request: HttpRequest, memory: PlaceMemory, fields: Any, values: dict[str, Any], errors: dict[str, str],
    queued: bool,
) -> HttpResponse:  # fmt: skip
    if queued:
        return JsonResponse({"errors": list(dict.fromkeys(errors.values()))}, status=422)
    return _page(request, memory, fields, values, errors, 422)


def _page(
    request: HttpRequest,
    memory: PlaceMemory,
    fields: Any,
    values: dict[str, Any],
    errors: dict[str, str],
    status: int,
) -> HttpResponse:
    sight = sights.of(request)
    grids = grids_of(sight, memory)
    admitted = dispatching.admitted(memory)
    point = values.get("place")
    over: dict[str, dict[str, Any]] = {
        "body": {"draft": "grid-body", "rows": 3}, "address": {"draft": "grid-address"},
        "place": {"value": f"{point['lon']},{point['lat']}" if isinstance(point, dict) else ""},
        "urgency": {"value": values.get("urgency") or "0"},
        "item": {
            "label": _("Other items on the list"), "hint": "",
            "choices": [{"id": row.code, "label": row.name, "keys": " ".join(row.keywords)} for row in admitted],
        },
    }  # fmt: skip
    shown = {
        one["id"]: one
        for one in schema_fields(
            fields, memory.preset, memory, values=values, errors=errors, upload=reverse("cases:upload"), over=over
        )
    }  # fmt: skip
    if point_of(over["place"]["value"]) is None and not values:
        shown.get("place", {})["hint"] = _("Press “My position”; the grid is shown below the map.")
    context = {
        "shown": shown, "all_fields": list(shown.values()), "errors": errors, "preset_of_place": memory.preset,
        "general": [errors[""]] if errors.get("") else [], "who": device_mark(request.user),
        "few": few_items(memory, grids, admitted), "chosen": values.get("item", ""),
        "grids": [{"id": row.id, "name": _named(memory, row)} for row in grids],
        "grid_chosen": request.POST.get("grid", ""), "key": request.POST.get("key") if status == 422 else "",
    }  # fmt: skip
    return render(request, "cases/grid/report.html", context, status=status)


def few_items(memory: PlaceMemory, grids: list[DivisionInfo], admitted: list[Any]) -> list[Any]:
    """The admitted items that come up most in these grids, filled up in the handbook's order. One SQL statement."""
    by_code = {row.code: row for row in admitted}
    paths = [row.path for row in grids]
    seen: Counter[str] = Counter()
    if paths:
        rows = Case.objects.filter(place_id=memory.place_id, path__startswith=paths[0]).order_by("-id")
        seen.update(code for code in rows.values_list("item", flat=True)[:LOOKED] if code in by_code)
    codes = [code for code, _count in seen.most_common(FEW)]
    codes += [row.code for row in admitted if row.auto and row.code not in codes]
    return [by_code[code] for code in codes[:FEW]]
