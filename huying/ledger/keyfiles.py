"""Key files, beside the database and never in it.

``<data>/keys/master.key`` wraps the data keys. It holds one key of 32 hex digits a line; the first is used to
wrap, the others only to unwrap, so that a rotation can be done while the platform runs.
``<data>/keys/lookup.key`` makes the keyed hashes by which a telephone number is found again, and signs
receipts; it does not rotate. Settings HUYING_MASTER_KEY and HUYING_LOOKUP_KEY take the place of the files.
"""

from __future__ import annotations

import os
from functools import lru_cache
from pathlib import Path

from django.conf import settings

from huying.ledger import sm
from huying.ledger.errors import KeyFileError

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
            file.write(os.urandom(sm.KEY).hex() + "\n")
            file.flush()
            os.fsync(file.fileno())
        made.append(at / name)
    return made


def add_master_key(at: Path | None = None) -> Path:
    """Put a new master key before the others; `rewrap` then moves the data keys to it."""
    path = (at or folder()) / "master.key"
    fresh = path.with_suffix(".new")
    text = os.urandom(sm.KEY).hex() + "\n" + path.read_text()
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
    if not found or any(len(key) != sm.KEY for key in found):
        raise KeyFileError(f"{setting if given else path}: one key of {sm.KEY * 2} hex digits a line")
    return found


def _stamp(name: str) -> tuple[str, int, int]:
    path = f"{settings.HUYING_DATA}/keys/{name}"
    try:
        found = os.stat(path)  # not pathlib: this is on the way of every call that comes in
    except OSError:
        return path, 0, 0
    return path, found.st_mtime_ns, found.st_ino


@lru_cache(maxsize=4)
def _masters(stamp: tuple[str, int, int], given: str | None) -> dict[bytes, bytes]:
    return {sm.sm3(b"master" + key)[:MARK]: key for key in _read("master.key", "HUYING_MASTER_KEY")}


@lru_cache(maxsize=4)
def _lookup(stamp: tuple[str, int, int], given: str | None) -> bytes:
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
    return sm.hmac_sm3(key, f"{purpose}\0{value}".encode())
