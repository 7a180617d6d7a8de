"""The cases behind a figure: the same rows that were counted, as a list, within the sight of whoever looks."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import F, Q, QuerySet

from huying import clock
from huying.cases.counted import CASE_MEASURES, Course, Response
from huying.cases.lists import PAGE, BadCursor, Page, Row, pack_id, unpack_id
from huying.cases.models import Case
from huying.cases.overview import Scope, moments
from huying.cases.sight import CLOSED_CALLS, visible
from huying.staff.sight import Sight

# Of cases as they went. Every other measure of ``CASE_MEASURES`` means: counted at least once.
_COURSE: dict[str, Q] = {
    "closed_late": Q(closed=1, closed_in_time=0),
    "no_outcome": Q(closed=1, untrue=0, beyond=0, refused=0, solved=0, partly=0, unsolved=0),
    "rated": Q(satisfied=1) | Q(fair=1) | Q(unsatisfied=1),
}
# Of dispatches.
_RESPONSE: dict[str, Q] = {
    "dispatched": Q(dispatched=1),
    "arrived": Q(arrived=1),
    "arrived_in_time": Q(arrived_in_time=1),
    "arrived_late": Q(arrived=1, arrived_in_time=0),
}
# Of what is open now.
_LIVE = ("open", "overdue", "paused", "overdue_in_period")
NAMES = (
    *(name for name in CASE_MEASURES if name != "sealed"), *_COURSE, *_RESPONSE, "unanswered", "unanswered_late",
    *_LIVE,
)  # fmt: skip


def select(
    sight: Sight, scope: Scope, name: str, *, step: str = "", owner: str = "", organ: int | None = None,
    item: str | None = None, channel: str = "",
) -> QuerySet[Case]:  # fmt: skip
    """The cases counted under *name* (one of ``NAMES``) in a scope, narrowed as groups are, newest first.

    ``owner`` is an owner key; an item of "" means cases without one. Raises KeyError for a name that counts nothing.
    """
    now = clock.now()
    rows = visible(sight)
    if name in _LIVE:
        rows = _live(rows, scope, name, now)
        narrowed = {"step": step, "owner_key": owner, "channel": channel}
        rows = rows.filter(**{key: value for key, value in narrowed.items() if value})
        if item is not None:
            rows = rows.filter(item=item)
        if organ is not None:
            rows = rows.filter(organ_id=organ)
        return rows.order_by("-id")
    counted: QuerySet[Any]
    if name in _RESPONSE or name.startswith("unanswered"):
        counted = Response.objects.filter(_response(name, now))
    elif name in _COURSE or name in CASE_MEASURES:
        counted = Course.objects.filter(_COURSE.get(name, Q(**{f"{name}__gt": 0})))
    else:
        raise KeyError(name)
    counted = counted.filter(place_id=scope.place_id, day__range=(scope.since, scope.until))
    if scope.organs:
        counted = counted.filter(organ_id__in=scope.organs)
    if area := _area(scope):
        counted = counted.filter(area)
    if organ is not None:
        counted = counted.filter(organ_id=organ)
    if item is not None:
        counted = counted.filter(item=item)
    if channel:
        counted = counted.filter(channel=channel)
    ids: Any = counted.values("case_id")
    return rows.filter(id__in=ids).order_by("-id")


def _response(name: str, now: datetime) -> Q:
    if name in _RESPONSE:
        return _RESPONSE[name]
    waits = Q(dispatched=1, arrived=0)
    return (
        waits & Q(due_at__lt=now)
        if name == "unanswered_late"
        else waits & (Q(due_at=None) | Q(due_at__gte=now))
    )


def _area(scope: Scope) -> Q:
    prefixes = [scope.division.path] if scope.division is not None else list(scope.paths)
    rule = Q()
    for path in () if scope.top else prefixes:
        rule |= Q(path__startswith=path)
    return rule


def _live(rows: QuerySet[Case], scope: Scope, name: str, now: datetime) -> QuerySet[Case]:
    rows = rows.filter(closed_at=None, confidential=False, subject_organ_id=None, subject_person_id=None)
    rows = rows.exclude(call__in=CLOSED_CALLS)
    if scope.kinds:
        rows = rows.filter(kind__in=scope.kinds)
    if area := _area(scope):
        rows = rows.filter(area)
    if scope.organs:
        rows = rows.filter(organ_id__in=scope.organs, organ_ids__contains=[F("organ_id")])
    if name.startswith("overdue"):
        rows = rows.filter(due_at__lt=now, paused_at=None)
    if name == "paused":
        rows = rows.filter(paused_at__isnull=False)
    if name == "overdue_in_period":
        since, until = moments(scope)
        rows = rows.filter(reported_at__gte=since, reported_at__lt=until)
    return rows


def page(rows: QuerySet[Case], cursor: str = "", size: int = PAGE) -> Page:
    """One page of such a list, forward only. One SQL statement. Raises BadCursor."""
    if cursor:
        ident: UUID = unpack_id(cursor)
        rows = rows.filter(id__lt=ident)
    found = list(rows[: size + 1])
    more = len(found) > size
    found = found[:size]
    return Page([Row(case) for case in found], after=pack_id(found[-1].id) if more else "")


__all__ = ["NAMES", "BadCursor", "page", "select"]
