"""How a case is written: one SQL statement for a new one with everything that belongs to it, one for a move.

The intake path is the busiest of the platform, so a new case, its contact, the note of its idempotency key and its
events go to the database as a single statement: one round trip, one plan for each connection. Rows travel as one
JSON text each, which is cheaper on both sides than sixty parameters, and whose type never changes.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import JSONField

from huying.cases.models import Asked, Case, Contact, Leg
from huying.ledger import actions as ledger
from huying.ledger import keys
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


# — the busiest statements of a move: planned once per connection, no query built anew each time —


class _Columns:
    """All columns of a table, and how a row of them becomes an object."""

    def __init__(self, model: type[Case] | type[Leg]) -> None:
        self.model = model
        self.all = tuple(field.attname for field in model._meta.concrete_fields)
        self.names = ", ".join(f'"{name}"' for name in self.all)
        self.decoded = tuple(
            self.all.index(field.attname)
            for field in model._meta.concrete_fields
            if isinstance(field, JSONField)
        )

    def made(self, row: Sequence[Any]) -> Any:
        values = list(row)
        for index in self.decoded:  # Django has the database answer JSON as text
            if isinstance(values[index], str):
                values[index] = json.loads(values[index])
        return self.model.from_db("default", self.all, values)


_OF_CASE, _OF_LEG = _Columns(Case), _Columns(Leg)
_NAMES = _OF_CASE.names
# The case first, then its data key: most moves say something that is sealed under it.
_KEY = keys.held("%(place)s::smallint", "'case'", "c.id")
_LOCKED, _LOCKED_BY_NUMBER = (
    f'SELECT c.*, k.wrapped FROM (SELECT {_NAMES} FROM "{_CASE}" '  # noqa: S608
    f"WHERE place_id = %(place)s::smallint AND {which} FOR UPDATE) AS c "
    f"LEFT JOIN LATERAL ({_KEY}) AS k ON true"
    for which in ("id = %(id)s::uuid", "number = %(id)s::text")
)
_LEGS = (
    f'SELECT {_OF_LEG.names} FROM "{Leg._meta.db_table}" '  # noqa: S608
    "WHERE place_id = %(place)s::smallint AND case_id = %(id)s::uuid ORDER BY id"
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
    "WHERE c.place_id = %(place)s::smallint AND c.id = %(id)s::uuid RETURNING 1"
)
_NUMBERED = (
    f'SELECT {_NAMES} FROM "{_CASE}" '  # noqa: S608
    "WHERE place_id = %(place)s::smallint AND number = %(number)s::text"
)


def locked(place_id: int, which: UUID | str) -> tuple[Case, bytes | None]:
    """The case with that id or number, its row being locked until the transaction ends, and its data key as it is kept,
    held as long (None when it has none). One statement. Raises Case.DoesNotExist."""
    statement = _LOCKED if isinstance(which, UUID) else _LOCKED_BY_NUMBER
    row = first_row(statement, {"place": place_id, "id": str(which)})
    if row is None:
        raise Case.DoesNotExist("no such case")
    return _OF_CASE.made(row[:-1]), None if row[-1] is None else bytes(row[-1])


def numbered(place_id: int, number: str) -> Case:
    """The case with that number, not locked. One statement. Raises Case.DoesNotExist."""
    row = first_row(_NUMBERED, {"place": place_id, "number": number})
    if row is None:
        raise Case.DoesNotExist("no such case")
    case: Case = _OF_CASE.made(row)
    return case


def legs_of(place_id: int, case_id: UUID) -> list[Leg]:
    """The parts of a case, in the order of their ids. One statement."""
    with prepared() as cursor:
        cursor.execute(_LEGS, {"place": place_id, "id": str(case_id)})
        return [_OF_LEG.made(row) for row in cursor.fetchall()]


@lru_cache(maxsize=16)
def _move(keyed: bool, private: bool, new: bool) -> str:
    writing, last = ledger.clauses(private, new)
    parts = [
        f"moved AS ({_WRITE})",
        *([f"noted AS ({_NOTE})"] if keyed else []),
        *writing,
        f"pending AS ({last})",
    ]
    noted = "(SELECT count(*) FROM noted)" if keyed else "1"
    return f"WITH {', '.join(parts)} SELECT (SELECT count(*) FROM moved), {noted}"  # noqa: S608


def write_move(case: Case, events: ledger.Prepared, asked: Mapping[str, Any] | None = None) -> bool:
    """Write what a move may change of a case (``MOVED``), its events, and the note of the idempotency key; False when
    the key is taken: then the caller must undo all of it. One statement.

    The caller holds the row's lock.
    """
    params: dict[str, Any] = dict(events.params)
    params["id"] = str(case.id)
    params["case"] = _encode({name: getattr(case, name) for name in MOVED})
    if asked is not None:
        params["asked"] = _encode(asked)
    found = first_row(_move(asked is not None, events.private, events.new), params)
    assert found is not None
    if not found[0]:
        raise RuntimeError("the case is gone although it was locked")
    return bool(found[1])
