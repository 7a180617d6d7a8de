"""Lists of cases: inboxes, areas, searches. Every list has a fixed number of SQL statements and keyset pages.

A list starts from what an index can answer (an owner's open work, an area, an organ, words) and then applies the
rule of sight as a condition, so that it costs the same however many cases are held.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import connection
from django.db.models import Q, QuerySet

from huying import clock
from huying.cases.models import Case, Leg
from huying.cases.sight import CLOSED_CALLS, not_subject, visible
from huying.cases.words import query_of
from huying.staff.sight import Sight

PAGE = 50
COUNT_MOST = 100  # counts stop here and are shown as "99+"
SCOPES = ("mine", "after", "area", "organ", "reported", "all")
ZONE = ZoneInfo("Asia/Shanghai")


@dataclass(frozen=True, slots=True)
class Filter:
    """What a list is narrowed to; empty values do not narrow."""

    scope: str = "mine"
    q: str = ""
    step: str = ""
    phase: str = ""
    item: str = ""
    call: str = ""
    channel: str = ""
    division_id: int | None = None
    organ_id: int | None = None
    state: str = ""  # open, overdue, soon, closed, paused, unplaced
    since: date | None = None
    until: date | None = None
    owner: str = ""
    urgent: bool = False

    @property
    def narrows(self) -> bool:
        """Whether it leaves anything out of its scope."""
        return replace(self, scope="mine") != Filter()


@dataclass(frozen=True, slots=True)
class Row:
    """A line of a list: the case and, where the work is an organ's part of it, that leg."""

    case: Case
    leg: Leg | None = None

    @property
    def due_at(self) -> datetime | None:
        return self.leg.due_at if self.leg is not None else self.case.due_at


@dataclass(frozen=True, slots=True)
class Page:
    """One page: rows, and the cursors of the next and previous ones ("" when there is none)."""

    rows: Sequence[Row] = field(default_factory=tuple)
    after: str = ""
    before: str = ""


class BadCursor(ValueError):
    """The cursor was not made by this list."""


def _pack(*values: Any) -> str:
    text = json.dumps(
        [v.isoformat() if isinstance(v, datetime) else str(v) if isinstance(v, UUID) else v for v in values]
    )
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def _unpack(cursor: str) -> tuple[datetime | None, UUID, str]:
    try:
        due, ident, way = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        moment = None if due is None else datetime.fromisoformat(due)
        if moment is not None and moment.tzinfo is None:
            raise BadCursor(cursor)
        return moment, UUID(ident), "b" if way == "b" else "a"
    except (ValueError, TypeError, AttributeError) as error:
        raise BadCursor(cursor) from error


# What waits for somebody: open work, or what is left to do of a case that is closed (inspect it, visit, rate it).
_WAITING = {
    False: {"open": "closed_at IS NULL", "part": "closed_at IS NULL"},
    True: {"open": "closed_at IS NOT NULL AND due_at IS NOT NULL", "part": "false"},
}
# The work of some owners, next limit first. One index walk for each owner key, however much they have open.
_WORK = """
SELECT w.case_id, w.leg_id, w.due_at, w.order_id FROM unnest(%s::text[]) AS k(key)
CROSS JOIN LATERAL (
  (SELECT id AS case_id, NULL::uuid AS leg_id, due_at, id AS order_id FROM cases_case
   WHERE place_id = %s AND owner_key = k.key AND {open} AND NOT (
     subject_person_id IS NOT DISTINCT FROM %s::uuid AND subject_person_id IS NOT NULL
     OR coalesce(subject_organ_id = ANY(%s::bigint[]), false)) {after}
   ORDER BY due_at {way}, id {way} LIMIT %s)
  UNION ALL
  (SELECT case_id, id AS leg_id, due_at, id AS order_id FROM cases_leg
   WHERE place_id = %s AND owner_key = k.key AND {part} AND NOT EXISTS (
     SELECT 1 FROM cases_case s WHERE s.place_id = cases_leg.place_id AND s.id = cases_leg.case_id
     AND (s.subject_person_id = %s::uuid OR s.subject_organ_id = ANY(%s::bigint[]))) {after}
   ORDER BY due_at {way}, id {way} LIMIT %s)
) AS w ORDER BY w.due_at {way}, w.order_id {way} LIMIT %s
"""
# The same narrowed: what waits for the owners is walked once, the cases of it are looked up by their keys.
_WORK_NARROWED = """
SELECT w.case_id, w.leg_id, w.due_at, w.order_id FROM (
  SELECT id AS case_id, NULL::uuid AS leg_id, due_at, id FROM cases_case
  WHERE place_id = %s AND owner_key = ANY(%s::text[]) AND {open}
  UNION ALL
  SELECT case_id, id, due_at, id FROM cases_leg
  WHERE place_id = %s AND owner_key = ANY(%s::text[]) AND {part}
) AS w(case_id, leg_id, due_at, order_id) WHERE w.case_id IN ({cases}) {limit} {after}
ORDER BY w.due_at {way}, w.order_id {way} LIMIT %s
"""
_AFTER = {
    ("a", True): "AND (due_at > %s OR due_at IS NULL OR (due_at = %s AND id > %s))",
    ("a", False): "AND due_at IS NULL AND id > %s",
    ("b", True): "AND (due_at < %s OR (due_at = %s AND id < %s))",
    ("b", False): "AND (due_at IS NOT NULL OR id < %s)",
}
# Of a part, the limit that matters is its own, not the case's.
_BY_LIMIT = {
    "overdue": "AND w.due_at < %s",
    "soon": "AND w.due_at >= %s AND w.due_at < %s",
}


