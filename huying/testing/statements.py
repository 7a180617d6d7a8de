"""Counting SQL statements: what every page and every hot path has to state."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection
from django.test.utils import CaptureQueriesContext

# The look at the version row happens at most once a second and belongs to no request in particular;
# savepoints
# are how a test's own transaction stands in for a real one.
_NOT_COUNTED = ('FROM "places_refversion"', "SAVEPOINT", "RELEASE SAVEPOINT", "ROLLBACK TO SAVEPOINT")


@contextmanager
def statements() -> Iterator[list[str]]:
    """Collects the SQL statements of the block; read the list after it."""
    found: list[str] = []
    with CaptureQueriesContext(connection) as seen:
        yield found
    found += [row["sql"] for row in seen.captured_queries if not _is_uncounted(row["sql"])]


@contextmanager
def assert_statements(count: int) -> Iterator[None]:
    """Fails unless the block spends exactly *count* SQL statements, and lists them."""
    with statements() as found:
        yield
    listed = "\n".join(f"{number}. {sql[:400]}" for number, sql in enumerate(found, 1))
    assert len(found) == count, f"{len(found)} statements instead of {count}:\n{listed}"


def _is_uncounted(sql: str) -> bool:
    return _NOT_COUNTED[0] in sql or sql.startswith(_NOT_COUNTED[1:])
