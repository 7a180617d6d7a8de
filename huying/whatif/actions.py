"""Asking for a study, and doing it: the only writers of studies. No case is ever changed here."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from huying import clock
from huying.ledger.ids import uuid7
from huying.places import memory as places
from huying.whatif import changes as changing
from huying.whatif import queries
from huying.whatif.models import Study
from huying.whatif.setting import setting_of
from huying.whatif.study import REPLICATIONS, Asked, run

log = logging.getLogger(__name__)
LONGEST = timedelta(days=366)
SHORTEST = timedelta(days=3)
WAITING_MOST = 5  # of one place: nobody queues up a day's work
KEPT = 60  # of one place; the oldest go
CALLED_OFF = "called-off"
LOCK = 0x48590006  # first half of the advisory lock under which a place's study runs


class StudyRefused(ValueError):
    """A study cannot be asked for; ``code`` says why: period, waiting, history."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def check_period(since: datetime, until: datetime) -> None:
    """Raises StudyRefused for a period that is too short, too long or not over."""
    if not SHORTEST <= until - since <= LONGEST or until > clock.now() + timedelta(days=1):
        raise StudyRefused("period")


def ask(
    place_id: int, person_id: UUID | None, since: datetime, until: datetime, plain: dict[str, Any]
) -> Study:
    """Ask for a study of a period under *plain* changes; the worker does it. Raises StudyRefused, ChangesRefused."""
    check_period(since, until)
    changes = changing.from_plain(plain, places.of(place_id))
    with transaction.atomic():
        todo = Study.objects.filter(place_id=place_id, state__in=[Study.WAITING, Study.RUNNING])
        if todo.count() >= WAITING_MOST:
            raise StudyRefused("waiting")
        made = Study.objects.create(
            place_id=place_id, id=uuid7(), name=changes.name, asked_by=person_id, asked_at=clock.now(),
            params={"since": since.isoformat(), "until": until.isoformat(), "changes": plain},
        )  # fmt: skip
        old = Study.objects.filter(place_id=place_id, state__in=[Study.DONE, Study.FAILED]).order_by("-id")
        Study.objects.filter(place_id=place_id, id__in=list(old.values_list("id", flat=True)[KEPT:])).delete()
    return made


def call_off(place_id: int, study_id: UUID) -> bool:
    """Nobody needs the study any more: it is not begun, or stops where it is. False when it had come to its end."""
    rows = Study.objects.filter(place_id=place_id, id=study_id, state__in=[Study.WAITING, Study.RUNNING])
    return bool(rows.update(state=Study.FAILED, problem=CALLED_OFF, finished_at=clock.now()))


class _CalledOff(Exception):
    """Somebody called off the study that is being done."""


def work(
    place_id: int, since: datetime, until: datetime, changes: changing.Changes, *, replications: int = REPLICATIONS,
    seed: int = 1, tell: Callable[[float], None] = lambda share: None,
) -> dict[str, Any]:  # fmt: skip
    """Do a study now and give its result. Two SQL statements. Raises StudyRefused when nothing is on record."""
    courses, more = queries.history(place_id, since, until)
    if not courses:
        raise StudyRefused("history")
    start, end = since.timestamp(), until.timestamp()
    first = min(start, *(course.reported for course in courses))
    setting = setting_of(places.of(place_id), first - 40 * 86400, end + 400 * 86400)
    result = run(courses, setting, changes, Asked(start, end, replications, seed), tell)
    result["cut"] = more
    return result


def run_next(place_id: int) -> bool:
    """Do the oldest study that waits, unless one is being done for this place; whether there was one."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", [LOCK, place_id])
        if not cursor.fetchone()[0]:
            return False
    try:
        todo = Study.objects.filter(place_id=place_id, state__in=[Study.WAITING, Study.RUNNING])
        found = todo.order_by("id").first()
        if found is None:
            return False
        _do(found)
        return True
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [LOCK, place_id])


def _do(study: Study) -> None:
    # As long as it is open: what was called off meanwhile stays so.
    rows = Study.objects.filter(
        place_id=study.place_id, id=study.id, state__in=[Study.WAITING, Study.RUNNING]
    )
    # One that says it is running while nobody holds the lock was cut off; the second time it is given up.
    if study.state == Study.RUNNING and study.done < 0:
        rows.update(state=Study.FAILED, problem="cut-off", finished_at=clock.now())
        return
    again = study.state == Study.RUNNING
    if not rows.update(state=Study.RUNNING, started_at=clock.now(), done=-1 if again else 0):
        return
    told = 0

    def tell(share: float) -> None:
        nonlocal told
        if int(100 * share) >= told + 5:
            told = int(100 * share)
            if not rows.update(done=-1 if again else told):
                raise _CalledOff

    params = study.params
    try:
        since, until = (datetime.fromisoformat(params[name]).astimezone(UTC) for name in ("since", "until"))
        changes = changing.from_plain(params["changes"], places.of(study.place_id))
        result = work(study.place_id, since, until, changes, tell=tell)
    except _CalledOff:
        return
    except StudyRefused as error:
        rows.update(state=Study.FAILED, problem=error.code, finished_at=clock.now())
    except Exception as error:
        log.exception("a study of place %s failed", study.place_id)
        rows.update(state=Study.FAILED, problem=type(error).__name__, finished_at=clock.now())
    else:
        rows.update(state=Study.DONE, done=100, result=result, finished_at=clock.now())
