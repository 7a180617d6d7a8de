"""Erasing: a subject's payloads and key go, the events and the seal stay, and why it was done is an event."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction

from huying import clock
from huying.ledger import sealing
from huying.ledger.actions import Actor, Entry, append
from huying.ledger.errors import LedgerError
from huying.ledger.ledger_kinds import ERASED
from huying.ledger.pages import Event
from huying.ledger.sealing import Subject

Handler = Callable[[int, Subject, UUID], None]
"""``handler(place_id, subject, event_id)``: wipe what the room holds of the subject, in this transaction."""

_handlers: list[Handler] = []


def on_erase(handler: Handler) -> Handler:
    """Have *handler* called with every erasure, new or replayed. It must bear being called twice."""
    if handler not in _handlers:
        _handlers.append(handler)
    return handler


def erase(
    place_id: int,
    subject: Subject,
    ground: str,
    rule: str,
    approver: UUID,
    at: datetime,
    *,
    actor: Actor | None = None,
    replay_of: UUID | None = None,
) -> UUID:
    """Erase all that is private of *subject*, here and in the rooms; the id of the event that says so.

    *ground* and *rule* are codes (why, and by which rule), *approver* the person who answers for it, *at*
    the platform's time. Later events may be about the subject again, under a new key.
    """
    if subject[0] not in sealing.SUBJECTS:
        raise LedgerError(f"no such kind of subject: {subject[0]}")
    with transaction.atomic():
        with connection.cursor() as cursor:
            # The key first: this waits for whoever holds it to write, so that what they add is seen below.
            where = "WHERE place_id = %s AND subject_kind = %s AND subject_id = %s"
            params: list[int | str | UUID] = [place_id, subject[0], subject[1]]
            cursor.execute(f"DELETE FROM ledger_key {where}", params)  # noqa: S608 - constants
            cursor.execute(f"DELETE FROM ledger_private {where}", params)  # noqa: S608
            payloads = cursor.rowcount
        data: dict[str, Any] = {
            "ground": ground,
            "rule": rule,
            "approver": approver,
            "payloads": payloads,
        }
        if replay_of:
            data["replay_of"] = replay_of
        case_id = subject[1] if subject[0] == "case" else None
        entry = Entry(ERASED, data, at, case_id=case_id, subject=subject)
        [event_id] = append(place_id, [entry], actor or Actor(person_id=approver))
        for handler in _handlers:
            handler(place_id, subject, event_id)
    return event_id


# --- the list outside the database ------------------------------------------------------------------------


def list_path() -> Path:
    """The list of erasures: JSON lines, no personal data. Back it up apart from the database."""
    return Path(settings.HUYING_DATA) / "erasures.jsonl"


def write_list(place_id: int, number: int, events: Sequence[Event]) -> None:
    """The reader that copies erasures to the list; after a crash a line may be there twice, harmlessly."""
    lines = [
        json.dumps(
            {
                "event": str(event.id),
                "place": place_id,
                "subject": [event.subject[0], str(event.subject[1])],
                "at": event.at.isoformat(),
                **{name: event.data.get(name) for name in ("ground", "rule", "approver")},
            },
            sort_keys=True,
        )
        for event in events
        if event.kind == ERASED and event.subject and "replay_of" not in event.data
    ]
    if not lines:
        return
    handle = os.open(list_path(), os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    try:
        os.write(handle, ("\n".join(lines) + "\n").encode())
        os.fsync(handle)  # before the cursor moves
    finally:
        os.close(handle)


def read_list(path: Path) -> Iterator[dict[str, Any]]:
    """The entries of a list, each event once. LedgerError naming the line that cannot be read."""
    seen = set()
    with path.open(encoding="utf-8") as file:
        for number, line in enumerate(file, start=1):
            if not line.strip():
                continue
            try:
                entry = json.loads(line)
                entry["subject"] = (entry["subject"][0], UUID(entry["subject"][1]))
                entry["event"], entry["approver"] = UUID(entry["event"]), UUID(entry["approver"])
            except (ValueError, KeyError, TypeError, IndexError) as problem:
                raise LedgerError(f"{path}, line {number}: not an erasure: {problem}") from problem
            if entry["event"] not in seen:
                seen.add(entry["event"])
                yield entry


def replay_erasures(place_id: int, path: Path | None = None) -> int:
    """After a backup was put back: erase again what had been erased since. How many erasures it repeated.

    An erasure that the database still knows, or that was replayed before, is left alone: everything private
    that is there now came after it.
    """
    path = path or list_path()
    if not path.exists():
        return 0
    done = 0
    for entry in read_list(path):
        if entry["place"] != place_id or _known(place_id, entry["event"]):
            continue
        erase(
            place_id,
            entry["subject"],
            entry["ground"],
            entry["rule"],
            entry["approver"],
            clock.now(),
            actor=Actor(channel="command"),
            replay_of=entry["event"],
        )
        done += 1
    return done


def _known(place_id: int, event_id: UUID) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT 1 FROM ledger_event WHERE place_id = %(place)s AND id = %(event)s)"
            " OR EXISTS (SELECT 1 FROM ledger_event WHERE place_id = %(place)s AND kind = %(kind)s"
            " AND kind IN ('ledger.erased', 'ledger.sealed') AND data->>'replay_of' = %(event)s::text)",
            {"place": place_id, "event": str(event_id), "kind": ERASED},
        )
        return bool(cursor.fetchone()[0])
