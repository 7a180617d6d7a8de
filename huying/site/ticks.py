"""What rooms ask to have done every so often, and the loop that does it.

A room's ``jobs.py`` lists ``TICKS = [(name, seconds, callable)]``; each callable takes no arguments, does a
bounded piece of work and returns how much it did (or nothing). It may also offer ``next_due() -> datetime |
None``: the next moment at which its clock would have something to do, so that a demonstration's clock can go
from one such
moment to the next instead of jumping over them.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db import close_old_connections, connection
from django.db.utils import Error

from huying.site.rooms import room_modules

log = logging.getLogger("huying.worker")

LOCK = 0x4859_5449  # one worker at a time ticks, however many are started
LONGEST_PAUSE = 30.0  # seconds between two attempts of a tick that keeps failing


@dataclass
class Tick:
    """One thing to be done every *seconds*."""

    name: str
    seconds: float
    call: Callable[[], object]
    due: float = 0.0
    failures: int = 0


def all_ticks() -> list[Tick]:
    """The ticks of all rooms, lowest layer first."""
    found = []
    for module in room_modules("jobs"):
        found += [Tick(name, float(seconds), call) for name, seconds, call in getattr(module, "TICKS", [])]
    return found


def next_due() -> datetime | None:
    """The next moment at which any room's clock has something to do."""
    asked = (getattr(module, "next_due", None) for module in room_modules("jobs"))
    moments = [moment for ask in asked if ask is not None and (moment := ask()) is not None]
    return min(moments, default=None)


def run_once(ticks: list[Tick], most: int = 50) -> int:
    """Run every tick, again and again until none does anything more (at most *most* rounds); how much was
    done.
    """
    total = 0
    for _ in range(most):
        done = sum(int(result) for tick in ticks if isinstance(result := tick.call(), int))
        total += done
        if not done:
            break
    return total


class Ticker:
    """Runs ticks until told to stop, in one thread, while this process holds the database's ticker lock."""

    def __init__(self, ticks: list[Tick]) -> None:
        self.ticks = ticks
        self.stopping = threading.Event()

    def run(self) -> None:
        """The loop; returns once ``stopping`` is set."""
        while not self.stopping.is_set():
            try:
                if self._hold():
                    self._tick_while_held()
                else:
                    self.stopping.wait(2.0)
            except Error as problem:
                log.error("the database went away: %s", type(problem.__cause__ or problem).__name__)
                connection.close()
                self.stopping.wait(1.0)

    def _hold(self) -> bool:
        # A session lock: it goes when the connection goes, so a dead worker never blocks the next one.
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_lock(%s)", [LOCK])
            return bool(cursor.fetchone()[0])

    def _tick_while_held(self) -> None:
        held = connection.connection
        while not self.stopping.is_set():
            for tick in self._ready():
                self._run(tick)
                if connection.connection is not held:
                    return  # the session with the lock is gone; take it anew
            pause = min((tick.due for tick in self.ticks), default=time.monotonic() + 1.0) - time.monotonic()
            self.stopping.wait(max(0.02, min(pause, 1.0)))

    def _ready(self) -> Iterator[Tick]:
        now = time.monotonic()
        for tick in self.ticks:
            if tick.due <= now and not self.stopping.is_set():
                yield tick

    def _run(self, tick: Tick) -> None:
        try:
            tick.call()
            tick.failures = 0
        except Exception as problem:
            tick.failures += 1
            log.exception("tick %s failed (%d in a row)", tick.name, tick.failures)
            if isinstance(problem, Error):
                close_old_connections()
                if connection.connection is not None and connection.connection.closed:
                    connection.close()
        tick.due = time.monotonic() + min(tick.seconds * 2**tick.failures, max(LONGEST_PAUSE, tick.seconds))
