"""The indicators: what they are, how they went, by whom, and the very cases behind each. Thin: ask, read, show."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from huying import clock
from huying.cases import inbox
from huying.cases.lists import BadCursor, Page
from huying.cases.lists import Row as CaseRow
from huying.cases.views.common import memory_of
from huying.indicators import asking, queries, sheets, showing, wording
from huying.indicators.asking import Asked
from huying.indicators.frame import RIGHTS
from huying.places.info import PlaceMemory
from huying.presets.indicator_definition import Score
from huying.staff import sight as sights
from huying.staff.access import needs

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@never_cache
@require_GET
@needs(*RIGHTS)
def overview(request: HttpRequest) -> HttpResponse:
    """All indicators of the person's place, area or organ, and the main ones of what lies below.

    At most 24 SQL statements beside those of signing in, whatever was counted.
    """
    memory, asked = _asked(request)
    if asked is None or not wording.defined(memory):
        return _nothing(request, memory, asked)
    now = clock.now()
    of, ids = _subject(asked)
    rows = queries.compared(memory.place_id, asked.period, of, ids, now).get(asked.subject.key, {})
    lines = queries.all_series(
        memory.place_id, asked.period, _step(asked), of, asked.subject.key, list(rows), now
    )
    shown = [showing.line(ident, rows[ident], lines[ident], asked, memory) for ident in rows]
    context = {
        **_frame(asked, memory), "rows": shown, "now": now, "main": [row for row in shown if row["main"]],
        "table": showing.table(request, asked, memory, now), "sealed": showing.sealed(asked, memory),
    }  # fmt: skip
    return render(request, "indicators/overview.html", context)


@never_cache
@require_GET
@needs(*RIGHTS)
def one(request: HttpRequest, ident: str) -> HttpResponse:
    """One indicator: what it is made of, how it went, and how it stands where. At most 30 SQL statements."""
    memory, asked = _asked(request)
    definition = wording.defined(memory).get(ident)
    if definition is None:
        raise Http404("no such indicator")
    if asked is None:
        return _nothing(request, memory, asked)
    now = clock.now()
    of, ids = _subject(asked)
    found = queries.compared(memory.place_id, asked.period, of, ids, now).get(asked.subject.key, {})
    points = queries.series(memory.place_id, ident, asked.period, _step(asked), of, asked.subject.key, now)
    row = showing.line(ident, found[ident], points, asked, memory) if ident in found else None
    context = {
        **_frame(asked, memory), "now": now, "row": row, "chart": showing.chart(points, definition), "ident": ident,
        "definition": definition, "name": definition.name.text(wording.lang()), "formula": wording.formula(definition, memory),
        "meaning": definition.meaning.text(wording.lang()), "parts": showing.parts(definition, row, memory),
        "basis": "" if isinstance(definition, Score) else wording.basis_name(definition.basis),
        "small": queries.defined(memory.place_id).small,
        "is_score": isinstance(definition, Score), "table": showing.table(request, asked, memory, now, ident),
    }  # fmt: skip
    return render(request, "indicators/one.html", context)


@never_cache
@require_GET
@needs(*RIGHTS)
def cases(request: HttpRequest, ident: str) -> HttpResponse:
    """The cases (or dispatches) behind a figure, newest first, within sight. Three SQL statements beside signing in."""
    memory, asked = _asked(request)
    definition = wording.defined(memory).get(ident)
    if asked is None or definition is None or isinstance(definition, Score):
        raise Http404("no such figure")
    sight, part = sights.of(request), request.GET.get("part", "numerator")
    try:
        found = queries.cases(
            memory.place_id, ident, asked.period, asked.subject.by, asked.subject.key, part, sight,
            request.GET.get("after", ""),
        )  # fmt: skip
    except KeyError:
        raise Http404("no such figure") from None
    except BadCursor:
        return HttpResponseRedirect(f"{request.path}?{asked.address(part=part)}")
    lines = inbox.lines(sight, Page([CaseRow(row.case) for row in found.rows]), memory)
    context = {
        **_frame(asked, memory), "name": definition.name.text(wording.lang()), "part": showing.part_name(part), "ident": ident,
        "lines": [{"line": line, "organ": showing.organ_name(row.organ_id, memory)} for line, row in zip(lines, found.rows, strict=True)],
        "dispatches": definition.of == "dispatch", "next": f"?{asked.address(part=part, after=found.after)}" if found.after else "",
        "back": f"{reverse('indicators:one', args=[ident])}?{asked.address()}", "basis": wording.basis_name(definition.basis),
    }  # fmt: skip
    return render(request, "indicators/cases.html", context)


@never_cache
@require_GET
@needs(*RIGHTS)
def sheet(request: HttpRequest) -> HttpResponse:
    """The figures as an Excel sheet: of the subject, and of every unit of the chosen level."""
    memory, asked = _asked(request)
    if asked is None:
        raise Http404("no figures")
    now = clock.now()
    of, ids = _subject(asked)
    own = queries.compared(memory.place_id, asked.period, of, ids, now).get(asked.subject.key, {})
    units = showing.units(asked, memory, now)
    names = [(key, asking.key_name(asked.level, key, memory), found) for key, found in units.items()]
    title = asking.level_names(memory).get(asked.level, "")
    response = HttpResponse(sheets.book(asked, memory, own, title, names, now), content_type=XLSX)
    span = f"{asked.period.start:%Y%m%d}-{asked.period.last:%Y%m%d}"
    response.headers["Content-Disposition"] = f'attachment; filename="indicators-{span}.xlsx"'
    response.headers["Cache-Control"] = "no-store"
    return response


# — what was asked for —


def _asked(request: HttpRequest) -> tuple[PlaceMemory, Asked | None]:
    memory = memory_of(request)
    return memory, asking.ask(request.GET, sights.of(request), memory)


def _subject(asked: Asked) -> tuple[str, list[Any] | None]:
    return asked.subject.by, None if asked.subject.by == "place" else [asked.subject.key]


def _step(asked: Asked) -> str:
    days = asked.period.days
    return "day" if days <= 45 else "week" if days <= 200 else "month"


def _nothing(request: HttpRequest, memory: PlaceMemory, asked: Asked | None) -> HttpResponse:
    """No indicators in the preset, or a duty (such as a grid) that figures are not kept of."""
    return render(
        request, "indicators/nothing.html", {"defined": bool(wording.defined(memory)), "asked": asked}
    )


def _frame(asked: Asked, memory: PlaceMemory) -> dict[str, Any]:
    levels = asking.level_names(memory)
    before, year_before = asked.period.before(), asked.period.year_before()
    return {
        "asked": asked, "periods": asking.choice_names(), "address": asked.address(), "before": before,
        "year_before": year_before, "level_name": levels.get(asked.level, ""),
        "tabs": [
            {"label": levels[one], "url": f"?{asked.address(by=one)}#units", "current": one == asked.level}
            for one in asked.levels
        ],
        "others": [
            {"label": one.name, "url": f"?{asked.address(of=one.code or None)}", "current": one == asked.subject}
            for one in asked.mine
        ] if len(asked.mine) > 1 else [],
        "up": f"?{asked.address(of=None)}" if asked.subject not in asked.mine else "",
    }  # fmt: skip
