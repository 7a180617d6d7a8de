"""The call-back seat: the queue, and one call with its script."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from huying.cases import naming
from huying.cases.actions import KeyReused, Refused, Stale
from huying.cases.lists import BadCursor
from huying.cases.models import Case
from huying.cases.queries import where
from huying.cases.views.common import actor_of, lang_of, memory_of, seen_of, stale
from huying.cases.who import DESK
from huying.presets.review_definition import Review
from huying.reviews import worklist
from huying.reviews.actions import answering, looking
from huying.reviews.views.common import recorded, reviews_of, sent, shown, why_not
from huying.reviews.words import draw_name
from huying.staff import sight as sights
from huying.staff.access import needs

KIND = "call_back"


@never_cache
@needs("call_back")
@require_GET
def queue(request: HttpRequest) -> HttpResponse:
    """Whom to call back, the next limit first. Two SQL statements beside those of signing in."""
    memory = memory_of(request)
    reviews = reviews_of(memory)
    try:
        page = worklist.open_tasks(sights.of(request), KIND, request.GET.get("after", ""))
    except BadCursor as error:
        raise Http404 from error
    review = reviews.call_back if reviews is not None else None
    rows = [
        {"line": line, "why": draw_name(review, line.task.rule), "where": where(memory, line.case),
         "organ": _organ(memory, line.task.organ_id)}
        for line in page.rows
    ]  # fmt: skip
    context = {"rows": rows, "after": page.after, "first": not request.GET.get("after"), "review": review}
    return render(request, "reviews/calls.html", context)


def _organ(memory: Any, organ_id: int | None) -> str:
    organ = memory.organs.get(organ_id) if organ_id is not None else None
    return organ.short if organ is not None else ""


def _task(request: HttpRequest, task_id: UUID) -> tuple[Any, Review, worklist.Line]:
    memory = memory_of(request)
    reviews = reviews_of(memory)
    if reviews is None or reviews.call_back is None:
        raise Http404
    try:
        return memory, reviews.call_back, worklist.one(sights.of(request), task_id, [KIND])
    except Case.DoesNotExist as error:
        raise Http404 from error


@never_cache
@needs("call_back")
@require_GET
def call(request: HttpRequest, task_id: UUID) -> HttpResponse:
    """One call: what it is about, the number on request, the script, and what was said."""
    return _show(request, *_task(request, task_id))


def _show(
    request: HttpRequest, memory: Any, review: Review, line: worklist.Line, status: int = 200, **tried: Any
) -> HttpResponse:
    case, lang = line.case, lang_of()
    preset = memory.preset
    did = tried.get("did", "")
    flow = preset.flow_of(review.kind)
    move = next(
        (code for code in review.again if line.held.step in flow.by_id[code].sources), review.done["given_up"]
    )
    context = {
        "line": line, "case": case, "task": line.task, "review": review, "why": draw_name(review, line.task.rule),
        "where": where(memory, case), "item": naming.item_name(preset, case.item), "organ": _organ(memory, line.task.organ_id),
        "numbers": looking.masked(case) if not line.task.done_at else [], "people": tried.get("people"),
        "opening": review.opening.text(lang), "closing": review.closing.text(lang),
        "answer_fields": shown(memory, review, review.done["answered"],
                               values=tried.get("values") if did == "answered" else None,
                               errors=tried.get("errors") if did == "answered" else None),
        "missed_fields": shown(memory, review, move, values=tried.get("values") if did == "missed" else None,
                               errors=tried.get("errors") if did == "missed" else None),
        "last": move == review.done["given_up"], "did": did, "general": tried.get("general", ""), "key": tried.get("key", ""),
        "contact_error": tried.get("contact_error", ""), "step": naming.step_name(flow, line.held.step),
    }  # fmt: skip
    return render(request, "reviews/call.html", context, status=status)


@never_cache
@needs("call_back")
@require_POST
def answer(request: HttpRequest, task_id: UUID) -> HttpResponse:
    """What came of the attempt: answers to the script, or nobody reached."""
    if recorded(request, memory_of(request).place_id, task_id):
        return redirect("reviews:calls")
    memory, review, line = _task(request, task_id)
    did = "answered" if request.POST.get("did") == "answered" else "missed"
    move = review.done["answered"] if did == "answered" else (*review.again, review.done["given_up"])[0]
    data = sent(request, memory, review, move)
    actor = actor_of(request, DESK)
    key = request.POST.get("key") or None
    place_id = line.task.place_id
    tried: dict[str, Any] = {"did": did, "values": data, "key": key or ""}
    try:
        if did == "answered":
            came = answering.called(place_id, task_id, data, actor, key=key, seen=seen_of(request))
            messages.success(request, told(came))
        else:
            more = answering.not_reached(place_id, task_id, data, actor, key=key, seen=seen_of(request))
            messages.success(
                request, _("Noted. It stays in the queue.") if more else _("Noted. The call-back is over.")
            )
    except Refused as error:
        return _show(request, memory, review, line, 422, errors=error.errors, general=why_not(error), **tried)
    except Stale as error:
        return _show(request, *_task(request, task_id), status=409, general=stale(error), **tried)
    except KeyReused:
        return _show(
            request, *_task(request, task_id), status=409, general=_("This was sent already."), **tried
        )
    except Case.DoesNotExist as error:
        raise Http404 from error
    return redirect("reviews:calls")


def told(came: answering.CameTo) -> str:
    """What followed from an answer, for whoever wrote it down."""
    return {
        "reopened": _("Noted. The case was reopened and is with the centre."),
        "rated": _("Noted. It was taken as the caller's rating."),
        "new_case": _("Noted. The time for reopening is over, so a new case was opened: %(number)s.") % {"number": came.number},
    }.get(came.what, _("Noted."))  # fmt: skip


@never_cache
@needs("call_back")
@require_POST
def contact(request: HttpRequest, task_id: UUID) -> HttpResponse:
    """Show the caller's number for this call, with a reason that goes on record."""
    memory, review, line = _task(request, task_id)
    try:
        people = looking.reveal(
            line.task.place_id, task_id, request.POST.get("reason", ""), actor_of(request, DESK)
        )
    except Refused as error:
        why = error.errors.get("reason") or why_not(error)
        return _show(request, memory, review, line, 422, contact_error=why)
    return _show(request, memory, review, line, people=people)
