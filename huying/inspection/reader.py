"""Follows the ledger and keeps what patterns are made of: who got a case, returned it, handed it on, asked for more
time, saw it voided. What a move means is worked out from the flow itself, so that every preset has its patterns.

Confidential cases, reports of wrongdoing and complaints about an organ or person are left out altogether: a list of
cases must not lead anybody to them.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Min

from huying.cases.courses import is_sealed
from huying.cases.models import Case, Leg
from huying.cases.of_page import cases_of
from huying.files.models import Attachment
from huying.flow.definition import Flow
from huying.inspection.models import Fact
from huying.ledger.keyfiles import lookup_hash
from huying.ledger.pages import Event
from huying.presets.queries import compiled

KINDS = frozenset({"case.reported", "case.moved", "case.fired", "leg.opened", "leg.moved"})
UNITS = ("organ:", "desk:", "division:")
SENT, RETURNED, HANDLED, ASKED, VOIDED = "sent", "returned", "handled", "asked", "voided"


def follow(place_id: int, number: int, events: Sequence[Event]) -> None:
    """A page of the ledger. At most seven SQL statements, whatever it holds."""
    told = [event for event in events if event.kind in KINDS and event.case_id is not None]
    if not told:
        return
    cases = {ident: case for ident, case in cases_of(place_id, events, told).items() if not _kept_out(case)}
    told = [event for event in told if event.case_id in cases]
    legs = _legs(place_id, {event.leg_id for event in told if event.leg_id})
    found: list[Fact] = []
    for event in told:
        assert event.case_id is not None
        case = cases[event.case_id]
        if event.leg_id is not None:
            found += _of_leg(event, case, legs.get(event.leg_id))
        else:
            found += _of_case(event, case, compiled(case.edition_id).flow_of(case.kind))
    _complete(place_id, found, cases)
    Fact.objects.bulk_create(found, ignore_conflicts=True)


def _kept_out(case: Case) -> bool:
    if is_sealed(case):
        return True
    # Papers of the authorities (orders, checks, appeals) are no calls: nobody "returns" those.
    kind = compiled(case.edition_id).kinds.get(case.kind)
    return kind is None or bool(kind.right)


def _legs(place_id: int, ids: Iterable[UUID]) -> dict[UUID, Leg]:
    wanted = list(ids)
    if not wanted:
        return {}
    rows = Leg.objects.filter(place_id=place_id, id__in=wanted).only("id", "organ_id", "part", "result")
    return {row.id: row for row in rows}


def _fact(event: Event, unit: str, what: str, value: float | None = None, *, second: bool = False) -> Fact:
    assert event.case_id is not None
    # An event that tells of two units (one hands on, another gets it) needs a second id, the same every time.
    ident = UUID(bytes=hashlib.sha256(event.id.bytes + what.encode()).digest()[:16]) if second else event.id
    return Fact(
        place_id=event.place_id, id=ident, case_id=event.case_id, unit=unit, what=what, at=event.at, value=value
    )  # fmt: skip


def _of_case(event: Event, case: Case, flow: Flow) -> list[Fact]:
    data, found = event.data, []
    was, owner = str(data.get("was", "")), str(data.get("owner", ""))
    now = flow.steps.get(str(data.get("step", "")))
    left = _left(data)
    before = flow.steps.get(left[0]) if left is not None else None
    if owner.startswith(UNITS) and owner != was and now is not None and not data.get("closed"):
        found.append(_fact(event, owner, SENT, second=True))
    if event.kind != "case.moved" or not was.startswith(UNITS):
        return found
    if data.get("closed") and data.get("result") == "void":
        found.append(_fact(event, was, VOIDED))
    elif (
        before is None
        or now is None
        or before.id == now.id
        or before.phase != "handle"
        or before.legs is not None
    ):
        return found
    elif now.phase in ("accept", "dispatch") and not data.get("closed"):
        found.append(_fact(event, was, RETURNED))
    elif now.phase == "verify":
        found.append(_fact(event, was, HANDLED))
    elif any(e.do == "extend" for move in flow.moves if now.id in move.sources for e in move.does):
        found.append(_fact(event, was, ASKED, None if left is None else left[1]))
    return found


def _of_leg(event: Event, case: Case, leg: Leg | None) -> list[Fact]:
    if leg is None or leg.part == "opinion":
        return []
    unit = f"organ:{leg.organ_id}"
    if event.kind == "leg.opened":
        return [_fact(event, unit, SENT)]
    if event.kind == "leg.moved" and event.data.get("closed"):
        if event.data.get("result") == "returned":
            return [_fact(event, unit, RETURNED)]
        if event.data.get("result") == "done":
            return [_fact(event, unit, HANDLED)]
    return []


def _left(data: Mapping[str, Any]) -> tuple[str, float | None] | None:
    """The step that was left, and the hours that remained of its limit (None without one)."""
    for one in data.get("flow", ()):
        if isinstance(one, Mapping) and one.get("event") == "left":
            past = one.get("past")
            hours = past[1] / 3600 if past and past[1] is not None else None
            return str(one.get("step", "")), hours
    return None


def _complete(place_id: int, found: list[Fact], cases: Mapping[UUID, Case]) -> None:
    """How long the unit had each case that it handed on, what it replied, and whether it brought anything along."""
    handled = [one for one in found if one.what == HANDLED]
    if not handled:
        return
    ids = {one.case_id for one in handled}
    sent: dict[tuple[UUID, str], list[datetime]] = {}
    earlier = Fact.objects.filter(place_id=place_id, case_id__in=ids, what=SENT)
    for one in [*earlier, *(fact for fact in found if fact.what == SENT)]:
        sent.setdefault((one.case_id, one.unit), []).append(one.at)
    files: dict[UUID, list[datetime]] = {}
    for case_id, at in Attachment.objects.filter(place_id=place_id, case_id__in=ids).values_list(
        "case_id", "created_at"
    ):
        files.setdefault(case_id, []).append(at)
    for one in handled:
        got = max((at for at in sent.get((one.case_id, one.unit), []) if at <= one.at), default=None)
        if got is not None:
            one.value = (one.at - got).total_seconds() / 60
        since = got or cases[one.case_id].reported_at
        one.bare = not any(since < at for at in files.get(one.case_id, ()))
        if words := "".join(cases[one.case_id].reply.split()):
            one.mark = lookup_hash(words, "inspection.reply")


def first(place_id: int) -> datetime | None:
    """The oldest fact that is kept. One SQL statement."""
    found: datetime | None = Fact.objects.filter(place_id=place_id).aggregate(at=Min("at"))["at"]
    return found
