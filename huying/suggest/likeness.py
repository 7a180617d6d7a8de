"""How alike two messages are: a small signature that is stored with a case and compared in microseconds."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

from huying.suggest.features import Ints, ngram_buckets, normalise

#: Integers in a signature. The standard error of the similarity is about 0.5 / sqrt(64) = 0.06 at its worst.
SIZE = 64
_CHARS = 600
_SALT = 7
_PRIME = np.uint64(0xFFFFFFFB)


def _constants() -> tuple[np.ndarray, np.ndarray]:
    """Fixed odd multipliers and offsets of the hash family (splitmix64, so no random module is involved)."""
    state = 0x5EED
    values: list[int] = []
    mask = (1 << 64) - 1
    for _ in range(2 * SIZE):
        state = (state + 0x9E3779B97F4A7C15) & mask
        mixed = ((state ^ (state >> 30)) * 0xBF58476D1CE4E5B9) & mask
        mixed = ((mixed ^ (mixed >> 27)) * 0x94D049BB133111EB) & mask
        values.append((mixed ^ (mixed >> 31)) & 0x7FFFFFFF | 1)
    both = np.array(values, dtype=np.uint64)
    return both[:SIZE, None], both[SIZE:, None]


_A, _B = _constants()


def _shingles(text: str) -> Ints:
    return np.unique(ngram_buckets(normalise(text, _CHARS), (2,), 26, _SALT))


def signature(text: str) -> tuple[int, ...]:
    """MinHash of the two-character shingles: ``SIZE`` integers below 2**32, or ``()`` for under four characters.

    Give it title and text joined; only the first 600 characters count. Signatures are the same on every machine.
    """
    shingles = _shingles(text)
    if len(shingles) < 3:
        return ()
    hashed = (_A * shingles.astype(np.uint64) + _B) % _PRIME
    return tuple(hashed.min(axis=1).tolist())


def similarity(a: Sequence[int], b: Sequence[int]) -> float:
    """Estimated share of common shingles, 0.0 to 1.0; 0.0 when either signature is empty.

    Raises ValueError when the signatures have different lengths (made by different editions of this module).
    """
    if not a or not b:
        return 0.0
    if len(a) != len(b):
        raise ValueError("signatures of different lengths cannot be compared")
    return sum(x == y for x, y in zip(a, b, strict=True)) / len(a)


def similar(
    title: str,
    text: str,
    candidates: Iterable[tuple[str, Sequence[int]]],
    at_least: float = 0.25,
    limit: int = 5,
) -> list[tuple[str, float]]:
    """The candidates (key, signature) most like the message, best first, with their similarity.

    Around 0.25 two messages share wording beyond their common topic; above 0.6 they are mostly the same letter.
    """
    own = signature(title + text)
    scored = [(key, similarity(own, other)) for key, other in candidates]
    kept = [pair for pair in scored if pair[1] >= at_least]
    kept.sort(key=lambda pair: (-pair[1], pair[0]))
    return kept[:limit]
