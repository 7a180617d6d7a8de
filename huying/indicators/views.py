"""The indicators: what they are, how they went, by whom, and the very cases behind each. Thin: ask, read, show."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from huying import clock
from huying.cases import inbox
from huying.cases.lists import BadCursor, Page
from huying.cases.lists import Row as CaseRow
from huying.cases.views.common import memory_of
from huying.indicators import asking, queries, sheets, wording
from huying.indicators.asking import Asked, Subject
from huying.indicators.frame import RIGHTS
from huying.indicators.queries import Figure
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
    shown = [_line(ident, rows[ident], lines[ident], asked, memory) for ident in rows]
    context = {
        **_frame(asked, memory), "rows": shown, "now": now, "main": [row for row in shown if row["main"]],
        "table": _table(request, asked, memory, now), "sealed": _sealed(asked, memory),
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
    row = _line(ident, found[ident], points, asked, memory) if ident in found else None
    context = {
        **_frame(asked, memory), "now": now, "row": row, "chart": _chart(points, definition), "ident": ident,
        "definition": definition, "name": definition.name.text(wording.lang()), "formula": wording.formula(definition, memory),
        "meaning": definition.meaning.text(wording.lang()), "parts": _parts(definition, row, memory),
        "basis": "" if isinstance(definition, Score) else wording.basis_name(definition.basis),
        "small": queries.defined(memory.place_id).small, "table": _table(request, asked, memory, now, ident),
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
        **_frame(asked, memory), "name": definition.name.text(wording.lang()), "part": _part_name(part), "ident": ident,
        "lines": [{"line": line, "organ": _organ(row.organ_id, memory)} for line, row in zip(lines, found.rows, strict=True)],
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
    units = _units(asked, memory, now)
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


# — the parts of the pages —


def _line(
    ident: str,
    found: tuple[Figure, Figure | None, Figure | None],
    points: Any,
    asked: Asked,
    memory: PlaceMemory,
) -> dict[str, Any]:
    figure, before, year_before = found
    definition = wording.defined(memory)[ident]
    return {
        **_cell(figure, asked, asked.subject), "id": ident, "name": definition.name.text(wording.lang()),
        "meaning": definition.meaning.text(wording.lang()), "formula": wording.formula(definition, memory),
        "before": wording.change(figure, before), "year_before": wording.change(figure, year_before),
        "line": wording.line(points), "main": getattr(definition, "main", True),
        "basis": "" if isinstance(definition, Score) else wording.basis_name(definition.basis),
        "url": f"{reverse('indicators:one', args=[ident])}?{asked.address()}",
    }  # fmt: skip


def _cell(figure: Figure, asked: Asked, subject: Subject) -> dict[str, Any]:
    """A figure of a subject with what it is made of; each number leads to its cases."""

    def link(part: str, n: float) -> str:
        if not n or figure.unit == "points":
            return ""
        address = asked.address(of=subject.code or None, part=part)
        return f"{reverse('indicators:cases', args=[figure.indicator])}?{address}"

    return {
        "figure": figure, "value": wording.value(figure), "unit": wording.unit(figure), "tone": figure.tone,
        "shown": wording.value(figure) + ("%" if figure.unit == "percent" else ""),
        "top": int(figure.numerator), "bottom": int(figure.denominator), "top_url": link("numerator", figure.numerator),
        "bottom_url": link("denominator", figure.denominator),
        "left_out": [
            {"label": wording.measure_name(name), "n": n, "url": link(name, n)} for name, n in figure.excluded.items() if n
        ],
    }  # fmt: skip


def _units(asked: Asked, memory: PlaceMemory, now: Any) -> dict[Any, dict[str, Figure]]:
    if not asked.level:
        return {}
    return queries.figures(memory.place_id, asked.period, asked.level, asking.keys_below(asked, memory), now)


def _table(
    request: HttpRequest, asked: Asked, memory: PlaceMemory, now: Any, only: str = ""
) -> dict[str, Any] | None:
    """The units of the chosen level: the main indicators of each, or all that one indicator is made of."""
    if not asked.level:
        return None
    definitions = wording.defined(memory)
    names = [
        name
        for name, one in definitions.items()
        if asked.level in one.levels
        and (name == only if only else getattr(one, "main", True) or name == "reported")
    ]
    units = _units(asked, memory, now)
    sort, down = request.GET.get("sort", ""), request.GET.get("down") == "1"
    rows: list[dict[str, Any]] = []
    for key, found in units.items():
        subject = asking.subject_of(f"{asked.level}:{key}", memory) or Subject(
            asked.level, key, asking.key_name(asked.level, key, memory)
        )
        cells = [_cell(found[name], asked, subject) if name in found else None for name in names]
        url = f"{request.path}?{asked.address(of=subject.code, by=None)}"
        rows.append({"name": subject.name, "url": url, "cells": cells, "found": found})
    if sort in names:
        rows.sort(key=lambda row: _order(row["found"].get(sort), down))
    else:
        sort = "name"
        rows.sort(key=lambda row: str(row["name"]), reverse=down)
    heads = [
        {"name": definitions[name].name.text(wording.lang()), "url": _sorted(asked, name, sort, down), "sorted": _arrow(name, sort, down)}
        for name in names
    ]  # fmt: skip
    return {
        "heads": heads, "rows": rows, "name_url": _sorted(asked, "name", sort, down), "bars": _bars(rows, only),
        "name_sorted": _arrow("name", sort, down), "any": any(names),
    }  # fmt: skip


def _order(figure: Figure | None, down: bool) -> tuple[int, float]:
    """Lowest or highest first; small samples and what has no data come last either way."""
    last, number = wording.sort_value(figure)
    return last, -number if down else number


def _sorted(asked: Asked, name: str, sort: str, down: bool) -> str:
    return f"?{asked.address(sort=name, down='1' if name == sort and not down else None)}#units"


def _arrow(name: str, sort: str, down: bool) -> str:
    return ("descending" if down else "ascending") if name == sort else ""


def _bars(rows: list[dict[str, Any]], only: str) -> dict[str, Any] | None:
    """A picture of one indicator across the units; small samples are left to the table."""
    shown = [
        row
        for row in rows
        if row["cells"]
        and row["cells"][0]
        and row["cells"][0]["value"]
        and not row["cells"][0]["figure"].small
    ]
    if not only or len(shown) < 2:
        return None
    first = shown[0]["cells"][0]
    data = [float(row["cells"][0]["value"]) for row in shown[:24]]
    return {
        "labels": [row["name"] for row in shown[:24]], "unit": first["unit"],
        "series": [{"name": str(_("figure")), "data": data, "tone": "info"}],
    }  # fmt: skip


def _chart(points: Any, definition: Any) -> dict[str, Any]:
    labels, data = [], []
    for part, figure in points:
        labels.append(f"{part.start.month}-{part.start.day}")
        text = wording.value(figure)
        data.append(float(text) if text else None)
    named = definition.name.text(wording.lang())
    return {
        "labels": labels,
        "series": [{"name": named, "data": data, "tone": "info"}],
        "any": any(x is not None for x in data),
    }


def _parts(definition: Any, row: dict[str, Any] | None, memory: PlaceMemory) -> list[dict[str, Any]]:
    """What a score is made of: each indicator's weight and the points it brought."""
    if not isinstance(definition, Score) or row is None:
        return []
    own = wording.defined(memory)
    return [
        {
            "name": own[ident].name.text(wording.lang()), "weight": f"{weight:g}", "id": ident,
            "points": f"{row['figure'].parts[ident]:.1f}" if ident in row["figure"].parts else "",
        }
        for ident, weight in definition.weights.items()
    ]  # fmt: skip


def _part_name(part: str) -> str:
    names = {"numerator": _("numerator"), "denominator": _("denominator")}
    return names.get(part) or _("Left out: %(name)s") % {"name": wording.measure_name(part)}


def _organ(organ_id: int | None, memory: PlaceMemory) -> str:
    return memory.organ(organ_id).name if organ_id in memory.organs and organ_id is not None else ""


def _sealed(asked: Asked, memory: PlaceMemory) -> int:
    """How many came in that no figure tells of: for the whole place only. One SQL statement."""
    from huying.cases.counted import Sums

    if asked.subject.by != "place":
        return 0
    rows = Sums.objects.filter(
        place_id=memory.place_id,
        level="place",
        basis="in",
        day__gte=asked.period.start,
        day__lt=asked.period.end,
    )
    return sum(rows.values_list("sealed", flat=True))
