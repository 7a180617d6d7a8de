"""The people behind the addresses of a report, and what they are told."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.urls import reverse

from huying import clock
from huying.notices import kinds as notice_kinds
from huying.reports.models import Report
from huying.staff.models import Holding
from huying.staff.sight import Sight, in_force

NOTICE = "report"


def people(place_id: int, keys: Iterable[str]) -> set[UUID]:
    """Who serves at those addresses now. One SQL statement."""
    rule = Q(pk__in=[])
    for key in keys:
        kind, _colon, rest = key.partition(":")
        if kind == "role":
            rule |= Q(post__role=rest)
        elif kind == "office":
            rule |= Q(post__organ_id=int(rest))
        elif kind == "post":
            role, _at, where = rest.partition("@")
            # A post in an organ of the whole place counts as one at its highest division; those are few.
            rule |= Q(post__role=role) & (
                Q(post__division_id=int(where)) if where.isdecimal() else Q(pk__in=[])
            )
    rows = Holding.objects.filter(
        in_force(clock.now()), rule, place_id=place_id, post__active=True, person__is_active=True
    )
    return set(rows.values_list("person_id", flat=True))


def about(sight: Sight, ids: Iterable[UUID]) -> dict[UUID, Any]:
    """What notices about reports say to a reader: title, number and address. Two SQL statements."""
    from huying.reports import queries

    return {
        row.id: notice_kinds.About(row.title, row.number, reverse("reports:report", args=[row.id]))
        for row in queries.readable(sight, ids)
    }


def told_of(report: Report) -> str:
    """The title under which a reader is told of it."""
    return report.title
