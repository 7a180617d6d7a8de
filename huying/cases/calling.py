"""What is at hand while somebody is on the telephone: earlier calls of the number, and where the call would go."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from huying.cases import dispatching, inbox, looks, naming, routing
from huying.cases.actions.report import phone_hash
from huying.cases.calls import Call
from huying.cases.dispatching import Handbook
from huying.cases.figures import unpack
from huying.cases.models import Case, Contact
from huying.cases.queries import similar_open
from huying.cases.sight import may_see, visible
from huying.places.info import PlaceMemory
from huying.presets.queries import compiled
from huying.staff.sight import Sight
from huying.ui.choices import Look

REQUEST = "request"
SHORTEST = 7  # digits of a telephone number: fewer are still being typed
EARLIER = 5
NOTHING_YET = "-"  # stands for a text of which nothing was typed
LOOKED = 30  # earlier calls of one number that are looked through


@dataclass(frozen=True, slots=True)
class Brief:
    """A case in one line, for whoever is on the telephone."""

    case: Case
    step: Look
    item: str
    where: str
    seen: bool = True
    away: int | None = None


@dataclass(frozen=True, slots=True)
class Hint:
    """An item that the text may be about: how likely, why, and what the handbook says of it."""

    book: Handbook
    percent: int
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Outlook:
    """Where a call would go if it were sent now."""

    where: str
    placed: bool
    outside: bool
    on_border: bool
    hints: tuple[Hint, ...]
    organ: str  # who gets it at once; empty: the desk sends it on
    as_in: str
    similar: tuple[Brief, ...]


def main_kind(preset: Any) -> str:
    """The kind of case that a call becomes: ``request``, else the first of this room; empty for none."""
    if preset is None:
        return ""
    if REQUEST in preset.kinds:
        return REQUEST
    return next((code for code, kind in preset.kinds.items() if "cases" in kind.rooms), "")


def digits(phone: str) -> str:
    """What counts of a typed telephone number; empty while it is too short to be one."""
    found = "".join(char for char in phone if char.isascii() and char.isdigit())
    return found if len(found) >= SHORTEST else ""


def earlier(sight: Sight, phone: str, memory: PlaceMemory) -> list[Brief]:
    """Earlier calls of the number, newest first, within sight. Two SQL statements; contacts stay sealed."""
    if not digits(phone):
        return []
    ids = (
        Contact.objects.filter(place_id=sight.place_id, phone_hash=phone_hash(phone))
        .order_by("-id")
        .values_list("case_id", flat=True)[:LOOKED]
    )
    rows = visible(sight).filter(id__in=list(ids)).order_by("-id")[:EARLIER]
    return [brief(case, memory) for case in rows]


def brief(case: Case, memory: PlaceMemory, *, seen: bool = True, away: int | None = None) -> Brief:
    """A case in one line. No SQL statement."""
    preset = compiled(case.edition_id)
    name = naming.step_name(preset.flow_of(case.kind), case.step)
    step = (
        looks.result_look(case.result)
        if case.closed_at and case.result
        else looks.phase_look(case.phase, name)
    )
    return Brief(case, step, naming.item_name(preset, case.item), inbox.short_where(memory, case), seen, away)


def outlook(memory: PlaceMemory, sight: Sight, call: Call) -> Outlook:
    """Where the call belongs as far as it was typed: place, items with reasons, organ, similar open cases.

    One SQL statement while the figures are fresh. Raises CallRefused for an unknown division.
    """
    found = routing.route(memory, replace(call, item="", body=call.body.strip() or NOTHING_YET))
    spot = found.spot
    signature = unpack(found.signature) if found.signature else ()
    hints = []
    for code, score, reasons in dispatching.worth(
        found.suggestion.get("items", []) if call.body.strip() else []
    ):
        book = dispatching.handbook(memory, code, spot.division_id, spot.path, signature)
        if book is not None:
            hints.append(Hint(book, round(score * 100), tuple(str(one) for one in reasons)))
    sent = ""
    if found.sure and found.organ_id is not None and _automatic(memory, call, found.item):
        sent = memory.organ(found.organ_id).name
    ident = spot.grid_id or spot.division_id
    chain = memory.division(ident).ancestors if ident is not None else ()
    where = " ".join(memory.division(one).name for one in chain[1:] or chain)
    return Outlook(
        where, spot.placed, spot.outside, spot.on_border, tuple(hints), sent,
        found.ruling.number if found.ruling is not None else "", _similar(memory, sight, call, spot.path),
    )  # fmt: skip


def _automatic(memory: PlaceMemory, call: Call, code: str) -> bool:
    """Whether the place lets this item go out by itself; the flow has the last word when the call is taken."""
    row = memory.preset.items.get(code) if memory.preset is not None else None
    return row is not None and row.auto and not call.confidential and call.call not in ("report", "consult")


def _similar(memory: PlaceMemory, sight: Sight, call: Call, path: str) -> tuple[Brief, ...]:
    text = f"{call.title}{call.body}"
    if len(text.strip()) < 4:
        return ()
    if call.lon is not None and call.lat is not None:
        near = similar_open(memory.place_id, text, call.lon, call.lat, most=3)
        return tuple(
            brief(case, memory, seen=may_see(sight, case), away=round(away)) for case, away, _alike in near
        )
    return tuple(
        brief(case, memory, seen=may_see(sight, case))
        for case, _alike in dispatching.alike_in(memory.place_id, path, text)
    )


def known_contact(sight: Sight, phone: str) -> UUID | None:
    """The newest case within sight in which this number left its contact. Two SQL statements."""
    ids = (
        Contact.objects.filter(place_id=sight.place_id, phone_hash=phone_hash(phone), join=False)
        .order_by("-id")
        .values_list("case_id", flat=True)[:LOOKED]
    )
    found = visible(sight).filter(id__in=list(ids)).order_by("-id").values_list("id", flat=True).first()
    return UUID(str(found)) if found is not None else None


# Channels that are not those of somebody who types a call for others.
_OTHERS = frozenset({"web", "grid", "delegate", "import", "api"})


def own_channel(preset: Any, roles: Collection[str], otherwise: str) -> str:
    """The channel of place.yaml that belongs to one of the roles (``who``), the first in the file; else *otherwise*."""
    channels = preset.place.channels if preset is not None else ()
    return next((one.code for one in channels if one.who in roles and one.code not in _OTHERS), otherwise)
