"""Track codes: what somebody without an account follows a case with.

A code is 80 bits of a keyed hash of the case's id, written as sixteen letters and digits of Crockford's alphabet.
The key lies outside the database, and the database keeps only a hash of the code, so a copy of the database opens
nobody's case; a call sent again under the same key gets the same code without the code having been stored.
"""

from __future__ import annotations

import hashlib
from uuid import UUID

from huying.ledger.sealing import lookup_hash

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 16
_LOOKALIKES = str.maketrans("OILU", "011V")


def code_of(case_id: UUID) -> str:
    """The code of a case (or of a joined call, by its own id)."""
    bits = int.from_bytes(lookup_hash(str(case_id), "track")[:10], "big")
    return "".join(ALPHABET[(bits >> shift) & 31] for shift in range(75, -1, -5))


def shown(code: str) -> str:
    """The code in groups of four, as people read and type it."""
    return "-".join(code[i : i + 4] for i in range(0, len(code), 4))


def cleaned(typed: str) -> str | None:
    """What was typed as a code, or None when it cannot be one. O/I/L are read as 0/1/1."""
    code = "".join(c for c in typed.upper() if c.isalnum()).translate(_LOOKALIKES)
    if len(code) != LENGTH or any(c not in ALPHABET for c in code):
        return None
    return code


def hash_of(code: str) -> bytes:
    """What the database keeps of a code; with 80 bits a plain hash cannot be searched."""
    return hashlib.sha256(b"huying-track:" + code.encode()).digest()