def work(
    sight: Sight,
    cursor: str = "",
    size: int = PAGE,
    keys: Sequence[str] = (),
    wanted: Filter | None = None,
    memory: Any = None,
) -> Page:
    """What waits for this person, next limit first: cases and legs in hand. Three SQL statements at most.

    With the scope "after" what is left to do of closed cases. *keys* narrows to some of the person's own owner keys,
    *wanted* as in other lists. Raises BadCursor.
    """
    held = sorted(sight.owner_keys.intersection(keys) if keys else sight.owner_keys)
    if not held:
        return Page()
    due, ident, way = _unpack(cursor) if cursor else (None, None, "a")
    found = _work_ids(sight, held, wanted, memory, size + 1, due, ident, way)
    more = len(found) > size
    found = found[:size]
    if way == "b":
        found.reverse()
    if not found:
        return Page()
    cases = {
        case.id: case
        for case in Case.objects.filter(
            not_subject(sight), place_id=sight.place_id, id__in=[row[0] for row in found]
        )
    }
    leg_ids = [row[1] for row in found if row[1] is not None]
    legs = (
        {leg.id: leg for leg in Leg.objects.filter(place_id=sight.place_id, id__in=leg_ids)}
        if leg_ids
        else {}
    )
    rows = [Row(cases[c], legs.get(leg) if leg else None) for c, leg, _due, _id in found if c in cases]
    first, last = found[0], found[-1]
    has_before = more if way == "b" else bool(cursor)
    has_after = bool(cursor) if way == "b" else more
    return Page(
        rows,
        after=_pack(last[2], last[3], "a") if has_after else "",
        before=_pack(first[2], first[3], "b") if has_before else "",
    )


def _work_ids(
    sight: Sight, held: list[str], wanted: Filter | None, memory: Any, most: int, due: datetime | None,
    ident: UUID | None, way: str,
) -> list[tuple[Any, ...]]:  # fmt: skip
    """(case, leg, limit, key of the order) of what waits. One SQL statement."""
    waits = _WAITING[wanted is not None and wanted.scope == "after"]
    place, order = sight.place_id, "ASC" if way == "a" else "DESC"
    at = [] if ident is None else [ident] if due is None else [due, due, ident]
    after = "" if ident is None else _AFTER[way, due is not None]
    if wanted is None or not wanted.narrows:
        sql = _WORK.format(after=after, way=order, **waits)
        # Nobody finds a case about themselves or their organ among their work, nor counts it.
        about = [sight.person_id, sorted(sight.organs)]
        params = [held, place, *about, *at, most, place, *about, *at, most, most]
    else:
        sql, params = _narrowed_work(sight, held, wanted, memory)
        sql = sql.format(
            after=after.replace("due_at", "w.due_at").replace(" id ", " w.order_id "), way=order, **waits
        )
        params += [*at, most]
    with connection.cursor() as db:
        db.execute(sql, params)
        return list(db.fetchall())


def _narrowed_work(sight: Sight, held: list[str], wanted: Filter, memory: Any) -> tuple[str, list[Any]]:
    now = clock.now()
    rows = Case.objects.filter(not_subject(sight), place_id=sight.place_id)
    by_limit = _BY_LIMIT.get(wanted.state, "")
    plain = replace(wanted, state="") if by_limit else wanted
    cases, inner = _more(rows, plain, sight, memory, now).order_by().values("id").query.sql_with_params()
    moments = {"overdue": [now], "soon": [now, now + timedelta(days=1)]}.get(wanted.state, [])
    place = sight.place_id
    sql = _WORK_NARROWED.replace("{cases}", cases.replace("{", "{{").replace("}", "}}"))
    sql = sql.replace("{limit}", by_limit)
    return sql, [place, held, place, held, *inner, *moments]


def work_ids(sight: Sight, held: list[str], wanted: Filter, memory: Any, most: int) -> list[tuple[Any, ...]]:
    """The open work of some of the person's owner keys: rows that begin with case id and leg id. One SQL statement."""
    return _work_ids(sight, held, wanted, memory, most, None, None, "a") if held else []


def count_work(sight: Sight, wanted: Filter | None = None, memory: Any = None) -> int:
    """How much waits for this person, counted up to ``COUNT_MOST``. One SQL statement."""
    held = sorted(sight.owner_keys)
    if not held:
        return 0
    return len(_work_ids(sight, held, wanted, memory, COUNT_MOST, None, None, "a"))


