"""Where the time comes from: the system clock, a demonstration's clock file, or a test.

A demonstration keeps its clock in a small JSON file, ``{"at": <ISO time>, "wall": <seconds>, "moved": <seconds>}``:
the demo's time was ``at`` when the system clock showed ``wall`` seconds since 1970, and it has run on at normal speed
since. Every process of the demo reads the same file, and looks at most twice a second whether it changed, so
a call of ``now()`` stays cheap.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

LOOK_EVERY = 0.5  # seconds between two looks at the clock file


class ClockError(Exception):
    """The clock cannot be read or may not be moved."""


class DemoClock:
    """A clock kept in a file and shared by all processes of one demonstration."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._offset = timedelta(0)
        self._moved = 0.0
        self._stamp: tuple[int, int] | None = None
        self._next_look = 0.0

    def moved(self) -> float:
        """Seconds by which the clock was ever moved on by hand: what a leap of the time is not to be taken for."""
        self.now()
        return self._moved

    def now(self) -> datetime:
        """The demo's time as an aware UTC datetime."""
        ticks = time.monotonic()
        if ticks >= self._next_look:
            self._next_look = ticks + LOOK_EVERY
            self._look()
        return datetime.now(UTC) + self._offset

    def set(self, moment: datetime) -> None:
        """Make the demo's time *moment*; backwards is refused, because what happened has already happened."""
        if moment.tzinfo is None:
            raise ClockError("the moment needs a time zone")
        self._next_look = 0.0
        if self.path.exists() and moment < self.now() - timedelta(seconds=1):
            raise ClockError(
                f"the demo clock already shows {self.now():%Y-%m-%d %H:%M} UTC and does not run backwards"
            )
        moved = self._moved + (moment - self.now()).total_seconds() if self.path.exists() else 0.0
        # Written beside and renamed, so that no reader ever sees half a file.
        fresh = self.path.with_name(f"{self.path.name}.{os.getpid()}")
        fresh.write_text(
            json.dumps({"at": moment.astimezone(UTC).isoformat(), "wall": time.time(), "moved": moved})
        )
        fresh.chmod(0o644)
        fresh.replace(self.path)
        self._next_look = 0.0

    def _look(self) -> None:
        try:
            found = self.path.stat()
        except FileNotFoundError:
            self._offset, self._moved, self._stamp = timedelta(0), 0.0, None
            return
        # A rename gives a new inode; the time alone could be the same within one tick of the file system.
        stamp = (found.st_mtime_ns, found.st_ino)
        if stamp == self._stamp:
            return
        try:
            held = json.loads(self.path.read_text())
            at = datetime.fromisoformat(held["at"])
            moved = float(held.get("moved", 0.0))
            self._offset, self._moved = at - datetime.fromtimestamp(held["wall"], UTC), moved
        except (ValueError, KeyError, TypeError) as problem:
            raise ClockError(f"{self.path} is not a clock file: {problem}") from problem
        self._stamp = stamp


def _system() -> datetime:
    return datetime.now(UTC)


_reader: Callable[[], datetime] = _system
_demo: DemoClock | None = None


def now() -> datetime:
    """The platform's time as an aware datetime in UTC."""
    return _reader()


def install(path: str | Path) -> DemoClock:
    """Use the demo clock kept at *path* in this process. Settings call this for a demonstration only."""
    global _reader, _demo
    _demo = DemoClock(Path(path))
    _reader = _demo.now
    return _demo


def uninstall() -> None:
    """Go back to the system clock."""
    global _reader, _demo
    _reader, _demo = _system, None


def demo_clock() -> DemoClock | None:
    """The demo clock in use, or None on a real deployment."""
    return _demo


def moved() -> float:
    """Seconds by which a demonstration's clock was moved on by hand so far; 0 on a real deployment."""
    return _demo.moved() if _demo is not None else 0.0


def _movable() -> DemoClock:
    if _demo is None:
        raise ClockError("the clock can be moved only in a demonstration started with --clock")
    return _demo


def set_time(moment: datetime) -> datetime:
    """Move the demo's clock to *moment* (aware). Raises ClockError on a real deployment."""
    clock = _movable()
    clock.set(moment)
    return clock.now()


def advance(by: timedelta) -> datetime:
    """Move the demo's clock on by *by*. Raises ClockError on a real deployment."""
    clock = _movable()
    clock.set(clock.now() + by)
    return clock.now()


class Frozen:
    """A clock that stands still until it is moved; what tests hold."""

    def __init__(self, moment: datetime) -> None:
        if moment.tzinfo is None:
            raise ClockError("the moment needs a time zone")
        self.moment = moment.astimezone(UTC)

    def __call__(self) -> datetime:
        return self.moment

    def set(self, moment: datetime) -> None:
        """Make it *moment* (aware), earlier or later."""
        if moment.tzinfo is None:
            raise ClockError("the moment needs a time zone")
        self.moment = moment.astimezone(UTC)

    def advance(self, by: timedelta) -> datetime:
        """Let *by* pass."""
        self.moment += by
        return self.moment


@contextmanager
def frozen(moment: datetime) -> Iterator[Frozen]:
    """Within the block it is *moment* (aware) until the held clock is moved."""
    global _reader
    before = _reader
    clock = Frozen(moment)
    _reader = clock
    try:
        yield clock
    finally:
        _reader = before
