"""Text to numbers: normalising, n-gram hashing, sublinear weights.

Everything here is deterministic across machines and Python versions: the hash is computed on code points with
fixed odd constants, never with Python's randomised ``hash()``. All n-grams of a text are hashed at once as
numpy vectors, which is what keeps a message far below half a millisecond.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

#: Characters of the title and of the text that are looked at. Residents state their matter early; the rest of a
#: long letter adds noise and cost.
TITLE_CHARS = 80
TEXT_CHARS = 400

_SPACES = re.compile(r"\s+")
_MULTIPLIER = np.uint32(0x01000193)
_FINISH = np.uint32(0x9E3779B1)

#: ``1 + ln(count)`` looked up; counts cannot exceed the characters read.
_SUBLINEAR = np.concatenate([[0.0], 1.0 + np.log(np.arange(1, TEXT_CHARS + TITLE_CHARS + 8))]).astype(
    np.float32
)

Ints = NDArray[np.int64]
Floats = NDArray[np.float32]


def normalise(text: str, limit: int | None = None) -> str:
    """Fold width and case, drop white space and control characters, cut to ``limit`` characters."""
    if limit is not None:
        text = text[: limit * 2]
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text)
    text = _SPACES.sub("", text.lower())
    return text if limit is None else text[:limit]


def code_points(text: str) -> NDArray[np.uint32]:
    """The text as an array of code points."""
    return np.frombuffer(text.encode("utf-32-le", "replace"), dtype=np.uint32)


def ngram_buckets(text: str, orders: Sequence[int], bits: int, salt: int = 0) -> Ints:
    """Bucket number of every n-gram of ``text``, for each length in ``orders``, repeats kept.

    ``orders`` must rise. Buckets lie in ``[0, 2**bits)``. A different ``salt`` gives an independent hash.
    """
    points = code_points(text)
    shift = np.uint32(32 - bits)
    parts: list[NDArray[np.uint32]] = []
    rolling = np.full(len(points), 0x811C9DC5 ^ (salt * 0x85EBCA6B & 0xFFFFFFFF), dtype=np.uint32)
    wanted = set(orders)
    for length in range(1, max(orders) + 1):
        if len(points) < length:
            break
        rolling = (rolling[: len(points) - length + 1] ^ points[length - 1 :]) * _MULTIPLIER
        if length in wanted:
            mixed = rolling ^ (rolling >> np.uint32(15))
            mixed = mixed * _FINISH
            mixed = (mixed ^ (mixed >> np.uint32(13))) * _MULTIPLIER
            parts.append(mixed >> shift)
    if not parts:
        return np.zeros(0, dtype=np.int64)
    return np.concatenate(parts).astype(np.int64)


def counted(buckets: Ints) -> tuple[Ints, Floats]:
    """Distinct buckets in rising order with the sublinear weight ``1 + ln(count)`` of each."""
    if not len(buckets):
        return buckets, np.zeros(0, dtype=np.float32)
    ordered = np.sort(buckets)
    first = np.empty(len(ordered), dtype=bool)
    first[0] = True
    np.not_equal(ordered[1:], ordered[:-1], out=first[1:])
    starts = np.flatnonzero(first)
    counts = np.empty(len(starts), dtype=np.int64)
    np.subtract(starts[1:], starts[:-1], out=counts[:-1])
    counts[-1] = len(ordered) - starts[-1]
    return ordered.take(starts), _SUBLINEAR.take(np.minimum(counts, len(_SUBLINEAR) - 1))
