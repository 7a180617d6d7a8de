"""Scores from a catalogue's own words: what makes suggestions work before anybody has labelled anything."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Sequence

import numpy as np

from huying.suggest.features import Floats, normalise
from huying.suggest.terms import TermFinder, pairs_of
from huying.suggest.types import ItemInfo

#: What a word counts for by where the catalogue has it, and by where the message has it.
NAME, KEYWORD, PATH = 1.0, 1.0, 0.3
IN_TITLE, IN_TEXT = 1.0, 0.6
#: Weight of agreement in character pairs beside that of whole words.
PARTIAL = 1.0
_MAX_REASONS = 5


class KeywordIndex:
    """Words of the items, ready to be looked for in messages."""

    def __init__(self, items: Sequence[ItemInfo]) -> None:
        self._size = len(items)
        owned: dict[str, dict[int, float]] = defaultdict(dict)
        for number, item in enumerate(items):
            for word, weight in self._words(item):
                owned[word][number] = max(weight, owned[word].get(number, 0.0))
        self._finder = TermFinder(owned)
        # Plain lists: most words belong to one or two items, where numpy's cost of a call would dominate.
        self._owners: list[list[tuple[int, float]]] = []
        for word in self._finder.terms:
            holders = owned[word]
            rarity = math.log(1.0 + self._size / len(holders)) / math.log(1.0 + max(self._size, 2))
            length = min(1.0, 0.55 + 0.15 * (len(word) - 1))
            self._owners.append([(n, holders[n] * rarity * length) for n in sorted(holders)])
        self._pairs = self._pair_weights(items)
        self._known = frozenset(self._pairs)

    @staticmethod
    def _words(item: ItemInfo) -> list[tuple[str, float]]:
        words = [(normalise(item.name), NAME)]
        words += [(normalise(word), KEYWORD) for word in item.keywords]
        words += [(normalise(word), PATH) for word in item.path]
        return [(word, weight) for word, weight in words if len(word) >= 2]

    def _pair_weights(self, items: Sequence[ItemInfo]) -> dict[str, list[tuple[int, float]]]:
        """For each character pair, the items that use it and how much it tells for them."""
        uses: list[dict[str, float]] = []
        for item in items:
            counts: dict[str, float] = {}
            for word, weight in self._words(item):
                for pair in map(str.__add__, word, word[1:]):
                    counts[pair] = max(counts.get(pair, 0.0), weight)
            for example in item.examples:
                whole = normalise(example)
                for pair in set(map(str.__add__, whole, whole[1:])):
                    counts[pair] = max(counts.get(pair, 0.0), 0.5)
            uses.append(counts)
        spread: Counter[str] = Counter()
        for counts in uses:
            spread.update(counts.keys())
        collected: dict[str, list[tuple[int, float]]] = defaultdict(list)
        for number, counts in enumerate(uses):
            weights = {
                pair: weight * math.log(1.0 + self._size / spread[pair]) for pair, weight in counts.items()
            }
            norm = math.sqrt(sum(weight * weight for weight in weights.values())) or 1.0
            for pair, weight in weights.items():
                collected[pair].append((number, PARTIAL * weight / norm))
        return dict(collected)

    def scores(self, title: str, text: str) -> tuple[Floats, dict[int, list[str]]]:
        """Score of every item, and the words found for the items that have any, longest first.

        Both texts must be normalised.
        """
        total = [0.0] * self._size
        found = dict.fromkeys(self._finder.find(text), IN_TEXT)
        found.update(dict.fromkeys(self._finder.find(title), IN_TITLE))
        reasons: dict[int, list[str]] = {}
        terms = self._finder.terms
        for number in sorted(found, key=lambda n: (-len(terms[n]), terms[n])):
            share = found[number]
            for holder, weight in self._owners[number]:
                total[holder] += weight * share
                words = reasons.setdefault(holder, [])
                if len(words) < _MAX_REASONS:
                    words.append(terms[number])
        self._add_partial(title, text, total)
        return np.array(total, dtype=np.float32), reasons

    def _add_partial(self, title: str, text: str, total: list[float]) -> None:
        in_title = pairs_of(title) & self._known
        in_text = (pairs_of(text) & self._known) - in_title
        # Sorted, so that floats are added in the same order in every process.
        for share, pairs in ((IN_TITLE, in_title), (IN_TEXT, in_text)):
            for pair in sorted(pairs):
                for number, weight in self._pairs[pair]:
                    total[number] += weight * share
