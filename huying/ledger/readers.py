"""Readers: parts of the platform that follow the ledger page by page (notices, counters, webhooks…).

A handler is called with each page of a place, in order, within the transaction that also moves the reader's
cursor: whatever the handler writes to the database happens exactly once, also when the process dies in
between. What it does outside the database (a file, a message sent) may happen twice, and must bear that.
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

    A reader that fails stops by itself and tries again later; the others go on.
    """
    idle = _idle(place_id)
    return sum(_run_one(reader, place_id, most) for reader in registered() if reader.name not in idle)


def run_alone(reader: Reader, place_id: int, most: int = 1000) -> int:
    """Let a reader read on that is not registered, because only its own process runs it; how many pages it read."""
    return _run_one(reader, place_id, most)


def _idle(place_id: int) -> set[str]:
    """The readers with nothing to read now: a quiet place then costs one statement, however many readers."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT name FROM ledger_reader WHERE place_id = %s AND (retry_at > clock_timestamp()"
            " OR page >= (SELECT coalesce(max(number), 0) FROM ledger_page WHERE place_id = %s))",
            [place_id, place_id],
        )
        return {name for (name,) in cursor.fetchall()}


def _run_one(reader: Reader, place_id: int, most: int) -> int:
    done = 0
    while done < most:
        number = 0
        try:
            with transaction.atomic():
                cursor = _cursor(reader, place_id)
                if cursor is None:
                    return done
                number = cursor + 1
                events = pages.load(place_id, number)
                if events is None:
                    return done
                reader.handler(place_id, number, events)
                _move(reader, place_id, number)
        except Exception as problem:
            if not number:
                raise  # not the handler's: the database is gone
            _note_failure(reader, place_id, number, problem)
            return done
        done += 1
    return done


def _cursor(reader: Reader, place_id: int) -> int | None:
    """The last page read, the cursor's row being locked; None when another process is at it, or it waits."""
    statement = (
        "SELECT page, coalesce(retry_at <= clock_timestamp(), true) FROM ledger_reader"
        " WHERE place_id = %s AND name = %s FOR UPDATE SKIP LOCKED"
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, [place_id, reader.name])
        row = cursor.fetchone()
        if row is None:
            cursor.execute(
                "INSERT INTO ledger_reader (place_id, name, page, failures, problem)"
                " SELECT %s, %s, CASE WHEN %s THEN coalesce(max(number), 0) ELSE 0 END, 0, ''"
                " FROM ledger_page WHERE place_id = %s ON CONFLICT DO NOTHING",
                [place_id, reader.name, reader.from_now, place_id],
            )
            cursor.execute(statement, [place_id, reader.name])
            row = cursor.fetchone()
    return row[0] if row is not None and row[1] else None


def _move(reader: Reader, place_id: int, number: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE ledger_reader SET page = %s, failures = 0, problem = '', retry_at = NULL"
            " WHERE place_id = %s AND name = %s",
            [number, place_id, reader.name],
        )


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
