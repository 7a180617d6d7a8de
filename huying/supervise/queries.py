"""Reading orders and bulletins. Whoever asks for a person gives that person's sight; reports ask without."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q, QuerySet

from huying.cases.sight import visible
from huying.staff.sight import Sight
from huying.supervise.models import Bulletin, Order


@dataclass(frozen=True, slots=True)
class OrderRow:
    """An order: whom it went to, at which level (1 ordinary, 2 yellow, 3 red), and what became of it.

    ``rule`` is the rule of supervision.yaml that led to it ("" by hand), ``report`` the special report that had named
    the organ. ``overdue``: open after its limit, or closed later than that.
    """

    number: str
    case_id: UUID
    about_id: UUID | None
    organ_id: int
    level: int
    rule: str
    report: str
    issued_at: datetime
    due_at: datetime | None
    signed_at: datetime | None
    answered_at: datetime | None
    closed_at: datetime | None
    result: str
    refused: int

    def overdue(self, now: datetime) -> bool:
        """Whether the account came (or still is) later than asked for."""
        return self.due_at is not None and (self.answered_at or self.closed_at or now) > self.due_at


def orders(
    place_id: int, start: datetime, end: datetime, organ_id: int | None = None, sight: Sight | None = None
) -> list[OrderRow]:
    """The orders issued from *start* until before *end*, oldest first; of one organ, and as a person sees them.

    One SQL statement. It lags behind the ledger's pages by about a second.
    """
    rows = Order.objects.filter(place_id=place_id, issued_at__gte=start, issued_at__lt=end)
    if organ_id is not None:
        rows = rows.filter(organ_id=organ_id)
    if sight is not None:
        rows = rows.filter(case_id__in=visible(sight).values("id"))
    return [
        OrderRow(
            row.number, row.case_id, row.about_id, row.organ_id, row.level, row.rule, row.report, row.issued_at,
            row.due_at, row.signed_at, row.answered_at, row.closed_at, row.result, row.refused,
        )
        for row in rows.order_by("issued_at", "case_id")
    ]  # fmt: skip


def bulletins(
    place_id: int, start: datetime, end: datetime, organ_id: int | None = None, sight: Sight | None = None
) -> list[Bulletin]:
    """The bulletins issued from *start* until before *end*, oldest first; as a person sees them. One SQL statement."""
    rows = bulletins_seen(place_id, sight).filter(issued_at__gte=start, issued_at__lt=end)
    if organ_id is not None:
        rows = rows.filter(organ_id=organ_id)
    return list(rows.order_by("issued_at", "id"))


def bulletins_seen(place_id: int, sight: Sight | None) -> QuerySet[Bulletin]:
    """The bulletins that a person may read: those of orders that they see, and those that name their organ as reader."""
    rows = Bulletin.objects.filter(place_id=place_id)
    if sight is None:
        return rows
    if sight.place_id != place_id or sight.is_resident or sight.person_id is None:
        return rows.none()
    of_orders = Bulletin.objects.filter(place_id=place_id).values("case_id")
    seen = Q(case_id__in=visible(sight).filter(id__in=of_orders).values("id"))
    if sight.organs:
        seen |= Q(readers__overlap=list(sight.organs))
    return rows.filter(seen)
