"""What the worker does for this room: let the clock act on what is due, learn from corrections, forget old keys."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
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


def sweep_all() -> None:
    """Sweep every place."""
    for place_id in Place.objects.values_list("id", flat=True):
        sweep(place_id)


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
