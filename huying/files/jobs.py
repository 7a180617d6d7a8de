"""Housekeeping of the store."""

from __future__ import annotations

import contextlib
from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection

from huying import clock
from huying.files import actions, store
from huying.files.models import Attachment

WAIT = timedelta(hours=24)
"""How long a staged file waits to be claimed."""
BATCH = 500


@dataclass(slots=True)
class Swept:
    """What a sweep did."""

    unclaimed: int = 0
    claimed: int = 0
    erased: int = 0
    stray: int = 0


# The row goes first and the bytes after: the other way round a claim in between would own a file that is
# gone.
_OLD = """
DELETE FROM files_staged AS old USING (
  SELECT place_id, id, claimed_at IS NULL AS waiting FROM files_staged WHERE created_at < %s
  ORDER BY created_at LIMIT %s FOR UPDATE SKIP LOCKED
) AS due
WHERE old.place_id = due.place_id AND old.id = due.id AND (old.claimed_at IS NULL) = due.waiting
RETURNING old.place_id, old.id, due.waiting
"""


def sweep(now: datetime | None = None) -> Swept:
    """Delete staged files nobody claimed within a day, rows of claimed ones, bytes of erased ones, and
    strays.

    Safe to run at any time and by several processes at once; work is done in batches.
    """
    at = now or clock.now()
    swept = Swept()
    while True:
        with connection.cursor() as cursor:
            cursor.execute(_OLD, [at - WAIT, BATCH])
            rows = cursor.fetchall()
        for place_id, file_id, unclaimed in rows:
            if unclaimed:
                store.remove(place_id, file_id)
                swept.unclaimed += 1
            else:
                swept.claimed += 1
        if len(rows) < BATCH:
            break
    swept.erased = _erased(at)
    # By the machine's own time, which is what the file system writes down.
    for path in store.stray(WAIT.total_seconds()):
        with contextlib.suppress(FileNotFoundError):
            path.unlink()
            swept.stray += 1
    return swept


def _erased(at: datetime) -> int:
    count = 0
    while True:
        waiting = Attachment.objects.filter(erased_at__isnull=False, gone_at__isnull=True)
        by_place: dict[int, list[UUID]] = defaultdict(list)
        for place_id, file_id in waiting.values_list("place_id", "id")[:BATCH]:
            by_place[place_id].append(file_id)
        for place_id, ids in by_place.items():
            actions.delete_bytes(place_id, ids, at=at)
            count += len(ids)
        if not by_place:
            return count
