"""The parts of the pages: a figure with what it is made of, the table of units, the pictures."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from huying.cases.counted import Sums
from huying.indicators import asking, queries, wording
from huying.indicators.asking import Asked, Subject
from huying.indicators.queries import Figure
from huying.places.info import PlaceMemory
from huying.presets.indicator_definition import Score


def line(
    ident: str,
    found: tuple[Figure, Figure | None, Figure | None],
    points: Any,
    asked: Asked,
    memory: PlaceMemory,
) -> dict[str, Any]:
    figure, before, year_before = found
    definition = wording.defined(memory)[ident]
    return {
        **cell(figure, asked, asked.subject), "id": ident, "name": definition.name.text(wording.lang()),
        "meaning": definition.meaning.text(wording.lang()), "formula": wording.formula(definition, memory),
        "before": wording.change(figure, before), "year_before": wording.change(figure, year_before),
        "line": wording.line(points), "main": getattr(definition, "main", True),
        "basis": "" if isinstance(definition, Score) else wording.basis_name(definition.basis),
        "url": f"{reverse('indicators:one', args=[ident])}?{asked.address()}",
    }  # fmt: skip


def cell(figure: Figure, asked: Asked, subject: Subject) -> dict[str, Any]:
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


def units(asked: Asked, memory: PlaceMemory, now: Any) -> dict[Any, dict[str, Figure]]:
    if not asked.level:
        return {}
    return queries.figures(memory.place_id, asked.period, asked.level, asking.keys_below(asked, memory), now)


def table(
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
    found_units = units(asked, memory, now)
    sort, down = request.GET.get("sort", ""), request.GET.get("down") == "1"
    rows: list[dict[str, Any]] = []
    for key, found in found_units.items():
        subject = asking.subject_of(f"{asked.level}:{key}", memory) or Subject(
            asked.level, key, asking.key_name(asked.level, key, memory)
        )
        cells = [cell(found[name], asked, subject) if name in found else None for name in names]
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


def chart(points: Any, definition: Any) -> dict[str, Any]:
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


def parts(definition: Any, row: dict[str, Any] | None, memory: PlaceMemory) -> list[dict[str, Any]]:
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


def part_name(part: str) -> str:
    names = {"numerator": _("numerator"), "denominator": _("denominator")}
    return names.get(part) or _("Left out: %(name)s") % {"name": wording.measure_name(part)}


def organ_name(organ_id: int | None, memory: PlaceMemory) -> str:
    return memory.organ(organ_id).name if organ_id in memory.organs and organ_id is not None else ""


def sealed(asked: Asked, memory: PlaceMemory) -> int:
    """How many came in that no figure tells of: for the whole place only. One SQL statement."""
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
