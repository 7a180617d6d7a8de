"""Orders as lists and reports need them, kept up behind the ledger's pages; and telling those who get copies."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from huying import clock
from huying.cases.models import Case
from huying.cases.of_page import cases_of, with_case
from huying.cases.world import AUTHOR
from huying.ledger.pages import Event
from huying.ledger.rows import put
from huying.places import memory as places
from huying.presets.queries import compiled
from huying.supervise import telling
from huying.supervise.actions import copies_of
from huying.supervise.kinds import kinds_at
from huying.supervise.models import Copy, Order

KINDS = ("case.reported", "case.moved", "case.fired")


def keep(place_id: int, page: int, events: Sequence[Event]) -> None:
    """The ledger's reader: orders as they stand after one page. Four SQL statements, more where one was issued."""
    kinds = kinds_at(place_id)
    told = [event for event in events if event.case_id and event.kind in KINDS]
    if not kinds or not told:
        return
    found = cases_of(place_id, events, told)
    cases = {ident: case for ident, case in found.items() if case.kind in kinds}
    if not cases:
        return
    known = {row.case_id: row for row in Order.objects.filter(place_id=place_id, case_id__in=list(cases))}
    for event, case in with_case(told, cases):
        row = known.get(case.id)
        if row is None:
            row = known[case.id] = _new(case)
        if event.kind == "case.reported":
            row.about_id = _uuid(event.data.get("parent"))
            _copies(case, event.at)
        else:
            _fold(row, case, event)
    for row in known.values():
        _settle(row, cases[row.case_id])
    put(known.values(), ["place_id", "case_id"])


def _new(case: Case) -> Order:
    fields = case.fields
    return Order(
        place_id=case.place_id, case_id=case.id, number=case.number, organ_id=case.organ_id or 0,
        author_key=str(fields.get(AUTHOR, "")), rule=str(fields.get("rule", "")), report=str(fields.get("report", "")),
        issued_at=case.reported_at,
    )  # fmt: skip


def _copies(case: Case, at: datetime) -> None:
    organs = copies_of(case)
    if not organs:
        return
    Copy.objects.bulk_create(
        [Copy(place_id=case.place_id, case_id=case.id, organ_id=organ, at=at) for organ in organs],
        ignore_conflicts=True,
    )
    if not case.confidential:
        telling.copies(places.of(case.place_id), case, organs, clock.now())


def _fold(row: Order, case: Case, event: Event) -> None:
    """When the organ signed and answered, and how often its answer was sent back."""
    flow = compiled(case.edition_id).flow_of(case.kind)
    data = event.data
    was, owner = str(data.get("was") or ""), str(data.get("owner") or "")
    now = flow.steps.get(str(data.get("step") or ""))
    moved = any(
        isinstance(one, dict) and one.get("event") == "moved" and one.get("how") == "actor"
        for one in data.get("flow", ())
    )
    if now is None or not moved or event.kind != "case.moved":
        return
    from_organ = was.startswith("organ:")
    if from_organ and row.signed_at is None and _left(data, now.id):
        row.signed_at = event.at
    if from_organ and owner and owner != was and now.phase != "handle":
        row.answered_at = event.at
    elif not from_organ and owner.startswith("organ:") and now.phase == "handle":
        row.answered_at = None
        row.refused += 1


def _left(data: dict[str, Any], step: str) -> bool:
    """Whether the move led to another step."""
    came = next((one.get("from") for one in data["flow"] if one.get("event") == "moved"), None)
    return came is not None and came != step


def _settle(row: Order, case: Case) -> None:
    row.level = case.grade or 1
    row.closed_at, row.result = case.closed_at, case.result
    step = compiled(case.edition_id).flow_of(case.kind).steps.get(case.step)
    due = case.fields.get("due")
    if due:
        row.due_at = datetime.fromisoformat(str(due))
    # More time was granted: the limit of the step that is open is later than what the order said.
    handles = (
        step is not None and step.phase == "handle" and step.limit is not None and step.limit.kind == "field"
    )
    if handles and case.due_at is not None and (row.due_at is None or case.due_at > row.due_at):
        row.due_at = case.due_at


def _uuid(value: Any) -> UUID | None:
    return value if isinstance(value, UUID) else UUID(str(value)) if value else None
