"""What the template of the case page is given: everything that one person sees of one case, and may do with it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.http import Http404, HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from huying.cases import looks, naming, panels, provisional, story, timeline
from huying.cases.actions.others import may_unmask
from huying.cases.discreet import discreet
from huying.cases.models import Case, Named
from huying.cases.queries import CaseView, mark_read, view
from huying.cases.sight import CLOSED_CALLS
from huying.cases.views.common import lang_of, move_panel
from huying.cases.who import Actor
from huying.cases.world import AUTHOR
from huying.staff.models import Person
from huying.ui.hooks import url_or_empty


@dataclass(frozen=True, slots=True)
class Tried:
    """A move that was just refused or overtaken: what was typed comes back with what is wrong."""

    move: str = ""
    values: Mapping[str, Any] = field(default_factory=dict)
    errors: Mapping[str, str] = field(default_factory=dict)
    general: str = ""
    key: str = ""


NOTHING = Tried()
PUBLIC_TEXT = 4000  # signs of what is published


def case_context(request: HttpRequest, case: Case, actor: Actor, tried: Tried = NOTHING) -> dict[str, Any]:
    """The context of the page. Raises Http404 when the case is not for the actor's eyes.

    At most fourteen SQL statements, whatever the case holds.
    """
    try:
        seen = view(case, actor)
    except Case.DoesNotExist:
        raise Http404("no such case") from None
    sight = actor.sight
    if sight is not None and sight.person_id is not None:
        mark_read(case, sight.person_id)
    closed = case.confidential or case.call in CLOSED_CALLS
    holder = actor.owns(case.owner_key)
    before, after = story.before_and_after(case, seen.attachments)
    offered = {_ident(offer) for offer in seen.offers} | {
        _ident(offer) for leg in seen.legs for offer in leg.offers
    }
    readers = _readers(case) if seen.inside and closed else []
    cards = panels.of(request, seen, actor)
    taken = frozenset[str]().union(*(card.replaces for card in cards))
    paper = _paper(seen)
    others = _panel(
        request, seen, [one for one in seen.offers if not _moves_on(one) and one.move.id not in taken], tried
    )
    context: dict[str, Any] = {
        "v": seen, "preset_of_place": seen.preset, "case": case, "tried": tried, "seen": case.version,
        "chips": looks.chips(case, seen.step, seen.now),
        "stages": [{"label": name, "state": "todo" if state == "ahead" else state} for name, state in seen.stages],
        "story": story.entries(seen.lines, seen.attachments),
        "before": before, "after": after,
        "files": [one for one in seen.attachments if one not in before and one not in after],
        "panel": _panel(request, seen, [one for one in seen.offers if _moves_on(one) and one.move.id not in taken], tried),
        "others": others, "others_open": any(one["open"] for one in others),
        "legs": [_leg(request, seen, one, tried) for one in seen.legs],
        "channel": looks.channel_name(seen.preset, case.channel), "source": looks.outside_source(case),
        "call": looks.call_look(case.call),
        "point": (case.lon, case.lat) if case.lon is not None else None,
        "lost": _lost(seen, tried) if tried.move and tried.move not in offered else [],
        "suggested": seen.suggested if seen.inside and case.closed_at is None and _routes(actor, case) else [],
        "as_in": _as_in(seen) if seen.inside else "",
        "closed_circle": closed,
        "readers": readers,
        "may_name": seen.inside and closed and holder,
        "may_unmask": seen.inside and may_unmask(case, actor, [one.leg for one in seen.legs]),
        "may_publish": seen.inside and not closed and paper is None and actor.has("publish"),
        "may_print": seen.inside,
        "lead": _lead(seen), "panels": cards, "paper": paper,
        "provisional": "" if case.paused_at else provisional.warning(
            seen.memory, case.owner_key, case.token, case.due_at, seen.now
        ),
    }  # fmt: skip
    if context["may_name"]:
        context["name_field"] = {
            "id": "person", "label": _("Name a person"), "type": "person", "required": True,
            "choices": _staff_choices(case, {row["id"] for row in readers}),
        }  # fmt: skip
    if context["may_publish"]:
        context["public"] = {"photos": before + after}
        context["public_fields"] = public_fields(
            case.public_title or discreet(case.title, case, seen.memory),
            case.public_text or discreet(case.reply, case, seen.memory),
        )
    return context


def public_fields(title: str, text: str, error: str = "") -> list[dict[str, Any]]:
    """The form of what everybody may read, with what is wrong with it."""
    return [
        {"id": "title", "label": _("Public title"), "type": "text", "required": True, "max": 200, "value": title},
        {
            "id": "text", "label": _("Public text"), "type": "long", "required": True, "max": PUBLIC_TEXT,
            "value": text, "errors": [error] if error else [],
        },
    ]  # fmt: skip


def _paper(seen: CaseView) -> dict[str, Any] | None:
    """Of a paper of the authorities: what it is called, who it comes from, and its fields; None for a call."""
    case = seen.case
    kind = seen.preset.kinds.get(case.kind)
    if kind is None or not kind.right:
        return None
    form = seen.preset.form_of(case.kind)
    asked = [
        one for one in form.fields if one.id in case.fields and case.fields[one.id] not in (None, "", [])
    ]
    due = case.fields.get("due")
    return {
        "due": datetime.fromisoformat(str(due)) if due else None,
        "name": kind.name.text(lang_of()), "author": naming.owner_name(seen.memory, str(case.fields.get(AUTHOR, ""))),
        "facts": [
            (one.label.text(lang_of()), timeline.shown(one, case.fields[one.id], seen.preset, seen.memory)) for one in asked
        ],
    }  # fmt: skip


def _moves_on(offer: Any) -> bool:
    """Whether a move takes the case on (to another step, or to its end); notes and messages leave it where it is."""
    return offer.move.to is not None or offer.move.closes or offer.move.tone == "primary"


def _ident(offer: Any) -> str:
    return offer.move.id if offer.leg_id is None else f"{offer.move.id}@{offer.leg_id}"


def _panel(request: HttpRequest, seen: CaseView, offers: Any, tried: Tried) -> list[dict[str, Any]]:
    number = seen.case.number
    return move_panel(
        offers, seen.case, seen.preset, seen.memory, reverse("cases:move", args=[number]),
        upload=url_or_empty("cases:upload"), tried=tried.move, errors=tried.errors, values=tried.values,
        key=tried.key, general=tried.general,
    )  # fmt: skip


def _leg(request: HttpRequest, seen: CaseView, one: Any, tried: Tried) -> dict[str, Any]:
    leg = one.leg
    panel = _panel(request, seen, one.offers, tried)
    return {
        "leg": leg, "organ": one.organ, "part": looks.PARTS.get(leg.part, leg.part),
        "step": looks.result_look(leg.result) if leg.closed_at and leg.result else looks.phase_look(leg.phase, one.step),
        "panel": panel, "open": any(offer["open"] for offer in panel),
    }  # fmt: skip


def _routes(actor: Actor, case: Case) -> bool:
    """Whether the actor is one who sends cases where they belong, and therefore reads the suggestion."""
    return actor.has("dispatch") or actor.has("correct") or case.owner_key.startswith("desk:")


def _as_in(seen: CaseView) -> str:
    return str((seen.case.suggestion or {}).get("as_in") or "")


def _lead(seen: CaseView) -> str:
    """The number of the case that this one was merged into, when the person may see it."""
    if seen.case.lead_id is None:
        return ""
    return next((one.number for one in seen.related if one.kind == "merged"), "")


def _lost(seen: CaseView, tried: Tried) -> list[tuple[str, str]]:
    """What was typed for a move that is no longer offered, so that nothing is lost: label and text."""
    move_id, _at, leg_id = tried.move.partition("@")
    flow = seen.flow.id
    for one in seen.legs:
        if str(one.leg.id) == leg_id:
            flow = one.leg.flow
    try:
        schema = seen.preset.move_form(flow, move_id)
    except KeyError:
        return []
    return [
        (schema[name].label.text(lang_of()), "、".join(value) if isinstance(value, list) else str(value))
        for name, value in tried.values.items()
        if name in schema.ids and schema[name].type not in ("photo", "files")
    ]


def _readers(case: Case) -> list[dict[str, Any]]:
    """The persons named to see a confidential case. Two SQL statements."""
    rows = list(Named.objects.filter(place_id=case.place_id, case_id=case.id).order_by("id"))
    names = dict(Person.objects.filter(id__in=[row.person_id for row in rows]).values_list("id", "name"))
    return [{"id": row.person_id, "name": names.get(row.person_id, ""), "at": row.at} for row in rows]


def _staff_choices(case: Case, named: set[Any]) -> list[dict[str, Any]]:
    """People who serve the place and could be named. One SQL statement."""
    rows = (
        Person.objects.filter(place_id=case.place_id, kind=Person.Kind.STAFF, is_active=True)
        .order_by("name")
        .values_list("id", "name", "username")[:2000]
    )
    return [
        {"id": str(ident), "label": name or username, "keys": username}
        for ident, name, username in rows
        if ident not in named
    ]
