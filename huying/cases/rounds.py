"""Rounds that a plan calls for (duties with a route, or any duty): what was planned, done and missed, by place.

Counted by grid and division, never by person: who did not walk a round is nobody's business here, where nobody looked is.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from huying import clock
from huying.cases.duties import duties_of
from huying.cases.models import Case
from huying.ledger.ids import uuid7
from huying.places.info import DivisionInfo, PlaceMemory
from huying.presets.duty_definition import Duty
from huying.staff.sight import Sight

MISSED = "missed"
WEEKS = 4
SHOWN = 30


@dataclass(slots=True)
class Tally:
    """How many tasks there were for a division, and what became of them."""

    name: str
    planned: int = 0
    done: int = 0
    missed: int = 0
    open: int = 0


def plan(memory: PlaceMemory) -> Sequence[Duty]:
    """The duties that the calendar calls for; none where the place has no plan."""
    held = duties_of(memory)
    return [one for one in held.duties if one.every or one.dates] if held is not None else []


def tasks(sight: Sight, memory: PlaceMemory, since: datetime) -> QuerySet[Case]:
    """The tasks made since then in the person's areas. Ids are made in the order of time: only the period is read."""
    # The clock of a demonstration may run ahead of the one that ids are made by.
    span = clock.now() - since
    held = duties_of(memory)
    area = Q(pk__in=[])
    for path in sight.paths:
        area |= Q(path__startswith=path)
    rows = Case.objects.filter(
        area,
        place_id=sight.place_id,
        id__gte=min(first_id(since), first_id(made_at(uuid7()) - span)),
        reported_at__gte=since,
    )
    return rows.filter(kind=held.kind if held is not None else "")


def made_at(ident: UUID) -> datetime:
    """When an id was made."""
    return datetime.fromtimestamp((ident.int >> 80) / 1000, UTC)


def first_id(at: datetime) -> UUID:
    """The smallest id that a case of that moment could have."""
    return UUID(int=int(at.timestamp() * 1000) << 80)


def tallies(sight: Sight, memory: PlaceMemory, now: datetime) -> list[Tally]:
    """What became of the tasks of the last weeks, by the divisions below the person's area. One SQL statement."""
    rows = tasks(sight, memory, now - timedelta(weeks=WEEKS)).order_by()
    found: dict[int, Tally] = {}
    for path, result, count in rows.values_list("path", "result").annotate(n=Count("id")):
        row = _part(sight, memory, path)
        if row is None:
            continue
        tally = found.setdefault(row.id, Tally(row.name))
        tally.planned += count
        if not result:
            tally.open += count
        elif result == MISSED:
            tally.missed += count
        else:
            tally.done += count
    return sorted(found.values(), key=lambda one: (-one.missed, one.name))


def _part(sight: Sight, memory: PlaceMemory, path: str) -> DivisionInfo | None:
    """The division right below the person's area in which the path lies (that area itself, if nothing is below)."""
    area = max((len(one) for one in sight.paths if path.startswith(one)), default=0)
    ids = [int(part) for part in path.split("/") if part]
    above = len([part for part in path[:area].split("/") if part])
    ident = ids[min(above, len(ids) - 1)] if ids else None
    return memory.divisions.get(ident) if ident is not None else None


def missed(sight: Sight, memory: PlaceMemory, now: datetime) -> list[Any]:
    """The latest tasks that nobody did. One SQL statement."""
    rows = tasks(sight, memory, now - timedelta(weeks=WEEKS)).filter(result=MISSED)
    return list(rows.order_by("-id")[:SHOWN])
