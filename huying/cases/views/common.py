"""What every view of this room shares: who asks, forms from the preset, and how a refusal is shown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest
from django.utils.translation import gettext as _

from huying.cases import naming
from huying.cases.actions import Refused, Stale
from huying.cases.duties import route_of
from huying.cases.models import Case
from huying.cases.queries import Offer
from huying.cases.who import DELEGATE, WEB, Actor
from huying.places import memory as places
from huying.places.current import place_id_of
from huying.places.info import PlaceMemory
from huying.presets.fields import ROUTE
from huying.staff import sight as sights
from huying.ui.typed import whole

HELD = "held_cases"  # session key: cases that a track code or one-time code opened in this browser
JOINED = "joined_cases"  # session key: case id → the contact of whoever joined it with the code shown here
HELD_MOST = 30


def actor_of(request: HttpRequest, channel: str = WEB) -> Actor:
    """Who asks: their sight in the post chosen for the session, and the cases that their codes opened."""
    held = frozenset(UUID(one) for one in request.session.get(HELD, []))
    joined = frozenset(UUID(one) for one in request.session.get(JOINED, {})) - held
    sight = sights.of(request)
    return Actor(channel=channel, sight=sight if not sight.is_anonymous else None, holds=held, joined=joined)


def channel_of(request: HttpRequest) -> str:
    """Through which channel a page's report comes: a delegate's whistle counts as a delegate's."""
    return DELEGATE if sights.of(request).delegations else WEB


def memory_of(request: HttpRequest) -> PlaceMemory:
    """The reference data of the request's place. Raises Http404 when there is no place yet."""
    place_id = place_id_of(request)
    if not place_id:
        raise Http404("no place")
    return places.of(place_id)


def villages(memory: PlaceMemory) -> list[dict[str, str]]:
    """The villages and communities of a place to choose from: code, and name with the town's."""
    return [
        {"code": row.code, "name": memory.full_name(row.id)}
        for row in memory.divisions.values()
        if row.active and not row.layer and row.tier == memory.tiers[0]
    ]


def follow_case(request: HttpRequest, case_id: UUID, contact_id: UUID) -> None:
    """Remember in the session that this browser showed the code of somebody who joined the case."""
    held = {one: by for one, by in request.session.get(JOINED, {}).items() if one != str(case_id)}
    request.session[JOINED] = dict([*held.items(), (str(case_id), str(contact_id))][-HELD_MOST:])


def hold_case(request: HttpRequest, case_id: UUID) -> None:
    """Remember in the session that this browser showed the case's code."""
    held = [one for one in request.session.get(HELD, []) if one != str(case_id)]
    request.session[HELD] = [*held, str(case_id)][-HELD_MOST:]


def files_key(request: HttpRequest) -> str:
    """Under whose name this browser stages files: the person, or the session of a visitor."""
    if request.user.is_authenticated:
        return f"person:{request.user.pk}"
    if request.session.session_key is None:
        request.session.create()
    return f"session:{request.session.session_key}"


def lang_of() -> str:
    """The language of the page, as presets name it."""
    return "en" if naming.english() else "zh"


def schema_fields(
    fields: Sequence[Any],
    preset: Any,
    memory: PlaceMemory,
    *,
    values: Mapping[str, Any] | None = None,
    errors: Mapping[str, str] | None = None,
    templates: Sequence[Any] = (),
    upload: str = "",
    over: Mapping[str, Mapping[str, Any]] | None = None,
) -> list[dict[str, Any]]:
    """Fields of a preset's form as the ui's ``form_field`` takes them, with choices of organs and items put in."""
    lang = lang_of()
    values, errors, over = values or {}, errors or {}, over or {}
    found = []
    for one in fields:
        field: dict[str, Any] = {
            "id": one.id, "label": one.label.text(lang), "type": one.type, "required": one.required,
            "hint": one.hint.text(lang) if str(one.hint) else "", "value": values.get(one.id, ""),
            "errors": errors.get(one.id, ""), "max": one.max, "min": one.min,
            "when": one.when.text if one.when is not None else "",
            "choices": [{"id": choice.id, "label": choice.label.text(lang)} for choice in one.choices],
        }  # fmt: skip
        if one.type in ("organ", "organs"):
            field["choices"] = organ_choices(memory)
        elif one.type == "item":
            field["choices"] = item_choices(preset, one.under)
        elif one.type in ("photo", "files") and upload:
            field["upload"] = upload
        if one.type == "long":
            field["templates"] = [
                {"label": t.name.text(lang), "text": t.text.text(lang)}
                for t in templates
                if t.field == one.id
            ]
        found.append({**field, **over.get(one.id, {})})
    return found


def organ_choices(memory: PlaceMemory) -> list[dict[str, Any]]:
    """The organs that can be chosen, with their duties as words to search by."""
    return [
        {"id": organ.code, "label": organ.name, "keys": f"{organ.short} {organ.duties}"}
        for organ in memory.organs.values()
        if organ.active
    ]


