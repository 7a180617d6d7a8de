"""Boards of the year, for residents (where the place says so) and for whoever serves."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET

from huying import clock
from huying.cases import boards as held
from huying.cases.lists import BadCursor
from huying.cases.views.common import lang_of, memory_of
from huying.places.info import GRID, DivisionInfo, PlaceMemory
from huying.presets.definition import Kind
from huying.staff import sight as sights
from huying.staff.sight import Sight
from huying.ui.typed import whole

FIRST = 2000  # years before it are a slip of the pen


def offered(memory: PlaceMemory, sight: Sight) -> list[Kind]:
    """The kinds whose board this person may read."""
    outside = sight.is_resident or sight.is_anonymous or sight.place_id != memory.place_id
    return held.boards_of(memory, everybody=outside)


@require_GET
def boards(request: HttpRequest) -> HttpResponse:
    """The boards there are; straight to it where there is one. No SQL statement of its own."""
    memory, sight = memory_of(request), sights.of(request)
    kinds = offered(memory, sight)
    if not kinds:
        raise Http404
    if len(kinds) == 1:
        return redirect("cases:board", kind=kinds[0].code)
    rows = [
        {"code": one.code, "title": one.board.title.text(lang_of())} for one in kinds if one.board is not None
    ]
    return render(
        request, "cases/resident/boards.html",
        {"rows": rows, "base": _base(sight), "preset_of_place": memory.preset},
    )  # fmt: skip


@require_GET
def board(request: HttpRequest, kind: str) -> HttpResponse:
    """A kind's cases of a year by division and grid: how each stands, and what may be read. Five SQL statements."""
    memory, sight = memory_of(request), sights.of(request)
    row = next((one for one in offered(memory, sight) if one.code == kind), None)
    if row is None or row.board is None:
        raise Http404
    this = clock.now().astimezone(memory.calendar(None).zone).year
    typed = request.GET.get("year", "")
    year = asked if (asked := whole(typed)) is not None and FIRST <= asked <= this else this
    within = memory.by_code(request.GET.get("in", ""))
    try:
        shown = held.read(
            memory, row, year, sight, within.path if within is not None else "", request.GET.get("after", "")
        )
    except BadCursor as error:
        raise Http404 from error
    divisions = [
        one for one in memory.divisions.values() if one.active and not one.layer and one.tier != GRID
    ]
    return render(
        request, "cases/resident/board.html",
        {
            "title": row.board.title.text(lang_of()), "hint": row.board.hint.text(lang_of()), "kind": kind,
            "shown": shown, "year": year, "before": year - 1, "later": year + 1 if year < this else 0,
            "chosen": within.code if within is not None else "", "base": _base(sight),
            "divisions": [{"code": one.code, "name": _below_top(memory, one)} for one in divisions],
            "staff": not (sight.is_resident or sight.is_anonymous), "preset_of_place": memory.preset,
        },
    )  # fmt: skip


def _below_top(memory: PlaceMemory, row: DivisionInfo) -> str:
    return "".join(memory.division(one).name for one in row.ancestors[1:])


def _base(sight: Sight) -> str:
    return "ui/resident.html" if sight.is_resident or sight.is_anonymous else "ui/desk.html"
