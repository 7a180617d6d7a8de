"""Screens of the rosters: one's own households on the phone, one household, how far a grid is covered, the import."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from huying import clock
from huying.cases import naming
from huying.cases.actions import Reported
from huying.cases.looks import phase_look
from huying.cases.models import Case
from huying.cases.views.common import actor_of, lang_of, memory_of
from huying.cases.views.opening import About, taken
from huying.cases.views.staff import staff_page
from huying.cases.who import GRID as GRID_CHANNEL
from huying.cases.who import Actor
from huying.places.info import DivisionInfo, PlaceMemory
from huying.places.tables import ImportRefused
from huying.presets.queries import compiled
from huying.presets.roster_definition import Roster
from huying.rosters import actions, importing, queries
from huying.rosters.actions import RosterRefused
from huying.rosters.models import Entry, Household
from huying.staff import sight as sights
from huying.staff.access import needs, person_of
from huying.staff.actor import actor_of as staff_actor_of

OFFERED = 50  # people offered while a sign-in name is typed; any other may be typed out


def _rosters(request: HttpRequest) -> tuple[PlaceMemory, dict[str, Roster]]:
    """The place and its rosters. Raises Http404 where there are none."""
    memory = memory_of(request)
    found = dict(queries.rosters_of(memory.place_id))
    if not found:
        raise Http404("no rosters here")
    return memory, found


@never_cache
@require_GET
@staff_page
def mine(request: HttpRequest) -> HttpResponse:
    """My households, and those of whoever I stand in for; ``?due=1``: not visited in the running period."""
    memory, rosters = _rosters(request)
    sight = sights.of(request)
    if not any(queries.serves(sight, one) for one in rosters.values()):
        raise PermissionDenied
    only_due = request.GET.get("due") == "1"
    try:
        found, after = queries.mine(person_of(request), request.GET.get("after", ""), only_due=only_due)
    except ValueError:
        raise Http404("no such page") from None
    several = len({one.roster.id for one in found}) > 1
    tabs = [
        {"label": _("All households"), "url": "?", "current": not only_due},
        {"label": _("Not visited yet in this period"), "url": "?due=1", "current": only_due},
    ]
    return render(
        request, "rosters/mine.html",
        {
            "rows": [_mine(one, memory, several) for one in found], "after": after, "only_due": only_due, "tabs": tabs,
            "hints": [one.hint.text(lang_of()) for one in rosters.values() if queries.serves(sight, one)],
            "preset_of_place": memory.preset,
        },
    )  # fmt: skip


def _mine(one: queries.Mine, memory: PlaceMemory, several: bool) -> dict[str, Any]:
    grid = memory.divisions.get(one.household.grid_id)
    return {
        "household": one.household, "name": _name(one.household), "grid": grid.name if grid is not None else "",
        "roster": one.roster.name.text(lang_of()) if several else "", "pairing": one.pairing, "visited": one.visited,
        "stand_in": one.stand_in,
    }  # fmt: skip


def _name(row: Household) -> str:
    return row.label or row.address or row.code


def _household(request: HttpRequest, household_id: UUID) -> tuple[Household, list[queries.Mine]]:
    try:
        return queries.household_of(person_of(request), sights.of(request), household_id)
    except Household.DoesNotExist:
        raise Http404("no such household") from None


@never_cache
@require_GET
@staff_page
def household(request: HttpRequest, household_id: UUID) -> HttpResponse:
    """One household: what may be opened for it, and what was."""
    memory, rosters = _rosters(request)
    row, own = _household(request, household_id)
    return _household_page(request, memory, rosters, row, own)


def _household_page(
    request: HttpRequest, memory: PlaceMemory, rosters: dict[str, Roster], row: Household, own: list[queries.Mine],
    *, error: str = "", typed: str = "", status: int = 200,
) -> HttpResponse:  # fmt: skip
    sight, preset = sights.of(request), memory.preset
    assert preset is not None
    ways = [
        {
            "url": reverse("rosters:open", args=[row.id, one.roster.id, kind]), "visit": kind in one.roster.visit,
            "title": str(preset.form_of(kind).title.text(lang_of())) or preset.kinds[kind].name.text(lang_of()),
        }
        for one in own
        for kind in one.roster.opens
    ]  # fmt: skip
    kept = [one for one in rosters.values() if queries.keeps(sight, one, row.path, memory)]
    grid = memory.divisions.get(row.grid_id)
    entries = queries.entries(sight, row.id)
    grown = queries.grown(sight, [entry for entry, _case in entries])
    context = {
        "row": row, "name": _name(row), "where": memory.full_name(grid.id) if grid is not None else "",
        "own": own, "ways": ways, "written": [_entry(*pair, grown) for pair in entries],
        "kept": [_kept(one, row, memory) for one in kept], "error": error, "typed": typed,
        "preset_of_place": preset,
    }  # fmt: skip
    return render(request, "rosters/household.html", context, status=status)


def _entry(entry: Entry, case: Case | None, grown: Mapping[UUID, list[Case]]) -> dict[str, Any]:
    """What was written down, as far as it may be seen, and what it became."""
    return {
        "at": entry.at, "case": _told(case) if case is not None else None,
        "grown": [_told(one) for one in grown.get(entry.case_id, ())],
    }  # fmt: skip


def _told(case: Case) -> dict[str, Any]:
    preset = compiled(case.edition_id)
    step = naming.step_name(preset.flow_of(case.kind), case.step)
    kind = preset.kinds[case.kind].name.text(lang_of())
    return {
        "number": case.number, "title": case.title or kind, "kind": kind, "at": case.reported_at,
        "step": phase_look(case.phase, step),
    }  # fmt: skip


def _kept(roster: Roster, row: Household, memory: PlaceMemory) -> dict[str, Any]:
    holders = queries.holders(roster, row.path, memory)
    return {
        "roster": roster, "name": roster.name.text(lang_of()), "who": queries.who_has(roster, row),
        "offered": [{"username": one.person.username, "name": one.person.name} for one in holders[:OFFERED]],
    }  # fmt: skip


@never_cache
@require_http_methods(["GET", "POST"])
@staff_page
def open_one(request: HttpRequest, household_id: UUID, roster_id: str, kind: str) -> HttpResponse:
    """A visit or a matter for one of my households: the kind's own form, with the address filled in."""
    memory, rosters = _rosters(request)
    row, own = _household(request, household_id)
    roster = rosters.get(roster_id)
    if roster is None or kind not in roster.opens or all(one.roster.id != roster.id for one in own):
        raise Http404("nothing of this kind is opened here")
    assert memory.preset is not None

    def made(case: Reported, actor: Actor) -> None:
        actions.opened(memory.place_id, roster, row.id, kind, case, actor)

    about = About(
        _name(row), row.grid_id, row.address, GRID_CHANNEL, request.path, made,
        reverse("rosters:household", args=[row.id]),
    )  # fmt: skip
    return taken(request, memory.preset.kinds[kind], about)


