"""The card on a case's page: what was said and found afterwards, the caller's apart from those who joined; on the page
of a task the way to the screen where it is worked off."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from huying.cases import looks
from huying.cases.panels import Panel
from huying.cases.queries import CaseView
from huying.cases.who import Actor
from huying.presets.review_definition import Reviews
from huying.reviews.models import Answer, Task
from huying.reviews.words import SAID, outcome_look

SHOWN = 50
SLIP = ("reply", "desk", "call_back", "handle")


def card(request: HttpRequest, seen: CaseView, actor: Actor) -> Panel | None:
    """For staff, on closed cases and on tasks. One SQL statement there, none elsewhere."""
    reviews: Reviews | None = seen.preset.reviews
    if reviews is None or not seen.inside:
        return None
    case = seen.case
    if any(task.kind == case.kind for task in reviews.tasks()):
        return _task(seen)
    if case.kind not in reviews.of or (case.closed_at is None and case.round == 1):
        return None
    rows = list(Answer.objects.filter(place_id=case.place_id, case_id=case.id).order_by("at", "id")[:SHOWN])
    joined = [row.satisfaction for row in rows if row.joined]
    context: dict[str, Any] = {
        "case": case, "rating": looks.rating_name(case.satisfaction),
        "joined": [(label, joined.count(value)) for value, label in sorted(SAID.items(), reverse=True) if value in joined],
        "rows": [
            {"row": row, "said": SAID.get(row.satisfaction or 0), "look": outcome_look(row.reason)}
            for row in rows if row.source != "link"
        ],
        "may_slip": case.closed_at is not None and actor.sight is not None and actor.sight.can(*SLIP),
    }  # fmt: skip
    return Panel("reviews/_said.html", context)


def _task(seen: CaseView) -> Panel | None:
    """What a task comes to is more than its own move: it is worked off on its own screen."""
    case = seen.case
    task = Task.objects.filter(place_id=case.place_id, id=case.id).select_related("case").first()
    if task is None:
        return None
    if task.deduction_id is not None:
        url = reverse("reviews:deduction", args=[task.deduction_id])
    else:
        url = reverse("reviews:call" if task.kind == "call_back" else "reviews:check", args=[task.id])
    moves = frozenset(move.id for move in seen.flow.moves)
    return Panel("reviews/_task.html", {"url": url, "number": task.case.number}, replaces=moves)
