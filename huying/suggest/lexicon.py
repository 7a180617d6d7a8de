"""Concepts: groups of words that mean nearly the same, read from ``lexicon.txt`` beside this file."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache, lru_cache
from importlib.resources import files

from huying.suggest.terms import TermFinder


class Lexicon:
    """Concepts and their words. ``pairs`` are (concept number, word); a word may belong to several concepts."""

    def __init__(self, pairs: Iterable[tuple[int, str]]) -> None:
        self.pairs = tuple(pairs)
        #: How many concepts and how many distinct words there are.
        self.concepts = max((number for number, _ in self.pairs), default=-1) + 1
        self._finder = TermFinder(word for _, word in self.pairs)
        self.words = len(self._finder.terms)
        of_word: dict[str, list[int]] = {}
        for number, word in self.pairs:
            of_word.setdefault(word, []).append(number)
        self._concepts = [tuple(of_word[term]) for term in self._finder.terms]
        # One suggestion asks for the same title and text twice: for the trained model and for what was learned.
        self.find = lru_cache(maxsize=32)(self._find)

    def _find(self, text: str) -> tuple[tuple[int, ...], dict[int, int]]:
        """Numbers of the words that the normalised text holds, and concept → how many distinct words of it.

        Both in rising order. The answer is shared: do not change it.
        """
        words = tuple(sorted(self._finder.find(text)))
        found: dict[int, int] = {}
        for word in words:
            for concept in self._concepts[word]:
                found[concept] = found.get(concept, 0) + 1
        return words, dict(sorted(found.items()))

    def groups(self) -> list[frozenset[str]]:
        """The words of each concept."""
        grouped: list[set[str]] = [set() for _ in range(self.concepts)]
        for number, word in self.pairs:
            grouped[number].add(word)
        return [frozenset(group) for group in grouped]


def parse(lines: Sequence[str]) -> Lexicon:
    """Read the lines of a lexicon. Raises ValueError naming the line that is not ``name: words``."""
    pairs: list[tuple[int, str]] = []
    seen: set[str] = set()
    for line_number, line in enumerate(lines, 1):
        line = line.strip()
        if not line or line.startswith("#"):
            continue
        name, colon, words = line.partition(":")
        if not colon or name in seen:
            raise ValueError(f"lexicon line {line_number}: expected 'name: words' with a new name")
        pairs += [(len(seen), word.lower()) for word in dict.fromkeys(words.split())]
        seen.add(name)
    return Lexicon(pairs)


@cache
def default_lexicon() -> Lexicon:
    """The lexicon that comes with the package, read once."""
    return parse(files("huying.suggest").joinpath("lexicon.txt").read_text("utf-8").splitlines())
