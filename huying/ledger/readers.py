"""Readers: parts of the platform that follow the ledger page by page (notices, counters, webhooks…).

A handler is called with each page of a place, in order, within the transaction that also moves the reader's
cursor: whatever the handler writes to the database happens exactly once, also when the process dies in
between. What it does outside the database (a file, a message sent) may happen twice, and must bear that.

All readers of a page get the same `pages.Loaded`, in which what one looked up serves the next ones too.
"""

from __future__ import annotations

import logging
import traceback
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.db import connection, transaction

from huying.ledger import pages
from huying.ledger.errors import LedgerError
from huying.ledger.pages import Event

log = logging.getLogger(__name__)

Handler = Callable[[int, int, Sequence[Event]], None]
"""``handler(place_id, page_number, events)``"""

LONGEST_WAIT = 60  # seconds between two attempts of a reader that fails


@dataclass(frozen=True, slots=True)
class Reader:
    """A registered reader. With *from_now* it skips the pages that exist when it first runs."""

    name: str
    handler: Handler
    from_now: bool = False


_readers: dict[str, Reader] = {}


def register(name: str, handler: Handler, *, from_now: bool = False) -> None:
    """Make a reader known (in ``AppConfig.ready``). Its name is its cursor: renaming starts it again."""
    known = _readers.get(name)
    if known is not None and known.handler is not handler:
        raise LedgerError(f"there is already a reader called {name}")
    _readers[name] = Reader(name, handler, from_now)


def unregister(name: str) -> None:
    """Forget a reader; its cursor stays."""
    _readers.pop(name, None)


def registered() -> list[Reader]:
    """All readers, in the order of registration."""
    return list(_readers.values())


def run(place_id: int, most: int = 1000) -> int:
    """Let every reader read on, at most *most* pages each; how many pages were read.

    A page is fetched once for all readers that come to it. A reader that fails stops by itself and tries again later;
    the others go on.
    """
    return _follow(place_id, registered(), most)


def run_alone(reader: Reader, place_id: int, most: int = 1000) -> int:
    """Let a reader read on that is not registered, because only its own process runs it; how many pages it read."""
    return _follow(place_id, [reader], most)


def _follow(place_id: int, readers: Sequence[Reader], most: int) -> int:
    last, come_to = _positions(place_id, readers)
    left = dict.fromkeys(come_to, most)
    by_name = {reader.name: reader for reader in readers}
    done = 0
    while come_to:
        number = min(come_to.values()) + 1
        events = pages.load(place_id, number) if number <= last else None
        if events is None:
            break
        for name in [name for name, page in come_to.items() if page == number - 1]:
            if _read(by_name[name], place_id, number, events):
                done += 1
                come_to[name], left[name] = number, left[name] - 1
                if left[name] > 0:
                    continue
            del come_to[name]  # it failed, another process is at it, or it has read enough
    return done


_POSITIONS = (
    "SELECT m.last, r.name, r.page, coalesce(r.retry_at > clock_timestamp(), false)"
    " FROM (SELECT coalesce(max(number), 0) AS last FROM ledger_page WHERE place_id = %(place)s) m"
    " LEFT JOIN ledger_reader r ON r.place_id = %(place)s AND r.name = ANY(%(names)s)"
)


def _positions(place_id: int, readers: Sequence[Reader]) -> tuple[int, dict[str, int]]:
    """The newest page, and the page that each reader has come to which has something to read and need not wait.

    One statement: a quiet place costs no more, however many readers. One more for readers that are new.
    """
    with connection.cursor() as cursor:
        cursor.execute(_POSITIONS, {"place": place_id, "names": [reader.name for reader in readers]})
        rows = cursor.fetchall()
        last: int = rows[0][0]
        known = {name: (page, waits) for _last, name, page, waits in rows if name is not None}
        new = [reader for reader in readers if reader.name not in known]
        if new:
            starts = [last if reader.from_now else 0 for reader in new]
            cursor.execute(
                "INSERT INTO ledger_reader (place_id, name, page, failures, problem)"
                " SELECT %s, n, p, 0, '' FROM unnest(%s::text[], %s::bigint[]) AS t(n, p) ON CONFLICT DO NOTHING",
                [place_id, [reader.name for reader in new], starts],
            )
            known |= {reader.name: (page, False) for reader, page in zip(new, starts, strict=True)}
    order = [reader.name for reader in readers if reader.name in known]
    return last, {name: known[name][0] for name in order if known[name][0] < last and not known[name][1]}


def _read(reader: Reader, place_id: int, number: int, events: Sequence[Event]) -> bool:
    """One page by one reader, in one transaction with its cursor; whether it was read."""
    begun = False
    try:
        with transaction.atomic():
            if not _move(reader, place_id, number):
                return False
            begun = True
            reader.handler(place_id, number, events)
    except Exception as problem:
        if not begun:
            raise  # not the handler's: the database is gone
        _note_failure(reader, place_id, number, problem)
        return False
    return True


def _move(reader: Reader, place_id: int, number: int) -> bool:
    """Lock the cursor and move it to the page; False when another process is at it, or has been there already.

    The commit need not wait for the disk: should the machine lose it, it loses the cursor with the work, and the
    page is read again.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE ledger_reader SET page = %(page)s, failures = 0, problem = '', retry_at = NULL"
            " WHERE place_id = %(place)s AND name = (SELECT name FROM ledger_reader"
            " WHERE place_id = %(place)s AND name = %(name)s AND page = %(page)s - 1"
            " AND coalesce(retry_at <= clock_timestamp(), true) FOR UPDATE SKIP LOCKED)"
            " RETURNING set_config('synchronous_commit', 'off', true)",
            {"page": number, "place": place_id, "name": reader.name},
        )
        return cursor.fetchone() is not None


def _note_failure(reader: Reader, place_id: int, number: int, problem: Exception) -> None:
    # Where, not what: a message may carry something private, and this is shown on a screen.
    frames = traceback.extract_tb(problem.__traceback__)
    where = f" ({frames[-1].filename.rpartition('/')[2]}:{frames[-1].lineno})" if frames else ""
    told = f"page {number}: {type(problem).__name__}{where}"
    log.error("reader %s of place %s failed, %s", reader.name, place_id, told, exc_info=problem)
    with transaction.atomic(), connection.cursor() as cursor:
        # The row may have been rolled back with the rest, when this was the reader's first page.
        cursor.execute(
            "INSERT INTO ledger_reader AS r (place_id, name, page, failures, problem, retry_at)"
            " VALUES (%s, %s, %s, 1, %s, clock_timestamp() + interval '1 second')"
            " ON CONFLICT (place_id, name) DO UPDATE SET failures = r.failures + 1,"
            " problem = excluded.problem, retry_at = clock_timestamp()"
            " + make_interval(secs => least(%s, 2 ^ least(r.failures, 10)))"
            " WHERE r.page = excluded.page",
            [
                place_id,
                reader.name,
                number - 1,
                f"page {number}: {type(problem).__name__}{where}",
                LONGEST_WAIT,
            ],
        )
