"""The only writers of meetings. A decision is a move on a case, made by ``cases.actions.perform`` like any other."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction

from huying import clock
from huying.cases.actions import Performed, perform
from huying.cases.who import Actor
from huying.flow.dates import period_of
from huying.flow.definition import Cycle
from huying.ledger import actions as ledger
from huying.ledger.ids import uuid7
from huying.meetings import agenda
from huying.meetings.models import Meeting, Point
from huying.places import memory as places
from huying.presets.queries import compiled

LONGEST = 8000  # characters of minutes
CROWD = 9999


class MeetingRefused(Exception):
    """Nothing has changed. ``code``: not-leader, no-cycle, over, not-on-agenda, not-decided-here, minutes-long,
    present-wrong."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def cycle_of(meeting: Meeting) -> Cycle:
    """The cycle that the meeting belongs to, as its own edition has it."""
    flow = compiled(meeting.edition_id).flows[meeting.flow]
    return next(one for one in flow.cycles if one.id == meeting.cycle)


def open_meeting(
    place_id: int, flow_id: str, cycle_id: str, division_id: int, actor: Actor, *, now: datetime | None = None
) -> Meeting:
    """Open the meeting of the period that runs now, with the cases that come up; the one that is there already.

    Raises MeetingRefused (no-cycle, not-leader).
    """
    now = now or clock.now()
    memory = places.of(place_id)
    preset = memory.preset
    known = [] if preset is None else list(agenda.cycles_of(preset))
    found = next(((f, c) for f, c in known if (f.id, c.id) == (flow_id, cycle_id)), None)
    division = memory.divisions.get(division_id)
    if found is None or division is None or division.tier != found[1].at or memory.edition_id is None:
        raise MeetingRefused("no-cycle")
    flow, cycle = found
    sight = actor.sight
    if sight is None or sight.person_id is None or not agenda.leads(sight, cycle, division_id):
        raise MeetingRefused("not-leader")
    since, until = period_of(cycle.every, now.astimezone(memory.calendar().zone).date())
    same = {
        "place_id": place_id, "division_id": division_id, "flow": flow.id, "cycle": cycle.id, "since": since,
    }  # fmt: skip
    if (there := Meeting.objects.filter(**same).first()) is not None:
        return there
    [cases] = agenda.candidates(sight, [agenda.Led(flow, cycle, division)], memory, now)
    try:
        with transaction.atomic():
            meeting = Meeting.objects.create(
                id=uuid7(), edition_id=memory.edition_id, path=division.path, until=until, opened_at=now,
                opened_by=sight.person_id, **same,
            )  # fmt: skip
            Point.objects.bulk_create(
                Point(
                    place_id=place_id, id=uuid7(), meeting_id=meeting.id, case_id=case.id, position=i, step=case.step
                )
                for i, case in enumerate(cases, 1)
            )  # fmt: skip
            data = {
                "flow": flow.id, "cycle": cycle.id, "division": division_id, "since": since.isoformat(),
                "cases": len(cases),
            }  # fmt: skip
            _tell(meeting, "meeting.opened", data, actor, now)
    except IntegrityError:  # two secretaries at once: one meeting
        return Meeting.objects.get(**same)
    return meeting


def decide(
    place_id: int,
    meeting_id: UUID,
    case_id: UUID,
    move: str,
    actor: Actor,
    data: Mapping[str, Any] | None = None,
    *,
    key: str | None = None,
    seen: int | None = None,
    now: datetime | None = None,
    lang: str | None = None,
    files_key: str | None = None,
) -> Performed:
    """What the meeting decided on a case of its agenda: the move is made, and the agenda and the ledger say so.

    Raises MeetingRefused, Meeting.DoesNotExist, and whatever ``cases.actions.perform`` raises; then nothing changed.
    """
    now = now or clock.now()
    with transaction.atomic():
        meeting = _held(place_id, meeting_id, actor)
        if move not in cycle_of(meeting).decides:
            raise MeetingRefused("not-decided-here")
        point = Point.objects.filter(place_id=place_id, meeting_id=meeting_id, case_id=case_id).first()
        if point is None:
            raise MeetingRefused("not-on-agenda")
        done = perform(
            place_id, case_id, move, actor, data, key=key, seen=seen, now=now, lang=lang, files_key=files_key
        )
        if not done.again:
            point.move, point.decided_at = move, now
            point.save(update_fields=["move", "decided_at"])
            told = {"meeting": str(meeting_id), "move": move, "step": done.step}
            _tell(meeting, "meeting.decided", told, actor, now, case_id=case_id)
    return done


def close_meeting(
    place_id: int,
    meeting_id: UUID,
    minutes: str,
    actor: Actor,
    *,
    present: int | None = None,
    now: datetime | None = None,
) -> Meeting:
    """Close a meeting with its minutes. Raises MeetingRefused, Meeting.DoesNotExist."""
    now = now or clock.now()
    text = minutes.strip()
    if len(text) > LONGEST:
        raise MeetingRefused("minutes-long")
    if present is not None and not 0 <= present <= CROWD:
        raise MeetingRefused("present-wrong")
    with transaction.atomic():
        meeting = _held(place_id, meeting_id, actor)
        points = list(
            Point.objects.filter(place_id=place_id, meeting_id=meeting_id).values_list("move", flat=True)
        )
        meeting.closed_at, meeting.minutes, meeting.present = now, text, present
        meeting.save(update_fields=["closed_at", "minutes", "present"])
        decided = sum(1 for one in points if one)
        data: dict[str, Any] = {"decided": decided, "left": len(points) - decided}
        if present is not None:
            data["present"] = present
        _tell(meeting, "meeting.closed", data, actor, now, private={"minutes": text} if text else None)
    return meeting


def _held(place_id: int, meeting_id: UUID, actor: Actor) -> Meeting:
    """The meeting under lock, if the actor leads it and it is not over."""
    meeting = Meeting.objects.select_for_update().get(place_id=place_id, id=meeting_id)
    if actor.sight is None or not agenda.leads(actor.sight, cycle_of(meeting), meeting.division_id):
        raise MeetingRefused("not-leader")
    if meeting.closed_at is not None:
        raise MeetingRefused("over")
    return meeting


def _tell(
    meeting: Meeting,
    kind: str,
    data: Mapping[str, Any],
    actor: Actor,
    now: datetime,
    *,
    case_id: UUID | None = None,
    private: Mapping[str, Any] | None = None,
) -> None:
    entry = ledger.Entry(
        kind=kind,
        data=data,
        at=now,
        private=private,
        case_id=case_id,
        subject=("case", case_id) if case_id is not None else ("meeting", meeting.id),
    )
    ledger.append(meeting.place_id, [entry], actor.for_ledger())
