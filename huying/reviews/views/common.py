"""What the views of this room share: fields of a task's moves, and a refusal in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest
from django.utils.translation import gettext as _

from huying.cases.actions import Refused
from huying.cases.views.common import posted, refusal, schema_fields
from huying.places.info import PlaceMemory
from huying.presets.review_definition import Review, Reviews
from huying.reviews.models import Task


def reviews_of(memory: PlaceMemory) -> Reviews | None:
    """What the place's preset says about reviews; None when it says nothing."""
    return memory.preset.reviews if memory.preset is not None else None


def fields_of(memory: PlaceMemory, review: Review, move: str) -> Any:
    """What a move of the task asks for."""
    preset = memory.preset
    assert preset is not None
    return preset.move_form(preset.kinds[review.kind].flow, move).fields


def shown(
    memory: PlaceMemory, review: Review, move: str, *, values: Mapping[str, Any] | None = None,
    errors: Mapping[str, str] | None = None, upload: str = "",
) -> list[dict[str, Any]]:  # fmt: skip
    """The fields of a move as the form components take them."""
    return schema_fields(
        fields_of(memory, review, move), memory.preset, memory, values=values, errors=errors, upload=upload
    )


def sent(request: HttpRequest, memory: PlaceMemory, review: Review, move: str) -> dict[str, Any]:
    """What was sent for the fields of a move."""
    return posted(request, fields_of(memory, review, move))


def why_not(error: Refused) -> str:
    """Why something was refused, in words."""
    return {
        "done": _("This has been recorded already."),
        "decided": _("This has been decided already."),
        "too-late": _("The time for an appeal is over."),
        "same-person": _("Whoever confirmed it cannot decide about the appeal. Please ask a colleague."),
        "own-unit": _("Nobody decides about their own unit."),
        "no-appeal": _("This place has no appeals."),
        "unknown-task": _("There is no such task."),
        "unknown-deduction": _("There is no such deduction."),
    }.get(error.code) or refusal(error)


def recorded(request: HttpRequest, place_id: int, task_id: UUID) -> bool:
    """Whether the task is over: sent twice, or a colleague was faster; whoever is late is told. One SQL statement."""
    done = Task.objects.filter(place_id=place_id, id=task_id, done_at__isnull=False).exists()
    if done:
        messages.info(request, _("This has been recorded already."))
    return done
