"""Looking at closed cases: checks and look-backs, on a phone where the thing is."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from huying.cases import naming
from huying.cases.actions import KeyReused, Refused, Stale
from huying.cases.lists import BadCursor
from huying.cases.models import Case
from huying.cases.queries import where
from huying.cases.views.common import actor_of, files_key, memory_of, seen_of, stale
from huying.cases.views.files import stage_sent
from huying.files import queries as files
from huying.reviews import worklist
from huying.reviews.actions import answering
from huying.reviews.views.calls import told
from huying.reviews.views.common import fields_of, recorded, reviews_of, sent, shown, why_not
from huying.reviews.words import draw_name, outcome_look
from huying.staff import sight as sights
from huying.staff.access import needs

CHECK, LOOK_BACK = "check", "look_back"
GOOD = {CHECK: "passed", LOOK_BACK: "holds"}
BAD = {CHECK: "failed", LOOK_BACK: "came_back"}


@never_cache
@needs("review")
@require_GET
def checks(request: HttpRequest) -> HttpResponse:
    """What is to be looked at, the next limit first. Two SQL statements beside those of signing in."""
    kind = LOOK_BACK if request.GET.get("kind") == LOOK_BACK else CHECK
    memory = memory_of(request)
    reviews = reviews_of(memory)
    try:
        page = worklist.open_tasks(sights.of(request), kind, request.GET.get("after", ""))
    except BadCursor as error:
        raise Http404 from error
    review = getattr(reviews, kind, None)
    context = {
        "rows": [
            {"line": line, "why": draw_name(review, line.task.rule), "where": where(memory, line.case)} for line in page.rows
        ],
        "after": page.after, "first": not request.GET.get("after"), "kind": kind,
        "tabs": [
            {"label": _("To be checked"), "url": "?", "current": kind == CHECK},
            {"label": _("Look-back"), "url": f"?kind={LOOK_BACK}", "current": kind == LOOK_BACK},
        ],
    }  # fmt: skip
    return render(request, "reviews/checks.html", context)


def _task(request: HttpRequest, task_id: UUID) -> tuple[Any, Any, worklist.Line]:
    memory = memory_of(request)
    reviews = reviews_of(memory)
    if reviews is None:
        raise Http404
    try:
        line = worklist.one(sights.of(request), task_id, [CHECK, LOOK_BACK])
    except Case.DoesNotExist as error:
        raise Http404 from error
    review = getattr(reviews, line.task.kind)
    if review is None:
        raise Http404
    return memory, review, line


@never_cache
@needs("review")
@require_http_methods(["GET", "POST"])
def check(request: HttpRequest, task_id: UUID) -> HttpResponse:
    """One case to be looked at: what was reported, what was said to be done, and whether it is so."""
    if request.method == "POST" and recorded(request, memory_of(request).place_id, task_id):
        return redirect("reviews:checks")
    memory, review, line = _task(request, task_id)
    if request.method == "GET":
        return _show(request, memory, review, line)
    kind, good = line.task.kind, request.POST.get("did") == "good"
    move = review.done[(GOOD if good else BAD)[kind]]
    data = sent(request, memory, review, move)
    errors = stage_sent(request, fields_of(memory, review, move), data)
    key = request.POST.get("key") or None
    tried: dict[str, Any] = {"did": "good" if good else "bad", "values": data, "key": key or ""}
    if errors:
        return _show(request, memory, review, line, 422, errors=errors, **tried)
    try:
        came = answering.looked(
            line.task.place_id, task_id, good, data, actor_of(request), key=key, seen=seen_of(request),
            files_key=files_key(request),
        )  # fmt: skip
    except Refused as error:
        return _show(request, memory, review, line, 422, errors=error.errors, general=why_not(error), **tried)
    except Stale as error:
        return _show(request, *_task(request, task_id), status=409, general=stale(error), **tried)
    except KeyReused:
        return _show(
            request, *_task(request, task_id), status=409, general=_("This was sent already."), **tried
        )
    messages.success(request, told(came))
    return redirect(reverse("reviews:checks") + (f"?kind={kind}" if kind != CHECK else ""))


def _show(
    request: HttpRequest, memory: Any, review: Any, line: worklist.Line, status: int = 200, **tried: Any
) -> HttpResponse:
    kind, case = line.task.kind, line.case
    did, upload = tried.get("did", ""), reverse("cases:upload")
    forms = []
    for name, code in (("good", GOOD[kind]), ("bad", BAD[kind])):
        mine = did == name
        fields = shown(
            memory, review, review.done[code], values=tried.get("values") if mine else None,
            errors=tried.get("errors") if mine else None, upload=upload,
        )  # fmt: skip
        label = {
            "passed": _("It is in order"), "failed": _("It is not in order: again"), "holds": _("It holds"),
            "came_back": _("It came back: begin again"),
        }[code]  # fmt: skip
        forms.append({"did": name, "label": label, "fields": fields, "open": mine, "bad": name == "bad"})
    photos = [
        one for one in files.of_case(case.place_id, case.id) if one.erased_at is None and one.kind == "photo"
    ]
    context = {
        "line": line, "case": case, "task": line.task, "forms": forms, "general": tried.get("general", ""),
        "key": tried.get("key", ""), "why": draw_name(review, line.task.rule), "where": where(memory, case),
        "item": naming.item_name(memory.preset, case.item), "outcome": outcome_look(line.task.outcome), "photos": len(photos),
        "heading": pgettext("review", "Look-back") if kind == LOOK_BACK else pgettext("review", "Check"),
    }  # fmt: skip
    return render(request, "reviews/check.html", context, status=status)


@never_cache
@needs("review", "assess", "overview")
@require_GET
def look_backs(request: HttpRequest) -> HttpResponse:
    """How far the look-backs are, by town; the newest open. Three SQL statements at most beside those of signing in."""
    memory = memory_of(request)
    found = worklist.cycles(memory.place_id)
    name = request.GET.get("cycle", "")
    chosen = next((one for one in found if one.name == name), found[0] if found else None)
    context = {
        "cycle": worklist.cycle(chosen) if chosen is not None else None,
        "tabs": [{"label": one.name, "url": f"?cycle={one.name}", "current": one is chosen} for one in found],
    }
    return render(request, "reviews/look_backs.html", context)
