"""The plan of rounds and how it is kept, for those who look after an area."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from huying import clock
from huying.cases import inbox, rounds
from huying.cases.views.common import lang_of, memory_of
from huying.cases.views.staff import staff_page
from huying.places.info import PlaceMemory
from huying.presets.duty_definition import Duty
from huying.staff import sight as sights


@never_cache
@require_GET
@staff_page
def kept(request: HttpRequest) -> HttpResponse:
    """What is planned, and what became of it in the last weeks. Two SQL statements beside those of every page."""
    memory, sight = memory_of(request), sights.of(request)
    if not rounds.plan(memory):
        raise Http404
    if not sight.paths:
        raise PermissionDenied
    now = clock.now()
    parts = rounds.tallies(sight, memory, now)
    return render(
        request, "cases/rounds.html",
        {
            "plan": [_planned(memory, one) for one in rounds.plan(memory)], "parts": parts, "weeks": rounds.WEEKS,
            "missed": [
                {"case": case, "where": inbox.short_where(memory, case), "grid": _grid(memory, case)}
                for case in rounds.missed(sight, memory, now)
            ],
            "whole": {name: sum(getattr(one, name) for one in parts) for name in ("planned", "done", "missed", "open")},
            "preset_of_place": memory.preset,
        },
    )  # fmt: skip


def _grid(memory: PlaceMemory, case: Any) -> str:
    ident = case.grid_id if case.grid_id is not None else case.division_id
    return memory.division(ident).name if ident in memory.divisions else ""


def _planned(memory: PlaceMemory, duty: Duty) -> dict[str, Any]:
    assert memory.preset is not None
    lang, role = lang_of(), memory.preset.roles.get(duty.role)
    return {
        "name": duty.name.text(lang), "text": duty.text.text(lang), "rhythm": rhythm(duty),
        "who": role.name.text(lang) if role is not None else duty.role,
        "route": [stop.name.text(lang) for stop in duty.route],
    }  # fmt: skip


def rhythm(duty: Duty) -> str:
    """When the calendar calls for a duty, in words."""
    if duty.dates:
        days = (clock.now().replace(month=month, day=1) for month, _day in duty.dates)
        names = [f"{date_format(at, 'N')} {day}" for at, (_month, day) in zip(days, duty.dates, strict=True)]
        if lang_of() == "zh":
            names = [f"{month}月{day}日" for month, day in duty.dates]
        return _("each year on %(days)s") % {"days": "、".join(names)}
    if duty.every == "day":
        return _("every day")
    if duty.every == "week":
        weekdays = (
            _("Monday"),
            _("Tuesday"),
            _("Wednesday"),
            _("Thursday"),
            _("Friday"),
            _("Saturday"),
            _("Sunday"),
        )
        return _("every week on %(day)s") % {"day": weekdays[min(duty.day, 7) - 1]}
    said = {
        "month": pgettext("rhythm", "every month"), "quarter": pgettext("rhythm", "every quarter"),
        "half-year": pgettext("rhythm", "every half-year"), "year": pgettext("rhythm", "every year"),
    }[duty.every]  # fmt: skip
    return said + ngettext(", day %(n)d", ", day %(n)d", duty.day) % {"n": duty.day}
