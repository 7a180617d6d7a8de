"""Idempotency keys: the same key with the same body gets the same answer, with another body a conflict."""

from __future__ import annotations

import hashlib
import json
from datetime import datetime
from typing import Any
from uuid import UUID

from huying.cases.models import Asked

LONGEST = 80  # characters of a key


class KeyReused(Exception):
    """The key was already used for something else; nothing was done."""


def body_hash(body: Any) -> bytes:
    """What tells two bodies apart."""
    text = json.dumps(body, sort_keys=True, ensure_ascii=False, default=str, separators=(",", ":"))
    return hashlib.sha256(text.encode()).digest()


def row(
    place_id: int, scope: str, key: str, digest: bytes, case_id: UUID, answer: Any, at: datetime
) -> dict[str, Any]:
    """The row that remembers an answer."""
    return {
        "place_id": place_id, "scope": scope, "key": key, "body_hash": digest, "case_id": case_id,
        "answer": answer, "at": at,
    }  # fmt: skip


def earlier(place_id: int, scope: str, key: str, digest: bytes) -> Asked | None:
    """The answer already given for the key, or None. Raises KeyReused when the body differs."""
    asked = Asked.objects.filter(place_id=place_id, scope=scope, key=key).first()
    if asked is not None and bytes(asked.body_hash) != digest:
        raise KeyReused(key)
    return asked
