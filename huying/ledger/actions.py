"""Writing to the ledger: one function, one SQL statement, inside the caller's transaction."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection

from huying.ledger import keys, kinds, sealing, sql
from huying.ledger.errors import LedgerError
from huying.ledger.ids import uuid7
from huying.ledger.sealing import DataKey, Subject


@dataclass(slots=True)
class Actor:
    """Who did it: a person, the post they acted in, on whose behalf, through which channel. All ids."""

    person_id: UUID | None = None
    post_id: int | None = None
    behalf_id: UUID | None = None
    channel: str = "system"


@dataclass(slots=True)
class Entry:
    """One event to be written.

    *data* holds codes, ids, times and numbers that the kind allows; *private* anything that JSON can hold,
    sealed under the data key of *subject*. *version* is the case's version after the change. *at* is the
    platform's time.
    """

    kind: str
    data: Mapping[str, Any]
    at: datetime
    private: Mapping[str, Any] | None = None
    case_id: UUID | None = None
    leg_id: UUID | None = None
    subject: Subject | None = None
    version: int | None = None
    id: UUID | None = None


# One statement for everything, and its parameters never change their types, so that it is planned once.
# json rather than one array per column: psycopg then adapts one string instead of fifteen lists.
_EVENTS = """
WITH given AS (SELECT %s::smallint AS place, %s::json AS j), event AS (
  INSERT INTO ledger_event (place_id, id, at, kind, case_id, leg_id, subject_kind, subject_id,
                            person_id, post_id, behalf_id, channel, version, data, commitment)
  SELECT place, e.i, e.t, e.k, e.c, e.l, coalesce(e.s, ''), e.u,
         (j->>'p')::uuid, (j->>'o')::bigint, (j->>'b')::uuid, j->>'h', e.v, e.d, decode(e.m, 'hex')
  FROM given, json_to_recordset(j->'events') AS e(i uuid, t timestamptz, k text, c uuid, l uuid, s text, u uuid,
                                                  v int, d jsonb, m text)
)"""
_PRIVATE = """, private AS (
  INSERT INTO ledger_private (place_id, event_id, subject_kind, subject_id, sealed)
  SELECT place, e.i, e.s, e.u, decode(e.x, 'hex')
  FROM given, json_to_recordset(j->'private') AS e(i uuid, s text, u uuid, x text)
)"""
_KEYS = """, key AS (
  INSERT INTO ledger_key (place_id, subject_kind, subject_id, wrapped)
  SELECT place, e.s, e.u, decode(e.x, 'hex')
  FROM given, json_to_recordset(j->'keys') AS e(s text, u uuid, x text)
)"""
_PENDING = """
INSERT INTO ledger_pending (place_id, event_ids) VALUES (%s::smallint, %s::text::uuid[])"""

_STATEMENTS = {
    (private, new): _EVENTS + (_PRIVATE if private else "") + (_KEYS if new else "") + _PENDING
    for private in (False, True)
    for new in (False, True)
}


def _plain(value: Any) -> str:
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, datetime):
        return value.isoformat()
    raise LedgerError(f"an event cannot carry a {type(value).__name__}")


_json = json.JSONEncoder(separators=(",", ":"), allow_nan=False, default=_plain).encode


def append(
    place_id: int, entries: Sequence[Entry], actor: Actor, *, new_keys: Iterable[DataKey] = ()
) -> list[UUID]:
    """Write *entries*, in order, with the one *actor*; the ids of the events.

    Exactly one SQL statement, when the data keys of all subjects with something private are in *new_keys*
    (``keys.new_key`` for a subject that this transaction creates); else one more to read the keys, and more
    only when a subject had none yet. Must be called within a transaction, after the row that the events are
    about was locked: that is what keeps the events of one case in order. LedgerError when one is refused.
    """
    if not connection.in_atomic_block:
        raise LedgerError("append() must be called in the transaction that changes the state")
    if not entries:
        return []
    new = {key.subject: key for key in new_keys}
    known = dict(new)
    others = {entry.subject for entry in entries if entry.private is not None and entry.subject} - new.keys()
    if others:
        known |= keys.find_or_make(place_id, others)
    ids: list[UUID] = []
    events: list[dict[str, Any]] = []
    private: list[dict[str, str]] = []
    at, at_text = None, ""
    for entry in entries:
        kinds.check(entry.kind, entry.data)
        if entry.at is not at:  # the entries of one move share their time
            at, at_text = entry.at, entry.at.isoformat()
            if at.tzinfo is None:
                raise LedgerError(f"{entry.kind}: the time needs a time zone")
        event_id = entry.id or uuid7()
        # Absent fields are null; ids go as bare hex, which is cheaper to make.
        event: dict[str, Any] = {"i": event_id.hex, "t": at_text, "k": entry.kind, "d": entry.data}
        if entry.case_id is not None:
            event["c"] = entry.case_id.hex
        if entry.leg_id is not None:
            event["l"] = entry.leg_id.hex
        if entry.version is not None:
            event["v"] = entry.version
        if entry.subject is not None:
            event["s"], event["u"] = entry.subject[0], entry.subject[1].hex
            if entry.subject[0] not in sealing.SUBJECTS:
                raise LedgerError(f"{entry.kind}: no such kind of subject: {entry.subject[0]}")
        if entry.private is not None:
            if entry.subject is None:
                raise LedgerError(f"{entry.kind}: a private payload needs a subject")
            sealed = sealing.seal(place_id, known[entry.subject], entry.private, f"event:{event_id}")
            event["m"] = sealed.commitment.hex()
            private.append({"i": event["i"], "s": event["s"], "u": event["u"], "x": sealed.blob.hex()})
        ids.append(event_id)
        events.append(event)
    given: dict[str, Any] = {"events": events, "h": actor.channel}
    if actor.person_id is not None:
        given["p"] = actor.person_id.hex
    if actor.post_id is not None:
        given["o"] = actor.post_id
    if actor.behalf_id is not None:
        given["b"] = actor.behalf_id.hex
    if private:
        given["private"] = private
    if new:
        given["keys"] = [
            {"s": key.subject[0], "u": key.subject[1].hex, "x": key.wrapped.hex()} for key in new.values()
        ]
    listed = "{" + ",".join([event["i"] for event in events]) + "}"
    with sql.prepared() as cursor:
        cursor.execute(_STATEMENTS[bool(private), bool(new)], [place_id, _json(given), place_id, listed])
    return ids