@require_POST
@staff_page
def pair(request: HttpRequest, household_id: UUID, roster_id: str) -> HttpResponse:
    """Pair a household with the person whose sign-in name is typed; without one it is left to nobody."""
    memory, rosters = _rosters(request)
    row, own = _household(request, household_id)
    roster = rosters.get(roster_id)
    if roster is None or not queries.keeps(sights.of(request), roster, row.path, memory):
        raise Http404("no such roster")
    typed = request.POST.get("username", "").strip()[:60]
    try:
        if not typed:
            actions.release(memory.place_id, roster, row.id, actor_of(request))
        else:
            found = queries.holders(roster, row.path, memory, [typed])
            if not found:
                raise RosterRefused("no-post")
            actions.pair(memory.place_id, roster, row.id, found[0], actor_of(request))
    except RosterRefused as refused:
        error = _why(refused.code, roster)
        return _household_page(request, memory, rosters, row, own, error=error, typed=typed, status=422)
    messages.success(request, _("Saved."))
    return redirect("rosters:household", household_id=row.id)


def _why(code: str, roster: Roster) -> str:
    if code == "full":
        return _("This person has %(most)s households already, and that is the most.") % {"most": roster.most}
    if code == "not-paired":
        return _("Nobody looks after this household.")
    return _("Nobody of this sign-in name holds a post that serves here.")


