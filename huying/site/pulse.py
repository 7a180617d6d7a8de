"""How the worker is doing, said by itself every few seconds, so that the web and a monitoring system can tell.

A lane that is stuck says so as long as its process lives (this runs in a thread of its own); one of which nothing is
heard any more is silent. ``/healthz`` and ``/metrics`` read it.
"""

from __future__ import annotations

import logging
import sys
import threading
import traceback
from collections.abc import Sequence
from typing import NamedTuple

from django.db import connection
from django.db.utils import Error

from huying.site.ticks import Ticker

log = logging.getLogger("huying.worker")

EVERY = 5.0  # seconds between two words of a worker
SILENT = 30.0  # seconds without a word after which nobody runs the lane
# A tick that takes longer is stuck. The clock sweeps for five seconds at most; a half-yearly report takes its time.
LONGEST = {"clock": 20.0, "record": 60.0, "slow": 1800.0}
LONGEST_ELSE = 120.0

_SAY = """
INSERT INTO site_lane (name, tick, busy_since, seen_at)
SELECT n, t, clock_timestamp() - make_interval(secs => s), clock_timestamp()
FROM unnest(%s::text[], %s::text[], %s::float8[]) AS x(n, t, s)
ON CONFLICT (name) DO UPDATE SET tick = EXCLUDED.tick, busy_since = EXCLUDED.busy_since, seen_at = EXCLUDED.seen_at
"""
_ASK = """
SELECT name, tick, coalesce(extract(epoch FROM clock_timestamp() - busy_since), 0)::float8,
  extract(epoch FROM clock_timestamp() - seen_at)::float8 FROM site_lane ORDER BY name
"""


class Doing(NamedTuple):
    """What a lane does: for how many seconds it has been at a tick, and how long ago that was heard."""

    lane: str
    tick: str
    seconds: float
    heard: float

    @property
    def silent(self) -> bool:
        """Nobody runs the lane, as far as is known."""
        return self.heard > SILENT

    @property
    def stuck(self) -> bool:
        """It has been at the same tick for longer than any should take."""
        return not self.silent and bool(self.tick) and self.seconds > LONGEST.get(self.lane, LONGEST_ELSE)


def say(tickers: Sequence[Ticker]) -> None:
    """Write down what the lanes that this process runs are doing. One SQL statement."""
    doing = [(ticker.lane, ticker.doing()) for ticker in tickers if ticker.held]
    if not doing:
        return
    ticks = [tick for _, (tick, _) in doing]
    seconds = [for_ if tick else None for _, (tick, for_) in doing]
    with connection.cursor() as cursor:
        cursor.execute(_SAY, [[lane for lane, _ in doing], ticks, seconds])


def lanes() -> list[Doing]:
    """What every lane was heard to do. One SQL statement."""
    with connection.cursor() as cursor:
        cursor.execute(_ASK)
        return [Doing(*row) for row in cursor.fetchall()]


def told() -> object:
    """The same in a word or, where something is wrong, by lane: for ``/healthz``."""
    found = lanes()
    if not found:
        return "never seen"
    wrong: dict[str, object] = {}
    for one in found:
        if one.silent:
            wrong[one.lane] = {"silent_for": round(one.heard)}
        elif one.stuck:
            wrong[one.lane] = {"stuck_in": one.tick, "for": round(one.seconds)}
    return wrong or "ok"


class Pulse:
    """Says every few seconds what the lanes do, and writes to the log where a stuck one hangs."""

    def __init__(self, tickers: Sequence[Ticker], stopping: threading.Event) -> None:
        self.tickers, self.stopping = tickers, stopping
        self._known: dict[str, str] = {}

    def run(self) -> None:
        """The loop; returns once the worker stops."""
        while not self.stopping.wait(EVERY):
            self._complain()
            try:
                say(self.tickers)
            except Error as problem:
                log.error(
                    "the worker cannot say how it does: %s", type(problem.__cause__ or problem).__name__
                )
            finally:
                connection.close()  # back to the pool until the next time

    def _complain(self) -> None:
        for ticker in self.tickers:
            tick, seconds = ticker.doing()
            if not tick or seconds <= LONGEST.get(ticker.lane, LONGEST_ELSE):
                self._known.pop(ticker.lane, None)
            elif self._known.get(ticker.lane) != tick:
                self._known[ticker.lane] = tick
                frame = sys._current_frames().get(ticker.thread_id)
                where = "".join(traceback.format_stack(frame)) if frame is not None else ""
                log.error("tick %s has been running for %d seconds\n%s", tick, seconds, where)
