"""Finding many words in a text at once."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache


@lru_cache(maxsize=32)
def pairs_of(text: str) -> frozenset[str]:
    """The character pairs of a text. Kept for a moment, because one suggestion asks several times."""
    return frozenset(map(str.__add__, text, text[1:]))


class TermFinder:
    """Finds every occurrence of a fixed set of terms (two characters or longer) in a text.

    Terms are kept by their first two characters, and only those whose first two characters occur are looked for; for
    texts of a few hundred characters this beats an automaton written in Python.
    """

    def __init__(self, terms: Iterable[str]) -> None:
        """Terms shorter than two characters are ignored: one Chinese character says too little."""
        self.terms: list[str] = sorted({term for term in terms if len(term) >= 2})
        self._by_start: dict[str, list[tuple[str, int]]] = {}
        for number, term in enumerate(self.terms):
            self._by_start.setdefault(term[:2], []).append((term, number))
        self._starts = frozenset(self._by_start)

    def find(self, text: str) -> dict[int, int]:
        """Number of each term found in ``text`` → position of its first occurrence."""
        # Sets of pairs are cut with each other in C; only pairs that start some term reach the loop. Sorted, because
        # the order of a set of strings changes from process to process and sums of floats would follow it.
        found: dict[int, int] = {}
        for pair in sorted(pairs_of(text) & self._starts):
            for term, number in self._by_start[pair]:
                position = text.find(term)
                if position >= 0:
                    found[number] = position
        return found
