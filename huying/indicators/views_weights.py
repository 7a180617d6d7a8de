"""The administrator's page of indicators: all of them with how they are reckoned, and the weights of the scores."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from huying.cases import handbook
from huying.cases.actions.perform import Conflict, Refused
from huying.cases.views.common import actor_of, lang_of, memory_of
from huying.indicators import weights as weighing
from huying.indicators import wording
from huying.indicators.actions import weigh
from huying.indicators.frame import MANAGES
from huying.places.info import PlaceMemory
from huying.places.tables import ImportRefused
from huying.presets import actions as presets
from huying.presets.indicator_definition import Score
from huying.presets.problems import problem
from huying.presets.read_indicators import FILE
from huying.staff.access import needs
from huying.ui.typed import whole


@never_cache
@require_http_methods(["GET", "POST"])
@needs(*MANAGES)
def weights(request: HttpRequest) -> HttpResponse:
    """The indicators and a form for each score. POST shows the difference; with ``publish`` it becomes the next edition.

    422 with what is wrong, 409 when another edition came into force meanwhile.
    """
    memory = memory_of(request)
    preset = memory.preset
    scores = dict(preset.indicators.scores) if preset is not None else {}
    context: dict[str, Any] = {"base": memory.edition_id}
    status = 200
    typed: dict[str, str] = {}
    if request.method == "POST" and preset is not None and request.POST.get("score") in scores:
        score = scores[request.POST["score"]]
        typed, found = _posted(request, score)
        wrong = [name for name, number in found.items() if number is None]
        if wrong:
            found_wrong = problem("not-number", FILE, score.line, where=f"scores.{score.id}", range="0–100")
            context["problems"] = [found_wrong.text(lang_of())]
            status = 422
        else:
            chosen = {name: number or 0 for name, number in found.items()}
            draft = weighing.draft(preset, score, chosen)
            if draft.problems:
                context["problems"], status = [one.text(lang_of()) for one in draft.problems[:20]], 422
            elif request.POST.get("publish"):
                answer = _publish(request, memory, score, chosen, context)
                if answer is not None:
                    return answer
                status = 409
            elif not draft.changes:
                context["unchanged"] = True
            else:
                context |= {
                    "changes": _changes(score, chosen, memory), "changing": score.id,
                    "cells": [(f"w_{name}", text) for name, text in typed.items()],
                    "effects": handbook.side_effects(memory, draft.files),
                }  # fmt: skip
    posted = request.POST.get("score", "")
    context |= {
        "indicators": _indicators(memory),
        "scores": [_score(one, memory, typed if one.id == posted else {}) for one in scores.values()],
    }  # fmt: skip
    return render(request, "indicators/weights.html", context, status=status)


def _changes(score: Score, chosen: dict[str, float], memory: PlaceMemory) -> list[str]:
    own = wording.defined(memory)
    return [
        f"{own[name].name.text(wording.lang())}：{score.weights[name]:g} → {weight:g}"
        for name, weight in chosen.items()
        if weight != score.weights[name]
    ]


def _posted(request: HttpRequest, score: Score) -> tuple[dict[str, str], dict[str, float | None]]:
    typed = {name: request.POST.get(f"w_{name}", "").strip()[:12] for name in score.weights}
    return typed, {name: _number(text) for name, text in typed.items()}


def _number(text: str) -> float | None:
    try:
        found = float(text)
    except ValueError:
        return None
    return round(found, 2) if 0 <= found <= 100 else None


def _publish(
    request: HttpRequest, memory: PlaceMemory, score: Score, chosen: dict[str, float], context: dict[str, Any]
) -> HttpResponse | None:
    base, note = request.POST.get("base", ""), request.POST.get("note", "").strip()[:200]
    preset = memory.preset
    assert preset is not None
    try:
        edition = weigh(
            memory,
            preset,
            score,
            chosen,
            whole(base) or 0,
            note or _("weights"),
            actor_of(request),
        )
    except Conflict:
        context["overtaken"] = True
        return None
    except (Refused, presets.Refused, ImportRefused) as error:
        context["problems"] = [str(error)]
        return None
    messages.success(request, _("Edition %(n)s with the new weights is in force.") % {"n": edition.number})
    return HttpResponseRedirect(reverse("indicators:weights"), status=303)


def _score(score: Score, memory: PlaceMemory, typed: dict[str, str]) -> dict[str, Any]:
    own = wording.defined(memory)
    rows = [
        {
            "id": f"w_{name}", "name": own[name].name.text(wording.lang()), "value": typed.get(name, f"{weight:g}"),
            "lower": own[name].direction == "lower",
        }
        for name, weight in score.weights.items()
    ]  # fmt: skip
    return {
        "id": score.id, "name": score.name.text(wording.lang()), "meaning": score.meaning.text(wording.lang()),
        "rows": rows, "total": f"{sum(score.weights.values()):g}",
    }  # fmt: skip


def _indicators(memory: PlaceMemory) -> list[dict[str, Any]]:
    preset = memory.preset
    if preset is None:
        return []
    return [
        {
            "name": one.name.text(wording.lang()), "formula": wording.formula(one, memory),
            "basis": wording.basis_name(one.basis), "direction": one.direction,
            "left_out": "、".join(wording.measure_name(name) for name in one.exclusions),
            "good": _threshold(one.good, one.unit), "fair": _threshold(one.fair, one.unit),
        }
        for one in preset.indicators.indicators.values()
    ]  # fmt: skip


def _threshold(value: float | None, unit: str) -> str:
    if value is None:
        return ""
    return f"{value * 100:g}%" if unit == "percent" else f"{value:g}"
