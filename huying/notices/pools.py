"""Pools: whoever may claim is told that something lies in their pool, once for a pool and not for each case.

The reader notes what came and what was taken; the worker looks at most every quarter of an hour, tells those who may
claim of what lies there then, and ends what was told of a pool that is empty. While a notice is not read, the next one
joins it, and nothing goes out again.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from uuid import NAMESPACE_OID, UUID, uuid5

from django.db import connection, transaction
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from huying import clock
from huying.cases.lists import COUNT_MOST
from huying.cases.models import Case
from huying.cases.naming import step_name
from huying.notices import behind, kinds, reader, writing
from huying.notices.models import Notice, Pool
from huying.places import memory as places
from huying.places.info import PlaceMemory
from huying.staff.sight import Sight
from huying.ui.choices import Look

KIND = "pool"
APART = timedelta(minutes=15)
"""The least time between two notices of one pool."""
BATCH = 200

# Whatever came is told after a quarter of an hour since the last time; what was taken is looked at as soon as may be.
_NOTE = """
INSERT INTO notices_pool AS p (place_id, key, came_at, look_at)
SELECT %(place)s, t.key, t.came, %(now)s FROM unnest(%(keys)s::text[], %(came)s::timestamptz[]) AS t(key, came)
WHERE t.came IS NOT NULL OR EXISTS (SELECT 1 FROM notices_pool h WHERE h.place_id = %(place)s AND h.key = t.key)
ON CONFLICT (place_id, key) DO UPDATE SET
  came_at = least(p.came_at, excluded.came_at),
  look_at = least(p.look_at, CASE WHEN excluded.came_at IS NULL THEN %(now)s
                             ELSE greatest(%(now)s, p.told_at + %(apart)s * interval '1 second') END)
"""
# What lies in pools, up to so many of each: cases, and parts of cases.
_LYING = """
SELECT k.key, w.case_id FROM unnest(%(keys)s::text[]) AS k(key) CROSS JOIN LATERAL (
  (SELECT id AS case_id FROM cases_case
   WHERE place_id = %(place)s AND owner_key = k.key AND closed_at IS NULL LIMIT %(most)s)
  UNION ALL
  (SELECT case_id FROM cases_leg
   WHERE place_id = %(place)s AND owner_key = k.key AND closed_at IS NULL LIMIT %(most)s)
) AS w
"""


def note(place_id: int, filled: Mapping[str, datetime], left: Iterable[str], now: datetime) -> None:
    """Remember to look into pools that something came to or was taken from. One SQL statement."""
    keys = sorted({*filled, *left})
    if not keys:
        return
    came = [filled.get(key) for key in keys]
    with connection.cursor() as cursor:
        cursor.execute(
            _NOTE, {"place": place_id, "keys": keys, "came": came, "now": now, "apart": APART.total_seconds()}
        )


def look(now: datetime | None = None) -> int:
    """Look into the pools that are due, and tell; how many people were told. Each is told once: the notice and the
    note of it are one transaction."""
    now = now or clock.now()
    with transaction.atomic():
        rows = list(
            Pool.objects.select_for_update(skip_locked=True)
            .filter(look_at__lte=now)
            .order_by("look_at")[:BATCH]
        )
        return sum(_look(row, now) for row in rows)


def next_due() -> datetime | None:
    """The next look into a pool."""
    rows = Pool.objects.filter(look_at__isnull=False).order_by("look_at")
    return rows.values_list("look_at", flat=True).first()


def _look(row: Pool, now: datetime) -> int:
    memory, count = places.of(row.place_id), 0
    cases = Case.objects.filter(
        place_id=row.place_id, id__in={case for _key, case in _lying(row.place_id, [row.key])}
    )
    found = list(cases)
    row.look_at = None
    if not found:
        rows = Notice.objects.filter(
            place_id=row.place_id, kind=KIND, case_id=ident_of(row.key), read_at=None
        )
        rows.update(read_at=now)
        row.came_at = None
    elif row.came_at is not None and row.told_at is not None and now < row.told_at + APART:
        row.look_at = row.told_at + APART  # something was taken, something newer still waits to be told
    elif row.came_at is not None:
        # Whoever every case in it is about has nothing to claim there.
        hidden = reader.subjects(memory, found)
        nothing = frozenset.intersection(*(hidden.get(case.id, frozenset()) for case in found))
        persons = behind.in_pool(memory, row.key, now) - nothing
        writing.tell_of(row.place_id, KIND, ident_of(row.key), persons, now)
        row.came_at, row.told_at, count = None, now, len(persons)
    Pool.objects.filter(place_id=row.place_id, key=row.key).update(
        came_at=row.came_at, told_at=row.told_at, look_at=row.look_at
    )
    return count


def _lying(place_id: int, keys: list[str]) -> list[tuple[str, UUID]]:
    with connection.cursor() as cursor:
        cursor.execute(_LYING, {"place": place_id, "keys": keys, "most": COUNT_MOST})
        return list(cursor.fetchall())


def ident_of(key: str) -> UUID:
    """The id by which notices name a pool."""
    return uuid5(NAMESPACE_OID, key)


def about(sight: Sight, ids: Iterable[UUID]) -> dict[UUID, kinds.About]:
    """What notices about pools say to somebody who may claim from them. Two SQL statements."""
    wanted = set(ids)
    keys = {key: ident for key in sight.owner_keys if (ident := ident_of(key)) in wanted}
    if not keys:
        return {}
    lying = _lying(sight.place_id, sorted(keys))
    seen = _seen(sight, {case for _key, case in lying})
    memory, found = places.of(sight.place_id), {}
    for key, ident in keys.items():
        step, name = _step(memory, key)
        count = len({case for at, case in lying if at == key and case in seen})
        if not count:
            continue
        words = {"pool": name, "n": f"{COUNT_MOST - 1}+" if count >= COUNT_MOST else count}
        url = reverse("cases:work") + "?scope=mine" + (f"&step={step}" if step else "")
        found[ident] = kinds.About(_("%(pool)s: %(n)s to be claimed") % words, "", url)
    return found


def _seen(sight: Sight, cases: set[UUID]) -> set[UUID]:
    """Those that are not about the person or their organ."""
    from huying.cases.sight import not_subject

    rows = Case.objects.filter(not_subject(sight), place_id=sight.place_id, id__in=cases)
    return set(rows.values_list("id", flat=True)) if cases else set()


def _step(memory: PlaceMemory, key: str) -> tuple[str, str]:
    """The step that waits in the pool, and its name: how people know it. Where flows share a pool, the first."""
    members = key.removeprefix("pool:").partition("@")[0]
    preset = memory.preset
    for flow in preset.flows.values() if preset is not None else ():
        for step in flow.steps.values():
            if step.owner is not None and step.owner.kind == "pool" and ",".join(step.owner.args) == members:
                return step.id, step_name(flow, step.id)
    return "", _("To be claimed")


def install() -> None:
    """Make the kind of notice known; called when the app is ready."""
    kinds.register(KIND, Look(gettext_lazy("Something to claim"), "info", "stack-2"), about, loud=True)
