"""A call as it comes in: what ``report`` takes, whatever the channel, and what is wrong with it if something is."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from huying.cases.kinds import ROLES, roles_of

TITLE_MAX = 200
BODY_MAX = 4000  # characters, as Open311 has it
ADDRESS_MAX = 200
KINDS_OF_CALL = ("consult", "help", "complaint", "report", "suggestion")
URGENCIES = (0, 1, 2)  # ordinary, urgent, critical


class CallRefused(Exception):
    """The call cannot be taken; ``errors`` says for each field what to mend. Nothing was written."""

    def __init__(self, errors: dict[str, str]) -> None:
        super().__init__("; ".join(f"{name}: {text}" for name, text in errors.items()))
        self.errors = errors


@dataclass(frozen=True, slots=True)
class Reporter:
    """Who called and how to reach them; sealed before it is stored."""

    person_id: UUID | None = None
    name: str = ""
    phone: str = ""
    address: str = ""


@dataclass(frozen=True, slots=True)
class Call:
    """What somebody reports. Coordinates are WGS 84 degrees; *at* is when it was received (None: now)."""

    body: str
    title: str = ""
    kind: str = ""  # of the place's kinds; "" is the one that calls become when nobody says
    call: str = "help"
    lon: float | None = None
    lat: float | None = None
    address: str = ""
    division_id: int | None = None
    item: str = ""
    reporter: Reporter = field(default_factory=Reporter)
    anonymous: bool = False
    confidential: bool = False
    urgency: int = 0
    flags: tuple[str, ...] = ()
    photos: tuple[str, ...] = ()  # tokens of staged files
    source: str = ""
    source_number: str = ""
    subject_organ_id: int | None = None
    fields: dict[str, Any] = field(default_factory=dict)
    at: datetime | None = None
    # Of a paper of the authorities (a kind that takes a right to open), never of a call:
    organ_id: int | None = None  # whom it goes to, instead of asking what the text is about
    readers: tuple[int, ...] = ()  # organs that may read it besides
    author_key: str = ""  # the owner key of who opens it in a post
    subject_person_id: UUID | None = None


def problems(call: Call) -> dict[str, str]:
    """What is wrong with *call* in itself (not whether its item or place exist), by field."""
    errors: dict[str, str] = {}
    if not call.body.strip():
        errors["body"] = _("Please say what happened.")
    elif len(call.body) > BODY_MAX:
        errors["body"] = _("The text has %(n)d characters; %(max)d are the most.") % {
            "n": len(call.body),
            "max": BODY_MAX,
        }
    if len(call.title) > TITLE_MAX:
        errors["title"] = _("The title has more than %(max)d characters.") % {"max": TITLE_MAX}
    if len(call.address) > ADDRESS_MAX:
        errors["address"] = _("The address has more than %(max)d characters.") % {"max": ADDRESS_MAX}
    if "\x00" in call.body + call.title + call.address:
        errors["body"] = _("The text holds a character that cannot be stored.")
    if call.call not in KINDS_OF_CALL:
        errors["call"] = _("Unknown kind of call.")
    if call.urgency not in URGENCIES:
        errors["urgency"] = _("Unknown urgency.")
    if (call.lon is None) != (call.lat is None):
        errors["lon"] = _("A point needs both longitude and latitude.")
    elif (
        call.lon is not None
        and call.lat is not None
        and not (-180 <= call.lon <= 180 and -90 <= call.lat <= 90)
    ):
        errors["lon"] = _("The point is not on the earth.")
    return errors


def title_of(call: Call) -> str:
    """The title, or the beginning of the text when none was given."""
    if call.title.strip():
        return call.title.strip()
    first = call.body.strip().splitlines()[0].strip()
    for mark in "。！？!?；;":
        head = first.split(mark, 1)[0]
        if 4 <= len(head) <= 40:
            return head
    return first if len(first) <= 40 else first[:39] + "…"


def from_form(
    kind: str,
    values: dict[str, Any],
    *,
    form: Any = None,
    person_id: UUID | None = None,
    division_id: int | None = None,
    kinds_of_call: tuple[str, ...] = KINDS_OF_CALL,
) -> Call:
    """A call from the clean values of its kind's form (every channel uses the same form).

    *form* says which field plays which role (``kinds.roles_of``); a value may also stand under the role's own name.
    What no role of a call covers travels in ``fields``.
    """
    roles = roles_of(form) if form is not None else {}
    own = {role: values.get(roles.get(role, role), values.get(role)) for role in ROLES}
    taken = {*roles.values(), *ROLES}
    point = own.get("place") or {}
    anonymous = bool(own.get("anonymous"))
    reporter = Reporter(
        person_id=None if anonymous else person_id,
        name="" if anonymous else str(own.get("reporter_name") or ""),
        phone="" if anonymous else str(own.get("reporter_phone") or ""),
        address="" if anonymous else str(own.get("reporter_address") or ""),
    )
    usual = "help" if "help" in kinds_of_call or not kinds_of_call else kinds_of_call[0]
    urgency = str(own.get("urgency") or 0)
    return Call(
        body=str(own.get("body") or ""),
        title=str(own.get("title") or ""),
        kind=kind,
        call=str(own.get("call") or usual),
        lon=point.get("lon"),
        lat=point.get("lat"),
        address=str(own.get("address") or ""),
        division_id=division_id,
        item=str(own.get("item") or ""),
        reporter=reporter,
        anonymous=anonymous,
        confidential=bool(own.get("confidential")),
        urgency=int(urgency) if urgency.isdigit() else 0,
        photos=tuple(dict.fromkeys([*(own.get("photos") or ()), *(own.get("after_photos") or ())])),
        fields={name: value for name, value in values.items() if name not in taken},
    )
