"""How a case is written: one SQL statement for a new one with everything that belongs to it, one for a move.

The intake path is the busiest of the platform, so a new case, its contact, the note of its idempotency key and its
events go to the database as a single statement: one round trip, one plan for each connection. Rows travel as one
JSON text each, which is cheaper on both sides than sixty parameters, and whose type never changes.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import JSONField

from huying.cases.models import Asked, Case, Contact
from huying.ledger import actions as ledger
from huying.ledger.sql import first_row, prepared

_CASE, _CONTACT, _ASKED = (model._meta.db_table for model in (Case, Contact, Asked))


def _plain(value: Any) -> str:
    if isinstance(value, UUID):
        return value.hex
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, bytes | memoryview):
        return "\\x" + value.hex()  # how PostgreSQL reads bytes
    raise TypeError(f"a row cannot carry a {type(value).__name__}")


_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), allow_nan=False, default=_plain).encode


def _insert(table: str, name: str, source: str = "") -> str:
    """Insert the row that the parameter *name* holds as JSON; every column must be in it."""
    return (
        f'INSERT INTO "{table}" SELECT r.* '  # noqa: S608 - names of our own tables
        f'FROM json_populate_record(NULL::"{table}", %({name})s::json) AS r{source}'
    )


_NOTE = _insert(_ASKED, "asked") + " ON CONFLICT (place_id, scope, key) DO NOTHING RETURNING 1"


@lru_cache(maxsize=32)
def _new_case(keyed: bool, contact: bool, events: tuple[bool, bool] | None) -> str:
    # Without the note of the key nothing else is written; without a key there is nothing to wait for.
    source = " WHERE EXISTS (SELECT FROM asked)" if keyed else ""
    parts = [f"asked AS ({_NOTE})"] if keyed else []
    parts.append(f"made AS ({_insert(_CASE, 'case', source)} RETURNING 1)")
    if contact:
        parts.append(f"told AS ({_insert(_CONTACT, 'contact', source)})")
    if events is not None:
        writing, last = ledger.clauses(*events, where=source)
        parts += [*writing, f"pending AS ({last})"]
    return f"WITH {', '.join(parts)} SELECT 1 FROM made"  # noqa: S608


def insert_case(
    case: Mapping[str, Any],
    *,
    contact: Mapping[str, Any] | None = None,
    asked: Mapping[str, Any] | None = None,
    events: ledger.Prepared | None = None,
) -> bool:
    """Write a new case; False when the idempotency key was already used (then nothing was written).

    One statement, which is a transaction of its own unless the caller is in one. Without *events* the caller must
    be in one, and append them.
    """
    if events is None and not connection.in_atomic_block:
        raise RuntimeError("a case is written together with its events")
    params: dict[str, Any] = {"case": _encode(case)}
    if contact is not None:
        params["contact"] = _encode(contact)
    if asked is not None:
        params["asked"] = _encode(asked)
    if events is not None:
        params.update(events.params)
    written = None if events is None else (events.private, events.new)
    with prepared() as cursor:
        cursor.execute(_new_case(asked is not None, contact is not None, written), params)
        return cursor.fetchone() is not None


def remember(asked: Mapping[str, Any]) -> bool:
    """Note the answer given for an idempotency key; False when the key is already taken. One statement."""
    with prepared() as cursor:
        cursor.execute(_NOTE, {"asked": _encode(asked)})
        return cursor.fetchone() is not None


# — the busiest statements of a move: planned once per connection, no query built anew each time —

_ALL = tuple(field.attname for field in Case._meta.concrete_fields)
_DECODED = tuple(
    _ALL.index(field.attname) for field in Case._meta.concrete_fields if isinstance(field, JSONField)
)
_NAMES = ", ".join(f'"{name}"' for name in _ALL)
_LOCKED = (
    f'SELECT {_NAMES} FROM "{_CASE}" '  # noqa: S608
    "WHERE place_id = %(place)s::smallint AND id = %(id)s::uuid FOR UPDATE"
)
# What moves change. Where a case is, what was said and by whom is not among it; who changes that writes it by name.
MOVED = (
    "item", "grade", "urgency", "flags", "step", "phase", "tier", "round", "version", "owner_key", "organ_id",
    "organ_ids", "token", "fields", "changed_at", "due_at", "next_at", "overdue_at", "paused_at", "closed_at",
    "promised_at", "result", "satisfaction", "reply", "lead_id", "joins", "public",
)  # fmt: skip
_SET = ", ".join(f'"{name}" = r."{name}"' for name in MOVED)
_WRITE = (
    f'UPDATE "{_CASE}" AS c SET {_SET} '  # noqa: S608
    f'FROM json_populate_record(NULL::"{_CASE}", %(case)s::json) AS r '
    "WHERE c.place_id = %(place)s::smallint AND c.id = %(id)s::uuid"
)
_NUMBERED = (
    f'SELECT {_NAMES} FROM "{_CASE}" '  # noqa: S608
    "WHERE place_id = %(place)s::smallint AND number = %(number)s::text"
)
_ID = f'SELECT id FROM "{_CASE}" WHERE place_id = %(place)s::smallint AND number = %(number)s::text'  # noqa: S608


def locked(place_id: int, case_id: UUID) -> Case:
    """The case, its row being locked until the transaction ends. One statement. Raises Case.DoesNotExist."""
    return _case(first_row(_LOCKED, {"place": place_id, "id": str(case_id)}))


def numbered(place_id: int, number: str) -> Case:
    """The case with that number, not locked. One statement. Raises Case.DoesNotExist."""
    return _case(first_row(_NUMBERED, {"place": place_id, "number": number}))


def _case(row: tuple[Any, ...] | None) -> Case:
    if row is None:
        raise Case.DoesNotExist("no such case")
    values = list(row)
    for index in _DECODED:  # Django has the database answer JSON as text
        if isinstance(values[index], str):
            values[index] = json.loads(values[index])
    case: Case = Case.from_db("default", _ALL, values)
    return case


def write_moved(case: Case) -> None:
    """Write what a move may change (``MOVED``). One statement. The caller holds the row's lock."""
    row = {name: getattr(case, name) for name in MOVED}
    with prepared() as cursor:
        cursor.execute(_WRITE, {"place": case.place_id, "id": str(case.id), "case": _encode(row)})
        if cursor.rowcount != 1:
            raise RuntimeError("the case is gone although it was locked")


def id_of(place_id: int, number: str) -> UUID | None:
    """The id of the case with that number; None when there is none. One statement."""
    row = first_row(_ID, {"place": place_id, "number": number})
    return None if row is None else row[0]
