"""Following a call: by track code, by a code sent to the telephone, or signed in; rating it and reopening it."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.core.cache import cache
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from huying.cases import actions, lists, naming, queries, story
from huying.cases.actions.report import phone_hash
from huying.cases.models import Case, Contact
from huying.cases.views.common import (
    actor_of,
    files_key,
    follow_case,
    hold_case,
    lang_of,
    memory_of,
    move_panel,
    posted,
    refusal,
    seen_of,
    stale,
)
from huying.cases.views.files import stage_sent
from huying.files import queries as files
from huying.presets.queries import compiled
from huying.staff import codes
from huying.staff.throttle import address_of

WRONG_MOST = 20  # wrong codes from one address in an hour
PURPOSE = "track"


@require_http_methods(["GET", "POST"])
def track(request: HttpRequest) -> HttpResponse:
    """Enter a track code, or ask for a code to the telephone."""
    memory = memory_of(request)
    error, typed = "", ""
    if request.method == "POST":
        typed = request.POST.get("code", "")
        if _wrong(request, add=False):
            error = _("Too many wrong codes from here. Please try again in an hour.")
        else:
            case, joined = queries.opened_by(typed)
            if case is not None:
                _open(request, case, joined)
                return redirect("cases:track_case", number=case.number)
            _wrong(request, add=True)
            error = _("There is no case with this code. Please check the letters and digits.")
    return render(
        request, "cases/resident/track.html",
        {"error": error, "typed": typed, "memory": memory, "preset_of_place": memory.preset},
        status=422 if error else 200,
    )  # fmt: skip


@require_GET
def link(request: HttpRequest, code: str) -> HttpResponse:
    """A track link or its QR picture: the code is in the address, so it works on any phone."""
    memory_of(request)
    if _wrong(request, add=False):
        raise Http404
    case, joined = queries.opened_by(code)
    if case is None:
        _wrong(request, add=True)
        raise Http404
    _open(request, case, joined)
    return redirect("cases:track_case", number=case.number)


def _open(request: HttpRequest, case: Case, joined: UUID | None) -> None:
    if joined is None:
        hold_case(request, case.id)
    else:
        follow_case(request, case.id, joined)


def _wrong(request: HttpRequest, *, add: bool) -> bool:
    """Count a wrong code from this address; whether there were too many in the last hour."""
    name = f"cases.track:{address_of(request)}"
    cache.add(name, 0, 3600)
    try:
        count = cache.incr(name) if add else cache.get(name, 0)
    except ValueError:  # it ran out between the two calls
        return False
    return bool(count >= WRONG_MOST)


@require_http_methods(["GET", "POST"])
def by_phone(request: HttpRequest) -> HttpResponse:
    """Find one's cases by telephone number: only whoever gets the one-time code sees them."""
    memory = memory_of(request)
    context: dict[str, Any] = {"memory": memory, "preset_of_place": memory.preset, "step": 1}
    status = 200
    if request.method == "POST":
        phone = request.POST.get("phone", "")
        context["phone"] = phone
        if "code" in request.POST:
            context["step"] = 2
            if codes.check(phone, PURPOSE, request.POST.get("code", "")):
                found = _cases_of(memory.place_id, phone)
                for case, joined in found[:20]:
                    _open(request, case, joined)
                request.session["phone_cases"] = [str(case.id) for case, _joined in found[:20]]
                return redirect("cases:mine")
            context["error"] = _("This code is wrong or over. Please check it or ask for a new one.")
            status = 422
        else:
            try:
                sent = codes.send(phone, PURPOSE, address_of(request))
                context |= {"step": 2, "shown": sent.shown}
            except codes.CodeRefused as refused:
                context["error"] = {
                    "phone": _("This is not a mobile number."),
                    "wait": _("A code was sent just now. Please wait a minute."),
                    "no_sender": _("Codes cannot be sent here yet. Please use the track code."),
                }.get(refused.why, refused.why)
                status = 422
    return render(request, "cases/resident/track_phone.html", context, status=status)


def _cases_of(place_id: int, phone: str) -> list[tuple[Case, UUID | None]]:
    """The cases of a telephone number, and of those that it joined as which contact. Two SQL statements."""
    rows = Contact.objects.filter(place_id=place_id, phone_hash=phone_hash(phone)).values_list(
        "case_id", "id", "join"
    )[:50]
    own = {case_id for case_id, _id, join in rows if not join}
    joined = {case_id: ident for case_id, ident, join in rows if join and case_id not in own}
    cases = Case.objects.filter(place_id=place_id, id__in=[*own, *joined]).order_by("-id")
    return [(case, joined.get(case.id)) for case in cases]


