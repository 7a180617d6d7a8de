"""Case numbers: running within the series that the preset's pattern names, taken in blocks when there is a rush.

The counter's row is locked only for its own short statement, never for as long as a case is being written, so that
calls do not queue for a number. In quiet hours a block holds one number and the series has no gaps; in a rush
blocks double, and a process that stops may leave a gap.
"""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.db import connection

from huying.presets import numbering

MOST = 64
RUSH = 1.0  # seconds: a block used up faster than this is followed by one twice as large


@dataclass(slots=True)
class _Block:
    next: int
    end: int
    size: int
    taken: float


_blocks: dict[tuple[int, str], _Block] = {}
_lock = threading.Lock()


def _draw(place_id: int, series: str, size: int) -> int:
    """Advance the counter by *size*; the number before the first of the block. One SQL statement."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO cases_counter (place_id, series, n) VALUES (%s, %s, %s) "
            "ON CONFLICT (place_id, series) DO UPDATE SET n = cases_counter.n + EXCLUDED.n RETURNING n",
            [place_id, series, size],
        )
        return int(cursor.fetchone()[0]) - size


def take(place_id: int, pattern: str, at: datetime, zone: str = "Asia/Shanghai") -> str:
    """The next number by *pattern* on the local day of *at*."""
    day = at.astimezone(ZoneInfo(zone)).date()
    series = f"{pattern}|{numbering.period(pattern, day)}"
    if connection.in_atomic_block:
        # Inside somebody's transaction a block could be rolled back while others use it.
        return numbering.render(pattern, day, _draw(place_id, series, 1) + 1)
    with _lock:
        block = _blocks.get((place_id, series))
        if block is None or block.next >= block.end:
            now = time.monotonic()
            size = 1
            if block is not None and now - block.taken < RUSH:
                size = min(MOST, block.size * 2)
            start = _draw(place_id, series, size)
            if block is None:
                for old in [key for key in _blocks if key[0] == place_id and len(_blocks) > 32]:
                    del _blocks[old]
            block = _blocks[place_id, series] = _Block(start, start + size, size, now)
        block.next += 1
        return numbering.render(pattern, day, block.next)


def forget() -> None:
    """Drop the blocks held (after a test rolled the counter back)."""
    with _lock:
        _blocks.clear()
