"""Pages: how an event is spelled to be hashed, how hashes make a root, how pages hang together.

    leaf  = SM3(00 | canonical event)           node = SM3(01 | left | right), an odd one rises as it is
    chain = SM3(02 | previous chain | place | number | at | total | root)

Numbers are 8 bytes, big endian, signed; ``at`` is in microseconds since 1970; before the first page the chain
is 32 zero bytes. The canonical event is the JSON array of its columns in the order of `_SELECT`, no spaces,
object keys sorted, non-ASCII escaped, ids as text, bytes as hex, times in microseconds.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple, TypeVar
from uuid import UUID

from django.db import connection

from huying.ledger.sm import sm3

# Ids and the data come as text: half the time of the sequencer would else go into making objects of them.
_SELECT = (
    "SELECT place_id, id::text, (extract(epoch FROM at) * 1000000)::bigint, kind, case_id::text,"
    " leg_id::text, subject_kind, subject_id::text, person_id::text, post_id, behalf_id::text, channel,"
    " version, data::text, commitment FROM ledger_event"
)
BATCH = _SELECT + " WHERE place_id = %s AND id = ANY(%s::uuid[])"
OF_CASES = _SELECT + " WHERE place_id = %s AND case_id = ANY(%s::uuid[]) ORDER BY id"
OF_CASE = _SELECT + " WHERE place_id = %s AND case_id = %s ORDER BY id"

ZERO = bytes(32)
WIDTH = 32
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

T = TypeVar("T")

_encode = json.JSONEncoder(sort_keys=True, separators=(",", ":"), allow_nan=False).encode


class Event(NamedTuple):
    """An event as readers and screens get it."""

    place_id: int
    id: UUID
    at: datetime
    kind: str
    case_id: UUID | None
    leg_id: UUID | None
    subject: tuple[str, UUID] | None
    person_id: UUID | None
    post_id: int | None
    behalf_id: UUID | None
    channel: str
    version: int | None
    data: dict[str, Any]
    commitment: bytes | None


class PageHead(NamedTuple):
    """A page without its events' content."""

    place_id: int
    number: int
    at: datetime
    event_ids: list[UUID]
    total: int
    leaves: bytes
    root: bytes
    previous: bytes
    chain: bytes


Row = tuple[Any, ...]


def leaf(row: Row) -> bytes:
    """The hash of an event as `_SELECT` gives it."""
    commitment = row[14]
    shown = None if commitment is None else bytes(commitment).hex()
    text = _encode([*row[:13], json.loads(row[13]), shown])
    return sm3(b"\x00" + text.encode())


def merkle(leaves: Sequence[bytes]) -> bytes:
    """The root over at least one leaf."""
    level = list(leaves)
    if not level:
        raise ValueError("a page has at least one event")
    while len(level) > 1:
        paired = [sm3(b"\x01" + level[n] + level[n + 1]) for n in range(0, len(level) - 1, 2)]
        if len(level) % 2:
            paired.append(level[-1])
        level = paired
    return level[0]


def micros(at: datetime) -> int:
    """Microseconds since 1970, exactly."""
    return (at - EPOCH) // timedelta(microseconds=1)


def link(previous: bytes, place_id: int, number: int, at: datetime, total: int, root: bytes) -> bytes:
    """The chain value of a page."""
    numbers = b"".join(n.to_bytes(8, "big", signed=True) for n in (place_id, number, micros(at), total))
    return sm3(b"\x02" + previous + numbers + root)


def event(row: Row) -> Event:
    """An `Event` of a row of `_SELECT`."""
    place, id_, at, kind, case, leg, s_kind, s_id, person, post, behalf, channel, version, data, seal = row
    return Event(
        place,
        UUID(id_),
        EPOCH + timedelta(microseconds=at),
        kind,
        UUID(case) if case else None,
        UUID(leg) if leg else None,
        (s_kind, UUID(s_id)) if s_id else None,
        UUID(person) if person else None,
        post,
        UUID(behalf) if behalf else None,
        channel,
        version,
        json.loads(data),
        None if seal is None else bytes(seal),
    )


def rows(place_id: int, ids: Iterable[UUID | str]) -> dict[str, Row]:
    """The events of those ids that exist, by id as text. One statement."""
    with connection.cursor() as cursor:
        cursor.execute(BATCH, [place_id, [str(i) for i in ids]])
        return {row[1]: row for row in cursor.fetchall()}


_HEAD = "SELECT place_id, number, at, event_ids, total, leaves, root, previous, chain FROM ledger_page"


def _head(row: Row) -> PageHead:
    place, number, at, ids, total, leaves, root, previous, chain = row
    return PageHead(
        place, number, at, list(ids), total, bytes(leaves), bytes(root), bytes(previous), bytes(chain)
    )


def page(place_id: int, number: int) -> PageHead | None:
    """The page of that number."""
    with connection.cursor() as cursor:
        cursor.execute(_HEAD + " WHERE place_id = %s AND number = %s", [place_id, number])
        row = cursor.fetchone()
    return _head(row) if row else None


def newest(place_id: int) -> PageHead | None:
    """The newest page."""
    with connection.cursor() as cursor:
        cursor.execute(_HEAD + " WHERE place_id = %s ORDER BY number DESC LIMIT 1", [place_id])
        row = cursor.fetchone()
    return _head(row) if row else None


def after(place_id: int, number: int, limit: int) -> list[PageHead]:
    """The next pages after *number*, in order."""
    with connection.cursor() as cursor:
        cursor.execute(
            _HEAD + " WHERE place_id = %s AND number > %s ORDER BY number LIMIT %s", [place_id, number, limit]
        )
        return [_head(row) for row in cursor.fetchall()]


class Loaded(list[Event]):
    """The events of a page as its readers get them, one after another: they look at them and change nothing."""

    def __init__(self, events: Iterable[Event]) -> None:
        super().__init__(events)
        self._kept: dict[str, Any] = {}

    def once(self, name: str, look_up: Callable[[], T]) -> T:
        """What *look_up* finds, asked by the first reader that needs it and kept for the others under *name*."""
        if name not in self._kept:
            self._kept[name] = look_up()
        found: T = self._kept[name]
        return found


def load(place_id: int, number: int) -> Loaded | None:
    """The events of a page in its order, or None when there is no such page. Two statements."""
    head = page(place_id, number)
    if head is None:
        return None
    found = rows(place_id, head.event_ids)
    return Loaded(event(found[str(i)]) for i in head.event_ids if str(i) in found)
