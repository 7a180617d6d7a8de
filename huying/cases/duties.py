"""Duty lists: dates and events become tasks, which are cases of the kind that duties.yaml names, opened by ``report()``.

A task is opened once: its idempotency key is the duty, the place and the date (or the case that called for it), and keys
are kept longer than the days that are looked back over each time.

Up to which day all was opened is kept (looked.py), so after a longer outage nothing that comes once a year is lost. What
came round several times in it is made up once, for the last time: four weekly rounds at once help nobody.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from huying import clock
from huying.cases import looked
from huying.cases.actions.keys import KeyReused
from huying.cases.actions.report import report
from huying.cases.calls import Call, CallRefused
from huying.cases.of_page import cases_of
from huying.cases.who import CLOCK, Actor
from huying.places import memory as places
from huying.places.info import PlaceMemory
from huying.places.models import Place
from huying.presets.duty_definition import Duties, Duty, Stop
from huying.worktime import due as due_at
from huying.worktime import parse_limit

log = logging.getLogger(__name__)

LOOK_BACK = 3  # days, fewer than the days for which keys are kept (jobs.KEYS_KEPT)
LONGEST = 400  # days: the longest outage that is made up for, with every date of a year in it
SOURCE = "duty"
OPENER = Actor(channel=CLOCK, system=True)

_done: dict[int, tuple[date, int | None]] = {}  # place → (day, edition) of which everything was opened


def open_all() -> int:
    """Open what the calendar calls for today, in every place; how many tasks."""
    return sum(open_due(place_id) for place_id in Place.objects.values_list("id", flat=True))


def open_due(place_id: int, now: datetime | None = None) -> int:
    """Open the tasks of the last days, and of those that nobody looked at, that are not open yet; how many were new.
    Nothing to do on most ticks."""
    memory = places.of(place_id)
    held = duties_of(memory)
    if held is None:
        return 0
    now = now or clock.now()
    today = now.astimezone(memory.calendar(None).zone).date()
    if _done.get(place_id) == (today, memory.edition_id):
        return 0
    count = 0
    for day, duty in _called_for(held, looked.up_to(place_id), today):
        for where, spot in targets(memory, duty):
            count += _open(memory, held, duty, f"{day.isoformat()}:{where}", now, **spot)
    looked.note(place_id, today)
    _done[place_id] = (today, memory.edition_id)
    return count


def _called_for(held: Duties, upto: date | None, today: date) -> list[tuple[date, Duty]]:
    """What the calendar calls for on the last days, and before them what it called for last since *upto*."""
    recent = today - timedelta(days=LOOK_BACK)
    first = recent
    if upto is not None and upto < recent:
        first = max(upto + timedelta(days=1), today - timedelta(days=LONGEST))
    days = [first + timedelta(days=n) for n in range((today - first).days + 1)]
    found: list[tuple[date, Duty]] = []
    for duty in (*held.duties, *held.opens):
        dates = [day for day in days if duty.falls_on(day)]
        found += [(day, duty) for day in dates if day >= recent or day == dates[-1]]
    return sorted(found, key=lambda one: one[0])


def forget() -> None:
    """Look at the calendar again at the next tick, as after a restart (tests)."""
    _done.clear()


def duties_of(memory: PlaceMemory) -> Duties | None:
    """The duty list of the place; None where it has none."""
    preset = memory.preset
    held = preset.duties if preset is not None else None
    return held if held is not None and (held.opens or (held.duties and held.kind)) else None


def route_of(memory: PlaceMemory, fields: Mapping[str, Any]) -> tuple[Stop, ...]:
    """What is to be looked at on a task that came of a duty; nothing for other cases."""
    held = duties_of(memory)
    duty = held.of(fields.get("duty")) if held is not None else None
    return duty.route if duty is not None else ()


def targets(memory: PlaceMemory, duty: Duty) -> Iterator[tuple[str, dict[str, Any]]]:
    """Where a duty is to be done: each point of its type, or each grid and division where its post is held. One SQL
    statement for posts."""
    assert memory.preset is not None
    if duty.points:
        for point in memory.preset.points.values():
            if point.type == duty.points:
                yield point.code, {"lon": point.lon, "lat": point.lat, "at": point.name}
        return
    from huying.staff.models import Holding
    from huying.staff.sight import in_force

    rows = Holding.objects.filter(
        in_force(clock.now()), place_id=memory.place_id, post__role=duty.role, post__active=True,
        post__division__isnull=False,
    )  # fmt: skip
    for ident in rows.order_by("post__division_id").values_list("post__division_id", flat=True).distinct():
        if ident in memory.divisions and memory.division(ident).active:
            yield memory.division(ident).code, {"division_id": ident}


def _open(
    memory: PlaceMemory, held: Duties, duty: Duty, mark: str, now: datetime, *, at: str = "", **where: Any
) -> int:
    limit = due_at(parse_limit(duty.due), now, memory.calendar(None))
    call = Call(
        kind=duty.kind or held.kind, title=f"{duty.name.zh}：{at}" if at else duty.name.zh, body=duty.text.zh, anonymous=True,
        fields={
            "duty": duty.id, "duty_class": duty.klass, "duty_for": duty.role,
            "due": limit.replace(second=0, microsecond=0).isoformat(),
        },
        source=SOURCE, source_number=f"{duty.id}:{mark}"[:80], **where,
    )  # fmt: skip
    try:
        return (
            0
            if report(memory.place_id, call, OPENER, key=f"duty:{duty.id}:{mark}"[:80], now=now).again
            else 1
        )
    except KeyReused:
        return 0  # opened before with another limit or wording
    except CallRefused as error:
        log.error("duty %s could not be opened: %s", duty.id, error)
        return 0


def called_for(place_id: int, page: int, events: Sequence[Any]) -> None:
    """Reader of the ledger's pages: open the tasks that what happened to cases calls for. One SQL statement for each page
    that has such an event, besides the tasks themselves."""
    moved = [event for event in events if event.kind in ("case.reported", "case.moved") and event.case_id]
    if not moved:
        return
    memory = places.of(place_id)
    held = duties_of(memory)
    preset = memory.preset
    if held is None or preset is None or not any(duty.event_kind for duty in held.duties):
        return
    chosen = {
        event.case_id: event
        for event in moved
        if event.kind == "case.reported" or (event.data.get("fields") or {}).get("item")
    }
    if not chosen:
        return
    for case in cases_of(place_id, events, chosen.values()).values():
        if case.confidential or case.kind == held.kind:
            continue
        path = preset.items[case.item].path if case.item in preset.items else ()
        lon, lat, division = case.lon, case.lat, case.grid_id or case.division_id
        for duty in held.duties:
            if duty.event_kind != case.kind or case.call == "report":
                continue
            if duty.event_items and set(duty.event_items).isdisjoint(path):
                continue
            if lon is None and division is None:
                continue  # nobody knows where to go
            where = {"lon": lon, "lat": lat} if lon is not None else {"division_id": division}
            _open(memory, held, duty, str(case.id), chosen[case.id].at, **where)
