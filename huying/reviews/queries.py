"""Reading deductions and standings. Reports call ``deductions`` and ``standings``."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import OuterRef, Q, QuerySet, Subquery, Sum

from huying.indicators.periods import Period
from huying.ledger import queries as ledger
from huying.places import memory as places
from huying.places.info import PlaceMemory
from huying.presets.queries import compiled
from huying.reviews.days import start_of
from huying.reviews.models import Deduction, Step

PROPOSED, CONFIRMED, WITHDRAWN, APPEALED = "proposed", "confirmed", "withdrawn", "appealed"
UPHELD, CORRECTED = "upheld", "corrected"
COUNTING = frozenset({CONFIRMED, APPEALED, UPHELD, CORRECTED})
SIZE = 50
MOST = 5000


@dataclass(frozen=True, slots=True)
class Taken:
    """Points taken off a unit, with their grounds. ``points`` is what it comes to now; a proposal, and what was
    withdrawn, comes to nothing. ``asked`` is what the rule says."""

    id: UUID
    organ_id: int
    organ: str
    rule: str
    rule_name: str
    asked: Decimal
    points: Decimal
    state: str  # proposed, confirmed, withdrawn, appealed, upheld, corrected
    at: datetime  # of the event
    case_id: UUID
    number: str
    event_id: UUID
    until: datetime | None = None  # until when the unit may appeal

    @property
    def counts(self) -> bool:
        """Whether it is taken off now. An appeal does not put it off."""
        return self.state in COUNTING


def deductions(place_id: int, start: date, end: date, organ_id: int | None = None) -> list[Taken]:
    """The deductions for events on the local days from *start* up to, without, *end*, oldest first.

    Of one organ, or of all; at most ``MOST``. Two SQL statements. Proposals and withdrawn ones are among them: see
    ``Taken.counts``.
    """
    memory = places.of(place_id)
    rows = _between(memory, start, end, organ_id).order_by("at", "id")[:MOST]
    return _taken(memory, list(rows))


def several(place_id: int, ids: Iterable[UUID]) -> list[Taken]:
    """The deductions of those ids, as they stand. Two SQL statements."""
    rows = Deduction.objects.filter(place_id=place_id, id__in=list(ids)).select_related("case")
    return _taken(places.of(place_id), list(rows))


def points_of(place_id: int, start: date, end: date) -> dict[int, Decimal]:
    """Points taken off each organ in those days, as they stand now, however many they are. One SQL statement."""
    rows = _standing(_between(places.of(place_id), start, end, None)).filter(stands__in=COUNTING)
    return dict(rows.values_list("organ_id").annotate(Sum("counted")))


def page(
    place_id: int, start: date, end: date, *, organ_ids: Sequence[int] | None = None, state: str = "",
    after: str = "", size: int = SIZE,
) -> tuple[list[Taken], str]:  # fmt: skip
    """A page of deductions, newest first, of those organs (None: all), and the cursor of the next. Two statements."""
    memory = places.of(place_id)
    rows = _between(memory, start, end, None)
    if organ_ids is not None:
        rows = rows.filter(organ_id__in=list(organ_ids))
    if state:
        rows = _standing(rows).filter(stands=None if state == PROPOSED else state)
    at, _sep, ident = after.partition("_")
    if ident:
        moment = datetime.fromisoformat(at)
        if moment.tzinfo is None:
            raise ValueError("no cursor of ours: a moment without its zone")
        rows = rows.filter(Q(at__lt=moment) | Q(at=moment, id__lt=UUID(ident)))
    found = list(rows.order_by("-at", "-id")[: size + 1])
    shown = found[:size]
    more = f"{shown[-1].at.isoformat()}_{shown[-1].id.hex}" if len(found) > size else ""
    return _taken(memory, shown), more


@dataclass(frozen=True, slots=True)
class Decided:
    """One decision about a deduction, with its reasons."""

    kind: str
    points: Decimal
    at: datetime
    person_id: UUID | None
    until: datetime | None
    task_id: UUID | None
    reason: str


def one(place_id: int, ident: UUID) -> tuple[Taken, list[Decided]] | None:
    """A deduction with all that was decided about it, in order; None when there is none. At most four statements."""
    row = Deduction.objects.filter(place_id=place_id, id=ident).select_related("case").first()
    if row is None:
        return None
    memory = places.of(place_id)
    steps = list(Step.objects.filter(place_id=place_id, deduction_id=ident).order_by("at", "id"))
    reasons = ledger.open_private(place_id, [step.event_id for step in steps if step.event_id is not None])
    told = [
        Decided(
            step.kind, step.points, step.at, step.person_id, step.until, step.task_id,
            str(reasons.get(step.event_id, {}).get("reason", "")) if step.event_id is not None else "",
        )
        for step in steps
    ]  # fmt: skip
    return _as_taken(memory, row, _last(steps), steps), told


def _between(memory: PlaceMemory, start: date, end: date, organ_id: int | None) -> Any:
    rows = Deduction.objects.filter(
        place_id=memory.place_id, at__gte=start_of(memory, start), at__lt=start_of(memory, end)
    ).select_related("case")
    return rows if organ_id is None else rows.filter(organ_id=organ_id)


def _standing(rows: QuerySet[Deduction]) -> Any:
    """With what the last decision about each says: ``stands`` its kind (None: only proposed), ``counted`` the points."""
    last = Step.objects.filter(place_id=OuterRef("place_id"), deduction_id=OuterRef("id")).order_by(
        "-at", "-id"
    )
    return rows.annotate(
        stands=Subquery(last.values("kind")[:1]), counted=Subquery(last.values("points")[:1])
    )


def _taken(memory: PlaceMemory, rows: Sequence[Deduction]) -> list[Taken]:
    steps: dict[UUID, list[Step]] = {}
    found = Step.objects.filter(place_id=memory.place_id, deduction_id__in=[row.id for row in rows])
    for step in found.order_by("at", "id"):
        steps.setdefault(step.deduction_id, []).append(step)
    return [_as_taken(memory, row, _last(steps.get(row.id, [])), steps.get(row.id, [])) for row in rows]


def _last(steps: Sequence[Step]) -> Step | None:
    return steps[-1] if steps else None


def _as_taken(memory: PlaceMemory, row: Deduction, last: Step | None, steps: Sequence[Step]) -> Taken:
    state = last.kind if last is not None else PROPOSED
    organ = memory.organs.get(row.organ_id)
    rules = compiled(row.edition_id).reviews if row.edition_id else None
    rule = rules.rule(row.rule) if rules is not None else None
    points = last.points if last is not None and state in COUNTING else Decimal(0)
    return Taken(
        row.id, row.organ_id, organ.name if organ is not None else "", row.rule, str(rule.name) if rule else row.rule,
        row.points, points, state, row.at, row.case_id, row.case.number, row.event_id,
        next((step.until for step in steps if step.until is not None), None),
    )  # fmt: skip


def standings(place_id: int, period: Period, level: str) -> Any:
    """How the units of a *level* ("organ", "town", "village", "grid") stand in a *period*: see ``appraising.standings``."""
    from huying.reviews.appraising import standings as work_out

    return work_out(place_id, period, level)
