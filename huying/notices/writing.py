"""Writing notices, messages and reminders down: a fixed number of SQL statements for a page of events."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection

from huying.cases.models import Case
from huying.cases.world import CaseWorld
from huying.ledger.ids import uuid7
from huying.notices import channels
from huying.notices.drafts import Draft
from huying.notices.kinds import DUTY, KINDS, URGENT
from huying.notices.models import Choice, Delivery, Reminder
from huying.notices.quiet import send_at
from huying.places.info import PlaceMemory
from huying.staff.models import Person

OLD = timedelta(hours=24)  # what happened longer ago is in the app only
PRESSING = frozenset({"overdue", "urged", "instruction", "reopened"})


@dataclass(frozen=True, slots=True)
class Told:
    """A draft with who is to know: people with accounts, and contacts of callers without one."""

    draft: Draft
    persons: frozenset[UUID]
    contacts: frozenset[UUID]


_END = """
WITH gone AS (SELECT * FROM unnest(%(cases)s::uuid[], %(legs)s::uuid[]) AS g(case_id, leg_id)),
over AS (
  UPDATE notices_notice n SET read_at = %(now)s FROM gone
  WHERE n.place_id = %(place)s AND n.case_id = gone.case_id AND n.leg_id IS NOT DISTINCT FROM gone.leg_id
  AND n.read_at IS NULL AND n.kind = ANY(%(kinds)s)
)
DELETE FROM notices_reminder r USING gone
WHERE r.place_id = %(place)s AND r.case_id = gone.case_id AND r.leg_id IS NOT DISTINCT FROM gone.leg_id
"""


def end(place_id: int, over: Collection[tuple[UUID, UUID | None]], now: datetime) -> None:
    """What was told about the work of those cases (and parts) is over, since they went on. One SQL statement."""
    if not over:
        return
    rows = list(over)
    with connection.cursor() as cursor:
        cursor.execute(
            _END,
            {
                "cases": [case for case, _ in rows], "legs": [leg for _, leg in rows], "now": now,
                "place": place_id, "kinds": list(DUTY),
            },
        )  # fmt: skip


# xmax is 0 for a row that was inserted, and not for one that was there: only the first of a bundle is sent on.
_TELL = """
INSERT INTO notices_notice
  (place_id, id, person_id, kind, case_id, leg_id, data, urgency, times, at)
SELECT %(place)s, t.* FROM unnest(
  %(ids)s::uuid[], %(persons)s::uuid[], %(kinds)s::text[], %(cases)s::uuid[], %(legs)s::uuid[], %(data)s::jsonb[],
  %(urgency)s::int[], %(times)s::int[], %(at)s::timestamptz[]
) AS t
ON CONFLICT (place_id, person_id, case_id, kind) WHERE read_at IS NULL
DO UPDATE SET times = notices_notice.times + excluded.times, at = excluded.at, data = excluded.data,
  leg_id = excluded.leg_id, urgency = greatest(notices_notice.urgency, excluded.urgency)
