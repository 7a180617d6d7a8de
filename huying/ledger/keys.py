"""Data keys: one per subject, wrapped by the master key, in the database; deleting it is half of an erasure."""

from __future__ import annotations

import os
from collections.abc import Iterable
from uuid import UUID

from django.db import connection

from huying.ledger import sealing, sm, sql
from huying.ledger.errors import KeyFileError, LedgerError
from huying.ledger.keyfiles import MARK, create_key_files, lookup_hash, masters
from huying.ledger.sealing import DataKey, Subject


def _bound(place_id: int, subject: Subject) -> bytes:
    return sealing.bound_to(place_id, subject, "key")


def wrap(place_id: int, subject: Subject, clear: bytes) -> bytes:
    """A data key as it is kept: fingerprint of the master key, then SM4-GCM under it."""
    mark, master = next(iter(masters().items()))
    return mark + sm.encrypt(master, clear, _bound(place_id, subject))


def unwrap(place_id: int, subject: Subject, wrapped: bytes) -> DataKey:
    """Undo `wrap`. KeyFileError when the master key is not at hand, SealBroken when it was altered."""
    master = masters().get(wrapped[:MARK])
    if master is None:
        raise KeyFileError("the data key was wrapped with a master key that is not in master.key")
    return DataKey(subject, sm.decrypt(master, wrapped[MARK:], _bound(place_id, subject)), wrapped)


def new_key(place_id: int, subject: Subject) -> DataKey:
    """A data key for a subject that this transaction creates. Hand it to ``actions.append(new_keys=…)``."""
    if subject[0] not in sealing.SUBJECTS:
        raise LedgerError(f"no such kind of subject: {subject[0]}")
    clear = os.urandom(sm.KEY)
    return DataKey(subject, clear, wrap(place_id, subject, clear))


_FIND = (
    "SELECT subject_kind, subject_id, wrapped FROM ledger_key WHERE place_id = %s::smallint"
    " AND (subject_kind, subject_id) IN (SELECT * FROM unnest(%s::text[], %s::uuid[]))"
)
_FIND_AND_HOLD = _FIND + " FOR KEY SHARE"


def held(place: str, kind: str, subject: str) -> str:
    """A query for one subject's data key as it is kept (``wrapped``), held as by ``find_or_make``: for a statement that
    locks the row which the subject is. The three are SQL expressions of the caller's own, nothing that was sent."""
    return (
        f"SELECT wrapped FROM ledger_key WHERE place_id = {place}"  # noqa: S608
        f" AND subject_kind = {kind} AND subject_id = {subject} FOR KEY SHARE"
    )


def find(place_id: int, subjects: Iterable[Subject], *, hold: bool = False) -> dict[Subject, DataKey]:
    """The data keys that exist among *subjects*. One statement (none without subjects).

    They are read anew each time and kept nowhere, so that an erased subject's key is gone at once. With
    *hold*, an erasure that comes at the same moment waits until this transaction has ended.
    """
    wanted = set(subjects)
    if not wanted:
        return {}
    kinds = "{" + ",".join(kind for kind, _ in wanted) + "}"
    ids = "{" + ",".join(str(key) for _, key in wanted) + "}"
    with sql.prepared() as cursor:  # every move reads the key of its case
        cursor.execute(_FIND_AND_HOLD if hold else _FIND, [place_id, kinds, ids])
        rows = cursor.fetchall()
    return {
        (kind, UUID(str(key))): unwrap(place_id, (kind, UUID(str(key))), bytes(wrapped))
        for kind, key, wrapped in rows
    }


def find_or_make(place_id: int, subjects: Iterable[Subject]) -> dict[Subject, DataKey]:
    """The data keys of *subjects*, held for this transaction; those that do not exist are made."""
    wanted = set(subjects)
    found = find(place_id, wanted, hold=True)
    for subject in sorted(wanted - set(found)):
        fresh = new_key(place_id, subject)
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO ledger_key (place_id, subject_kind, subject_id, wrapped) VALUES (%s, %s, %s, %s)"
                " ON CONFLICT DO NOTHING",
                [place_id, subject[0], str(subject[1]), fresh.wrapped],
            )
            won = cursor.rowcount == 1
        # Lost against another transaction: that one has committed now, and its key is the one to use.
        found[subject] = fresh if won else find(place_id, [subject], hold=True)[subject]
    return found


def rewrap(place_id: int, batch: int = 1000) -> int:
    """Wrap with the first master key every data key of the place that another one wraps. How many it did."""
    current = next(iter(masters()))
    done = 0
    while True:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT subject_kind, subject_id, wrapped FROM ledger_key"
                " WHERE place_id = %s AND substring(wrapped from 1 for %s) <> %s LIMIT %s",
                [place_id, MARK, current, batch],
            )
            rows = cursor.fetchall()
            if not rows:
                return done
            for kind, key, wrapped in rows:
                subject = (kind, UUID(str(key)))
                clear = unwrap(place_id, subject, bytes(wrapped)).clear
                cursor.execute(
                    "UPDATE ledger_key SET wrapped = %s"
                    " WHERE place_id = %s AND subject_kind = %s AND subject_id = %s AND wrapped = %s",
                    [wrap(place_id, subject, clear), place_id, kind, str(key), wrapped],
                )
                done += cursor.rowcount


__all__ = [
    "DataKey",
    "create_key_files",
    "find",
    "find_or_make",
    "held",
    "lookup_hash",
    "new_key",
    "rewrap",
    "unwrap",
    "wrap",
]
