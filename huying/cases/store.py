"""How a case is written: one SQL statement for a new one, one for a changed one.

The intake path is the busiest of the platform, so a new case with its contact, its legs and the note of its
idempotency key go to the database as a single statement instead of one for each row.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import connection
from psycopg.types.json import Jsonb

from huying.cases.models import Asked, Case, Contact, Leg
from huying.ledger.sql import prepared

_JSON = ("token", "fields", "suggestion", "answer")


def _columns(model: type[Any]) -> tuple[str, ...]:
    return tuple(f.column for f in model._meta.concrete_fields)


CASE_COLUMNS = _columns(Case)
CONTACT_COLUMNS = _columns(Contact)
LEG_COLUMNS = _columns(Leg)
ASKED_COLUMNS = _columns(Asked)

_CASTS = {
    f"{model._meta.db_table}.{f.column}": str(f.db_type(connection))
    for model in (Case, Contact, Leg, Asked)
    for f in model._meta.concrete_fields
}


def _marks(model: type[Any], columns: Sequence[str], prefix: str) -> str:
    table = model._meta.db_table
    return ", ".join(f"%({prefix}{c})s::{_CASTS[f'{table}.{c}']}" for c in columns)


def _insert(model: type[Any], columns: Sequence[str], prefix: str, source: str) -> str:
    names = ", ".join(f'"{c}"' for c in columns)
    return f'INSERT INTO "{model._meta.db_table}" ({names}) SELECT {_marks(model, columns, prefix)} {source}'


def _params(prefix: str, row: Mapping[str, Any], columns: Sequence[str]) -> dict[str, Any]:
    return {prefix + c: Jsonb(row[c]) if c in _JSON and row[c] is not None else row[c] for c in columns}


_STATEMENTS: dict[tuple[bool, bool], str] = {}


def _new_case_sql(keyed: bool, contact: bool) -> str:
    sql = _STATEMENTS.get((keyed, contact))
    if sql is not None:
        return sql
    source = "FROM asked" if keyed else ""
    parts = []
    if keyed:
        parts.append(
            "asked AS ("
            + _insert(Asked, ASKED_COLUMNS, "a_", "")
            + " ON CONFLICT (place_id, scope, key) DO NOTHING RETURNING 1)"
        )
    parts.append(f"made AS ({_insert(Case, CASE_COLUMNS, 'c_', source)} RETURNING 1)")
    if contact:
        parts.append(f"told AS ({_insert(Contact, CONTACT_COLUMNS, 'k_', source)})")
    sql = f"WITH {', '.join(parts)} SELECT 1 FROM made"  # noqa: S608
    _STATEMENTS[keyed, contact] = sql
    return sql


def insert_case(
    case: Mapping[str, Any],
    *,
    contact: Mapping[str, Any] | None = None,
    asked: Mapping[str, Any] | None = None,
) -> bool:
    """Write a new case; False when the idempotency key was already used (then nothing was written).

    One statement. Must run inside the caller's transaction.
    """
    params = _params("c_", case, CASE_COLUMNS)
    if contact is not None:
        params.update(_params("k_", contact, CONTACT_COLUMNS))
    if asked is not None:
        params.update(_params("a_", asked, ASKED_COLUMNS))
    with prepared() as cursor:
        cursor.execute(_new_case_sql(asked is not None, contact is not None), params)
        return cursor.fetchone() is not None


def remember(asked: Mapping[str, Any]) -> bool:
    """Note the answer given for an idempotency key; False when the key is already taken. One statement."""
    sql = (
        _insert(Asked, ASKED_COLUMNS, "a_", "") + " ON CONFLICT (place_id, scope, key) DO NOTHING RETURNING 1"
    )
    with prepared() as cursor:
        cursor.execute(sql, _params("a_", asked, ASKED_COLUMNS))
        return cursor.fetchone() is not None
