"""SM3 and SM4-GCM (GB/T 32905, GB/T 32907) as the platform uses them, and the sealed form of a payload.

A sealed payload is ``01 | nonce (12) | ciphertext and tag (16)``. The clear text is a random salt (16 bytes)
followed by the canonical JSON of the payload; the salt is what makes the commitment tell nothing once the
payload is gone.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from typing import Any, NamedTuple
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes, hmac
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from huying.ledger.errors import CommitmentBroken, LedgerError, SealBroken

FORM = b"\x01"
SALT, NONCE, TAG, KEY = 16, 12, 16, 16  # lengths in bytes
SUBJECTS = frozenset({"case", "person", "emergency"})

Subject = tuple[str, UUID]
"""Whom or what a private payload is about: ("case" | "person" | "emergency", id). One data key each."""

_SM3 = hashes.SM3()
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


def sm3(data: bytes) -> bytes:
    """SM3 digest, 32 bytes."""
    digest = hashes.Hash(_SM3)
    digest.update(data)
    return digest.finalize()


def hmac_sm3(key: bytes, data: bytes) -> bytes:
    """HMAC-SM3, 32 bytes."""
    mac = hmac.HMAC(key, _SM3)
    mac.update(data)
    return mac.finalize()


def encrypt(key: bytes, clear: bytes, bound: bytes) -> bytes:
    """SM4-GCM under a random nonce: ``nonce | ciphertext | tag``. *bound* is authenticated, not kept."""
    nonce = os.urandom(NONCE)
    cipher = Cipher(algorithms.SM4(key), modes.GCM(nonce)).encryptor()
    cipher.authenticate_additional_data(bound)
    return nonce + cipher.update(clear) + cipher.finalize() + cipher.tag


def decrypt(key: bytes, sealed: bytes, bound: bytes) -> bytes:
    """Undo `encrypt`. Raises SealBroken when the text, the key or *bound* is not what it was."""
    if len(sealed) < NONCE + TAG:
        raise SealBroken("too short to be a sealed text")
    nonce, body, tag = sealed[:NONCE], sealed[NONCE:-TAG], sealed[-TAG:]
    cipher = Cipher(algorithms.SM4(key), modes.GCM(nonce, tag)).decryptor()
    cipher.authenticate_additional_data(bound)
    try:
        return cipher.update(body) + cipher.finalize()
    except InvalidTag as problem:
        raise SealBroken("the sealed text, its key or its place was altered") from problem


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
