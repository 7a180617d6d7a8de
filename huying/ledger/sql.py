"""A cursor for the few statements that run thousands of times a second."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import psycopg
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.utils import CursorWrapper


class _Prepared(psycopg.Cursor[tuple[Any, ...]]):
    planned = True

    def execute(self, query: Any, params: Any = None, **options: Any) -> _Prepared:
        # Of a statement that is prepared already psycopg keeps no text, and the query log needs one.
        options.setdefault("prepare", self.planned)
        super().execute(query, params, **options)
        return self


@contextmanager
def prepared() -> Iterator[CursorWrapper]:
    """A cursor of the default connection that plans each statement once per connection.

    It takes part in Django's transaction, error translation and query log like any other cursor; only the
    merging of parameters in the client is left out. Where the settings switch prepared statements off (their
    ``prepare_threshold`` is None), statements run unprepared and slower.
    """
    # Looked up once: django.db.connection looks for the thread's own at each touch, 150 times in a case's life.
    own = connections[DEFAULT_DB_ALIAS]
    own.ensure_connection()
    with own.wrap_database_errors:
        raw: Any = _Prepared(own.connection)
    raw.planned = not own.queries_logged
    wrapped = own.make_cursor(raw) if raw.planned else own.make_debug_cursor(raw)
    with wrapped as cursor:
        yield cursor


def first_row(sql: str, params: Mapping[str, Any]) -> tuple[Any, ...] | None:
    """The first row that a prepared statement finds, or None."""
    with prepared() as cursor:
        cursor.execute(sql, params)
        row: tuple[Any, ...] | None = cursor.fetchone()
        return row
