"""Which kind of case a call becomes when nobody says, and which of a form's fields is what.

Places name their kinds and fields themselves (law 4), so screens look them up here and never by a word of one place.
"""

from __future__ import annotations

from typing import Any

#: What a call needs of a form, the usual names of the field, and the type that it has.
ROLES: dict[str, tuple[tuple[str, ...], str]] = {
    "body": (("body", "content", "text", "description", "matter"), "long"),
    "photos": (("photos", "photo", "pictures"), "photo"),
    "place": (("place", "point", "location"), "point"),
    "address": (("address", "where"), "text"),
    "title": (("title", "subject"), "text"),
    "call": (("call", "call_kind"), "choice"),
    "item": (("item",), "item"),
    "urgency": (("urgency",), "choice"),
    "confidential": (("confidential",), "yesno"),
    "anonymous": (("anonymous",), "yesno"),
    "reporter_name": (("reporter_name", "name", "caller_name"), "text"),
    "reporter_phone": (("reporter_phone", "phone", "caller_phone"), "text"),
    "reporter_address": (("reporter_address", "caller_address"), "text"),
    "after_photos": (("after_photos",), "photo"),
}
# Where no field has a usual name, the first of its type will do: there is only one text that says what the matter is.
_BY_TYPE = ("body", "photos", "place")


def default_kind(preset: Any) -> str:
    """The kind that a call becomes when nobody chose: the first that takes calls, in the order of the file."""
    for code, kind in preset.kinds.items():
        if kind.calls:
            return str(code)
    return str(next(iter(preset.kinds), ""))


def roles_of(form: Any) -> dict[str, str]:
    """Which field of the form plays which role: role → field id; roles that no field plays are absent."""
    by_id = {one.id: one for one in form.fields}
    found: dict[str, str] = {}
    for role, (names, kind) in ROLES.items():
        name = next((n for n in names if n in by_id and by_id[n].type == kind), None)
        if name is None and role in _BY_TYPE:
            taken = set(found.values())
            name = next((one.id for one in form.fields if one.type == kind and one.id not in taken), None)
        if name is not None:
            found[role] = name
    return found
