"""Writing to the ledger: one function, one SQL statement, inside the caller's transaction."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any, NamedTuple
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


# One statement for everything. All parameters but the place are text, whatever they hold, so that the statement is
# planned once per connection; rows come as one JSON text and as array literals of hex, which are cheap on both
# sides (fifteen lists to adapt, or JSON taken apart again and again, were slower).
_EVENTS = """event AS (
  INSERT INTO ledger_event (place_id, id, at, kind, case_id, leg_id, subject_kind, subject_id,
                            person_id, post_id, behalf_id, channel, version, data, commitment)
  SELECT %(place)s::smallint, e.i, e.t, e.k, e.c, e.l, coalesce(e.s, ''), e.u,
         %(person)s::uuid, %(post)s::bigint, %(behalf)s::uuid, %(channel)s::text, e.v, e.d, decode(e.m, 'hex')
  FROM json_to_recordset(%(events)s::json) AS e(i uuid, t timestamptz, k text, c uuid, l uuid, s text, u uuid,
                                                v int, d jsonb, m text)"""
_PRIVATE = """private AS (
  INSERT INTO ledger_private (place_id, event_id, subject_kind, subject_id, sealed)
  SELECT %(place)s::smallint, i, s, u, decode(x, 'hex')
  FROM unnest(%(p_i)s::uuid[], %(p_s)s::text[], %(p_u)s::uuid[], %(p_x)s::text[]) AS e(i, s, u, x)"""
_KEYS = """key AS (
  INSERT INTO ledger_key (place_id, subject_kind, subject_id, wrapped)
  SELECT %(place)s::smallint, s, u, decode(x, 'hex')
  FROM unnest(%(k_s)s::text[], %(k_u)s::uuid[], %(k_x)s::text[]) AS e(s, u, x)"""
_PENDING = "INSERT INTO ledger_pending (place_id, event_ids) SELECT %(place)s::smallint, %(ids)s::uuid[]"


@lru_cache(maxsize=32)
def clauses(private: bool, new: bool, where: str = "") -> tuple[tuple[str, ...], str]:
    """The WITH clauses and the last INSERT by which events are written, each under the condition *where*."""
    parts = [_EVENTS, *([_PRIVATE] if private else []), *([_KEYS] if new else [])]
    return tuple(f"{part}{where}\n)" for part in parts), _PENDING + where


@lru_cache(maxsize=4)
def _statement(private: bool, new: bool) -> str:
    parts, last = clauses(private, new)
    return f"WITH {', '.join(parts)}\n{last}"


_NONE: Mapping[Subject, bytes] = {}


class Prepared(NamedTuple):
    """Events ready to be written: the parameters of their clauses, which clauses there are, and their ids."""

    params: dict[str, int | str | None]
    private: bool
    new: bool
    ids: list[UUID]


def _plain(value: Any) -> str:
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, datetime):
        return value.isoformat()
    raise LedgerError(f"an event cannot carry a {type(value).__name__}")


def _array(items: Iterable[str]) -> str:
    """An array literal of hex digits or of kinds of subject, which need no quotes."""
    return "{" + ",".join(items) + "}"


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
    ready = prepare(place_id, entries, actor, new_keys=new_keys)
    with sql.prepared() as cursor:
        cursor.execute(_statement(ready.private, ready.new), ready.params)
    return ready.ids


def prepare(
    place_id: int, entries: Sequence[Entry], actor: Actor, *, new_keys: Iterable[DataKey] = (),
    held: Mapping[Subject, bytes] = _NONE,
) -> Prepared:  # fmt: skip
    """What `append` would write, for a statement that writes the row which the events are about together with
    them (``clauses``). No SQL statement when the data keys of all subjects are in *new_keys* or, as they are kept and
    held for this transaction (``keys.held``), in *held*. LedgerError when an entry is refused.
    """
    new = {key.subject: key for key in new_keys}
    known = dict(new)
    others = {entry.subject for entry in entries if entry.private is not None and entry.subject} - new.keys()
    for subject in others & held.keys():
        known[subject] = keys.unwrap(place_id, subject, held[subject])
    others -= held.keys()
    if others:
        known |= keys.find_or_make(place_id, others)
    ids: list[UUID] = []
    events: list[dict[str, Any]] = []
    private: list[tuple[str, str, str, str]] = []
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
            private.append((event["i"], event["s"], event["u"], sealed.blob.hex()))
        ids.append(event_id)
        events.append(event)
    params: dict[str, int | str | None] = {
        "place": place_id,
        "person": None if actor.person_id is None else actor.person_id.hex,
        "post": None if actor.post_id is None else str(actor.post_id),
        "behalf": None if actor.behalf_id is None else actor.behalf_id.hex,
        "channel": actor.channel,
        "events": _json(events),
        "ids": _array([event["i"] for event in events]),
    }
    if private:
        for name, column in zip(("p_i", "p_s", "p_u", "p_x"), zip(*private, strict=True), strict=True):
            params[name] = _array(column)
    if new:
        params["k_s"] = _array([kind for kind, _ in new])
        params["k_u"] = _array([about.hex for _, about in new])
        params["k_x"] = _array([key.wrapped.hex() for key in new.values()])
    return Prepared(params, bool(private), bool(new), ids)
