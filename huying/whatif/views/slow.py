"""Why is it slow: the ways that cases really went, as a picture, tables, and the very cases."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from huying import clock
from huying.cases import behind, inbox, looks, naming
from huying.cases.lists import ZONE, BadCursor
from huying.cases.models import Case
from huying.cases.sight import visible
from huying.cases.views.common import memory_of
from huying.flow.definition import Flow
from huying.places.info import PlaceMemory
from huying.staff import sight as sights
from huying.staff.access import needs
from huying.staff.sight import Sight
from huying.ui.typed import whole
from huying.whatif import graph, queries, words
from huying.whatif.frame import RIGHT
from huying.whatif.mining import START, Bounce, Edge, Loop, Picture, Times, explore, with_edge
from huying.whatif.queries import Wanted
from huying.whatif.setting import Setting, setting_of

PERIODS = (7, 30, 90, 365)
LONGEST = 366
FEW = 10  # cases below which nothing is said
DETAILS = (("main", 0.05), ("more", 0.015), ("all", 0.0))
MOST_LISTED = 2000  # cases of one way that are looked up by name
TABLE = 60


@dataclass(frozen=True, slots=True)
class Asked:
    """What an address asks for."""

    wanted: Wanted
    flow: Flow
    since: date
    until: date
    days: int
    item: str
    organ: str
    detail: str

    def address(self, **over: Any) -> str:
        """The same as the query of an address; *over* replaces or (None) takes away."""
        values: dict[str, Any] = (
            {"days": self.days} if self.days else {"since": self.since, "until": self.until}
        )
        values |= {
            "item": self.item, "organ": self.organ, "town": self.wanted.town, "channel": self.wanted.channel,
            "flow": self.flow.id, "detail": self.detail,
        }  # fmt: skip
        return urlencode({k: v for k, v in (values | over).items() if v not in (None, "", 0)})


@never_cache
@require_GET
@needs(RIGHT)
def show(request: HttpRequest) -> HttpResponse:
    """The page. Two SQL statements beside signing in: the traces, and the numbers of the examples."""
    memory, sight = memory_of(request), sights.of(request)
    if memory.preset is None:
        return nothing(request)
    asked = _asked(request, sight, memory)
    courses, more = queries.traces(memory.place_id, asked.wanted)
    setting = _setting(memory, asked)
    found = explore(courses, setting, asked.flow.id, clock.now().timestamp())
    numbers = _numbers(sight, found)
    context = {
        "asked": asked, "few": found.cases < FEW, "found": found, "more": more, "most": queries.MOST, "now": clock.now(),
        "filters": _filters(asked, memory, courses), "here": _here(asked, memory), "address": asked.address(),
    }  # fmt: skip
    if found.cases >= FEW:
        context |= {
            "picture": _picture(found, asked), "details": _details(asked), "edges": _edges(found, asked), "steps": _steps(found, asked),
            "variants": _variants(found, asked, numbers), "loops": _loops(found, asked, numbers),
            "bounces": _bounces(found.bounces, memory, numbers), "pingpong": _bounces(found.pingpong, memory, numbers),
            "waits": [
                {"owner": words.owner(memory, one.owner), "other": words.owner(memory, one.other), "n": one.count,
                 "total": words.hours(one.total), "times": _times(one.times)}
                for one in found.waits
            ],
        }  # fmt: skip
    return render(request, "whatif/slow.html", context)


@never_cache
@require_GET
@needs(RIGHT)
def way(request: HttpRequest) -> HttpResponse:
    """The cases that went a way (``from``, ``to``), within the sight of whoever looks. Three SQL statements."""
    memory, sight = memory_of(request), sights.of(request)
    if memory.preset is None:
        return nothing(request)
    asked = _asked(request, sight, memory)
    source, target = request.GET.get("from", "")[:40], request.GET.get("to", "")[:40]
    courses, _more = queries.traces(memory.place_id, asked.wanted)
    ids = [UUID(one) for one in with_edge(courses, asked.flow.id, source, target)]
    rows = visible(sight).filter(id__in=ids[:MOST_LISTED]).order_by("-id")
    query = asked.address(**{"from": source, "to": target})
    try:
        found = behind.page(rows, request.GET.get("after", ""))
    except BadCursor:
        return HttpResponseRedirect(f"{reverse('whatif:way')}?{query}")
    first = _("A call comes in") if source == START else naming.step_name(asked.flow, source)
    context = {
        "name": f"{first} → {naming.step_name(asked.flow, target)}", "lines": inbox.lines(sight, found, memory),
        "here": _here(asked, memory), "asked": asked, "count": len(ids), "cut": len(ids) > MOST_LISTED,
        "back": f"{reverse('whatif:slow')}?{asked.address()}", "next": f"?{query}&after={found.after}" if found.after else "",
    }  # fmt: skip
    return render(request, "whatif/way.html", context)


def nothing(request: HttpRequest) -> HttpResponse:
    """A place without a preset has no flow to look at."""
    return render(request, "whatif/nothing.html")


# — what is asked for —


def _asked(request: HttpRequest, sight: Sight, memory: PlaceMemory) -> Asked:
    get, preset = request.GET, memory.preset
    assert preset is not None
    since, until, days = period(get, clock.now().astimezone(ZONE).date())
    item = get.get("item", "")
    item = item if item in preset.items else ""
    items = tuple(code for code, row in preset.items.items() if item in row.path) if item else ()
    organ = memory.organ_by_code(get.get("organ", "")) if get.get("organ") else None
    town = get.get("town", "")
    kinds = {kind.flow: code for code, kind in preset.kinds.items()}
    first = next(iter(kinds))
    flow = preset.flows.get(get.get("flow", "")) or preset.flows[first]
    owner = ""
    if organ is not None:
        centre = memory.centre is not None and organ.id == memory.centre.id and memory.top is not None
        owner = f"desk:{memory.top.id}" if centre and memory.top is not None else f"organ:{organ.id}"
    wanted = Wanted(
        datetime.combine(since, time(), ZONE), datetime.combine(until + timedelta(days=1), time(), ZONE),
        area(sight, memory), items, whole(town) or 0,
        get.get("channel", "")[:20], "" if flow.leg else kinds.get(flow.id, ""), owner,
    )  # fmt: skip
    detail = get.get("detail", "")
    return Asked(
        wanted, flow, since, until, days, item, organ.code if organ is not None else "",
        detail if detail in dict(DETAILS) else "main",
    )  # fmt: skip


def area(sight: Sight, memory: PlaceMemory) -> tuple[str, ...] | None:
    """The areas that the person sees; None for the whole place."""
    top = memory.top
    return None if top is not None and sight.sees_path(top.path) else sight.paths


def period(get: Any, today: date) -> tuple[date, date, int]:
    """First day, last day and the number of days chosen (0 for two dates)."""
    try:
        since = date.fromisoformat(get.get("since", ""))
        until = min(date.fromisoformat(get.get("until", "") or today.isoformat()), today)
    except ValueError:
        since = until = today
    if get.get("since") and not get.get("days") and since <= until:
        return max(since, until - timedelta(days=LONGEST - 1)), until, 0
    text = get.get("days", "")
    days = asked if (asked := whole(text)) in PERIODS else 30
    return today - timedelta(days=days - 1), today, days


def _setting(memory: PlaceMemory, asked: Asked) -> Setting:
    margin = 400 * 86400
    return setting_of(memory, asked.wanted.since.timestamp() - 86400, asked.wanted.until.timestamp() + margin)


def _filters(asked: Asked, memory: PlaceMemory, courses: Any) -> dict[str, Any]:
    preset = memory.preset
    assert preset is not None
    there = {
        code
        for course in courses
        if course.item
        for code in preset.items[course.item].path
        if course.item in preset.items
    }
    top = memory.top
    names = {7: _("Last 7 days"), 30: _("Last 30 days"), 90: _("Last 90 days"), 365: _("Last year")}
    return {
        "periods": [(days, names[days]) for days in PERIODS],
        "items": [
            (code, f"{'　' * (len(row.path) - 1)}{row.name}")
            for code, row in preset.items.items() if code in there or code == asked.item
        ],
        "organs": [(row.code, row.name) for row in memory.organs.values() if row.active],
        "towns": [(row.id, row.name) for row in memory.divisions.values() if top and row.parent_id == top.id and row.active],
        "channels": list(looks.channels(preset).items()),
        "flows": [(flow.id, flow.en if naming.english() and flow.en else flow.name) for flow in preset.flows.values()],
    }  # fmt: skip


def _here(asked: Asked, memory: PlaceMemory) -> str:
    parts = []
    if asked.item and memory.preset is not None:
        parts.append(naming.item_name(memory.preset, asked.item))
    if asked.organ and (organ := memory.organ_by_code(asked.organ)) is not None:
        parts.append(organ.name)
    if asked.wanted.town in memory.divisions:
        parts.append(memory.division(asked.wanted.town).name)
    if asked.wanted.channel:
        parts.append(looks.channel_name(memory.preset, asked.wanted.channel))
    return " · ".join(parts)


# — the parts of the page —


def _numbers(sight: Sight, found: Picture) -> dict[str, str]:
    """Numbers of those examples that the person may see. One SQL statement."""
    ids: set[str] = set()
    for rows in (found.variants, found.loops, found.bounces, found.pingpong):
        for row in rows:
            ids.update(row.examples)
    if not ids:
        return {}
    rows_ = visible(sight).filter(id__in=[UUID(one) for one in ids]).values_list("id", "number")
    return {str(ident): number for ident, number in rows_}


def _examples(ids: tuple[str, ...], numbers: dict[str, str]) -> list[dict[str, str]]:
    shown = [numbers[one] for one in ids if one in numbers][:3]
    return [{"number": number, "url": reverse("cases:case", args=[number])} for number in shown]


def _times(times: Times | None) -> dict[str, str] | None:
    if times is None:
        return None
    return {
        "work": words.hours(times.work), "work90": words.hours(times.work90),
        "wall": words.hours(times.wall, wall=True), "wall90": words.hours(times.wall90, wall=True),
    }  # fmt: skip


def _link(asked: Asked, edge: Edge) -> str:
    return f"{reverse('whatif:way')}?{asked.address(**{'from': edge.source, 'to': edge.target})}"


def _least(found: Picture, asked: Asked) -> int:
    return max(1, round(dict(DETAILS)[asked.detail] * found.cases))


def _picture(found: Picture, asked: Asked) -> str:
    told = graph.Words(
        _("The ways that cases went, as a picture; the same is in the table below."), _("A call comes in"),
        lambda step: naming.step_name(asked.flow, step),
        lambda n: ngettext("%d time", "%d times", n) % n, words.hours,
    )  # fmt: skip
    drawn = graph.draw(found, asked.flow, told, lambda edge: _link(asked, edge), _least(found, asked))
    return mark_safe(drawn)  # noqa: S308 - made by graph.draw, which escapes every word


def _details(asked: Asked) -> list[dict[str, Any]]:
    names = {"main": _("Main ways"), "more": _("More"), "all": _("All ways")}
    return [
        {
            "label": names[code],
            "url": f"?{asked.address(detail=code)}#picture",
            "current": code == asked.detail,
        }
        for code, _share in DETAILS
    ]


def _edges(found: Picture, asked: Asked) -> list[dict[str, Any]]:
    rows = sorted(found.edges.values(), key=lambda one: (-one.count, one.source, one.target))[:TABLE]
    return [
        {
            "from": _("A call comes in") if one.source == START else naming.step_name(asked.flow, one.source),
            "to": naming.step_name(asked.flow, one.target), "n": one.count, "cases": one.cases, "late": one.late,
            "moves": "、".join(naming.move_name(asked.flow, move) for move, _n in one.moves.most_common(3) if move),
            "times": _times(one.times) if one.source != START else None, "url": _link(asked, one),
        }
        for one in rows
    ]  # fmt: skip


def _steps(found: Picture, asked: Asked) -> list[dict[str, Any]]:
    order = {step: n for n, step in enumerate(asked.flow.steps)}
    rows = sorted(found.nodes.values(), key=lambda one: order.get(one.step, 99))
    return [
        {
            "name": naming.step_name(asked.flow, one.step), "n": one.entries, "cases": one.cases, "open": one.open,
            "late": one.late, "times": _times(one.times),
        }
        for one in rows
    ]  # fmt: skip


def _variants(found: Picture, asked: Asked, numbers: dict[str, str]) -> list[dict[str, Any]]:
    return [
        {
            "steps": [naming.step_name(asked.flow, step) for step in one.steps], "n": one.count,
            "share": words.percent(one.share), "finished": one.finished, "times": _times(one.times),
            "examples": _examples(one.examples, numbers),
        }
        for one in found.variants
    ]  # fmt: skip


def _loops(found: Picture, asked: Asked, numbers: dict[str, str]) -> list[dict[str, Any]]:
    def row(one: Loop) -> dict[str, Any]:
        return {
            "step": naming.step_name(asked.flow, one.step), "source": naming.step_name(asked.flow, one.source),
            "n": one.count, "cases": one.cases, "times": _times(one.times), "examples": _examples(one.examples, numbers),
        }  # fmt: skip

    return [row(one) for one in found.loops]


def _bounces(rows: list[Bounce], memory: PlaceMemory, numbers: dict[str, str]) -> list[dict[str, Any]]:
    return [
        {
            "owner": words.owner(memory, one.owner), "other": words.owner(memory, one.other), "n": one.count,
            "cases": one.cases, "times": _times(one.times), "examples": _examples(one.examples, numbers),
        }
        for one in rows
    ]  # fmt: skip


__all__ = ["Case", "period", "show", "way"]
