"""The centre's queue: what waits to be decided, by kind of decision, with what can be decided in one press."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from huying import clock
from huying.cases import dispatching, inbox, looks, naming, provisional, queue, queue_groups
from huying.cases.models import Leg
from huying.cases.queries import offers_of
from huying.cases.views.common import actor_of, memory_of, move_panel
from huying.cases.views.staff import staff_page
from huying.cases.who import Actor
from huying.places.info import PlaceMemory
from huying.presets.queries import compiled
from huying.staff.access import needs

NOT_GIVEN = ("silent", "cancelled")  # results of a part that gave no view


@never_cache
@require_GET
@staff_page
@needs("desk")
def desk_queue(request: HttpRequest) -> HttpResponse:
    """One group of the queue (``?group=``); without one, the first that holds something.

    Five SQL statements beside the session's, however much waits.
    """
    actor, memory = actor_of(request), memory_of(request)
    sight = actor.sight
    assert sight is not None
    counts = queue.counts(sight, memory)
    words = queue_groups.words(memory, queue.desk_keys(sight))
    wanted = request.GET.get("group", "")
    group = wanted if wanted in queue_groups.GROUPS else _first(counts, words)
    try:
        rows, after = queue.page(sight, memory, group, request.GET.get("after", ""))
    except queue.BadCursor:
        return HttpResponseRedirect(f"{reverse('cases:desk_queue')}?group={group}")
    here = f"{reverse('cases:desk_queue')}?group={group}"
    legs = queue.legs_of(memory.place_id, [row.case for row in rows])
    now = clock.now()
    context = {
        "tabs": [
            {"label": words.get(name, label), "icon": icon, "url": f"?group={name}", "current": name == group,
             "count": inbox.capped(counts[name])}
            for name, (label, icon) in queue_groups.GROUPS.items()
            if counts[name] or (name in words and name in queue_groups.SHOWN_EMPTY) or name == group
        ],
        "lines": [_line(row, legs.get(row.case.id, []), actor, memory, now, group) for row in rows],
        "group": group, "next": here, "next_url": f"{here}&after={after}" if after else "",
        "previous_url": here if request.GET.get("after") else "", "preset_of_place": memory.preset,
        "title": words.get(group, queue_groups.GROUPS[group][0]),
    }  # fmt: skip
    return render(request, "cases/desk/queue.html", context)


def _first(counts: dict[str, int], words: dict[str, Any]) -> str:
    """The first tab that holds something, or else the first that the desk has."""
    return next((g for g in queue_groups.GROUPS if counts[g]), next(iter(words), queue_groups.TAKE))


def _line(
    row: queue.Waiting, legs: list[Leg], actor: Actor, memory: PlaceMemory, now: Any, group: str
) -> dict[str, Any]:
    """One waiting decision: the case in words, the suggestion with its grounds, what one press would do."""
    case, preset = row.case, compiled(row.case.edition_id)
    offers, leg_views = offers_of(case, legs, actor, memory, preset, now)
    if row.leg is not None:
        part = next(one for one in leg_views if one.leg.id == row.leg.id)
        offers, step = list(part.offers), f"{part.organ}：{part.step}"
    else:
        step = naming.step_name(preset.flow_of(case.kind), case.step)
    panel = move_panel(offers, case, preset, memory, reverse("cases:desk_move", args=[case.number]))
    dispatching.prefill(panel, offers, case, memory)
    book = dispatching.of_case(memory, case)
    score = next(
        (round(s * 100) for _item, s, _reasons in (case.suggestion or {}).get("items", [])[:1]), None
    )
    opinions = [one for one in legs if one.part == "opinion"]
    return {
        "row": row, "case": case, "step": looks.phase_look(row.leg.phase if row.leg else case.phase, step),
        "call": looks.call_look(case.call), "special": looks.special(case), "where": inbox.short_where(memory, case),
        "item": naming.item_name(preset, case.item), "book": book, "percent": None if case.item else score,
        "quick": dispatching.quick_moves(panel, offers, case, memory) if group != queue_groups.SETTLE else [],
        "why": _why(case, row.leg, preset), "opinions": len(opinions),
        "given": sum(1 for one in opinions if one.closed_at is not None and one.result not in NOT_GIVEN),
        "paused": case.paused_at is not None,
        "provisional": "" if case.paused_at else provisional.warning(
            memory, row.leg.owner_key if row.leg else case.owner_key, row.leg.token if row.leg else case.token,
            row.due_at, now,
        ),
    }  # fmt: skip


def _why(case: Any, leg: Leg | None, preset: Any) -> str:
    """Why it came back or what is asked for: the reason that was chosen, in the words of the form."""
    fields = leg.fields if leg is not None else case.fields
    step = leg.step if leg is not None else case.step
    flow = preset.flows[leg.flow] if leg is not None else preset.flow_of(case.kind)
    asked = {name for move in flow.moves if move.to == step for name in (*move.needs, *move.asks)}
    for schema in preset.forms.values():
        for one in schema.fields:
            if one.id in asked and one.choices and fields.get(one.id):
                lang = "en" if naming.english() else "zh"
                return next((str(c.label.text(lang)) for c in one.choices if c.id == fields[one.id]), "")
    return ""
