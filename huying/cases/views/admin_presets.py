"""Editions of the place's preset: what was published when, its files, what changed, its flows as pictures."""

from __future__ import annotations

import re
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from huying.cases.naming import english
from huying.cases.views.common import lang_of, memory_of
from huying.flow.picture import draw
from huying.flow.picture_words import Speech
from huying.places.info import PlaceMemory
from huying.presets.commands import names
from huying.presets.definition import Preset
from huying.presets.diff import diff
from huying.presets.models import Edition
from huying.presets.queries import compiled, editions
from huying.presets.reader import load
from huying.staff import sight as sights
from huying.staff.access import needs
from huying.ui.typed import whole

RIGHTS = ("manage_presets", "manage_items")
ZOOMS = (50, 75, 100, 150)
MOST_CHANGES = 400


@never_cache
@require_GET
@needs(*RIGHTS)
def presets(request: HttpRequest) -> HttpResponse:
    """The editions, newest first. One SQL statement beside those of signing in."""
    memory = memory_of(request)
    rows = editions(_code(memory))
    context = {"rows": rows, "in_force": memory.edition_id, "flows": _flows(memory.preset)}
    context["may_publish"] = sights.of(request).can("manage_presets")
    return render(request, "cases/admin/presets.html", context)


@never_cache
@require_GET
@needs(*RIGHTS)
def edition(request: HttpRequest, number: int) -> HttpResponse:
    """One edition: what is in it, whether it is sound by today's rules, and what differs from another (``with``).

    Three SQL statements beside those of signing in.
    """
    memory = memory_of(request)
    rows = {one.number: one for one in editions(_code(memory))}
    if number not in rows:
        raise Http404("no such edition")
    row, preset = rows[number], compiled(rows[number].pk)
    asked = request.GET.get("with", "")
    other = earlier if (earlier := whole(asked)) in rows else max((n for n in rows if n < number), default=0)
    changes = [one.text(lang_of()) for one in diff(compiled(rows[other].pk), preset)] if other else []
    _again, problems = load(dict(preset.files))
    context = {
        "row": row, "preset": preset, "in_force": row.pk == memory.edition_id, "flows": _flows(preset),
        "files": [(name, len(text.encode())) for name, text in sorted(preset.files.items())],
        "other": other, "others": [n for n in rows if n != number], "changes": changes[:MOST_CHANGES],
        "more": max(0, len(changes) - MOST_CHANGES), "problems": [one.text(lang_of()) for one in problems],
        "counts": [
            (_("divisions"), len(preset.divisions)), (_("grids"), len(preset.grids)), (_("organs"), len(preset.organs)),
            (_("items"), len(preset.leaves)), (_("flows"), len(preset.flows)), (_("forms"), len(preset.forms)),
        ],
    }  # fmt: skip
    return render(request, "cases/admin/edition.html", context)


@never_cache
@require_GET
@needs(*RIGHTS)
def file(request: HttpRequest, number: int) -> HttpResponse:
    """The text of one file (``name``) of an edition, as it was published."""
    preset = edition_of(request, number)
    name = request.GET.get("name", "")
    if name not in preset.files:
        raise Http404("no such file")
    context = {"number": number, "name": name, "lines": preset.files[name].splitlines()}
    return render(request, "cases/admin/edition_file.html", context)


@never_cache
@require_GET
@needs(*RIGHTS)
def flow(request: HttpRequest, number: int, flow: str) -> HttpResponse:
    """A flow as a picture that can be made larger (``zoom`` in per cent), with its steps and limits as a table."""
    preset = edition_of(request, number)
    if flow not in preset.flows:
        raise Http404("no such flow")
    found = preset.flows[flow]
    width, height = _size(_svg(preset, flow))
    words = Speech(lang_of(), names(preset, lang_of()), found)
    asked = request.GET.get("zoom", "")
    zoom = found_zoom if (found_zoom := whole(asked)) in ZOOMS else 100
    context = {
        "number": number, "flow": found, "name": found.en if english() and found.en else found.name, "zoom": zoom,
        "zooms": ZOOMS, "width": round(width * zoom / 100), "height": round(height * zoom / 100),
        "steps": [
            {
                "name": (step.en or step.name) if english() else step.name, "id": step.id,
                "owner": words.owner(step.owner), "limit": words.limit(step.limit),
                "auto": step.auto, "end": step.end,
            }
            for step in found.steps.values()
        ],
    }  # fmt: skip
    return render(request, "cases/admin/flow.html", context)


@require_GET
@needs(*RIGHTS)
def picture(request: HttpRequest, number: int, flow: str) -> HttpResponse:
    """The picture of a flow as an SVG file."""
    preset = edition_of(request, number)
    if flow not in preset.flows:
        raise Http404("no such flow")
    return HttpResponse(_svg(preset, flow), content_type="image/svg+xml; charset=utf-8")


def _svg(preset: Preset, flow: str) -> str:
    return draw(preset.flows[flow], "en" if english() else "zh-Hans", names(preset, lang_of()))


def _size(svg: str) -> tuple[float, float]:
    found = re.search(r'viewBox="0 0 ([\d.]+) ([\d.]+)"', svg)
    return (float(found[1]), float(found[2])) if found else (1000.0, 800.0)


def _code(memory: PlaceMemory) -> str:
    return memory.preset.code if memory.preset is not None else memory.code


def edition_of(request: HttpRequest, number: int) -> Preset:
    """That edition of the place. Raises Http404 where there is none. One SQL statement."""
    found = Edition.objects.filter(place_code=_code(memory_of(request)), number=number).values_list(
        "pk", flat=True
    )
    pk = found.first()
    if pk is None:
        raise Http404("no such edition")
    return compiled(pk)


def _flows(preset: Preset | None) -> list[dict[str, Any]]:
    flows = preset.flows.values() if preset is not None else ()
    return [
        {
            "id": one.id,
            "name": one.en if english() and one.en else one.name,
            "steps": len(one.steps),
            "leg": one.leg,
        }
        for one in flows
    ]
