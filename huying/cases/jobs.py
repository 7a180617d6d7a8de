"""What the worker does for this room: let the clock act on what is due, learn from corrections, forget old keys."""

from __future__ import annotations

import contextlib
import heapq
import logging
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection

from huying import clock
from huying.cases import duties, learning, swept
from huying.cases.actions import fire_next
from huying.cases.models import Asked, Correction
from huying.cases.routing import item_infos
from huying.ledger.sql import prepared
from huying.places import memory as places
from huying.places.models import Place

log = logging.getLogger(__name__)

BATCH = 200
AT_ONCE = 5.0  # seconds that one tick sweeps; after an outage the rest follows with the next ticks
KEYS_KEPT = timedelta(days=7)  # how long an idempotency key is remembered
EVER = datetime.max.replace(tzinfo=UTC)
CLOCK = 0x48590002  # first half of the advisory lock of a place's clock; the second is the place

# What is due, of cases and of legs, in the order in which it fell due. Reads the index on the next limit only.
_DUE = """
(SELECT next_at, id, id AS case_id, NULL::uuid AS leg_id FROM cases_case
 WHERE place_id = %(place)s AND next_at <= %(now)s AND next_at >= %(at)s AND (next_at, id) > (%(at)s, %(id)s)
 ORDER BY next_at, id LIMIT %(most)s)
UNION ALL
(SELECT next_at, id, case_id, id FROM cases_leg
 WHERE place_id = %(place)s AND next_at <= %(now)s AND next_at >= %(at)s AND (next_at, id) > (%(at)s, %(id)s)
 ORDER BY next_at, id LIMIT %(most)s)
ORDER BY 1, 2 LIMIT %(most)s
"""

Due = tuple[datetime, UUID, UUID, UUID | None]
"""(next_at, its own id, the case, the leg or None): sorts by the moment, then by id."""
NEVER = datetime.min.replace(tzinfo=UTC)
NOBODY = UUID(int=0)


def due(
    place_id: int, now: datetime, most: int = BATCH, after: tuple[datetime, UUID] = (NEVER, NOBODY)
) -> list[Due]:
    """Cases (and legs) whose clock has something to do, earliest first, from *after* on. One SQL statement."""
    with connection.cursor() as cursor:
        asked: dict[str, Any] = {"place": place_id, "now": now, "most": most, "at": after[0], "id": after[1]}
        cursor.execute(_DUE, asked)
        return [(row[0], row[1], row[2], row[3]) for row in cursor.fetchall()]


# The same without a moment, for whoever wants to know how far ahead it is.
_NEXT = """
(SELECT next_at, id AS case_id, NULL::uuid AS leg_id FROM cases_case
 WHERE place_id = %(place)s::smallint AND next_at <= %(until)s::timestamptz ORDER BY next_at LIMIT %(most)s::int)
UNION ALL
(SELECT next_at, case_id, id FROM cases_leg
 WHERE place_id = %(place)s::smallint AND next_at <= %(until)s::timestamptz ORDER BY next_at LIMIT %(most)s::int)
ORDER BY next_at LIMIT %(most)s::int
"""


def next_up(place_id: int, until: datetime = EVER, most: int = 1) -> list[tuple[datetime, UUID, UUID | None]]:
    """The next moments, at most *until*, at which the clock acts, with the case (and leg). One SQL statement."""
    with prepared() as cursor:
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
        moment = clock.now()
        gap = swept.look(place_id, moment)
        if gap is not None and gap.told:
            log.warning(
                "place %s: the clock stood for %s, the time jumped by %s", place_id, gap.stood, gap.jumped
            )
        fired, whole = _sweep(place_id, moment, gap, time.monotonic() + AT_ONCE)
        if whole:
            swept.note(place_id, moment, gap)
        return fired
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [CLOCK, place_id])


def sweep(place_id: int, now: datetime | None = None, gap: swept.Gap | None = None) -> int:
    """Let everything that is due act, in the order in which it fell due over all cases; how many alarms went off.

    A case whose alarm fails is left for the next sweep and does not hold up the others, however many fail. *gap* is
    what kept the clock from acting in time; late alarms say so.
    """
    return _sweep(place_id, now or clock.now(), gap, float("inf"))[0]


def _sweep(place_id: int, moment: datetime, gap: swept.Gap | None, until: float) -> tuple[int, bool]:
    """The same, for so long that the worker's other work is not held up; and whether all of it is done."""
    fired = 0
    after = (NEVER, NOBODY)
    while batch := due(place_id, moment, BATCH, after):
        after = batch[-1][:2]
        waiting = list(batch)  # sorted, hence a heap
        while waiting:
            at, _ident, case_id, leg_id = heapq.heappop(waiting)
            again = _act(place_id, case_id, leg_id, at, moment, gap)
            if again is None:
                continue
            fired += 1
            if time.monotonic() > until:
                return fired, False
            # What falls due next in the same case takes its turn among the others: here, or in a batch to come.
            for one in again:
                if one[0] <= moment and one[:2] <= after and one not in waiting:
                    heapq.heappush(waiting, one)
    return fired, True


def _act(
    place_id: int, case_id: UUID, leg_id: UUID | None, at: datetime, now: datetime, gap: swept.Gap | None
) -> list[Due] | None:
    """Let the one alarm of *at* go off; the case's and the leg's next moments, or None when nothing happened."""
    why = gap.why(at) if gap is not None else ""
    try:
        done = fire_next(place_id, case_id, leg_id=leg_id, now=now, until=at, why=why)
    except Exception:
        key = (case_id, leg_id)
        _failing[key] = count = _failing.get(key, 0) + 1
        if count & (count - 1) == 0:  # the 1st, 2nd, 4th … time: it is tried every second
            log.exception("the clock could not act on case %s (%d times)", case_id, count)
        return None
    _failing.pop((case_id, leg_id), None)
    if done is None:
        return None
    found: list[Due] = []
    if done.case_next is not None:
        found.append((done.case_next, case_id, case_id, None))
    if leg_id is not None and done.leg_next is not None:
        found.append((done.leg_next, leg_id, case_id, leg_id))
    return found


_failing: dict[tuple[UUID, UUID | None], int] = {}


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
    ("cases.clock", 1.0, sweep_all, "clock"),
    ("cases.learn", 600.0, learn_all, "slow"),
    ("cases.keys", 3600.0, forget_keys),
    ("cases.duties", 300.0, duties.open_all),
]
