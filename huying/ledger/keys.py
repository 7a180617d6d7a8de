"""Keys: the files beside the database, and one data key per subject in it.

``<data>/keys/master.key`` wraps the data keys. It holds one key of 32 hex digits a line; the first is used to
wrap, the others only to unwrap, so that a rotation can be done while the platform runs.
``<data>/keys/lookup.key`` makes the keyed hashes by which a telephone number is found again, and signs
receipts; it does not rotate.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.db import connection

from huying.ledger import sealing
from huying.ledger.errors import KeyFileError, LedgerError
from huying.ledger.sealing import DataKey, Subject

MARK = 4  # bytes of a master key's fingerprint, before each wrapped key


def folder() -> Path:
    """Where the key files are."""
    return Path(settings.HUYING_DATA) / "keys"


def create_key_files(at: Path | None = None) -> list[Path]:
    """Make the key files that are not there yet (0600, folder 0700); what exists is never touched.

    Called by setup only. Nothing makes a key file on the fly: a folder that is not mounted would quietly get
    a new master key, and everything sealed before would be lost to readers.
    """
    at = at or folder()
    at.mkdir(parents=True, exist_ok=True, mode=0o700)
    made = []
    for name in ("master.key", "lookup.key"):
        try:
            handle = os.open(at / name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            continue
        with os.fdopen(handle, "w") as file:
            file.write(os.urandom(sealing.KEY).hex() + "\n")
            file.flush()
            os.fsync(file.fileno())
        made.append(at / name)
    return made


def add_master_key(at: Path | None = None) -> Path:
    """Put a new master key before the others; `rewrap` then moves the data keys to it."""
    path = (at or folder()) / "master.key"
    fresh = path.with_suffix(".new")
    text = os.urandom(sealing.KEY).hex() + "\n" + path.read_text()
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)
    return path


def _read(name: str, setting: str) -> list[bytes]:
    given = getattr(settings, setting, None)
    path = folder() / name
    try:
        text = given if given else path.read_text()
        found = [bytes.fromhex(line) for line in text.split()]
    except (OSError, ValueError) as problem:
        raise KeyFileError(f"{setting if given else path}: {problem}") from problem
    if not found or any(len(key) != sealing.KEY for key in found):
        raise KeyFileError(f"{setting if given else path}: one key of {sealing.KEY * 2} hex digits a line")
    return found


def _stamp(name: str) -> tuple[str, int]:
    path = folder() / name
    try:
        return str(path), path.stat().st_mtime_ns
    except OSError:
        return str(path), 0


@lru_cache(maxsize=4)
def _masters(stamp: tuple[str, int], given: str | None) -> dict[bytes, bytes]:
    return {sealing.sm3(b"master" + key)[:MARK]: key for key in _read("master.key", "HUYING_MASTER_KEY")}


@lru_cache(maxsize=4)
def _lookup(stamp: tuple[str, int], given: str | None) -> bytes:
    return _read("lookup.key", "HUYING_LOOKUP_KEY")[0]


def masters() -> dict[bytes, bytes]:
    """Fingerprint → master key, the one to wrap with first. Sees a changed file at once."""
    return _masters(_stamp("master.key"), getattr(settings, "HUYING_MASTER_KEY", None))


def lookup_hash(value: str, purpose: str) -> bytes:
    """A keyed hash (32 bytes) by which *value* can be found without being kept.

    *purpose* separates uses ("contact.phone"), so that two tables cannot be joined on it by accident.
    Normalise the value first: the hash sees spaces and +86.
    """
    key = _lookup(_stamp("lookup.key"), getattr(settings, "HUYING_LOOKUP_KEY", None))
    return sealing.hmac_sm3(key, f"{purpose}\0{value}".encode())


def _bound(place_id: int, subject: Subject) -> bytes:
    return sealing.bound_to(place_id, subject, "key")


def wrap(place_id: int, subject: Subject, clear: bytes) -> bytes:
    """A data key as it is kept: fingerprint of the master key, then SM4-GCM under it."""
    mark, master = next(iter(masters().items()))
    return mark + sealing.encrypt(master, clear, _bound(place_id, subject))


def unwrap(place_id: int, subject: Subject, wrapped: bytes) -> DataKey:
    """Undo `wrap`. KeyFileError when the master key is not at hand, SealBroken when it was altered."""
    master = masters().get(wrapped[:MARK])
    if master is None:
        raise KeyFileError("the data key was wrapped with a master key that is not in master.key")
    return DataKey(subject, sealing.decrypt(master, wrapped[MARK:], _bound(place_id, subject)), wrapped)


def new_key(place_id: int, subject: Subject) -> DataKey:
    """A data key for a subject that this transaction creates. Hand it to ``actions.append(new_keys=…)``."""
    if subject[0] not in sealing.SUBJECTS:
        raise LedgerError(f"no such kind of subject: {subject[0]}")
    clear = os.urandom(sealing.KEY)
    return DataKey(subject, clear, wrap(place_id, subject, clear))


_FIND = (
    "SELECT subject_kind, subject_id, wrapped FROM ledger_key WHERE place_id = %s"
    " AND (subject_kind, subject_id) IN (SELECT * FROM unnest(%s::text[], %s::uuid[]))"
)
_FIND_AND_HOLD = _FIND + " FOR KEY SHARE"


def find(place_id: int, subjects: Iterable[Subject], *, hold: bool = False) -> dict[Subject, DataKey]:
    """The data keys that exist among *subjects*. One statement (none without subjects).

    They are read anew each time and kept nowhere, so that an erased subject's key is gone at once. With
    *hold*, an erasure that comes at the same moment waits until this transaction has ended.
    """
    wanted = set(subjects)
    if not wanted:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(
            _FIND_AND_HOLD if hold else _FIND,
            [place_id, [kind for kind, _ in wanted], [str(key) for _, key in wanted]],
        )
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