@require_GET
def mine(request: HttpRequest) -> HttpResponse:
    """The calls of whoever is signed in, or those that codes opened in this browser."""
    memory = memory_of(request)
    actor = actor_of(request)
    after = ""
    preset = memory.preset
    if request.user.is_authenticated and actor.sight is not None:
        try:
            page = lists.listing(
                actor.sight, lists.Filter(scope="reported"), request.GET.get("after", ""), memory=memory
            )
        except lists.BadCursor as error:
            raise Http404 from error
        cases, after = [row.case for row in page.rows], page.after
    else:
        cases = list(
            Case.objects.filter(place_id=memory.place_id, id__in=actor.holds | actor.joined).order_by("-id")
        )
    rows = [
        {
            "case": case, "item": naming.item_name(preset, case.item),
            "step": naming.step_name(preset.flow_of(case.kind), case.step),
        }
        for case in cases
        if preset is not None and case.kind in preset.kinds
    ]  # fmt: skip
    return render(
        request, "cases/resident/mine.html",
        {"rows": rows, "after": after, "memory": memory, "preset_of_place": memory.preset},
    )  # fmt: skip


def _own_case(request: HttpRequest, number: str) -> tuple[Case, Any]:
    """The case, for its caller only (or one who joined it). Raises Http404 for everybody else."""
    memory = memory_of(request)
    try:
        case = queries.by_number(memory.place_id, number)
    except Case.DoesNotExist as error:
        raise Http404 from error
    actor = actor_of(request)
    person = actor.person_id
    if case.id in actor.holds | actor.joined or (person is not None and case.reporter_id == person):
        return case, actor
    if (
        person is not None
        and Contact.objects.filter(place_id=case.place_id, case_id=case.id, person_id=person).exists()
    ):
        return case, actor
    raise Http404


@require_GET
def case(request: HttpRequest, number: str) -> HttpResponse:
    """How a call stands, for its caller."""
    found, actor = _own_case(request, number)
    return _show(request, found, actor)


def _show(request: HttpRequest, found: Case, actor: Any, status: int = 200, **tried: Any) -> HttpResponse:
    view = queries.view(found, actor, as_caller=True)
    url = reverse("cases:track_move", args=[found.number])
    panel = move_panel(
        view.offers, found, view.preset, view.memory, url, upload=reverse("cases:upload"), **tried
    )
    entries = story.entries(view.lines, view.attachments)
    before, later = story.before_and_after(found, view.attachments)
    states = {"done": "done", "now": "now", "ahead": "todo"}
    # Merged into another: the caller reads what becomes of that one (its words only, nothing of who else called).
    lead = Case.objects.filter(place_id=found.place_id, id=found.lead_id).first() if found.lead_id else None
    return render(
        request, "cases/resident/track_case.html",
        {
            "case": found, "view": view, "moves": panel, "told": entries, "joined": not view.mine,
            "heading": (found.title if view.mine else naming.item_name(view.preset, found.item)) or found.number,
            "before": before, "later": later,
            "stages": [{"label": label, "state": states[state]} for label, state in view.stages], "lead": lead,
            "lead_step": naming.step_name(compiled(lead.edition_id).flow_of(lead.kind), lead.step) if lead else "",
            "memory": view.memory, "preset_of_place": view.preset,
        },
        status=status,
    )  # fmt: skip


@require_POST
def move(request: HttpRequest, number: str) -> HttpResponse:
    """A move of the caller: add something, urge, rate, reopen."""
    found, actor = _own_case(request, number)
    name = request.POST.get("move", "").partition("@")[0]
    view = queries.view(found, actor, as_caller=True)
    offer = next((one for one in view.offers if one.move.id == name), None)
    if offer is None:
        return _show(
            request, found, actor, 409, tried=name, general=_("This step is over; the case has moved on.")
        )
    data = posted(request, offer.fields)
    errors = stage_sent(request, offer.fields, data)
    key = request.POST.get("key") or None
    tried = {"tried": name, "values": data, "key": str(uuid4())}
    if errors:
        return _show(request, found, actor, 422, errors=errors, **tried)
    try:
        actions.perform(
            found.place_id, found.id, name, actor, data, key=key, seen=seen_of(request),
            lang=lang_of(), files_key=files_key(request),
        )  # fmt: skip
    except actions.Refused as error:
        return _show(request, found, actor, 422, errors=error.errors, general=refusal(error), **tried)
    except actions.Stale as error:
        found.refresh_from_db()
        return _show(request, found, actor, 409, general=stale(error), **tried)
    except actions.KeyReused:
        return _show(request, found, actor, 409, general=_("This was sent already."), **tried)
    messages.success(request, _("Thank you. It has been passed on."))
    return redirect("cases:track_case", number=number)


@require_GET
def photo(request: HttpRequest, number: str, file_id: UUID) -> HttpResponseBase:
    """A photo of one's own case."""
    found, actor = _own_case(request, number)
    attachment = files.get(found.place_id, file_id)
    if attachment is None or not queries.may_open(attachment, found, actor, inside=False):
        raise Http404
    return files.serve(attachment, thumb="thumb" in request.GET, request=request)