RETURNING id, person_id, kind, case_id, urgency, xmax = 0
"""

Row = dict[str, Any]


def tell(memory: PlaceMemory, cases: dict[UUID, Case], told: Sequence[Told], now: datetime) -> None:
    """Write the notices, and the messages that follow from them. Four SQL statements at most."""
    rows: dict[tuple[UUID, UUID, str], Row] = {}
    outside: dict[tuple[UUID, UUID, str], Told] = {}
    for one in told:
        draft = one.draft
        for person in sorted(one.persons):
            key = (person, draft.case_id, draft.kind)
            times = rows[key]["times"] + 1 if key in rows else 1
            rows[key] = {
                "id": uuid7(), "person": person, "kind": draft.kind, "case": draft.case_id, "leg": draft.leg_id,
                "data": json.dumps(draft.data), "urgency": _urgency(draft, cases[draft.case_id]), "times": times,
                "at": draft.at,
            }  # fmt: skip
        for contact in sorted(one.contacts):
            outside[contact, draft.case_id, draft.kind] = one
    fresh = _insert(memory.place_id, list(rows.values()))
    recent = [row for row in fresh if now - rows[row[1], row[3], row[2]]["at"] < OLD]
    messages = _to_people(memory.place_id, recent, now)
    messages += _to_callers(
        memory.place_id, [one for one in outside.items() if now - one[1].draft.at < OLD], now
    )
    if messages:
        Delivery.objects.bulk_create(messages)


def tell_of(
    place_id: int, kind: str, about: UUID, persons: Collection[UUID], now: datetime, times: int = 1
) -> None:
    """Tell people of something that is no case, sent on as their choices say; while they have not read it, it stays one
    notice. Four SQL statements at most."""
    rows = [
        {
            "id": uuid7(), "person": person, "kind": kind, "case": about, "leg": None, "data": "{}", "urgency": 0,
            "times": times, "at": now,
        }
        for person in sorted(persons)
    ]  # fmt: skip
    if messages := _to_people(place_id, _insert(place_id, rows), now):
        Delivery.objects.bulk_create(messages)


def _urgency(draft: Draft, case: Case) -> int:
    if case.urgency >= URGENT and not draft.callers:
        return URGENT
    return max(min(case.urgency, 1), 1 if draft.kind in PRESSING else 0)


def _insert(place_id: int, rows: Sequence[Row]) -> list[tuple[Any, ...]]:
    """Write notices; those that were not bundled with an unread one come back. One SQL statement."""
    if not rows:
        return []

    def column(name: str) -> list[Any]:
        return [row[name] for row in rows]

    with connection.cursor() as cursor:
        cursor.execute(
            _TELL,
            {
                "place": place_id, "ids": column("id"), "persons": column("person"), "kinds": column("kind"),
                "cases": column("case"), "legs": column("leg"), "data": column("data"),
                "urgency": column("urgency"), "times": column("times"), "at": column("at"),
            },
        )  # fmt: skip
        return [row[:5] for row in cursor.fetchall() if row[5]]


def _to_people(place_id: int, fresh: Sequence[tuple[Any, ...]], now: datetime) -> list[Delivery]:
    loud = [row for row in fresh if KINDS[row[2]].loud]
    if not loud or not channels.any_ready():
        return []
    ids = {row[1] for row in loud}
    chosen = {one.person_id: one for one in Choice.objects.filter(place_id=place_id, person_id__in=ids)}
    phones = set(
        Person.objects.filter(id__in=ids, phone_hash__isnull=False, is_active=True).values_list(
            "id", flat=True
        )
    )
    made = []
    for ident, person, kind, case_id, urgency in loud:
        choice = chosen.get(person)
        wanted = choice.channels if choice is not None else channels.DEFAULT
        for name in wanted:
            reachable = (
                person in phones if name == channels.SMS else choice is not None and choice.mail_sealed
            )
            if not reachable or channels.find(name) is None:
                continue
            due = send_at(now, urgency, nights=choice is not None and choice.nights)
            made.append(
                Delivery(
                    place_id=place_id, id=uuid7(), notice_id=ident, person_id=person, case_id=case_id,
                    channel=name, template=kind, at=now, due_at=due, changed_at=now,
                )
            )  # fmt: skip
    return made


def _to_callers(
    place_id: int, outside: Sequence[tuple[tuple[UUID, UUID, str], Told]], now: datetime
) -> list[Delivery]:
    """Callers without an account have no page of notices: what concerns them goes to their telephone."""
    if channels.find(channels.SMS) is None:
        return []
    return [
        Delivery(
            place_id=place_id, id=uuid7(), case_id=case_id, contact_id=contact, channel=channels.SMS,
            template=kind, at=now, due_at=send_at(now), changed_at=now,
        )
        for (contact, case_id, kind), _ in outside
    ]  # fmt: skip


def await_arrival(memory: PlaceMemory, cases: dict[UUID, Case], sent: Sequence[Draft]) -> None:
    """Remember to ask, at half of the limit, those who were sent work and have not reported in. One statement."""
    rows = []
    for draft in sent:
        due = datetime.fromisoformat(str(draft.data["due"]))
        case = cases[draft.case_id]
        owner = str(draft.data["owner"])
        world = CaseWorld(memory=memory, case_id=case.id)
        left = world.left(draft.at, due, True, owner)
        # A limit outside office hours has no working time in it: then half of it by the clock.
        half = world.later(draft.at, left / 2, True, owner) if left > 0 else draft.at + (due - draft.at) / 2
        if half < due:
            rows.append(
                Reminder(
                    place_id=memory.place_id, id=uuid7(), case_id=case.id, leg_id=draft.leg_id,
                    step=str(draft.data["step"]), owner_key=owner, due_at=due, at=half,
                )
            )  # fmt: skip
    if rows:
        Reminder.objects.bulk_create(rows)
