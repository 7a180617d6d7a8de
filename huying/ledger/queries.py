"""Reading the ledger: a case's history, private payloads, how the ledger is doing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection

from huying.ledger import kinds, pages, readers
from huying.ledger.errors import SealBroken
from huying.ledger.ids import made_at
from huying.ledger.keys import unwrap
from huying.ledger.ledger_kinds import ERASED, SEALED
from huying.ledger.pages import Event
from huying.ledger.sealing import open_sealed


class Happening(NamedTuple):
    """An event of a history. *private* is None when there is none, it was not asked for, or was erased."""

    event: Event
    private: dict[str, Any] | None
    erased: bool

    def words(self) -> str:
        """The event in plain words, in the current language."""
        return kinds.words(self.event.kind, self.event.data)


def history(place_id: int, case_id: UUID, *, private: bool = False) -> list[Happening]:
    """Everything that happened to a case, in order. One statement, with *private* two.

    The caller has checked that whoever asks may see the case, and may see its content when *private* is set.
    """
    with connection.cursor() as cursor:
        cursor.execute(pages.OF_CASE, [place_id, case_id])
        events = [pages.event(row) for row in cursor.fetchall()]
    _by_version(events)
    opened: dict[UUID, dict[str, Any]] = {}
    if private:
        opened = open_private(place_id, [event.id for event in events if event.commitment])
    return [
        Happening(
            event,
            opened.get(event.id),
            private and event.commitment is not None and event.id not in opened,
        )
        for event in events
    ]


def histories(
    place_id: int, case_ids: Iterable[UUID], *, private: bool = False
) -> dict[UUID, list[Happening]]:
    """The same of several cases, by case. One statement, with *private* two; the same check is the caller's."""
    with connection.cursor() as cursor:
        cursor.execute(pages.OF_CASES, [place_id, [str(one) for one in case_ids]])
        events = [pages.event(row) for row in cursor.fetchall()]
    opened = open_private(place_id, [one.id for one in events if one.commitment]) if private else {}
    by_case: dict[UUID, list[Event]] = {}
    for event in events:
        if event.case_id is not None:
            by_case.setdefault(event.case_id, []).append(event)
    found = {}
    for ident, own in by_case.items():
        _by_version(own)
        found[ident] = [
            Happening(
                one, opened.get(one.id), private and one.commitment is not None and one.id not in opened
            )
            for one in own
        ]
    return found


def _by_version(events: list[Event]) -> None:
    """Ids follow the clocks of the machines that made them; versions are exact and have the last word."""
    places = [n for n, event in enumerate(events) if event.version is not None]
    for n, event in zip(places, sorted((events[n] for n in places), key=_version), strict=True):
        events[n] = event


def _version(event: Event) -> tuple[int, UUID]:
    return event.version or 0, event.id


def open_private(place_id: int, event_ids: Iterable[UUID]) -> dict[UUID, dict[str, Any]]:
    """The private payloads of those events that still have one. One statement. SealBroken when altered."""
    wanted = [str(i) for i in event_ids]
    if not wanted:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT p.event_id, p.subject_kind, p.subject_id, p.sealed, k.wrapped, e.commitment"
            " FROM ledger_private p JOIN ledger_event e ON e.place_id = p.place_id AND e.id = p.event_id"
            " LEFT JOIN ledger_key k ON k.place_id = p.place_id AND k.subject_kind = p.subject_kind"
            " AND k.subject_id = p.subject_id WHERE p.place_id = %s AND p.event_id = ANY(%s::uuid[])",
            [place_id, wanted],
        )
        rows = cursor.fetchall()
    found = {}
    for event_id, kind, subject_id, sealed, wrapped, commitment in rows:
        if wrapped is None:
            raise SealBroken(f"the data key of {kind} {subject_id} is missing")
        key = unwrap(place_id, (kind, subject_id), bytes(wrapped))
        found[event_id] = open_sealed(
            place_id, key, bytes(sealed), f"event:{event_id}", bytes(commitment or b"")
        )
    return found


@dataclass(frozen=True, slots=True)
class ReaderState:
    """How a reader is doing: *behind* counts pages, *problem* says where it fails, never with content."""

    name: str
    page: int
    behind: int
    failures: int
    problem: str


@dataclass(frozen=True, slots=True)
class Status:
    """How a place's ledger is doing. *waiting* counts at most `COUNTED` pending rows; *lag* is in seconds."""

    place_id: int
    pages: int
    events: int
    newest_at: datetime | None
    chain: str
    waiting: int
    lag: float
    readers: Sequence[ReaderState]
    sealed_page: int | None
    sealed_at: datetime | None

    @property
    def healthy(self) -> bool:
        """No event waits for more than a minute and no reader is failing."""
        return self.lag < 60 and not any(reader.failures for reader in self.readers)


COUNTED = 10_000


def status(place_id: int) -> Status:
    """Pages, what waits and for how long, readers, the last seal. Five statements, whatever the size."""
    newest = pages.newest(place_id)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM (SELECT 1 FROM ledger_pending WHERE place_id = %s LIMIT %s) w",
            [place_id, COUNTED],
        )
        waiting = cursor.fetchone()[0]
        cursor.execute(
            "SELECT event_ids[1], clock_timestamp() FROM ledger_pending WHERE place_id = %s"
            " ORDER BY id LIMIT 1",
            [place_id],
        )
        oldest = cursor.fetchone()
        cursor.execute(
            "SELECT name, page, failures, problem FROM ledger_reader WHERE place_id = %s", [place_id]
        )
        cursors = {name: rest for name, *rest in cursor.fetchall()}
        cursor.execute(
            "SELECT (data->>'page')::bigint, at FROM ledger_event WHERE place_id = %s AND kind = %s"
            " AND kind IN (%s, %s) ORDER BY id DESC LIMIT 1",
            [place_id, SEALED, ERASED, SEALED],
        )
        sealed = cursor.fetchone()
    top = newest.number if newest else 0
    states = []
    for reader in readers.registered():
        page, failures, problem = cursors.get(reader.name, (top if reader.from_now else 0, 0, ""))
        states.append(ReaderState(reader.name, page, top - page, failures, problem))
    return Status(
        place_id,
        top,
        newest.total if newest else 0,
        newest.at if newest else None,
        newest.chain.hex() if newest else "",
        waiting,
        # By the id, which carries real time; the event's own time may be a demonstration's.
        max(0.0, (oldest[1] - made_at(oldest[0])).total_seconds()) if oldest else 0.0,
        states,
        sealed[0] if sealed else None,
        sealed[1] if sealed else None,
    )
