"""Screens of the meetings: what is to be held, the agenda with its decisions, the minutes."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from huying import clock
from huying.cases import naming
from huying.cases.actions import Conflict, KeyReused, Refused, Stale
from huying.cases.calls import CallRefused
from huying.cases.looks import phase_look
from huying.cases.models import Case
from huying.cases.queries import Offer, offers_of
from huying.cases.views.common import (
    actor_of,
    files_key,
    lang_of,
    memory_of,
    move_panel,
    posted,
    refusal,
    seen_of,
    stale,
)  # fmt: skip
from huying.cases.views.files import stage_sent
from huying.cases.views.staff import staff_page
from huying.files.errors import FileError
from huying.meetings import actions, agenda, queries
from huying.meetings.actions import MeetingRefused, cycle_of
from huying.meetings.models import Meeting
from huying.places.info import PlaceMemory
from huying.presets.queries import compiled
from huying.staff import sight as sights
from huying.ui.typed import whole


def cycle_name(cycle: Any) -> str:
    """The meeting's name in the language of the page."""
    return str(cycle.en if naming.english() and cycle.en else cycle.name)


@never_cache
@require_GET
@staff_page
def meetings(request: HttpRequest) -> HttpResponse:
    """What is to be held now in one division (``?division=``), and what was held, newest first."""
    sight, memory = sights.of(request), memory_of(request)
    led = agenda.led_by(sight, memory)
    divisions = {one.division.id: one.division for one in led}
    wanted = request.GET.get("division", "")
    chosen = asked if (asked := whole(wanted)) in divisions else next(iter(divisions), None)
    here = [one for one in led if one.division.id == chosen]
    try:
        rows, after = queries.held(sight, list(divisions), request.GET.get("after", ""))
    except ValueError:
        raise Http404("no such page") from None
    context = {
        "due": [_due(one) for one in queries.due_now(sight, here, memory, clock.now())],
        "divisions": sorted(divisions.values(), key=lambda row: row.ancestors), "chosen": chosen,
        "rows": [_row(one, memory) for one in rows], "after": after, "preset_of_place": memory.preset,
    }  # fmt: skip
    return render(request, "meetings/list.html", context)


def _due(one: queries.Due) -> dict[str, Any]:
    return {
        "name": cycle_name(one.led.cycle), "hint": one.led.cycle.hint, "flow": one.led.flow.id,
        "cycle": one.led.cycle.id, "division": one.led.division.id, "since": one.since, "until": one.until,
        "one_day": one.since == one.until, "comes_up": one.comes_up, "meeting": one.meeting,
    }  # fmt: skip


def _row(one: Meeting, memory: PlaceMemory) -> dict[str, Any]:
    division = memory.divisions.get(one.division_id)
    return {"meeting": one, "name": cycle_name(cycle_of(one)), "where": division.name if division else ""}


@require_POST
@staff_page
def open_one(request: HttpRequest) -> HttpResponse:
    """Fields ``flow``, ``cycle``, ``division``: open the meeting of this period, or go to it."""
    memory = memory_of(request)
    division = whole(request.POST.get("division", ""))
    if division is None:
        raise Http404("no such division")
    try:
        made = actions.open_meeting(
            memory.place_id, request.POST.get("flow", "")[:40], request.POST.get("cycle", "")[:40], division,
            actor_of(request),
        )  # fmt: skip
    except MeetingRefused:
        raise Http404("no such meeting") from None
    return redirect("meetings:meeting", meeting_id=made.id)


@never_cache
@require_GET
@staff_page
def meeting(request: HttpRequest, meeting_id: UUID) -> HttpResponse:
    """The agenda, with the decisions that may be taken; once it is over, the minutes."""
    return _page(request, meeting_id)


@require_POST
@staff_page
def decide(request: HttpRequest, meeting_id: UUID, case_id: UUID) -> HttpResponse:
    """A decision on a case of the agenda: ``move``, ``seen``, ``key`` and the move's own form."""
    sight = sights.of(request)
    try:
        queries.meeting_of(sight, meeting_id)
        case = Case.objects.get(place_id=sight.place_id, id=case_id)
    except (Meeting.DoesNotExist, Case.DoesNotExist):
        raise Http404("no such meeting") from None
    move = request.POST.get("move", "")[:40]
    preset = compiled(case.edition_id)
    flow = preset.flow_of(case.kind)
    if move not in flow.by_id:
        raise Http404("no such move")
    fields = preset.move_form(flow.id, move).fields
    data = posted(request, fields)
    problems = stage_sent(request, fields, data)
    key = request.POST.get("key", "")[:80]
    tried: dict[str, Any] = {"case": case_id, "move": move, "values": data, "key": key}
    if problems:
        return _page(request, meeting_id, {**tried, "errors": problems}, 422)
    try:
        done = actions.decide(
            sight.place_id, meeting_id, case_id, move, actor_of(request), data, key=key or None,
            seen=seen_of(request), lang=lang_of(), files_key=files_key(request),
        )  # fmt: skip
    except Refused as error:
        return _page(request, meeting_id, {**tried, "errors": error.errors, "general": refusal(error)}, 422)
    except CallRefused as error:
        return _page(request, meeting_id, {**tried, "errors": error.errors}, 422)
    except FileError as error:
        return _page(request, meeting_id, {**tried, "general": str(error)}, 422)
    except Stale as error:
        return _page(request, meeting_id, {**tried, "general": stale(error)}, 409)
    except (Conflict, KeyReused):
        general = _(
            "This form was sent before with other content. Please look at the case and send it again."
        )
        return _page(request, meeting_id, {**tried, "general": general, "key": ""}, 409)
    except MeetingRefused as error:
        return _page(request, meeting_id, {**tried, "general": _why(error)}, 422)
    except Case.DoesNotExist:
        raise Http404("no such case") from None
    messages.success(
        request,
        _("Decided: %(move)s. It now stands at “%(step)s”.")
        % {"move": naming.move_name(flow, move), "step": naming.step_name(flow, done.step)},
    )
    return HttpResponseRedirect(f"{reverse('meetings:meeting', args=[meeting_id])}#c-{case_id}", status=303)


