"""What the worker process does for the ledger: make pages, drive the readers. See `TICKS`."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from django.db import connection, transaction

from huying import clock
from huying.ledger import pages, readers
from huying.ledger.errors import LedgerError

PAGE_EVENTS = 2000  # a page holds about so many: whole transactions, at least one
PAGES_A_TURN = 20  # per place and tick, so that a backlog in one place does not starve the others
LOCK = 0x48590001  # first half of the advisory lock; the second is the place


def sequence(place_id: int) -> int:
    """Put events that wait into the place's next page; how many (0: none waits, or somebody else is at it).

    Everything happens in one transaction: the page appears and the waiting rows go, or neither.
    """
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_xact_lock(%s, %s)", [LOCK, place_id])
            if not cursor.fetchone()[0]:
                return 0
            # A row is visible only once its transaction has committed, so whatever commits late is simply
            # taken later. The identity was drawn under the caller's locks: of two transactions on one case
            # the earlier has the smaller one, and is visible whenever the later is.
            cursor.execute(
                "SELECT id, event_ids FROM ledger_pending WHERE place_id = %s ORDER BY id LIMIT %s",
                [place_id, PAGE_EVENTS],
            )
            waiting = cursor.fetchall()
        taken, ids = _fill(waiting)
        if not ids:
            return 0
        _write(place_id, ids)
        with connection.cursor() as cursor:
            cursor.execute(
                "DELETE FROM ledger_pending WHERE place_id = %s AND id = ANY(%s)", [place_id, taken]
            )
    return len(ids)


def _fill(waiting: list[tuple[int, list[UUID]]]) -> tuple[list[int], list[UUID]]:
    taken: list[int] = []
    ids: list[UUID] = []
    for number, events in waiting:
        if taken and len(ids) + len(events) > PAGE_EVENTS:
            break
        taken.append(number)
        ids += events
    return taken, ids


def _write(place_id: int, ids: list[UUID]) -> None:
    last = pages.newest(place_id)
    number, previous, total = (last.number + 1, last.chain, last.total) if last else (1, pages.ZERO, 0)
    rows = pages.rows(place_id, ids)
    if len(rows) != len(ids):
        raise LedgerError(f"place {place_id}: {len(ids) - len(rows)} events that wait for a page are gone")
    leaves = [pages.leaf(rows[str(i)]) for i in ids]
    root = pages.merkle(leaves)
    at = clock.now()
    total += len(ids)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO ledger_page (place_id, number, at, event_ids, total, leaves, root, previous, chain)"
            " VALUES (%s, %s, %s, %s::uuid[], %s, %s, %s, %s, %s)",
            [
                place_id,
                number,
                at,
                [str(i) for i in ids],
                total,
                b"".join(leaves),
                root,
                previous,
                pages.link(previous, place_id, number, at, total, root),
            ],
        )


def drain(place_id: int, most: int = 1_000_000) -> int:
    """Make pages until nothing waits, at most *most* of them; how many events."""
    done = 0
    for _ in range(most):
        events = sequence(place_id)
        if not events:
            break
        done += events
    return done


def places(table: str) -> list[int]:
    """The places that have rows in *table* (one of the ledger's), without reading them all."""
    # A walk from place to place along the primary key: DISTINCT would read every row.
    statement = (
        f"WITH RECURSIVE p AS (SELECT min(place_id) AS place_id FROM {table} UNION ALL"  # noqa: S608
        f" SELECT (SELECT min(t.place_id) FROM {table} t WHERE t.place_id > p.place_id)"
        " FROM p WHERE p.place_id IS NOT NULL) SELECT place_id FROM p WHERE place_id IS NOT NULL"
    )
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return [place for (place,) in cursor.fetchall()]


def sequence_all() -> int:
    """`sequence` for every place in which something waits; how many events."""
    return sum(drain(place, PAGES_A_TURN) for place in places("ledger_pending"))


def read_all() -> int:
    """Let every reader of every place read on; how many pages were read."""
    return sum(readers.run(place, PAGES_A_TURN) for place in places("ledger_page"))


def follow_all() -> int:
    """Make pages of what waits and let the readers read them at once; how many events and pages."""
    return sequence_all() + read_all()


# (name, seconds between two calls, what to call, the lane); the worker process runs these.
TICKS: list[tuple[str, float, Callable[[], object], str]] = [("ledger.follow", 0.25, follow_all, "record")]