def _narrow(rows: QuerySet[Case], wanted: Filter, now: datetime) -> QuerySet[Case]:
    for name in ("step", "phase", "item", "call", "channel"):
        if value := getattr(wanted, name):
            rows = rows.filter(**{name: value})
    if wanted.owner:
        rows = rows.filter(owner_key=wanted.owner)
    if wanted.organ_id is not None:
        rows = rows.filter(organ_id=wanted.organ_id)
    if wanted.urgent:
        rows = rows.filter(urgency__gt=0)
    if wanted.since is not None:
        rows = rows.filter(reported_at__gte=datetime.combine(wanted.since, time(), ZONE))
    if wanted.until is not None:
        rows = rows.filter(reported_at__lt=datetime.combine(wanted.until + timedelta(days=1), time(), ZONE))
    states: dict[str, Q] = {
        "open": Q(closed_at=None),
        "closed": Q(closed_at__isnull=False),
        "overdue": Q(closed_at=None, due_at__lt=now),
        "soon": Q(closed_at=None, due_at__gte=now, due_at__lt=now + timedelta(days=1)),
        "paused": Q(closed_at=None, paused_at__isnull=False),
        "unplaced": Q(division_id=None),
    }
    if wanted.state:
        rows = rows.filter(states.get(wanted.state, Q(pk__in=[])))
    return rows


def select(sight: Sight, wanted: Filter, memory: Any = None) -> QuerySet[Case]:
    """The cases of a list as a query, newest first, within sight. *memory* is the place's, for division paths."""
    rows = visible(sight)
    if wanted.scope in ("mine", "after"):
        rows = Case.objects.filter(
            not_subject(sight), place_id=sight.place_id, owner_key__in=sorted(sight.owner_keys)
        )
        rows = (
            rows.filter(closed_at=None)
            if wanted.scope == "mine"
            else rows.filter(closed_at__isnull=False, due_at__isnull=False)
        )
    elif wanted.scope == "organ" and sight.organs:
        rows = rows.filter(organ_id__in=sorted(sight.organs))
    elif wanted.scope == "reported":
        rows = rows.filter(reporter_id=sight.person_id)
    elif wanted.scope == "area":
        area = Q(pk__in=[])
        for path in sight.paths:
            area |= Q(path__startswith=path)
        rows = Case.objects.filter(area, not_subject(sight), place_id=sight.place_id).exclude(
            Q(confidential=True) | Q(call__in=CLOSED_CALLS)
        )
    return _more(rows, wanted, sight, memory, clock.now()).order_by("-id")


def _more(rows: QuerySet[Case], wanted: Filter, sight: Sight, memory: Any, now: datetime) -> QuerySet[Case]:
    """Narrowed by area, words, and what the case is."""
    if wanted.division_id is not None and memory is not None and wanted.division_id in memory.divisions:
        rows = rows.filter(path__startswith=memory.division(wanted.division_id).path)
    if query := (query_of(sight.place_id, wanted.q) if wanted.q else None):
        rows = rows.extra(  # the words lie in a table of their own; Django has no join to it without a foreign key
            where=[
                "EXISTS (SELECT 1 FROM cases_words w WHERE w.place_id = cases_case.place_id "
                "AND w.case_id = cases_case.id AND w.words @@ %s::tsquery)"
            ],
            params=[query],
        )
    return _narrow(rows, wanted, now)


def listing(sight: Sight, wanted: Filter, cursor: str = "", size: int = PAGE, memory: Any = None) -> Page:
    """One page of a list, newest first. One SQL statement. Raises BadCursor."""
    rows = select(sight, wanted, memory)
    way = "a"
    if cursor:
        _, ident, way = _unpack(cursor)
        rows = rows.filter(id__lt=ident) if way == "a" else rows.filter(id__gt=ident).order_by("id")
    found = list(rows[: size + 1])
    more = len(found) > size
    found = found[:size]
    if way == "b":
        found.reverse()
    if not found:
        return Page()
    has_before = more if way == "b" else bool(cursor)
    has_after = bool(cursor) if way == "b" else more
    return Page(
        [Row(case) for case in found],
        after=_pack(None, found[-1].id, "a") if has_after else "",
        before=_pack(None, found[0].id, "b") if has_before else "",
    )


def count(sight: Sight, wanted: Filter, memory: Any = None) -> int:
    """How many cases the list has, counted up to ``COUNT_MOST``. One SQL statement."""
    return len(select(sight, wanted, memory).order_by().values_list("id")[:COUNT_MOST])


def pack_id(ident: UUID) -> str:
    """A cursor for a list in the order of ids."""
    return _pack(None, ident, "a")


def unpack_id(cursor: str) -> UUID:
    """The id in a cursor of ``pack_id``. Raises BadCursor."""
    return _unpack(cursor)[1]
