"""The leaders' overview: rates with what they are made of, what is open and late, where, and the cases behind each figure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from huying import clock
from huying.cases import behind, countable, inbox, looks, naming, overview, spots
from huying.cases.lists import COUNT_MOST, BadCursor
from huying.cases.overview import PERIODS, Figures, Rate, Scope, Waiting
from huying.cases.views.common import memory_of
from huying.cases.views.overview_words import DEFINITIONS, NAMES, RATE_ICONS, RATES
from huying.places.info import PlaceMemory
from huying.staff import sight as sights
from huying.staff.access import needs
from huying.ui.typed import whole

RIGHTS = ("overview", "instruct", "see_area")
MOST_PARTS, MOST_ITEMS, MOST_OWNERS, MOST_LATE = 40, 10, 12, 8


@never_cache
@require_GET
@needs(*RIGHTS)
def show(request: HttpRequest) -> HttpResponse:
    """The overview of what the person has a duty for, or of a part of it.

    Five SQL statements beside those of signing in, and one for the names on the map; none reads closed cases.
    """
    memory, sight = memory_of(request), sights.of(request)
    scope = overview.scope_of(request.GET, sight, memory)
    found, waits = overview.figures(scope), overview.waiting(scope)
    late = list(behind.select(sight, scope, "overdue").order_by("due_at", "id")[:MOST_LATE])
    context = {
        "scope": scope, "here": _here(scope, memory), "crumbs": _crumbs(scope, sight, memory), "now": clock.now(),
        "periods": [(days, _period_name(days)) for days in PERIODS], "address": scope.address(),
        "tiles": _tiles(scope, found, waits, memory), "rates": _rates(scope, found, waits, memory),
        "sealed": found.whole["sealed"],
        "trend": _trend(scope, found), "steps": _steps(scope, waits, memory), "parts": _parts(scope, found, memory),
        "items": _items(scope, found, memory), "no_item": _no_item(scope, found), "channels": _channels(scope, found, memory),
        "owners": _owners(scope, waits, memory), "late": [_late(case, memory) for case in late],
        "may_instruct": sight.can("instruct"), "points": spots.of_open(sight, scope, memory, _map_url(scope)),
        "wide": spots.is_wide(scope), "unplaced": found.by_part.get(0, {}).get("reported", 0) if scope.top else 0,
    }  # fmt: skip
    return render(request, "cases/overview.html", context)


@never_cache
@require_GET
@needs(*RIGHTS)
def cases(request: HttpRequest) -> HttpResponse:
    """The cases behind a figure (``m``), newest first, fifty at a time. Three SQL statements beside signing in."""
    memory, sight = memory_of(request), sights.of(request)
    scope = overview.scope_of(request.GET, sight, memory)
    name = request.GET.get("m", "")
    if name not in behind.NAMES or name not in NAMES:
        raise Http404("no such figure")
    narrowed = _narrowed(request)
    rows = behind.select(sight, scope, name, **narrowed)
    try:
        found = behind.page(rows, request.GET.get("after", ""))
    except BadCursor:
        return HttpResponseRedirect(f"{reverse('cases:overview_cases')}?{_query(scope, name, narrowed)}")
    query = _query(scope, name, narrowed)
    seen = len(rows.order_by().values_list("id")[:COUNT_MOST])
    context = {
        "scope": scope, "name": NAMES[name], "here": _here(scope, memory), "about": _about(narrowed, memory),
        "lines": inbox.lines(sight, found, memory), "seen": inbox.capped(seen),
        "back": f"{reverse('cases:overview')}?{scope.address()}", "shows_owner": True,
        "next": f"?{query}&after={found.after}" if found.after else "", "live": name in ("open", "overdue", "paused"),
    }  # fmt: skip
    return render(request, "cases/overview_cases.html", context)


# — what was asked for —


def _narrowed(request: HttpRequest) -> dict[str, Any]:
    get = request.GET
    organ = get.get("organ", "")
    return {
        "step": get.get("step", "")[:40], "owner": get.get("owner", "")[:80], "channel": get.get("channel", "")[:20],
        "item": get["item"][:60] if "item" in get else None,
        "organ": whole(organ),
    }  # fmt: skip


def _query(scope: Scope, name: str, narrowed: Mapping[str, Any]) -> str:
    more = {key: value for key, value in narrowed.items() if value or (key == "item" and value is not None)}
    return f"{scope.address()}&{urlencode({'m': name, **more})}"


def _link(scope: Scope, name: str, **narrowed: Any) -> str:
    return f"{reverse('cases:overview_cases')}?{_query(scope, name, narrowed)}"


def _map_url(scope: Scope) -> str:
    return f"{reverse('cases:overview')}?{scope.address(division=None)}&division="


def _about(narrowed: Mapping[str, Any], memory: PlaceMemory) -> str:
    """What narrows the list, in words."""
    preset, found = memory.preset, []
    if narrowed["step"]:
        found.append(dict(inbox.step_choices(memory)).get(narrowed["step"], narrowed["step"]))
    if narrowed["owner"]:
        found.append(naming.owner_name(memory, narrowed["owner"]))
    if narrowed["organ"] in memory.organs:
        found.append(memory.organ(narrowed["organ"]).name)
    if narrowed["item"] is not None:
        found.append(naming.item_name(preset, narrowed["item"]) if preset else narrowed["item"])
    if narrowed["channel"]:
        found.append(looks.channel_name(preset, narrowed["channel"]))
    return " · ".join(one for one in found if one)


# — where —


def _here(scope: Scope, memory: PlaceMemory) -> str:
    names = []
    if scope.organs:
        names = [memory.organ(one).name for one in scope.organs if one in memory.organs]
    if scope.division is not None:
        names.append(scope.division.name)
    elif not scope.organs:
        names = [
            memory.divisions[_ident(path)].name for path in scope.paths if _ident(path) in memory.divisions
        ]
    return "、".join(names) or memory.name


def _ident(path: str) -> int:
    return int(path.rstrip("/").rpartition("/")[2] or 0)


def _crumbs(scope: Scope, sight: Any, memory: PlaceMemory) -> list[dict[str, str]]:
    """The way from the top of what the person sees down to here."""
    if scope.division is None:
        return []
    chain = [memory.divisions[one] for one in scope.division.ancestors if one in memory.divisions]
    if sight.paths:
        chain = [row for row in chain if sight.sees_path(row.path)]
    if len(chain) < 2:
        return []
    crumbs = [{"label": row.name, "url": f"?{scope.address(division=row.id)}"} for row in chain]
    crumbs[-1]["url"] = ""
    return crumbs


def _period_name(days: int) -> str:
    names = {7: _("Last 7 days"), 30: _("Last 30 days"), 90: _("Last 90 days"), 365: _("Last year")}
    return names[days]


# — the parts of the page —


def _tiles(scope: Scope, found: Figures, waits: Waiting, memory: PlaceMemory) -> list[dict[str, Any]]:
    sums, never = found.whole, countable.never(memory.preset)
    rows = [
        ("reported", sums["reported"], "inbox", ""), ("open", waits.open, "list-check", ""),
        ("overdue", waits.overdue, "alert-triangle", "bad" if waits.overdue else ""),
        ("paused", waits.paused, "player-pause", ""), ("returned", sums["returned"], "arrow-back-up", ""),
        ("reopened", sums["reopened"], "refresh", ""), ("extended", sums["extended"], "calendar-plus", ""),
        ("contacted", sums["contacted"], "phone", ""),
    ]  # fmt: skip
    return [
        {
            "label": NAMES[name],
            "value": value,
            "icon": icon,
            "tone": tone,
            "url": _link(scope, name) if value else "",
        }
        for name, value, icon, tone in rows
        if value or name not in never
    ]


def _rates(scope: Scope, found: Figures, waits: Waiting, memory: PlaceMemory) -> list[dict[str, Any]]:
    def parts(pairs: tuple[tuple[str, int], ...]) -> list[dict[str, Any]]:
        return [{"label": NAMES[name], "n": n, "url": _link(scope, name) if n else ""} for name, n in pairs]

    shown: list[Rate] = overview.rates(found.whole, waits.late_answers, waits.late_open)
    known = countable.rated(memory.preset)
    return [
        {
            "code": one.code, "name": RATES[one.code], "icon": RATE_ICONS[one.code], "percent": one.percent,
            "top": one.top, "bottom": one.bottom, "made_of": parts(one.made_of),
            "left_out": [row for row in parts(one.left_out) if row["n"]], "definition": DEFINITIONS[one.code],
        }
        for one in shown
        if one.code in known
    ]  # fmt: skip


def _trend(scope: Scope, found: Figures) -> dict[str, Any]:
    """Calls by day, or by week where there are too many days to tell apart."""
    length = (scope.until - scope.since).days + 1
    step = 1 if length <= 45 else 7
    labels, came, closed = [], [], []
    for start in range(0, length, step):
        days = [scope.since + timedelta(days=n) for n in range(start, min(start + step, length))]
        rows = [found.by_day[day] for day in days if day in found.by_day]
        labels.append(f"{days[0].month}-{days[0].day}")
        came.append(sum(row["reported"] for row in rows))
        closed.append(sum(row["closed"] + row["voided"] for row in rows))
    series = [
        {"name": str(_("came in")), "data": came, "tone": "info"},
        {"name": str(_("of these closed by now")), "data": closed, "tone": "good"},
    ]
    return {"labels": labels, "series": series, "weekly": step == 7, "any": any(came)}


def _steps(scope: Scope, waits: Waiting, memory: PlaceMemory) -> dict[str, Any]:
    """Open cases by step, in the order of the flows."""
    order = {code: n for n, (code, _name) in enumerate(inbox.step_choices(memory))}
    names = dict(inbox.step_choices(memory))
    sums: dict[str, tuple[int, int]] = {}
    for (_kind, step), (count, late) in waits.by_step.items():
        before = sums.get(step, (0, 0))
        sums[step] = (before[0] + count, before[1] + late)
    rows = sorted(sums.items(), key=lambda row: order.get(row[0], 99))
    return {
        "rows": [
            {"name": names.get(step, step), "open": n, "late": late, "url": _link(scope, "open", step=step)}
            for step, (n, late) in rows
        ],
        "labels": [names.get(step, step) for step, _n in rows],
        "series": [
            {"name": str(_("in time")), "data": [n - late for _s, (n, late) in rows], "tone": "info"},
            {"name": str(_("overdue")), "data": [late for _s, (n, late) in rows], "tone": "bad"},
        ],
    }  # fmt: skip


def _parts(scope: Scope, found: Figures, memory: PlaceMemory) -> dict[str, Any]:
    """What lies directly below: calls, closed, rates of each, with the way down."""
    rows: list[dict[str, Any]] = []
    for ident, sums in found.by_part.items():
        row = memory.divisions.get(ident)
        if row is None or not sums["reported"]:
            continue
        shown = {one.code: one for one in overview.rates(sums, 0, 0)}
        rows.append(
            {
                "name": row.name, "short": row.short or row.name, "reported": sums["reported"], "closed": sums["closed"],
                "solved": shown["solved"].percent, "satisfied": shown["satisfied"].percent,
                "url": f"?{scope.address(division=ident)}", "cases": _link(scope, "reported"),
            }
        )  # fmt: skip
    rows.sort(key=lambda one: (-one["reported"], one["name"]))
    rows = rows[:MOST_PARTS]
    top = rows[:16]
    return {
        "rows": rows, "labels": [row["short"] for row in top],
        "series": [{"name": str(_("came in")), "data": [row["reported"] for row in top], "tone": "info"}],
    }  # fmt: skip


def _items(scope: Scope, found: Figures, memory: PlaceMemory) -> list[dict[str, Any]]:
    preset = memory.preset
    rows = sorted(found.by_item.items(), key=lambda row: (-row[1]["reported"], row[0]))
    rows = [row for row in rows if row[0]]
    most = max((sums["reported"] for _code, sums in rows), default=0)
    return [
        {
            "name": naming.item_name(preset, code) if preset else code,
            "n": sums["reported"], "share": round(100 * sums["reported"] / most), "closed": sums["closed"],
            "url": _link(scope, "reported", item=code),
        }
        for code, sums in rows[:MOST_ITEMS]
        if sums["reported"]
    ]  # fmt: skip


def _no_item(scope: Scope, found: Figures) -> dict[str, Any] | None:
    """Calls for which nobody has chosen an item yet."""
    count = found.by_item.get("", {}).get("reported", 0)
    return {"n": count, "url": _link(scope, "reported", item="")} if count else None


def _channels(scope: Scope, found: Figures, memory: PlaceMemory) -> list[dict[str, Any]]:
    rows = sorted(found.by_channel.items(), key=lambda row: (-row[1]["reported"], row[0]))
    return [
        {
            "name": looks.channel_name(memory.preset, code) or "—", "n": sums["reported"],
            "url": _link(scope, "reported", channel=code),
        }
        for code, sums in rows
        if sums["reported"]
    ]  # fmt: skip


def _owners(scope: Scope, waits: Waiting, memory: PlaceMemory) -> list[dict[str, Any]]:
    """Who has overdue cases in hand, most first."""
    return [
        {
            "name": naming.owner_name(memory, key) or "—", "open": count, "late": late, "oldest": oldest,
            "url": _link(scope, "overdue", owner=key),
        }
        for key, count, late, oldest in waits.by_owner
        if late
    ][:MOST_OWNERS]  # fmt: skip


def _late(case: Any, memory: PlaceMemory) -> dict[str, Any]:
    return {
        "case": case, "owner": naming.owner_name(memory, case.owner_key), "where": inbox.short_where(memory, case),
        "url": reverse("cases:case", args=[case.number]),
    }  # fmt: skip
