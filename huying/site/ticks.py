"""What rooms ask to have done every so often, and the loop that does it.

A room's ``jobs.py`` lists ``TICKS = [(name, seconds, callable)]``; each callable takes no arguments, does a
bounded piece of work and returns how much it did (or nothing). A fourth part names the *lane* in which it runs, else
``rest``: ticks of one lane run one after another, lanes side by side, so that the ``clock`` of all cases and what follows the
``record`` never wait for a report that is being made (``slow``). It may also offer ``next_due() -> datetime | None``: the
next moment at which its clock would have something to do, so that a demonstration's clock can go from one such moment
to the next instead of jumping over them.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from zlib import crc32

from django.db import close_old_connections, connection
from django.db.utils import Error

from huying.site.rooms import room_modules

log = logging.getLogger("huying.worker")

LOCK = 0x4859_5449  # one worker at a time runs a lane, however many are started; the second half is the lane
REST = "rest"  # the lane of ticks that name none
LONGEST_PAUSE = 30.0  # seconds between two attempts of a tick that keeps failing


@dataclass
class Tick:
    """One thing to be done every *seconds*."""

    name: str
    seconds: float
    call: Callable[[], object]
    lane: str = REST
    due: float = 0.0
    failures: int = 0


def all_ticks() -> list[Tick]:
    """The ticks of all rooms, lowest layer first."""
    found = []
    for module in room_modules("jobs"):
        for name, seconds, call, *lane in getattr(module, "TICKS", []):
            found.append(Tick(name, float(seconds), call, *lane))
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
    """Runs the ticks of one lane until told to stop, in one thread, while this process holds the lane's lock."""

    def __init__(self, ticks: list[Tick], lane: str, stopping: threading.Event | None = None) -> None:
        self.ticks = ticks
        self.lane = lane
        self.stopping = stopping or threading.Event()
        self.held = False
        self.thread_id = 0
        self._busy: tuple[str, float] | None = (
            None  # what is being done, and since when by the machine's count
        )

    def doing(self) -> tuple[str, float]:
        """The tick that is being done and for how many seconds; "" and 0 between two."""
        busy = self._busy
        return ("", 0.0) if busy is None else (busy[0], time.monotonic() - busy[1])

    def run(self) -> None:
        """The loop; returns once ``stopping`` is set."""
        self.thread_id = threading.get_ident()
        while not self.stopping.is_set():
            try:
                self.held = self._hold()
                if self.held:
                    self._tick_while_held()
                else:
                    self.stopping.wait(2.0)
            except Exception as problem:  # a lane must not end because of what nobody thought of
                self._lost(problem)
                self.stopping.wait(1.0)
            finally:
                self.held = False
        connection.close()  # and the lock with it: the next worker need not wait

    def _hold(self) -> bool:
        # A session lock: it goes when the connection goes, so a dead worker never blocks the next one.
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", [LOCK, crc32(self.lane.encode()) >> 1])
            return bool(cursor.fetchone()[0])

    def _lost(self, problem: Exception) -> None:
        if isinstance(problem, Error):
            log.error("the database went away: %s", type(problem.__cause__ or problem).__name__)
        else:
            log.exception("lane %s failed", self.lane)
        connection.close()

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
        self._busy = (tick.name, time.monotonic())
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
        finally:
            self._busy = None
        tick.due = time.monotonic() + min(tick.seconds * 2**tick.failures, max(LONGEST_PAUSE, tick.seconds))


class Lanes:
    """All lanes of one worker: a thread and a database session for each, so that none waits for another."""

    def __init__(self, ticks: list[Tick]) -> None:
        self.stopping = threading.Event()
        by_lane: dict[str, list[Tick]] = {}
        for tick in ticks:
            by_lane.setdefault(tick.lane, []).append(tick)
        self.tickers = [Ticker(own, lane, self.stopping) for lane, own in by_lane.items()]
        self._threads: list[threading.Thread] = []

    def start(self) -> None:
        """Begin; returns at once."""
        for ticker in self.tickers:
            thread = threading.Thread(target=ticker.run, name=f"ticks {ticker.lane}", daemon=True)
            thread.start()
            self._threads.append(thread)

    def stop(self, seconds: float = 10.0) -> bool:
        """Begin nothing more, and wait for what is being done; False when something took longer than that.

        Whatever is cut off then loses nothing: each piece of work is one transaction.
        """
        self.stopping.set()
        until = time.monotonic() + seconds
        for thread in self._threads:
            thread.join(max(0.0, until - time.monotonic()))
        return not any(thread.is_alive() for thread in self._threads)
