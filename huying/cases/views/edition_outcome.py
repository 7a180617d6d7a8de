"""What a change of the preset leads to: shown first, with what is wrong or what would differ, then published."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _

from huying.cases import handbook
from huying.cases.actions.perform import Conflict, Refused
from huying.cases.views.common import actor_of, lang_of
from huying.places.info import PlaceMemory
from huying.places.tables import ImportRefused
from huying.presets import actions as presets
from huying.ui.typed import whole

MOST_PROBLEMS = 20


def shown_or_published(
    request: HttpRequest, memory: PlaceMemory, draft: handbook.Draft, hidden: Sequence[tuple[str, str]],
    context: dict[str, Any], *, note: str, back: str,
) -> HttpResponse | int:  # fmt: skip
    """The redirect to *back* when the draft was published, else the status, with *context* saying the rest.

    *hidden* is what the form for publishing sends again; *note* is kept with the edition where none was typed.
    """
    if draft.problems:
        context["problems"] = [one.text(lang_of()) for one in draft.problems[:MOST_PROBLEMS]]
        context["more_problems"] = max(0, len(draft.problems) - MOST_PROBLEMS)
        return 422
    if request.POST.get("publish"):
        answer = _published(request, memory, draft, context, note, back)
        return 409 if answer is None else answer
    if not draft.changes:
        context["unchanged"] = True
        return 200
    context |= {
        "changes": [one.text(lang_of()) for one in draft.changes], "cells": hidden,
        "effects": handbook.side_effects(memory, draft.files),
    }  # fmt: skip
    return 200


def _published(
    request: HttpRequest,
    memory: PlaceMemory,
    draft: handbook.Draft,
    context: dict[str, Any],
    note: str,
    back: str,
) -> HttpResponse | None:
    base, typed = request.POST.get("base", ""), request.POST.get("note", "").strip()[:200]
    try:
        edition = handbook.publish(memory, whole(base) or 0, draft.files, typed or note, actor_of(request))
    except Conflict:
        context["overtaken"] = True
        return None
    except (Refused, presets.Refused, ImportRefused) as error:
        context["problems"] = [str(error)]
        return None
    text = _("Edition %(n)s is in force. Open cases stay with the edition that they began with.")
    messages.success(request, text % {"n": edition.number})
    return HttpResponseRedirect(back, status=303)
