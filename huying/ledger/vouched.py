"""What other rooms keep and the ledger vouches for by a hash, such as issued reports: checked together with the ledger.

A trigger in the database stops whoever may only use the application. Whoever owns the tables takes the trigger away; then
what the record said when the paper was issued is what tells.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import connection

ALTERED, MISSING, STRAY = "vouched_altered", "vouched_missing", "vouched_stray"


@dataclass(frozen=True, slots=True)
class Broken:
    """Something that is not as the event said: altered, missing, or there without any event (*event_id* None)."""

    code: str
    event_id: UUID | None
    what: str


Check = Callable[[int], Iterable[Broken]]
_checks: dict[str, tuple[Sequence[str], Check]] = {}


def register(name: str, tables: Sequence[str], check: Check) -> None:
    """Have *check* called with the place whenever its ledger is verified; it reads *tables*."""
    _checks[name] = (tables, check)


def look(place_id: int) -> Iterator[Broken]:
    """Everything that is not as the ledger says."""
    for tables, check in _checks.values():
        if _may_read(tables):
            yield from check(place_id)


def unread() -> list[str]:
    """What this role of the database may not read, and so cannot check."""
    return [name for name, (tables, _check) in _checks.items() if not _may_read(tables)]


def _may_read(tables: Sequence[str]) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT bool_and(has_table_privilege(one, 'SELECT')) FROM unnest(%s::text[]) AS one",
            [list(tables)],
        )
        return bool(cursor.fetchone()[0])
