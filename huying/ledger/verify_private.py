"""The part of a check that opens the private payloads, and tells *erased* from *missing*."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from django.db import connection

from huying.ledger.errors import CommitmentBroken, KeyFileError, SealBroken
from huying.ledger.keys import unwrap
from huying.ledger.ledger_kinds import ERASED, SEALED
from huying.ledger.pages import PageHead, Row
from huying.ledger.sealing import Subject, open_sealed

if TYPE_CHECKING:
    from huying.ledger.verify import Report

Position = tuple[int, int]  # page, place in it
WAITING = 2**62  # the page of an erasure that has none yet


class PrivateCheck:
    """Checks payloads page by page. Holds the erasures of the place in memory, and nothing else."""

    def __init__(self, place_id: int, report: Report) -> None:
        self.place_id = place_id
        self.report = report
        self.erasures = self._erasures()

    def _erasures(self) -> dict[Subject, list[tuple[Position, UUID]]]:
        """Each erased subject's erasures with their positions, in order."""
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT e.subject_kind, e.subject_id, e.id, l.number, l.n FROM ledger_event e JOIN ("
                " SELECT number, u.id, u.n FROM ledger_page, unnest(event_ids) WITH ORDINALITY AS u(id, n)"
                " WHERE place_id = %(place)s UNION ALL SELECT %(waiting)s, u.id, u.n FROM ledger_pending,"
                " unnest(event_ids) WITH ORDINALITY AS u(id, n) WHERE place_id = %(place)s) l ON l.id = e.id"
                " WHERE e.place_id = %(place)s AND e.kind IN (%(erased)s, %(sealed)s) AND e.kind = %(erased)s"
                " AND e.subject_id IS NOT NULL ORDER BY l.number, l.n",
                {"place": self.place_id, "waiting": WAITING, "erased": ERASED, "sealed": SEALED},
            )
            found: dict[Subject, list[tuple[Position, UUID]]] = {}
            for kind, subject_id, event_id, number, n in cursor.fetchall():
                found.setdefault((kind, subject_id), []).append(((number, n), event_id))
        return found

    def _erased_by(self, subject: Subject, position: Position) -> UUID | None:
        """The first erasure of the subject after that position."""
        for at, event_id in self.erasures.get(subject, ()):
            if at > position:
                return event_id
        return None

    def page(self, head: PageHead, rows: dict[str, Row]) -> None:
        """Check the payloads of a page's events."""
        committed = [
            (n, row)
            for n, event_id in enumerate(head.event_ids, start=1)
            if (row := rows.get(str(event_id))) is not None and row[14] is not None
        ]
        if not committed:
            return
        held = self._held([row[1] for _, row in committed])
        for n, row in committed:
            # A row without a subject has no payload by right; that it was altered is found by its hash.
            eraser = self._erased_by((row[6], UUID(row[7])), (head.number, n)) if row[7] else None
            payload = held.get(row[1])
            if payload is None:
                if eraser is None:
                    self.report.add("private_missing", head.number, row[1])
                else:
                    self.report.erased[eraser] = self.report.erased.get(eraser, 0) + 1
            elif eraser is not None:
                self.report.add("not_erased", head.number, row[1], str(eraser))
            else:
                self._open(head.number, row, payload)

    def _held(self, ids: list[str]) -> dict[str, tuple[str, str, bytes, bytes | None]]:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT p.event_id::text, p.subject_kind, p.subject_id::text, p.sealed, k.wrapped"
                " FROM ledger_private p LEFT JOIN ledger_key k ON k.place_id = p.place_id"
                " AND k.subject_kind = p.subject_kind AND k.subject_id = p.subject_id"
                " WHERE p.place_id = %s AND p.event_id = ANY(%s::uuid[])",
                [self.place_id, ids],
            )
            return {row[0]: (row[1], row[2], bytes(row[3]), row[4]) for row in cursor.fetchall()}

    def _open(self, number: int, row: Row, payload: tuple[str, str, bytes, bytes | None]) -> None:
        kind, subject_id, sealed, wrapped = payload
        if wrapped is None:
            self.report.add("key_missing", number, row[1])
            return
        try:
            key = unwrap(self.place_id, (kind, UUID(subject_id)), bytes(wrapped))
            open_sealed(self.place_id, key, sealed, f"event:{row[1]}", bytes(row[14]))
            self.report.private += 1
        except CommitmentBroken:
            self.report.add("private_other", number, row[1])
        except (SealBroken, KeyFileError) as problem:
            self.report.add("private_altered", number, row[1], str(problem))

    def strays(self) -> None:
        """Payloads without an event that committed to them."""
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT p.event_id FROM ledger_private p LEFT JOIN ledger_event e"
                " ON e.place_id = p.place_id AND e.id = p.event_id"
                " WHERE p.place_id = %s AND e.commitment IS NULL LIMIT 1000",
                [self.place_id],
            )
            for (event_id,) in cursor.fetchall():
                self.report.add("private_stray", None, event_id)