@never_cache
@require_GET
@staff_page
def coverage(request: HttpRequest) -> HttpResponse:
    """How far a roster (``?roster=``) covers a division (``?at=``) and what lies below it; for a grid its households."""
    memory, rosters = _rosters(request)
    sight = sights.of(request)
    readable = {one.id: queries.areas(sight, one, memory) for one in rosters.values()}
    mine = [one for one in rosters.values() if readable[one.id]]
    if not mine:
        raise PermissionDenied
    roster = next((one for one in mine if one.id == request.GET.get("roster")), mine[0])
    at = _at(request, memory, roster, readable[roster.id])
    total, below = queries.coverage(roster, at, memory)
    unpaired = request.GET.get("unpaired") == "1"
    try:
        shown, after = (
            queries.lines(roster, at, memory, request.GET.get("after", ""), unpaired=unpaired)
            if not memory.children(at.id)
            else ([], "")
        )
    except ValueError:
        raise Http404("no such page") from None
    trail = [
        memory.division(one)
        for one in at.ancestors
        if queries.reads(sight, roster, memory.division(one).path, memory)
    ]
    context = {
        "roster": roster, "name": roster.name.text(lang_of()), "at": at, "trail": trail, "total": total, "rows": below,
        "leaf": not memory.children(at.id), "lines": [{"line": one, "name": _name(one.household)} for one in shown],
        "after": after, "unpaired": unpaired, "since": queries.since(roster, clock.now(), memory),
        "areas": readable[roster.id] if len(readable[roster.id]) > 1 else [],
        "tabs": [
            {"label": one.name.text(lang_of()), "url": f"?roster={one.id}", "current": one.id == roster.id} for one in mine
        ] if len(mine) > 1 else [],
        "may_import": sight.can(queries.MANAGE), "preset_of_place": memory.preset,
    }  # fmt: skip
    return render(request, "rosters/coverage.html", context)


def _at(request: HttpRequest, memory: PlaceMemory, roster: Roster, areas: list[DivisionInfo]) -> DivisionInfo:
    wanted = request.GET.get("at", "")
    if not wanted:
        return areas[0]
    row = memory.divisions.get(int(wanted)) if wanted.isdecimal() and len(wanted) < 19 else None
    if row is None or not queries.reads(sights.of(request), roster, row.path, memory):
        raise Http404("no such division")
    return row


class HouseholdsForm(forms.Form):
    """The file to import."""

    file = forms.FileField(label=gettext_lazy("File"))


@never_cache
@needs(queries.MANAGE)
@require_http_methods(["GET", "POST"])
def import_file(request: HttpRequest) -> HttpResponse:
    """Import households and pairings: first a trial run that shows what would change, then for real."""
    memory, rosters = _rosters(request)
    form = HouseholdsForm(request.POST or None, request.FILES or None)
    context: dict[str, Any] = {"form": form, "rosters": rosters.values(), "preset_of_place": memory.preset}
    status = 422 if form.errors else 200
    if request.method == "POST" and form.is_valid():
        sent, dry_run = form.cleaned_data["file"], "really" not in request.POST
        try:
            outcome = importing.import_households(
                memory.place_id, sent.read(), sent.name, actor=staff_actor_of(request), dry_run=dry_run
            )
            context |= {"outcome": outcome, "done": not dry_run}
        except ImportRefused as refused:
            context["problems"] = refused.problems[:200]
            status = 422
    return render(request, "rosters/import.html", context, status=status)
