"""The administrator's pages about the place itself. They stand here because they need sight, which
*places* has not."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from huying import clock
from huying.places import actions, memory
from huying.places.calendars import years_without_holidays
from huying.places.info import DivisionInfo, PlaceMemory
from huying.places.models import Holiday
from huying.places.tables import ImportRefused
from huying.presets.words import word
from huying.staff import import_people, sight
from huying.staff.access import needs
from huying.staff.actor import actor_of
from huying.staff.forms import HolidayForm, ImportForm
from huying.staff.frame import MANAGE_PLACES
from huying.worktime import HoursError, parse_hours
from huying.worktime.hours import WEEKDAYS


@needs(*MANAGE_PLACES)
@require_GET
def divisions(request: HttpRequest) -> HttpResponse:
    """The tree of divisions, one branch at a time, and the map of grids."""
    place = memory.of(sight.of(request).place_id)
    wanted = request.GET.get("at", "")
    here = place.divisions.get(int(wanted)) if wanted.isdecimal() and len(wanted) < 19 else place.top
    if here is None:
        raise Http404
    context = {
        "here": here,
        "trail": [place.division(ident) for ident in here.ancestors],
        "rows": [_division(place, row) for row in place.children(here.id)],
        "layers": [{"kind": "division", "url": reverse("places:layer", args=["divisions"])}],
    }
    return render(request, "staff/divisions.html", context)


def _division(place: PlaceMemory, row: DivisionInfo) -> dict[str, Any]:
    kind = word(place.preset, row.layer or row.tier, get_language() or "zh-hans")
    return {"row": row, "kind": kind, "below": len(place.children(row.id))}


@needs(*MANAGE_PLACES)
@require_GET
def organs(request: HttpRequest) -> HttpResponse:
    """All organs, ended ones last."""
    place = memory.of(sight.of(request).place_id)
    rows = sorted(place.organs.values(), key=lambda organ: (not organ.active, organ.id))
    shown = [
        {
            "organ": organ,
            "where": place.division(organ.division_id).name if organ.division_id else "",
            "parent": place.organ(organ.parent_id).short if organ.parent_id else "",
            "duties": [word.strip() for word in organ.duties.split(";") if word.strip()],
        }
        for organ in rows
    ]
    return render(request, "staff/organs.html", {"organs": shown})


@never_cache
@needs(*MANAGE_PLACES)
@require_http_methods(["GET", "POST"])
def hours(request: HttpRequest) -> HttpResponse:
    """Office hours of the place or of an organ, and the holiday table, with a warning for years without
    data."""
    place = memory.of(sight.of(request).place_id)
    wanted = request.GET.get("organ", "")
    organ = place.organs.get(int(wanted)) if wanted.isdecimal() and len(wanted) < 19 else None
    problem = ""
    typed: list[str] | None = None
    if request.method == "POST":
        typed = [request.POST.get(day, "")[:200] for day in WEEKDAYS]
        try:
            week = None if "default" in request.POST else parse_hours(_week(typed))
            actions.set_office_hours(
                place.place_id, organ.id if organ else None, week, actor=actor_of(request)
            )
        except HoursError as wrong:
            problem = str(wrong)
        else:
            messages.success(request, _("Saved."))
            return HttpResponseRedirect(request.get_full_path())
    calendar = place.calendar(organ.id if organ else None)
    year = request.GET.get("year", "")
    today = timezone.localtime(clock.now()).date()
    shown_year = int(year) if year.isdecimal() and len(year) == 4 else today.year
    context = {
        "organ": organ,
        "organs": [row for row in place.organs.values() if row.active],
        "days": list(zip(WEEKDAYS, _day_names(), typed or map(_spell, calendar.hours), strict=True)),
        "own": (organ.id if organ else None) in place.hours,
        "problem": problem,
        "missing": years_without_holidays(place.place_id, today),
        "year": shown_year,
        "years": [shown_year - 1, shown_year + 1],
        "holidays": Holiday.objects.filter(place_id=place.place_id, date__year=shown_year).order_by("date"),
        "holiday_form": HolidayForm(),
    }
    return render(request, "staff/hours.html", context, status=422 if problem else 200)


@needs(*MANAGE_PLACES)
@require_POST
def holiday(request: HttpRequest) -> HttpResponse:
    """Enter, correct or remove one day."""
    place_id = sight.of(request).place_id
    form = HolidayForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("This is not a day."))
        return HttpResponseRedirect(reverse("staff:hours"))
    day = form.cleaned_data["date"]
    if "remove" in request.POST:
        actions.remove_holiday(place_id, day, actor=actor_of(request))
    else:
        working = form.cleaned_data["working"] == "yes"
        actions.set_holiday(place_id, day, working, form.cleaned_data["name"], actor=actor_of(request))
    messages.success(request, _("Saved."))
    return HttpResponseRedirect(f"{reverse('staff:hours')}?year={day.year}")


@never_cache
@needs("manage_people", *MANAGE_PLACES)
@require_http_methods(["GET", "POST"])
def import_file(request: HttpRequest) -> HttpResponse:
    """Import people, organs, divisions or grids: first a trial run that shows what would change, then for
    real."""
    form = ImportForm(request.POST or None, request.FILES or None)
    seen = sight.of(request)
    context: dict[str, Any] = {"form": form}
    status = 200
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        needed = ("manage_people",) if data["what"] == "people" else MANAGE_PLACES
        if not seen.can(*needed):
            form.add_error("what", _("You may not import this."))
        else:
            dry_run = "really" not in request.POST
            try:
                context |= _import(request, seen.place_id, data, dry_run)
                context |= {"done": not dry_run, "tried": dry_run}
            except ImportRefused as refused:
                context["problems"] = refused.problems[:200]
                status = 422
    return render(request, "staff/import.html", context, status=422 if form.errors else status)


def _import(request: HttpRequest, place_id: int, data: dict[str, Any], dry_run: bool) -> dict[str, Any]:
    content, file, actor = data["file"].read(), data["file"].name, actor_of(request)
    if data["what"] == "people":
        done = import_people.import_people(place_id, content, file, actor=actor, dry_run=dry_run)
        return {"outcome": done.outcome, "passwords": done.passwords}
    if data["what"] == "organs":
        return {"outcome": actions.import_organs(place_id, content, file, actor=actor, dry_run=dry_run)}
    run = actions.import_grids if data["what"] == "grids" else actions.import_divisions
    outcome = run(place_id, content, file, actor=actor, dry_run=dry_run, surveyed=data["surveyed"])
    return {"outcome": outcome}


def _week(typed: list[str]) -> dict[str, list[list[str]]]:
    """Lines such as "08:30-11:30 13:00-17:00" as `parse_hours` wants them."""
    week: dict[str, list[list[str]]] = {}
    for day, line in zip(WEEKDAYS, typed, strict=True):
        parts = line.replace("–", "-").replace("，", " ").replace(",", " ").split()
        week[day] = [part.split("-") for part in parts]
    return week


def _spell(sessions: Any) -> str:
    return " ".join(f"{_clock(start)}-{_clock(end)}" for start, end in sessions)


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02d}:{minutes % 60:02d}"


def _day_names() -> list[str]:
    return [
        _("Monday"),
        _("Tuesday"),
        _("Wednesday"),
        _("Thursday"),
        _("Friday"),
        _("Saturday"),
        _("Sunday"),
    ]
