"""Uniform numbers by name: the same question about the same turn of the same case gets the same answer in every
variant of a study (common random numbers), whatever else has happened before."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

Thing = TypeVar("Thing")
_MASK = (1 << 64) - 1


def uniform(seed: int, case: int, leg: int, entry: int, purpose: int) -> float:
    """A number in (0, 1) from five small ones (splitmix64 finalizer, Steele and others, 2014)."""
    x = (
        seed * 0x9E3779B97F4A7C15 + case * 0xBF58476D1CE4E5B9 + leg * 0x94D049BB133111EB + entry * 0xD6E8FEB86659FD93
        + purpose * 0xA0761D6478BD642F
    ) & _MASK  # fmt: skip
    x ^= x >> 30
    x = (x * 0xBF58476D1CE4E5B9) & _MASK
    x ^= x >> 27
    x = (x * 0x94D049BB133111EB) & _MASK
    x ^= x >> 31
    return ((x >> 11) + 0.5) / (1 << 53)


def pick(weights: Sequence[tuple[Thing, float]], u: float) -> Thing:
    """One of the weighted things."""
    total = sum(weight for _, weight in weights)
    mark = u * total
    for thing, weight in weights:
        mark -= weight
        if mark < 0:
            return thing
    return weights[-1][0]
