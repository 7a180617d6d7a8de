"""What this room puts into the frame: orders and bulletins, and its card on the page of a case."""

from __future__ import annotations

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from huying.cases import panels, timeline
from huying.cases.queries import CaseView
from huying.cases.who import Actor
from huying.supervise import lists
from huying.supervise.actions import copies_of
from huying.supervise.kinds import kinds_of, supervising_move
from huying.supervise.levels import level_look
from huying.supervise.models import Bulletin, Copy
from huying.supervise.views.common import RIGHT, serves
from huying.ui import nav


def install() -> None:
    """Register the entries and the card; called when the app is ready."""
    group = _("Supervision")
    nav.register(
        nav.Entry(
            "desk", _("Supervision orders"), "flag", "supervise:orders", order=47, group=group, show=serves
        ),
        nav.Entry(
            "desk", _("Bulletins"), "speakerphone", "supervise:bulletins", order=48, group=group, show=serves
        ),
    )
    panels.register("supervise", card)
    for kind in ("supervise.suggested", "supervise.issued"):
        timeline.name_by(kind, "rule", lists.called)


def card(request: HttpRequest, seen: CaseView, actor: Actor) -> panels.Panel | None:
    """On a case: the one key. On an order: its level, copies and bulletins (two SQL statements)."""
    if not seen.inside:
        return None
    if seen.case.kind in kinds_of(seen.preset):
        return _order(seen, actor)
    if not actor.has(RIGHT) or not kinds_of(seen.memory.preset):
        return None
    move = supervising_move(seen.case)
    context = {"url": f"{reverse('supervise:new')}?case={seen.case.number}", "case": seen.case}
    return panels.Panel("supervise/_key.html", context, frozenset({move} if move else ()))


def _order(seen: CaseView, actor: Actor) -> panels.Panel:
    case, memory = seen.case, seen.memory
    signed = {row.organ_id: row for row in Copy.objects.filter(place_id=case.place_id, case_id=case.id)}
    mine = actor.sight.organs if actor.sight is not None else frozenset()
    rows = []
    for organ in copies_of(case):
        row = signed.get(organ)
        at = row.signed_at if row is not None else None
        name = memory.organs[organ].name if organ in memory.organs else ""
        rows.append({"id": organ, "name": name, "at": at, "mine": organ in mine and at is None})
    out = Bulletin.objects.filter(place_id=case.place_id, case_id=case.id).order_by("issued_at")
    context = {
        "case": case, "level": level_look(case.grade), "rule": lists.rule_name(case, memory),
        "report": case.fields.get("report", ""), "copies": rows, "bulletins": list(out),
    }  # fmt: skip
    return panels.Panel("supervise/_order.html", context)
