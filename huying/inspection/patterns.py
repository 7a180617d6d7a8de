"""Looks for the place's patterns among the facts, and keeps what is found. It flags; it never touches a case.

Every statement is bounded by the days that the pattern looks back and reads one index; what is listed is cut off at
``MOST_CASES``. A pattern that was looked at starts afresh: only what happened after that can be found again.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db import connection, transaction

from huying import clock
from huying.inspection.models import Fact, Finding
from huying.inspection.queries import inspection_of
from huying.inspection.reader import ASKED, HANDLED, RETURNED, SENT, VOIDED
from huying.inspection.statistics import unusual
from huying.ledger import actions as ledger
from huying.ledger.actions import Actor, Entry
from huying.ledger.ids import uuid7
from huying.places import memory as places
from huying.presets.inspection_definition import Pattern
from huying.presets.read_inspection import LONGEST

MOST_CASES = 200
KEPT = timedelta(days=LONGEST + 5)
DEVICE_DAYS = 90  # how long it may be known from which device somebody rated

_COMPARED = {"returns": RETURNED, "extensions": ASKED, "voids": VOIDED}


@dataclass(slots=True)
class Found:
    """What a pattern applies to, before it is kept."""

    unit: str
    numbers: dict[str, Any]
    cases: list[UUID] = field(default_factory=list)
    since: datetime | None = None


def look_for(place_id: int, now: datetime | None = None) -> int:
    """Compute every pattern of the place; how many findings are new. Five statements a pattern and four a finding."""
    moment = now or clock.now()
    memory = places.of(place_id)
    new = 0
    for pattern in inspection_of(memory).patterns.values():
        fresh = _fresh(place_id, pattern, moment)
        for one in _computed(place_id, pattern, moment, fresh):
            new += _keep(place_id, pattern, memory.edition_id or 0, one, moment)
    _forget(place_id, moment)
    return new


def _fresh(place_id: int, pattern: Pattern, now: datetime) -> dict[str, datetime]:
    """Units whose last finding was looked at: from when on they count again. One SQL statement."""
    rows = Finding.objects.filter(
        place_id=place_id, pattern=pattern.id, computed_at__gt=now - timedelta(days=pattern.days)
    ).exclude(outcome="")
    found: dict[str, datetime] = {}
    for unit, at in rows.values_list("unit", "computed_at"):
        found[unit] = max(at, found.get(unit, at))
    return found


def _computed(place_id: int, pattern: Pattern, now: datetime, fresh: dict[str, datetime]) -> Iterable[Found]:
    if pattern.find in _COMPARED:
        return _compared(place_id, pattern, now, fresh)
    if pattern.find == "unchanged":
        return _unchanged(place_id, pattern, now, fresh)
    return _device(place_id, pattern, now, fresh)


def _hits(pattern: Pattern) -> tuple[str, list[Any]]:
    """The condition under which a fact is one that the pattern counts."""
    if pattern.find == "extensions":
        return "what = %s AND value <= %s", [ASKED, pattern.left]
    return "what = %s", [_COMPARED[pattern.find]]


def _compared(place_id: int, pattern: Pattern, now: datetime, fresh: dict[str, datetime]) -> list[Found]:
    since = now - timedelta(days=pattern.days)
    condition, values = _hits(pattern)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT f.unit, count(DISTINCT case_id) FILTER (WHERE " + condition + "),"  # noqa: S608
            " count(DISTINCT case_id) FROM inspection_fact f"
            " LEFT JOIN unnest(%s::text[], %s::timestamptz[]) AS s(unit, at) ON s.unit = f.unit"
            " WHERE place_id = %s AND f.at >= %s AND f.at <= %s AND (s.at IS NULL OR f.at > s.at)"
            " GROUP BY f.unit",
            [*values, list(fresh), list(fresh.values()), place_id, since, now],
        )
        counts = {unit: (hits, of) for unit, hits, of in cursor.fetchall()}
    found = []
    for one in unusual(counts, pattern):
        start = max(since, fresh.get(one.unit, since))
        ids, first = _cases(place_id, one.unit, condition, values, start, now)
        numbers = {k: v for k, v in asdict(one).items() if k != "unit"} | {"days": pattern.days}
        if pattern.find == "extensions":
            numbers["left"] = pattern.left
        found.append(Found(one.unit, numbers, ids, first))
    return found


def _cases(
    place_id: int, unit: str, condition: str, values: list[Any], since: datetime, until: datetime
) -> tuple[list[UUID], datetime | None]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT case_id, min(at) FROM inspection_fact WHERE place_id = %s AND at >= %s AND at <= %s AND unit = %s"  # noqa: S608
            " AND " + condition + " GROUP BY case_id ORDER BY 2 LIMIT %s",
            [place_id, since, until, unit, *values, MOST_CASES],
        )
        rows = cursor.fetchall()
    return [row[0] for row in rows], rows[0][1] if rows else None


_BARE = """
WITH handled AS (
  SELECT f.unit, f.case_id, f.at, f.value, f.bare, count(*) OVER (PARTITION BY f.unit, f.mark) AS alike,
    f.mark IS NOT NULL AS replied
  FROM inspection_fact f
  JOIN cases_case c ON c.place_id = f.place_id AND c.id = f.case_id AND c.closed_at IS NOT NULL
  LEFT JOIN unnest(%s::text[], %s::timestamptz[]) AS s(unit, at) ON s.unit = f.unit
  WHERE f.place_id = %s AND f.at >= %s AND f.at <= %s AND f.what = %s AND (s.at IS NULL OR f.at > s.at)
), telling AS (
  SELECT unit, case_id, min(at) AS at, bool_or(value <= %s) AS quick, bool_or(replied AND alike >= %s) AS copied
  FROM handled WHERE (value <= %s OR (replied AND alike >= %s)) AND (bare OR NOT %s) GROUP BY unit, case_id
)
SELECT unit, count(*), count(*) FILTER (WHERE quick), count(*) FILTER (WHERE copied), min(at),
  (array_agg(case_id ORDER BY at))[1:%s], (SELECT count(DISTINCT case_id) FROM handled h WHERE h.unit = t.unit)
