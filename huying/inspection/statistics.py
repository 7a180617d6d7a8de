"""The one test by which a unit is held against the others: simple enough to be told in a sentence."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import exp, lgamma, log

from huying.presets.inspection_definition import Pattern


@dataclass(frozen=True, slots=True)
class Unusual:
    """A unit with *hits* of *of*, against *others* of *others_of*; *chance* after correction for how many were compared."""

    unit: str
    hits: int
    of: int
    others: int
    others_of: int
    chance: float
    compared: int

    @property
    def rate(self) -> float:
        """The unit's share."""
        return self.hits / self.of


def tail(hits: int, of: int, rate: float) -> float:
    """The probability of at least *hits* among *of* where each has *rate* (the upper tail of the binomial)."""
    if hits <= 0:
        return 1.0
    if hits > of or rate <= 0.0:
        return 0.0
    if rate >= 1.0:
        return 1.0
    total, p, q = 0.0, log(rate), log(1.0 - rate)
    whole = lgamma(of + 1)
    for k in range(hits, of + 1):
        term = exp(whole - lgamma(k + 1) - lgamma(of - k + 1) + k * p + (of - k) * q)
        total += term
        if term < total * 1e-15 and k > of * rate:
            break
    return min(1.0, total)


def unusual(counts: Mapping[str, tuple[int, int]], pattern: Pattern) -> list[Unusual]:
    """The units whose share is out of all proportion. *counts*: unit → (hits, of how many).

    Units with fewer than ``least`` are not judged by themselves, but count among the others. The others' rate has one
    hit and one miss added, so that a place where nobody else ever did it does not make one hit a scandal. The chance
    is multiplied by the number of units judged (Bonferroni): of a hundred units one is always the most unusual.
    """
    judged = [unit for unit, (_hits, of) in counts.items() if of >= pattern.least]
    all_hits, all_of = (sum(pair[n] for pair in counts.values()) for n in (0, 1))
    found = []
    for unit in sorted(judged):
        hits, of = counts[unit]
        others, others_of = all_hits - hits, all_of - of
        if hits < pattern.hits or others_of < pattern.least:
            continue
        rate = (others + 1) / (others_of + 2)
        if hits / of < pattern.times * rate:
            continue
        chance = min(1.0, tail(hits, of, rate) * len(judged))
        if chance < pattern.level:
            found.append(Unusual(unit, hits, of, others, others_of, chance, len(judged)))
    return found
