"""Making drafts: on demand, and on schedule exactly once for each period, also after the server was down."""

from __future__ import annotations

import logging
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from huying import clock
from huying.indicators.periods import Period
from huying.ledger import actions as ledger
from huying.ledger.actions import Actor, Entry
from huying.ledger.ids import uuid7
from huying.places import memory as places
from huying.places.info import DivisionInfo, PlaceMemory
from huying.places.models import Place
from huying.presets.report_definition import ReportKind
from huying.reports import access, ledger_kinds, periods
from huying.reports.contents import contents
from huying.reports.errors import ReportError
from huying.reports.making import Making
from huying.reports.models import Cursor, Report

log = logging.getLogger(__name__)

AT_ONCE = 3  # periods of a kind that one tick catches up with; the rest follows with the next ticks
CLOCK = Actor(channel="clock")


def counted(
    memory: PlaceMemory, kind: ReportKind, division: DivisionInfo, period: Period, now: datetime
) -> dict[str, Any]:
    """The content of a report as of now."""
    assert memory.preset is not None
    return contents(Making(memory, memory.preset, kind, division, period, now))


def which(report: Report) -> dict[str, Any]:
    """What every event about a report says."""
    return {
        "report": report.id, "kind": report.kind, "division": report.division_id,
        "start": report.start.isoformat(), "end": report.end.isoformat(),
    }  # fmt: skip


def write(
    memory: PlaceMemory, kind: ReportKind, division: DivisionInfo, period: Period, now: datetime, actor: Actor,
    *, scheduled: bool = False, corrects: UUID | None = None,
) -> Report:  # fmt: skip
    """Count and write a draft with its event, in the caller's transaction."""
    content = counted(memory, kind, division, period, now)
    assert memory.edition_id is not None  # else there would be no kinds of reports
    report = Report(
        place_id=memory.place_id, id=uuid7(), kind=kind.code, edition_id=memory.edition_id, division_id=division.id,
        start=period.start, end=period.end, scheduled=scheduled, title=content["title"], content=content, edits={},
        data_at=now, made_at=now, made_by=actor.person_id, corrects_id=corrects,
    )  # fmt: skip
    report.save(force_insert=True)
    data = which(report) | {"scheduled": scheduled, "corrects": corrects}
    ledger.append(memory.place_id, [Entry(ledger_kinds.MADE, data, now)], actor)
    return report


# — on schedule —


def make_due(now: datetime | None = None) -> int:
    """Make the drafts that are due in all places; how many. The worker's tick."""
    now = now or clock.now()
    made = 0
    for place_id in Place.objects.order_by("pk").values_list("pk", flat=True):
        memory = places.of(place_id)
        for kind in access.kinds(memory).values():
            if kind.schedule is None:
                continue
            try:
                made += _make_kind(memory, kind, now)
            except Exception:
                # One kind that cannot be made must not keep the others from being made.
                log.exception("report %s of place %s could not be made", kind.code, place_id)
    return made


def _make_kind(memory: PlaceMemory, kind: ReportKind, now: datetime) -> int:
    made = 0
    for _ in range(AT_ONCE):
        found = _make_next(memory, kind, now)
        if found is None:
            return made
        made += found
    return made


def _make_next(memory: PlaceMemory, kind: ReportKind, now: datetime) -> int | None:
    """Make the drafts of the next period that is due; None when none is."""
    assert kind.schedule is not None
    held = Cursor.objects.filter(place_id=memory.place_id, kind=kind.code).first()
    if held is not None and held.period == kind.period:
        # Most of the time there is nothing to do, and then nothing is locked.
        ahead = periods.around(kind.period, held.next)
        if periods.made_at(memory, kind.schedule, ahead) > now:
            return None
    with transaction.atomic():
        cursor = _cursor(memory, kind, now)
        period = periods.around(kind.period, cursor.next)
        if periods.made_at(memory, kind.schedule, period) > now:
            return None
        there = set(
            Report.objects.filter(
                place_id=memory.place_id, kind=kind.code, start=period.start, scheduled=True
            ).values_list("division_id", flat=True)
        )
        wanted = [row for row in access.divisions(memory, kind) if row.id not in there]
        for division in wanted:
            write(memory, kind, division, period, now, CLOCK, scheduled=True)
        cursor.next = period.end
        cursor.save(update_fields=["next"])
        return len(wanted)


def _cursor(memory: PlaceMemory, kind: ReportKind, now: datetime) -> Cursor:
    """Where the schedule stands, locked. A kind that is new begins with the last period that is over."""
    key = {"place_id": memory.place_id, "kind": kind.code}
    first = periods.last_whole(kind.period, _today(memory, now)).start
    Cursor.objects.bulk_create([Cursor(**key, period=kind.period, next=first)], ignore_conflicts=True)
    cursor: Cursor = Cursor.objects.select_for_update().get(**key)
    if cursor.period != kind.period:
        cursor.period, cursor.next = kind.period, first
        cursor.save(update_fields=["period", "next"])
    return cursor


def _today(memory: PlaceMemory, now: datetime) -> date:
    return now.astimezone(periods.zone_of(memory)).date()


def next_due() -> datetime | None:
    """When the next draft is made, so that a demonstration's clock can stop there."""
    found = []
    for cursor in Cursor.objects.all():
        memory = places.of(cursor.place_id)
        kind = access.kinds(memory).get(cursor.kind)
        if kind is not None and kind.schedule is not None and kind.period == cursor.period:
            found.append(periods.made_at(memory, kind.schedule, periods.around(kind.period, cursor.next)))
    return min(found, default=None)


# — on demand —


def period_of(memory: PlaceMemory, kind: ReportKind, day: date, now: datetime) -> Period:
    """The period of a report asked for by any of its days. Raises ReportError ``not-over``."""
    found = periods.around(kind.period, day)
    if found.end > _today(memory, now) or found.start.year < 2000:
        raise ReportError("not-over")
    return found
