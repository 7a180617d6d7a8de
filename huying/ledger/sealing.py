"""The sealed form of a payload, and the keyed hash by which something is found without being kept.

A sealed payload is ``01 | nonce (12) | ciphertext and tag (16)``, SM4-GCM under the subject's data key. The clear
text is a random salt (16 bytes) followed by the canonical JSON of the payload; the salt is what makes the
commitment, HMAC-SM3 under it, tell nothing once the payload is gone.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from typing import Any, NamedTuple
from uuid import UUID

from huying.ledger.errors import CommitmentBroken, LedgerError, SealBroken
from huying.ledger.keyfiles import lookup_hash
from huying.ledger.sm import decrypt, encrypt, hmac_sm3

FORM = b"\x01"
SALT = 16  # bytes
SUBJECTS = frozenset({"case", "person", "emergency", "household", "meeting"})

Subject = tuple[str, UUID]
"""Whom or what a private payload is about: ("case" | "person" | "emergency" | "household" | "meeting", id). One data key each."""

_encode = json.JSONEncoder(sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode


class DataKey(NamedTuple):
    """A subject's data key: clear for use now, and wrapped as it is kept. Never store ``clear``."""

    subject: Subject
    clear: bytes
    wrapped: bytes


class Sealed(NamedTuple):
    """A sealed payload and the commitment that the event carries."""

    blob: bytes
    commitment: bytes


def canonical(payload: Mapping[str, Any]) -> bytes:
    """The one spelling of a payload: JSON, keys sorted, no spaces, UTF-8."""
    try:
        return _encode(dict(payload)).encode()
    except (TypeError, ValueError) as problem:
        raise LedgerError(f"a private payload holds JSON only: {problem}") from problem


def bound_to(place_id: int, subject: Subject, context: str) -> bytes:
    """What ties a sealed text to its row, so that two rows cannot exchange theirs."""
    return f"{place_id}|{subject[0]}|{subject[1]}|{context}".encode()


def seal(place_id: int, key: DataKey, payload: Mapping[str, Any], context: str) -> Sealed:
    """Seal *payload* under *key*.

    *context* says which field of which row this is ("event:<id>", "case.contact:<id>"); the same must be
    given to `open_sealed`. The commitment, HMAC-SM3 over salt and canonical payload, may be shown to anyone.
    """
    salt = os.urandom(SALT)
    text = canonical(payload)
    blob = FORM + encrypt(key.clear, salt + text, bound_to(place_id, key.subject, context))
    return Sealed(blob, hmac_sm3(salt, text))


def open_sealed(
    place_id: int, key: DataKey, blob: bytes, context: str, commitment: bytes | None = None
) -> dict[str, Any]:
    """The payload inside *blob*. SealBroken when altered, CommitmentBroken when not as committed to."""
    if blob[:1] != FORM:
        raise SealBroken("not a sealed payload that this version can read")
    clear = decrypt(key.clear, blob[1:], bound_to(place_id, key.subject, context))
    salt, text = clear[:SALT], clear[SALT:]
    if commitment is not None and hmac_sm3(salt, text) != commitment:
        raise CommitmentBroken("the payload is not the one that was committed to")
    found: dict[str, Any] = json.loads(text)
    return found


__all__ = [
    "SUBJECTS",
    "DataKey",
    "Sealed",
    "Subject",
    "bound_to",
    "canonical",
    "lookup_hash",
    "open_sealed",
    "seal",
]