def item_choices(preset: Any, under: Sequence[str] = ()) -> list[dict[str, Any]]:
    """The items that can be chosen, with the rows above them; only those *under* some rows where these are given."""
    lang = lang_of()
    return [
        {
            "id": item.code, "label": str(item.name), "keys": " ".join(item.keywords),
            "group": " / ".join(str(preset.items[code].name) for code in item.path[:-1] if code in preset.items),
        }
        for item in preset.leaves
        if lang and (not under or not set(under).isdisjoint(item.path))
    ]  # fmt: skip


def posted(request: HttpRequest, fields: Sequence[Any]) -> dict[str, Any]:
    """What a page's form sent for the fields of a schema: lists for fields of many, points as numbers."""
    data: dict[str, Any] = {}
    for one in fields:
        if one.type in ("choices", "organs", "photo", "files"):
            values = [value for value in request.POST.getlist(one.id) if value]
            if values:
                data[one.id] = values
        elif one.type == "point":
            lon, _comma, lat = request.POST.get(one.id, "").partition(",")
            if lon and lat:
                data[one.id] = {"lon": lon, "lat": lat}
        elif one.type == "duration":
            number, unit = request.POST.get(one.id, ""), request.POST.get(f"{one.id}_unit", "")
            if number:
                data[one.id] = f"{number} {unit}".strip()
        elif (value := request.POST.get(one.id, "")) != "":
            data[one.id] = value
    return data


def seen_of(request: HttpRequest) -> int | None:
    """The version that the person looked at when they filled the form in."""
    return whole(request.POST.get("seen", ""), 9)


def refusal(error: Refused) -> str:
    """Why a move was refused, in words for whoever tried it."""
    return {
        "unknown-move": _("This step is over; the case has moved on."),
        "not-allowed": _("This is not yours to do."),
        "guard-failed": _("The conditions for this are not met."),
        "kept-by-room": _("This is done on the task's own screen, because more follows from it."),
        "missing-fields": _("Something is missing; please fill it in."),
        "invalid": _("Please check what is marked."),
        "not-admitted": _("This item is not on the list of what grid workers may be given."),
        "not-joinable": _("This case cannot be joined."),
        "not-publishable": _("A confidential case or a report of wrongdoing is never published."),
        "tells-who": _(
            "A telephone number or a citizen's number stands in the public text. Take it out first."
        ),
    }.get(error.code, _("This cannot be done now."))


def stale(error: Stale) -> str:
    """What somebody reads who was overtaken."""
    return _(
        "Somebody else has moved this case on in the meantime. Below is how it stands now; what you typed is kept."
    )


def move_panel(
    offers: Sequence[Offer],
    case: Case,
    preset: Any,
    memory: PlaceMemory,
    url: str,
    *,
    upload: str = "",
    tried: str = "",
    errors: Mapping[str, str] | None = None,
    values: Mapping[str, Any] | None = None,
    key: str = "",
    general: str = "",
) -> list[dict[str, Any]]:
    """Offers as the ui's ``moves.html`` shows them; the move that was *tried* is open, and filled."""
    lang = lang_of()
    panel = []
    for offer in offers:
        move = offer.move
        ident = move.id if offer.leg_id is None else f"{move.id}@{offer.leg_id}"
        mine = ident == tried
        suggested = _stops(offer, case, memory)
        if not mine:
            suggested |= _prefilled(offer, case, suggested)
        panel.append(
            {
                "id": ident, "label": offer.name, "hint": _hint(move, lang),
                "tone": {"danger": "bad", "primary": "info"}.get(move.tone, ""), "url": url,
                "fields": schema_fields(
                    offer.fields, preset, memory, values=values if mine else None, errors=errors if mine else None,
                    templates=offer.templates, upload=upload, over=suggested,
                ),
                "errors": [general] if mine and general else [], "open": mine,
                "key": key if mine else "",
                "confirm": _("Are you sure? This cannot be undone.") if move.tone == "danger" else "",
            }
        )  # fmt: skip
    return panel


def _hint(move: Any, lang: str) -> str:
    hint = move.hint
    if hasattr(hint, "text"):
        return str(hint.text(lang))
    return str(hint or "")


def _stops(offer: Offer, case: Case, memory: PlaceMemory) -> dict[str, dict[str, Any]]:
    """What a round is to look at: of all routes only its own is offered for ticking off."""
    fields = [one.id for one in offer.fields if getattr(one, "of", "") == ROUTE]
    if not fields:
        return {}
    choices = [{"id": stop.id, "label": stop.name.text(lang_of())} for stop in route_of(memory, case.fields)]
    return {name: {"choices": choices, "whole": True} for name in fields}


def _prefilled(offer: Offer, case: Case, routed: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """Collect once: what is already known stands in the form, to be confirmed or changed."""
    known = {name: {**over, "value": case.fields.get(name, "")} for name, over in routed.items()}
    item = case.item
    if not item and (suggested := (case.suggestion or {}).get("items")):
        item = suggested[0][0]
    if item:
        known["item"] = {"value": item}
    if case.reply:
        known["public_reply"] = {"value": case.reply}
    for name in ("solved", "truth", "completion"):
        if name in case.fields:
            known[name] = {"value": case.fields[name]}
    return known
