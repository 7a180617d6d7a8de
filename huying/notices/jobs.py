"""What the worker does for this room: hand over what is due, ask who has not reported in, forget what is old."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction

from huying import clock
from huying.cases.models import Case, Leg
from huying.notices import behind, outbox, pools, reader, writing
from huying.notices.drafts import Draft
from huying.notices.models import Delivery, Notice, Reminder
from huying.places import memory as places

KEPT = timedelta(days=90)
BATCH = 500

_DUE = """
DELETE FROM notices_reminder r USING (
  SELECT place_id, id FROM notices_reminder WHERE at <= %s ORDER BY at LIMIT %s FOR UPDATE SKIP LOCKED
) AS d WHERE r.place_id = d.place_id AND r.id = d.id
RETURNING r.place_id, r.case_id, r.leg_id, r.step, r.owner_key, r.due_at, r.at
"""


def remind(now: datetime | None = None) -> int:
    """Ask those who should have reported in by now and have not; how many cases and parts it was.

    The reminder goes and the notice appears in one transaction: each is asked once.
    """
    now = now or clock.now()
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(_DUE, [now, BATCH])
            rows = cursor.fetchall()
        by_place = defaultdict(list)
        for place_id, *row in rows:
            by_place[place_id].append(row)
        return sum(_remind(place_id, found, now) for place_id, found in by_place.items())


def _remind(place_id: int, rows: list[list[Any]], now: datetime) -> int:
    ids = {row[0] for row in rows}
    cases = {case.id: case for case in Case.objects.filter(place_id=place_id, id__in=ids)}
    legs = {leg.id: leg for leg in Leg.objects.filter(place_id=place_id, id__in=[r[1] for r in rows if r[1]])}
    memory = places.of(place_id)
    drafts = []
    for case_id, leg_id, step, owner, due, at in rows:
        stands = legs.get(leg_id) if leg_id else cases.get(case_id)
        # The ledger's reader may be behind: what counts is how the case stands.
        if stands is None or stands.closed_at is not None or (stands.step, stands.owner_key) != (step, owner):
            continue
        data = {"step": step, "owner": owner, "due": due.isoformat()}
        drafts.append(Draft("sign", case_id, leg_id, at, None, to={owner}, data=data))
    people = behind.people(memory, {draft.data["owner"] for draft in drafts}, now)
    hidden = reader.subjects(memory, cases.values())
    told = [
        writing.Told(draft, people[draft.data["owner"]] - hidden.get(draft.case_id, frozenset()), frozenset())
        for draft in drafts
    ]
    writing.tell(memory, cases, told, now)
    return len(drafts)


def forget() -> None:
    """Drop notices and messages older than three months."""
    before = clock.now() - KEPT
    for model in (Notice, Delivery):
        model.objects.filter(at__lt=before).delete()


def next_due() -> datetime | None:
    """The next reminder or look into a pool, so that a demonstration's clock can stop there."""
    reminder = Reminder.objects.order_by("at").values_list("at", flat=True).first()
    return min((at for at in (reminder, pools.next_due()) if at is not None), default=None)


TICKS = [
    ("notices.hand_over", 2.0, outbox.hand_over),
    ("notices.remind", 15.0, remind),
    ("notices.pools", 15.0, pools.look),
    ("notices.forget", 3600.0, forget),
]
