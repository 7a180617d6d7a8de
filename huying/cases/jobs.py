"""What the worker does for this room: let the clock act on what is due, learn from corrections, forget old keys."""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from uuid import UUID

from django.db import connection

from huying import clock
from huying.cases import learning
from huying.cases.actions import fire
from huying.cases.models import Asked, Correction
from huying.cases.routing import item_infos
from huying.places import memory as places
from huying.places.models import Place

log = logging.getLogger(__name__)

BATCH = 200
KEYS_KEPT = timedelta(days=7)  # how long an idempotency key is remembered
EVER = datetime.max.replace(tzinfo=UTC)
CLOCK = 0x48590002  # first half of the advisory lock of a place's clock; the second is the place

# What is due, of cases and of legs, in the order in which it fell due. Reads the index on the next limit only.
_DUE = """
(SELECT place_id, id AS case_id, NULL::uuid AS leg_id, next_at FROM cases_case
 WHERE place_id = %(place)s AND next_at <= %(now)s ORDER BY next_at LIMIT %(most)s)
UNION ALL
(SELECT place_id, case_id, id, next_at FROM cases_leg
 WHERE place_id = %(place)s AND next_at <= %(now)s ORDER BY next_at LIMIT %(most)s)
ORDER BY next_at LIMIT %(most)s
"""


def due(place_id: int, now: datetime, most: int = BATCH) -> list[tuple[UUID, UUID | None]]:
    """Cases (and legs) whose clock has something to do, earliest first. One SQL statement."""
    with connection.cursor() as cursor:
        cursor.execute(_DUE, {"place": place_id, "now": now, "most": most})
        return [(row[1], row[2]) for row in cursor.fetchall()]


# The same without a moment, for whoever wants to know how far ahead it is.
_NEXT = """
(SELECT next_at, id AS case_id, NULL::uuid AS leg_id FROM cases_case
 WHERE place_id = %(place)s AND next_at <= %(until)s ORDER BY next_at LIMIT %(most)s)
UNION ALL
(SELECT next_at, case_id, id FROM cases_leg
 WHERE place_id = %(place)s AND next_at <= %(until)s ORDER BY next_at LIMIT %(most)s)
ORDER BY next_at LIMIT %(most)s
"""


def next_up(place_id: int, until: datetime = EVER, most: int = 1) -> list[tuple[datetime, UUID, UUID | None]]:
    """The next moments, at most *until*, at which the clock acts, with the case (and leg). One SQL statement."""
    with connection.cursor() as cursor:
        cursor.execute(_NEXT, {"place": place_id, "until": until, "most": most})
        return [(row[0], row[1], row[2]) for row in cursor.fetchall()]


def next_due() -> datetime | None:
    """The next moment at which the clock acts on a case of any place, so that a demonstration's clock can stop there."""
    found = [next_up(place_id) for place_id in Place.objects.values_list("id", flat=True)]
    return min((rows[0][0] for rows in found if rows), default=None)


@contextlib.contextmanager
def clock_held(place_id: int) -> Iterator[None]:
    """Keep every worker's clock from this place's cases for as long as the block lasts (an import, a play of past
    days: what fell due then goes off at its own time, not all at once now)."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s, %s)", [CLOCK, place_id])
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [CLOCK, place_id])


def _sweep_unless_held(place_id: int) -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", [CLOCK, place_id])
        if not cursor.fetchone()[0]:
            return 0
    try:
        return sweep(place_id)
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [CLOCK, place_id])


def sweep(place_id: int, now: datetime | None = None) -> int:
    """Let everything that is due act, in order; how many alarms went off.

    A case whose alarm fails is left for the next sweep and does not hold up the others.
    """
    moment = now or clock.now()
    fired = 0
    failed: set[tuple[UUID, UUID | None]] = set()
    while found := [one for one in due(place_id, moment) if one not in failed]:
        for case_id, leg_id in found:
            try:
                count = fire(place_id, case_id, leg_id=leg_id, now=moment)
            except Exception:
                log.exception("the clock could not act on case %s", case_id)
                count = 0
            if not count:
                failed.add((case_id, leg_id))
            fired += count
    return fired


def sweep_all() -> int:
    """Sweep every place whose clock nobody holds; how many alarms went off."""
    return sum(_sweep_unless_held(place_id) for place_id in Place.objects.values_list("id", flat=True))


def learn_all() -> None:
    """Fit the corrections of places that have new ones since the last fit."""
    for place_id in Place.objects.values_list("id", flat=True):
        newest = (
            Correction.objects.filter(place_id=place_id).order_by("-at").values_list("at", flat=True).first()
        )
        path = learning.corrections_path(place_id)
        if newest is not None and (not path.is_file() or path.stat().st_mtime < newest.timestamp()):
            learning.learn(place_id, item_infos(places.of(place_id)))


def forget_keys() -> None:
    """Drop idempotency keys older than a week."""
    Asked.objects.filter(at__lt=clock.now() - KEYS_KEPT).delete()


TICKS = [
    ("cases.clock", 1.0, sweep_all),
    ("cases.learn", 600.0, learn_all),
    ("cases.keys", 3600.0, forget_keys),
]
