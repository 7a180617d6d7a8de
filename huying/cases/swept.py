"""Up to when the clock has acted, and whether time itself went on evenly since.

One row for each place: everything that fell due until ``at`` has gone off. Beside the platform's time it keeps the
machine's own count of seconds since it was started, which no setting of the time changes. From the two it can be told
apart whether nobody swept for a while (the server was down, the worker dead) or whether the time was put forward or
back under a running platform. Either is an event on the ledger, and what goes off late because of it says so.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from pathlib import Path

from django.db import models, transaction

from huying import clock
from huying.ledger import actions as ledger
from huying.ledger.actions import Actor, Entry

STOOD = timedelta(minutes=2)  # without a sweep for longer than this, the clock stood
JUMPED = timedelta(seconds=30)  # a step of the time larger than this is told; daily corrections are smaller
NOTED_EVERY = timedelta(seconds=10)  # the row is written no more often while all is well

DOWN, JUMP = "down", "jump"


class Swept(models.Model):
    """How far the clock of a place has come."""

    place_id = models.SmallIntegerField(primary_key=True)
    at = models.DateTimeField()
    ticks = models.FloatField()  # seconds since the machine started, also counted while it slept
    moved = models.FloatField(default=0.0)  # by how much a demonstration's clock had been moved on by hand
    boot = models.CharField(max_length=40, default="")  # which start of which machine

    class Meta:
        app_label = "cases"
        db_table = "cases_swept"


@dataclass(frozen=True, slots=True)
class Gap:
    """What was noticed before a sweep. ``stood``: for how long nobody swept; ``jumped``: by how much the time was put
    forward (or back, when negative). Both may be nothing: then it only says up to when all was done."""

    since: datetime
    now: datetime
    stood: timedelta = timedelta(0)
    jumped: timedelta = timedelta(0)

    @property
    def told(self) -> bool:
        """Whether there is something to tell the ledger."""
        return bool(self.stood or self.jumped)

    def why(self, fell_due: datetime) -> str:
        """Why an alarm of that moment goes off only now: ``down``, ``jump``, or "" where the gap is not the reason."""
        if not self.since < fell_due <= self.now:
            return ""
        return DOWN if self.stood else JUMP if self.jumped > JUMPED else ""


@lru_cache
def _boot() -> str:
    try:
        return Path("/proc/sys/kernel/random/boot_id").read_text().strip()
    except OSError:
        return ""


def _ticks() -> float:
    kind = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)
    return time.clock_gettime(kind)


def look(place_id: int, now: datetime) -> Gap | None:
    """What lies between the last sweep and *now*; None before the first one. One SQL statement."""
    held = Swept.objects.filter(place_id=place_id).first()
    if held is None:
        return None
    passed = now - held.at - timedelta(seconds=clock.moved() - held.moved)
    if held.boot and held.boot == _boot():
        real = timedelta(seconds=max(0.0, _ticks() - held.ticks))
        jumped = passed - real
    else:  # another start of the machine: only the platform's time is there to compare with
        real = passed
        jumped = passed if passed < timedelta(0) else timedelta(0)
    return Gap(
        held.at, now,
        real if real > STOOD else timedelta(0),
        jumped if abs(jumped) > JUMPED else timedelta(0),
    )  # fmt: skip


def note(place_id: int, now: datetime, gap: Gap | None) -> None:
    """Everything up to *now* has gone off. A gap goes on the ledger in the same transaction, so a worker that dies
    while it catches up leaves the whole of it to the next one.

    Nothing, or one SQL statement; two and an event after a gap.
    """
    if gap is not None and not gap.told and now - gap.since < NOTED_EVERY:
        return
    entries = []
    if gap is not None and gap.stood:
        data = {"since": gap.since, "until": now, "seconds": int(gap.stood.total_seconds())}
        entries.append(Entry(kind="clock.stood", data=data, at=now))
    if gap is not None and gap.jumped:
        data = {"since": gap.since, "until": now, "seconds": int(gap.jumped.total_seconds())}
        entries.append(Entry(kind="clock.jumped", data=data, at=now))
    with transaction.atomic():
        Swept.objects.update_or_create(
            place_id=place_id,
            defaults={"at": now, "ticks": _ticks(), "boot": _boot(), "moved": clock.moved()},
        )
        if entries:
            ledger.append(place_id, entries, Actor(channel="clock"))
