"""Points taken off units: the month's rows, one deduction with its grounds, and what may be done about it."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from huying import clock
from huying.cases.actions import Refused, Stale
from huying.cases.models import Case
from huying.cases.sight import visible
from huying.cases.views.common import actor_of, memory_of, stale
from huying.reviews import queries
from huying.reviews.actions import deductions as actions
from huying.reviews.days import DAY, local_day, month_of, name_of
from huying.reviews.models import Task
from huying.reviews.views.common import why_not
from huying.reviews.words import STATES, state_look
from huying.staff import sight as sights
from huying.staff.access import needs
from huying.staff.sight import Sight
from huying.ui.typed import whole

WHOLE = ("assess", "overview", "inspect")
OWN = ("handle",)


def _organs(sight: Sight) -> list[int] | None:
    """Whose deductions the person reads: all, or those of the organs they serve in."""
    return None if sight.can(*WHOLE) and not _only_own(sight) else sorted(sight.organs)


def _only_own(sight: Sight) -> bool:
    """The head of a department has an overview of that department, not of the others' points."""
    return not sight.paths and not sight.can("assess")


@never_cache
@needs(*WHOLE, *OWN)
@require_GET
def month(request: HttpRequest) -> HttpResponse:
    """A month's deductions by unit, newest first. Four SQL statements beside those of signing in."""
    memory, sight = memory_of(request), sights.of(request)
    today = local_day(memory, clock.now())
    start, end = month_of(request.GET.get("month", ""), today)
    organs = _organs(sight)
    asked = whole(request.GET.get("organ", ""))
    if asked is not None and (organs is None or asked in organs):
        organs = [asked]
    try:
        rows, after = queries.page(
            memory.place_id,
            start,
            end,
            organ_ids=organs,
            state=request.GET.get("state", ""),
            after=request.GET.get("after", ""),
        )
    except ValueError as error:
        raise Http404 from error
    points_by_organ = queries.points_of(memory.place_id, start, end)
    sums = sorted(
        (
            (memory.organs[organ], points)
            for organ, points in points_by_organ.items()
            if organs is None or organ in organs
        ),
        key=lambda row: (-row[1], row[0].id),
    )
    keep = f"month={name_of(start, 'month')}" + (f"&organ={asked}" if asked is not None else "")
    context = {
        "rows": [{"taken": one, "look": state_look(one.state)} for one in rows], "sums": sums, "start": start,
        "before": name_of(start - DAY, "month"), "next_month": name_of(end, "month") if end <= today else "",
        "month": name_of(start, "month"), "after": f"?{keep}&after={after}" if after else "", "first": "after" not in request.GET,
        "organ": memory.organs.get(asked) if asked is not None else None, "state": request.GET.get("state", ""),
        "tabs": [
            {"label": _("All of them"), "url": f"?{keep}", "current": not request.GET.get("state")},
            *(
                {"label": STATES[code].label, "url": f"?{keep}&state={code}", "current": request.GET.get("state") == code}
                for code in ("proposed", "confirmed", "appealed")
            ),
        ],
    }  # fmt: skip
    return render(request, "reviews/deductions.html", context)


@never_cache
@needs(*WHOLE, *OWN)
@require_http_methods(["GET", "POST"])
def deduction(request: HttpRequest, ident: UUID) -> HttpResponse:
    """One deduction: its case, event and rule, every decision about it, and what the person may do."""
    memory, sight = memory_of(request), sights.of(request)
    organs = _organs(sight)
    found = queries.one(memory.place_id, ident)
    if found is None or (organs is not None and found[0].organ_id not in organs):
        raise Http404
    if request.method == "GET":
        return _show(request, memory, sight, *found)
    do, reason = request.POST.get("do", ""), request.POST.get("reason", "").strip()
    actor = actor_of(request)
    try:
        if do == "confirm":
            actions.confirm(memory.place_id, ident, actor)
        elif do == "withdraw":
            actions.withdraw(memory.place_id, ident, reason, actor)
        elif do == "appeal":
            actions.appeal(memory.place_id, ident, reason, actor)
        elif do in ("uphold", "correct"):
            task = Task.objects.filter(place_id=memory.place_id, kind="appeal", deduction_id=ident).first()
            if task is None:
                raise Http404
            points = _points(request.POST.get("points", "")) if do == "correct" else None
            actions.decide(memory.place_id, task.id, points, reason, actor)
        else:
            raise Refused("unknown-move")
    except Refused as error:
        message = next(iter(error.errors.values()), "") or why_not(error)
        return _show(request, memory, sight, *found, status=422, error=message, did=do, reason=reason)
    except (Stale, Case.DoesNotExist) as error:
        message = stale(error) if isinstance(error, Stale) else why_not(Refused("not-allowed"))
        return _show(request, memory, sight, *found, status=409, error=message, did=do, reason=reason)
    messages.success(request, _("Recorded. The unit reads it on this page."))
    return redirect("reviews:deduction", ident=ident)


def _points(text: str) -> Decimal:
    try:
        return Decimal(text.strip())
    except InvalidOperation as error:
        raise Refused("invalid", {"points": _("Please write a number.")}) from error


def _show(
    request: HttpRequest, memory: Any, sight: Sight, taken: queries.Taken, steps: list[queries.Decided], *, status: int = 200,
    error: str = "", did: str = "", reason: str = "",
) -> HttpResponse:  # fmt: skip
    now = clock.now()
    may = sight.can(actions.RIGHT)
    mine = taken.organ_id in sight.organs
    confirmed_by = next((step.person_id for step in steps if step.kind == queries.CONFIRMED), None)
    appeal = (
        Task.objects.filter(place_id=memory.place_id, kind="appeal", deduction_id=taken.id).first()
        if steps
        else None
    )
    said = Case.objects.filter(place_id=memory.place_id, id=appeal.id).first() if appeal is not None else None
    context = {
        "taken": taken, "look": state_look(taken.state), "error": error, "did": did, "reason": reason, "appeal": said,
        "steps": [{"step": step, "look": state_look(step.kind)} for step in steps],
        "sees_case": visible(sight).filter(id=taken.case_id).exists(),
        "may_confirm": may and taken.state == queries.PROPOSED,
        "may_withdraw": may and taken.state in (queries.PROPOSED, queries.CONFIRMED),
        "may_appeal": mine and taken.state == queries.CONFIRMED and (taken.until is None or now <= taken.until),
        "may_decide": may and not mine and taken.state == queries.APPEALED and confirmed_by != sight.person_id,
        "confirmed_it": may and taken.state == queries.APPEALED and confirmed_by == sight.person_id,
        "month": name_of(local_day(memory, taken.at).replace(day=1), "month"),
    }  # fmt: skip
    return render(request, "reviews/deduction.html", context, status=status)
