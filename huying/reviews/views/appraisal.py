"""Quarterly appraisal and yearly ranking of units, with what every figure is made of."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from huying import clock
from huying.cases.actions import Refused
from huying.cases.views.common import actor_of, memory_of
from huying.indicators.periods import Period, quarter, year
from huying.places.info import DivisionInfo, PlaceMemory
from huying.presets.review_definition import LEVELS
from huying.reviews import appraising
from huying.reviews.days import DAY, is_recorded, local_day, name_of
from huying.reviews.views.common import reviews_of, why_not
from huying.staff import sight as sights
from huying.staff.access import needs
from huying.staff.sight import Sight

NARROWED = ("village", "grid")  # levels with so many units that one looks at those of a town
MOST = 200


def _levels() -> list[tuple[str, str]]:
    return [
        ("organ", pgettext("appraisal", "Organs")), ("town", _("Towns and streets")),
        ("village", _("Villages and communities")), ("grid", _("Grid teams")),
    ]  # fmt: skip


def _towns(memory: PlaceMemory, sight: Sight) -> list[DivisionInfo]:
    """The towns to choose from, those of the person's duty first."""
    top = memory.top
    rows = [row for row in memory.children(top.id if top is not None else None) if not row.is_grid]
    return sorted(rows, key=lambda row: not any(path.startswith(row.path) for path in sight.paths))


def _asked_town(text: str, towns: Sequence[DivisionInfo]) -> DivisionInfo | None:
    return next((row for row in towns if str(row.id) == text), None)


def _under(memory: PlaceMemory, unit_id: int, town: DivisionInfo) -> bool:
    return unit_id in memory.divisions and memory.division(unit_id).path.startswith(town.path)


def _period(text: str, today: date) -> tuple[Period, str]:
    """The quarter or year that an address names, else the last quarter that is over."""
    head, _sep, tail = text.partition("-Q")
    try:
        if head and not is_recorded(int(head), today):
            raise Http404
        if tail:
            return quarter(int(head), int(tail)), text
        if head:
            return year(int(head)), text
    except ValueError as error:
        raise Http404 from error
    last = today.replace(month=(today.month - 1) // 3 * 3 + 1, day=1) - DAY
    found = quarter(last.year, (last.month + 2) // 3)
    return found, name_of(found.start, "quarter")


@never_cache
@needs("assess", "overview")
@require_http_methods(["GET", "POST"])
def appraisal(request: HttpRequest) -> HttpResponse:
    """How units stand. One SQL statement for an issued appraisal beside those of signing in."""
    memory, sight = memory_of(request), sights.of(request)
    if not sight.paths and not sight.can("assess"):
        raise Http404  # the head of one department does not read the others' marks before they are issued
    today = local_day(memory, clock.now())
    asked = request.POST if request.method == "POST" else request.GET
    level = asked.get("level", LEVELS[0])
    if level not in LEVELS:
        raise Http404
    period, name = _period(asked.get("period", ""), today)
    error = ""
    if request.method == "POST":
        try:
            appraising.issue(memory.place_id, period, level, actor_of(request))
        except Refused as refused:
            error = {
                "not-over": _("The period is not over yet."), "nothing": _("There is nothing to appraise."),
                "decided": _("It has been issued already."),
            }.get(refused.code) or why_not(refused)  # fmt: skip
        else:
            messages.success(request, _("Issued. It stays as it is now."))
            return redirect(f"{reverse('reviews:appraisal')}?level={level}&period={name}")
    found = appraising.standings(memory.place_id, period, level)
    reviews = reviews_of(memory)
    appraisals = reviews.appraisals if reviews is not None else {}
    weights = appraisals.get(level)
    towns = _towns(memory, sight) if level in NARROWED else []
    town = _asked_town(asked.get("town", ""), towns)
    rows = [row for row in found.rows if town is None or _under(memory, row.unit_id, town)]
    step = "year" if "-" not in name else "quarter"
    before, after = period.before(), Period(period.end, period.end + (period.end - period.start))
    context = {
        "found": found, "rows": rows[:MOST], "more": len(rows) - MOST, "towns": towns, "town": town,
        "level": level, "period": period, "name": name, "error": error, "weights": weights,
        "last_day": period.last,
        "before": name_of(before.start, step), "next": name_of(after.start, step) if period.end <= today else "",
        "tabs": [
            {"label": label, "url": f"?level={code}&period={name}", "current": code == level}
            for code, label in _levels()
            if code in appraisals or code == level
        ],
        "steps": [
            {"label": pgettext("period", "Quarter"), "url": f"?level={level}", "current": step == "quarter"},
            {"label": pgettext("period", "Year"), "url": f"?level={level}&period={period.start.year}", "current": step == "year"},
        ],
        "may_issue": sight.can("assess") and found.issued_at is None and period.end <= today and bool(found.rows),
    }  # fmt: skip
    return render(request, "reviews/appraisal.html", context, status=422 if error else 200)
