"""Reading: traces of a period within somebody's sight, and studies."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from huying.cases.lists import pack_id, unpack_id
from huying.whatif.models import Study, Trace
from huying.whatif.stays import Course
from huying.whatif.traces import course_of

MOST = 20_000  # cases that are looked at together: the newest of a longer period
KEPT = 60  # studies that are listed


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which cases: those that came in from *since* to *until*, narrowed."""

    since: datetime
    until: datetime
    paths: tuple[str, ...] | None = None  # areas of whoever asks; None: of the whole place
    items: tuple[str, ...] = ()
    town: int = 0
    channel: str = ""
    kind: str = ""
    owner: str = ""  # who had it in hand at some time

    @property
    def narrowed(self) -> bool:
        """Whether anything but the period is asked for."""
        return bool(self.items or self.town or self.channel or self.owner)


def traces(place_id: int, wanted: Wanted) -> tuple[list[Course], bool]:
    """The cases as they went, newest first, at most MOST; and whether there were more. One SQL statement."""
    rows = _rows(place_id, wanted).order_by("-reported_at", "-case_id")
    found = [course_of(row) for row in rows[: MOST + 1]]
    if wanted.owner:
        kept = [one for one in found if not one.sealed and any(s.owner == wanted.owner for s in one.stays)]
        return kept[:MOST], len(found) > MOST
    return found[:MOST], len(found) > MOST


def _rows(place_id: int, wanted: Wanted) -> QuerySet[Trace]:
    rows = Trace.objects.filter(
        place_id=place_id, reported_at__gte=wanted.since, reported_at__lt=wanted.until
    )
    if wanted.paths is not None:
        area = Q(pk__in=[])
        for path in wanted.paths:
            area |= Q(path__startswith=path)
        rows = rows.filter(area)
    if wanted.items:
        rows = rows.filter(item__in=wanted.items)
    for name, value in (("town_id", wanted.town), ("channel", wanted.channel), ("kind", wanted.kind)):
        if value:
            rows = rows.filter(**{name: value})
    return rows


def history(place_id: int, since: datetime, until: datetime) -> tuple[list[Course], bool]:
    """The cases of a period, and those still under way when it began. Two SQL statements, at most MOST of each."""
    came, more = traces(place_id, Wanted(since, until))
    before = Trace.objects.filter(place_id=place_id, reported_at__lt=since).filter(
        Q(closed_at=None) | Q(closed_at__gte=since)
    )
    earlier = [course_of(row) for row in before.order_by("-reported_at", "-case_id")[:MOST]]
    return [*earlier, *came], more


def study(place_id: int, study_id: UUID) -> Study | None:
    """One study. One SQL statement."""
    return Study.objects.filter(place_id=place_id, id=study_id).first()


def studies(place_id: int, cursor: str = "", size: int = 20) -> tuple[Sequence[Any], str]:
    """Studies, newest first, without their results, and the cursor of the next page. One SQL statement."""
    rows = Study.objects.filter(place_id=place_id)
    if cursor:
        rows = rows.filter(id__lt=unpack_id(cursor))
    found = list(rows.defer("result").order_by("-id")[: size + 1])
    return found[:size], pack_id(found[size - 1].id) if len(found) > size else ""
