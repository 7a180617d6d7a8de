"""The fields of the desk's form, put into the order in which a conversation goes: who, what, where, the rest."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _

from huying.cases import looks
from huying.places.info import PlaceMemory
from huying.ui.typed import whole

# What a grid worker fills in on the spot; the desk never does.
NOT_HERE = ("handled_now", "after_photos")
# Fields that the desk has beside those of the kind's form, and how long they may be.
OWN = {
    "pick_item": 60, "reporter_address": 120, "source": 40, "source_number": 80, "answered": 3, "answer": 2000,
    "division": 12,
}  # fmt: skip
# Fields that are kept on the device while they are typed.
DRAFTS = (
    "reporter_phone", "reporter_name", "reporter_address", "body", "address", "source_number", "answer", "title",
    "against",
)  # fmt: skip
WHO = ("reporter_phone", "reporter_name", "reporter_address", "anonymous")
WHAT = ("call", "body")
WHERE = ("address", "division", "place")
REST = ("urgency", "confidential")
CENTRE_ONLY = ("source", "source_number", "answered", "answer")


def own_values(request: HttpRequest) -> dict[str, str]:
    """What was sent for the desk's own fields, cut to length."""
    return {name: request.POST.get(name, "").strip()[:most] for name, most in OWN.items()}


def extra_errors(
    memory: PlaceMemory, values: Mapping[str, Any], own: Mapping[str, str]
) -> tuple[int | None, dict[str, str]]:
    """The chosen division, and what is wrong with the desk's own fields."""
    errors: dict[str, str] = {}
    division_id = None
    if own["division"]:
        division_id = whole(own["division"])
        if division_id not in memory.divisions:
            division_id = None
            errors["division"] = _("There is no such division here.")
    if own["answered"]:
        if not own["answer"]:
            errors["answer"] = _("Please write down what you answered.")
        if not values.get("item"):
            errors["item"] = _("Please choose the item that you answered about.")
    return division_id, errors


def call_sections(
    shown: Sequence[Mapping[str, Any]], memory: PlaceMemory, values: Mapping[str, Any], errors: Mapping[str, str],
    *, full: bool, calls: Sequence[str] = (),
) -> list[dict[str, Any]]:  # fmt: skip
    """The form in sections: ``title icon key fields more``; *full* is the centre's form, else the shorter one."""
    fields = {field["id"]: dict(field) for field in shown} | _own(memory, values, errors)
    for name in DRAFTS:
        if name in fields:
            fields[name]["draft"] = f"call-{name}"
    if not full:
        for name in CENTRE_ONLY:
            fields.pop(name, None)
    _shape(fields, values, calls)

    def take(names: Sequence[str]) -> list[dict[str, Any]]:
        return [fields.pop(name) for name in names if name in fields]

    who, what, where, rest = take(WHO), take(WHAT), take(WHERE), take(REST)
    answer = take(("answered", "answer"))
    source = take(("source", "source_number"))
    item = take(("item",))
    return [
        _section("1", "f-reporter_phone", _("Who calls"), "phone-incoming", who),
        _section("2", "f-body", _("What is the matter"), "message-report", what, list(fields.values())),
        _section("3", "f-address", _("Where is it"), "map-pin", where),
        _section("4", "", _("How it goes on"), "route", [*item, *rest, *answer], source),
    ]


def _section(
    key: str,
    first: str,
    title: str,
    icon: str,
    fields: list[dict[str, Any]],
    more: Sequence[dict[str, Any]] = (),
) -> dict[str, Any]:
    """A section: the key that leads to its first field, and the fields shown at once and on asking for more."""
    return {"key": key, "first": first, "title": title, "icon": icon, "fields": fields, "more": list(more)}


def _shape(fields: dict[str, dict[str, Any]], values: Mapping[str, Any], calls: Sequence[str]) -> None:
    """What is particular to this form: the telephone first, point as text, urgency as said."""
    if "place" in fields:
        point = values.get("place")
        fields["place"]["value"] = f"{point['lon']},{point['lat']}" if isinstance(point, Mapping) else ""
    if "call" in fields:
        fields["call"]["value"] = values.get("call") or "help"
        fields["call"]["choices"] = [
            {"id": code, "label": looks.CALLS[code]} for code in (calls or looks.CALLS) if code in looks.CALLS
        ]
    if "urgency" in fields:
        fields["urgency"]["value"] = values.get("urgency") or "0"
    if "body" in fields:
        fields["body"]["rows"] = 6
    if "reporter_phone" in fields:
        fields["reporter_phone"] |= {"type": "phone", "when": "", "hint": ""}
    if "reporter_name" in fields:
        fields["reporter_name"]["when"] = "not anonymous"


def _own(
    memory: PlaceMemory, values: Mapping[str, Any], errors: Mapping[str, str]
) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {
        "reporter_address": {"label": _("Address of the caller"), "type": "text", "max": 120, "when": "not anonymous"},
        "division": {"label": _("Town and village"), "type": "division", "choices": divisions(memory),
                     "hint": _("When the place cannot be marked on the map")},
        "answered": {"label": _("Answered on the telephone, nothing more to do"), "type": "yesno"},
        "answer": {"label": _("What you answered"), "type": "long", "rows": 3, "max": 2000, "when": "answered"},
        "source": {"label": _("Handed over by"), "type": "text", "max": 40,
                   "hint": _("Such as another hotline, the mayor's mailbox, the media")},
        "source_number": {"label": _("Their number"), "type": "text", "max": 80},
    }  # fmt: skip
    return {
        name: {
            "id": name, "required": False, "hint": "", "when": "", "choices": [], "max": None, "min": None,
            **field, "value": values.get(name, ""), "errors": errors.get(name, ""),
        }
        for name, field in found.items()
    }  # fmt: skip


def divisions(memory: PlaceMemory) -> list[dict[str, Any]]:
    """Divisions to choose from, the lowest first under their towns, then grids by their village's name."""
    found = []
    for row in memory.divisions.values():
        if not row.active or row.parent_id is None or (row.layer and row.layer != "general"):
            continue
        parent = memory.divisions.get(row.parent_id)
        found.append(
            {"id": row.id, "label": row.name if not row.layer or parent is None else f"{parent.name} {row.name}",
             "group": parent.name if parent is not None and not row.layer else "", "keys": row.short}
        )  # fmt: skip
    return sorted(found, key=lambda one: (one["group"] == "", one["group"]))
