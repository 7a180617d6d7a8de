"""The desk's queue: what waits to be decided, sorted by the kind of decision, next limit first.

Which step belongs to which kind of decision is worked out from the flow itself (``queue_groups``).
"""

from __future__ import annotations

import base64
import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import F, Q, QuerySet, Value

from huying.cases import queue_groups
from huying.cases.models import Case, Leg
from huying.cases.queue_groups import GROUPS, OTHER
from huying.cases.sight import not_subject
from huying.places.info import PlaceMemory
from huying.staff.sight import Sight

COUNT_MOST = 100  # counts stop here and are shown as "99+"
PAGE = 30


@dataclass(frozen=True, slots=True)
class Waiting:
    """A line of the queue: the case, and the organ's part that the decision is about."""

    case: Case
    leg: Leg | None

    @property
    def due_at(self) -> datetime | None:
        """When the decision is due."""
        return self.leg.due_at if self.leg is not None else self.case.due_at


class BadCursor(ValueError):
    """The cursor was not made by this queue."""


def desk_keys(sight: Sight) -> list[str]:
    """The owner keys of the desks at which the person sits."""
    return sorted(key for key in sight.owner_keys if key.startswith("desk:"))


def _sets(sight: Sight, memory: PlaceMemory, group: str) -> tuple[QuerySet[Case], QuerySet[Leg]]:
    held = queue_groups.sorted_of(memory)
    keys = desk_keys(sight)
    whole = Case.objects.filter(
        not_subject(sight), place_id=sight.place_id, owner_key__in=keys, closed_at=None
    )
    legs = Leg.objects.filter(place_id=sight.place_id, owner_key__in=keys, closed_at=None)
    if group == OTHER:
        return whole.exclude(_at("kind", held.cases)), legs.exclude(_at("flow", held.parts))
    return whole.filter(_at("kind", held.cases, group)), legs.filter(_at("flow", held.parts, group))


def _at(column: str, groups: Mapping[queue_groups.Place, str], group: str = "") -> Q:
    """At one of the steps of *group* (of any group but "other"); a step is told by its kind or flow as well."""
    steps: dict[str, list[str]] = {}
    for (of, step), name in groups.items():
        if name == group or (not group and name != OTHER):
            steps.setdefault(of, []).append(step)
    found = Q(**{f"{column}__in": []})
    for of, names in steps.items():
        found |= Q(**{column: of, "step__in": names})
    return found


def counts(sight: Sight, memory: PlaceMemory) -> dict[str, int]:
    """How much waits in each group, counted up to ``COUNT_MOST``. One SQL statement."""
    if not desk_keys(sight):
        return dict.fromkeys(GROUPS, 0)
    sets: list[Any] = []
    for group in GROUPS:
        for rows in _sets(sight, memory, group):
            sets.append(rows.order_by().annotate(g=Value(group)).values_list("g", flat=True)[:COUNT_MOST])
    found = Counter(sets[0].union(*sets[1:], all=True))
    return {group: min(found[group], COUNT_MOST) for group in GROUPS}


def page(
    sight: Sight, memory: PlaceMemory, group: str, cursor: str = "", size: int = PAGE
) -> tuple[list[Waiting], str]:
    """A page of one group, next limit first, and the cursor of the next page. Three SQL statements. Raises BadCursor."""  # fmt: skip
    if not desk_keys(sight):
        return [], ""
    after = _after(cursor)
    cases, legs = _sets(sight, memory, group)
    order = (F("due_at").asc(nulls_last=True), "id")
    waiting = [Waiting(one, None) for one in cases.filter(after).order_by(*order)[: size + 1]]
    parts = list(legs.filter(after).order_by(*order)[: size + 1])
    of = _cases_of(sight, parts)
    waiting += [Waiting(of[leg.case_id], leg) for leg in parts if leg.case_id in of]
    waiting.sort(key=_order)
    last = waiting[size - 1] if len(waiting) > size else None
    return waiting[:size], _pack(last) if last is not None else ""


def _cases_of(sight: Sight, legs: Sequence[Leg]) -> dict[UUID, Case]:
    ids = {leg.case_id for leg in legs}
    if not ids:
        return {}
    rows = Case.objects.filter(not_subject(sight), place_id=sight.place_id, id__in=ids)
    return {case.id: case for case in rows}


def _order(row: Waiting) -> tuple[bool, float, UUID]:
    due = row.due_at
    return due is None, due.timestamp() if due is not None else 0.0, (row.leg or row.case).id


def _pack(row: Waiting) -> str:
    text = json.dumps([row.due_at.isoformat() if row.due_at else None, str((row.leg or row.case).id)])
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def _after(cursor: str) -> Q:
    if not cursor:
        return Q()
    try:
        due_text, id_text = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        ident = UUID(id_text)
        due = None if due_text is None else datetime.fromisoformat(due_text)
        if due is not None and due.tzinfo is None:
            raise ValueError(cursor)
    except (ValueError, TypeError, AttributeError) as error:
        raise BadCursor(cursor) from error
    if due is None:
        return Q(due_at=None, id__gt=ident)
    return Q(due_at__gt=due) | Q(due_at=None) | Q(due_at=due, id__gt=ident)


def legs_of(place_id: int, cases: Iterable[Case]) -> dict[UUID, list[Leg]]:
    """The parts of the cases, by case. One SQL statement."""
    found: dict[UUID, list[Leg]] = {}
    ids = [case.id for case in cases]
    for leg in Leg.objects.filter(place_id=place_id, case_id__in=ids).order_by("id") if ids else ():
        found.setdefault(leg.case_id, []).append(leg)
    return found
