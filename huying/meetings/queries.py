"""Reads of meetings, each with a stated number of SQL statements."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q

from huying.cases.lists import pack_id, unpack_id
from huying.cases.models import Case
from huying.cases.sight import visible
from huying.flow.dates import period_of
from huying.meetings import agenda
from huying.meetings.actions import cycle_of
from huying.meetings.models import Meeting, Point
from huying.places.info import PlaceMemory
from huying.staff.sight import Sight

PAGE = 20


@dataclass(frozen=True, slots=True)
class Due:
    """A meeting of the running period: how many cases come up, and the meeting itself once it was opened."""

    led: agenda.Led
    since: object
    until: object
    comes_up: int
    meeting: Meeting | None


@dataclass(frozen=True, slots=True)
class Entry:
    """A point of an agenda; ``case`` is None for a case that the viewer may not see."""

    point: Point
    case: Case | None


def due_now(sight: Sight, led: Sequence[agenda.Led], memory: PlaceMemory, now: datetime) -> list[Due]:
    """The meetings of one division in the period that runs. Two SQL statements."""
    if not led:
        return []
    day = now.astimezone(memory.calendar().zone).date()
    spans = [period_of(one.cycle.every, day) for one in led]
    there = {
        (one.flow, one.cycle, one.since): one
        for one in Meeting.objects.filter(
            place_id=memory.place_id, division_id=led[0].division.id, since__in={span[0] for span in spans}
        )
    }
    counts = agenda.candidates(sight, led, memory, now)
    return [
        Due(one, *span, len(cases), there.get((one.flow.id, one.cycle.id, span[0])))
        for one, span, cases in zip(led, spans, counts, strict=True)
    ]


def in_sight(sight: Sight, division_ids: Sequence[int]) -> Q:
    """Meetings that a person may read: those of the area seen by duty, and those that they lead."""
    rule = Q(division_id__in=list(division_ids))
    for path in sight.paths:
        rule |= Q(path__startswith=path)
    return rule


def may_read(sight: Sight, meeting: Meeting) -> bool:
    """Whether the person may read the meeting's minutes."""
    if sight.place_id != meeting.place_id or sight.is_anonymous or sight.is_resident:
        return False
    return sight.sees_path(meeting.path) or agenda.leads(sight, cycle_of(meeting), meeting.division_id)


def held(
    sight: Sight, division_ids: Sequence[int], cursor: str = "", most: int = PAGE
) -> tuple[list[Meeting], str]:
    """Meetings that were opened, newest first, and the cursor of the next page ("" for none). One SQL statement."""
    rows = Meeting.objects.filter(in_sight(sight, division_ids), place_id=sight.place_id)
    if cursor:
        rows = rows.filter(id__lt=unpack_id(cursor))
    found = list(rows.order_by("-id")[: most + 1])
    return found[:most], pack_id(found[most - 1].id) if len(found) > most else ""


def meeting_of(sight: Sight, meeting_id: UUID) -> Meeting:
    """One meeting. One SQL statement. Raises Meeting.DoesNotExist, also for one that is not for these eyes."""
    meeting = Meeting.objects.get(place_id=sight.place_id, id=meeting_id)
    if not may_read(sight, meeting):
        raise Meeting.DoesNotExist
    return meeting


def entries(sight: Sight, meeting: Meeting) -> list[Entry]:
    """The agenda with the cases that the viewer may see. Two SQL statements."""
    points = list(Point.objects.filter(place_id=meeting.place_id, meeting_id=meeting.id).order_by("position"))
    cases = {row.id: row for row in visible(sight).filter(id__in=[one.case_id for one in points])}
    return [Entry(one, cases.get(one.case_id)) for one in points]