@require_POST
@staff_page
def close(request: HttpRequest, meeting_id: UUID) -> HttpResponse:
    """Close the meeting: ``minutes`` and ``present`` (how many came, may be left out)."""
    sight = sights.of(request)
    minutes, present = request.POST.get("minutes", ""), request.POST.get("present", "").strip()
    try:
        queries.meeting_of(sight, meeting_id)
        if present and whole(present, 5) is None:
            raise MeetingRefused("present-wrong")
        actions.close_meeting(
            sight.place_id, meeting_id, minutes, actor_of(request), present=whole(present, 5)
        )
    except Meeting.DoesNotExist:
        raise Http404("no such meeting") from None
    except MeetingRefused as error:
        over = {"minutes": minutes, "present": present, "closing": _why(error)}
        return _page(request, meeting_id, over, 422)
    messages.success(request, _("The meeting is closed and its minutes are on record."))
    return HttpResponseRedirect(reverse("meetings:meeting", args=[meeting_id]), status=303)


def _why(error: MeetingRefused) -> str:
    return {
        "over": _("This meeting is over."),
        "not-leader": _("Only whoever leads the meeting may do this."),
        "minutes-long": _("The minutes are too long; 8,000 characters are the most."),
        "present-wrong": _("Write how many came as a number, or leave it empty."),
    }.get(error.code, _("This cannot be decided here."))


def _page(
    request: HttpRequest, meeting_id: UUID, tried: dict[str, Any] | None = None, status: int = 200
) -> HttpResponse:
    sight, memory = sights.of(request), memory_of(request)
    tried = tried or {}
    try:
        row = queries.meeting_of(sight, meeting_id)
    except Meeting.DoesNotExist:
        raise Http404("no such meeting") from None
    cycle = cycle_of(row)
    leads = row.closed_at is None and agenda.leads(sight, cycle, row.division_id)
    found = queries.entries(sight, row)
    division = memory.divisions.get(row.division_id)
    points = [_point(request, one, row, cycle, memory, leads, tried) for one in found]
    context = {
        "row": row, "name": cycle_name(cycle), "hint": cycle.hint, "where": division.name if division else "",
        "points": points, "leads": leads, "decided": sum(1 for one in found if one.point.move),
        "one_day": row.since == row.until, "closing": tried.get("closing", ""),
        "minutes": tried.get("minutes", ""), "present": tried.get("present", ""), "preset_of_place": memory.preset,
    }  # fmt: skip
    return render(request, "meetings/meeting.html", context, status=status)


def _point(
    request: HttpRequest, one: queries.Entry, row: Meeting, cycle: Any, memory: PlaceMemory, leads: bool,
    tried: dict[str, Any],
) -> dict[str, Any]:  # fmt: skip
    case = one.case
    if case is None:
        return {"case": None, "position": one.point.position, "decided": bool(one.point.move)}
    preset = compiled(case.edition_id)
    flow = preset.flow_of(case.kind)
    offers: list[Offer] = []
    if leads:
        own, _views = offers_of(case, [], actor_of(request), memory, preset, clock.now())
        offers = [offer for offer in own if offer.move.id in cycle.decides]
    mine = tried if tried.get("case") == case.id else {}
    url = reverse("meetings:decide", args=[row.id, case.id])
    panel = move_panel(
        offers, case, preset, memory, url, upload=reverse("cases:upload"), tried=mine.get("move", ""),
        errors=mine.get("errors"), values=mine.get("values"), key=mine.get("key", ""), general=mine.get("general", ""),
    )  # fmt: skip
    return {
        "case": case, "position": one.point.position, "panel": panel, "item": naming.item_name(preset, case.item),
        "step": phase_look(case.phase, naming.step_name(flow, case.step)), "open": bool(mine),
        "decided": naming.move_name(flow, one.point.move) if one.point.move else "", "general": mine.get("general", ""),
    }  # fmt: skip