FROM telling t GROUP BY unit HAVING count(*) >= %s
"""


def _unchanged(place_id: int, pattern: Pattern, now: datetime, fresh: dict[str, datetime]) -> list[Found]:
    with connection.cursor() as cursor:
        cursor.execute(
            _BARE,
            [
                list(fresh), list(fresh.values()), place_id, now - timedelta(days=pattern.days), now, HANDLED,
                pattern.minutes, pattern.same_reply, pattern.minutes, pattern.same_reply, pattern.without_evidence,
                MOST_CASES, pattern.hits,
            ],
        )  # fmt: skip
        rows = cursor.fetchall()
    return [
        Found(
            unit,
            {
                "hits": hits, "of": of, "quick": quick, "copied": copied, "minutes": pattern.minutes,
                "same_reply": pattern.same_reply, "days": pattern.days,
            },
            list(ids), first,
        )
        for unit, hits, quick, copied, first, ids, of in rows
    ]  # fmt: skip


def _device(place_id: int, pattern: Pattern, now: datetime, fresh: dict[str, datetime]) -> list[Found]:
    """Cases rated from one device."""
    table = _marks()
    if table is None:
        return []
    since = now - timedelta(days=min(pattern.days, DEVICE_DAYS))
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT encode(substr(device_hash, 1, 8), 'hex'), count(DISTINCT m.case_id), min(m.at),"  # noqa: S608
            f" (array_agg(DISTINCT m.case_id))[1:%s] FROM {table} m"
            " JOIN cases_case c ON c.place_id = m.place_id AND c.id = m.case_id AND NOT c.confidential"
            " AND c.call <> 'report' AND c.subject_organ_id IS NULL AND c.subject_person_id IS NULL"
            " LEFT JOIN unnest(%s::text[], %s::timestamptz[]) AS s(unit, at)"
            "   ON s.unit = 'device:' || encode(substr(device_hash, 1, 8), 'hex')"
            " WHERE m.place_id = %s AND m.at >= %s AND m.at <= %s AND (s.at IS NULL OR m.at > s.at)"
            " GROUP BY device_hash HAVING count(DISTINCT m.case_id) >= %s ORDER BY 2 DESC LIMIT %s",
            [MOST_CASES, list(fresh), list(fresh.values()), place_id, since, now, pattern.hits, MOST_CASES],
        )
        rows = cursor.fetchall()
    return [
        Found(f"device:{device}", {"hits": hits, "days": pattern.days}, list(ids), first)
        for device, hits, first, ids in rows
    ]


@transaction.atomic
def _keep(place_id: int, pattern: Pattern, edition_id: int, one: Found, now: datetime) -> int:
    """Write the finding, or bring an open one up to date. An event only when it is new."""
    known = (
        Finding.objects.select_for_update()
        .filter(place_id=place_id, pattern=pattern.id, unit=one.unit, outcome="")
        .first()
    )
    if known is not None:
        known.numbers, known.case_ids, known.computed_at = one.numbers, one.cases, now
        known.save(update_fields=["numbers", "case_ids", "computed_at"])
        return 0
    made = Finding.objects.create(
        place_id=place_id, id=uuid7(), pattern=pattern.id, edition_id=edition_id, unit=one.unit, numbers=one.numbers,
        case_ids=one.cases, since=one.since or now, found_at=now, computed_at=now,
    )  # fmt: skip
    data = {
        "finding": made.id, "pattern": pattern.id, "edition": edition_id, "hits": one.numbers["hits"],
        "of": one.numbers.get("of"),
    } | ({} if one.unit.startswith("device:") else {"unit": one.unit})  # fmt: skip
    ledger.append(place_id, [Entry("inspection.found", data, now)], Actor(channel="clock"))
    return 1


def _forget(place_id: int, now: datetime) -> None:
    """Drop facts older than any pattern looks back, and from which device it was 90 days after it last rated, whether
    or not anybody has looked at the finding. Two statements."""
    Fact.objects.filter(place_id=place_id, at__lt=now - KEPT).delete()
    marks = _marks()
    if marks is None:
        return
    with connection.cursor() as cursor:
        # One that waits keeps a name of its own, because of each unit only one may wait.
        cursor.execute(
            "UPDATE inspection_finding f SET unit = CASE WHEN f.outcome = '' THEN 'device:?' || f.id ELSE 'device:' END"  # noqa: S608
            f" WHERE f.place_id = %s AND f.unit ~ '^device:[0-9a-f]+$' AND NOT EXISTS (SELECT FROM {marks} m"
            "   WHERE m.place_id = f.place_id AND m.at >= %s AND substr(m.device_hash, 1, 8)"
            "     = decode(substring(f.unit FROM '^device:([0-9a-f]+)$'), 'hex'))",
            [place_id, now - timedelta(days=DEVICE_DAYS)],
        )


def _marks() -> str | None:
    """The table of marks by which devices are told apart. It is another room's, and may not be there."""
    try:
        return str(apps.get_model("reviews", "RatingMark")._meta.db_table)
    except LookupError:
        return None


__all__ = ["SENT", "look_for"]
