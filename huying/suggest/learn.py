"""Learning items from the desk's corrections, with numpy alone.

A softmax regression over hashed character pairs and the lexicon's words is fitted *on top of* the scores that the
catalogue's words give, so that it learns only what those do not say; with few corrections it changes little. Fitting
is deterministic: fixed order, fixed number of rounds, no random numbers. 5,000 corrections of 80 items take about a
second on one core; a worker does it and web processes load the file.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from huying.suggest.arrays import read_arrays, write_arrays
from huying.suggest.features import TEXT_CHARS, TITLE_CHARS, Floats, Ints, counted, ngram_buckets, normalise
from huying.suggest.lexicon import default_lexicon
from huying.suggest.types import Correction

if TYPE_CHECKING:
    from huying.suggest.engine import Suggester

_KIND = "huying-corrections-1"
_BITS = 15
_SPACE = 1 << _BITS
#: At most so many buckets are learned from: the commonest that at least two corrections have.
_KEPT = 4096
_ROUNDS = 8
_RATE = 60.0
_DECAY = 0.98
_BATCH = 128
#: Share of the title, the text and the lexicon's words in a message's unit of weight.
_TITLE, _TEXT, _WORDS = 0.7, 0.5, 0.5


def _features(title: str, text: str) -> tuple[Ints, Floats]:
    """Buckets and weights of a message; title, text and lexicon have salts of their own."""
    lexicon = default_lexicon()
    (title_words, title_concepts), (text_words, text_concepts) = lexicon.find(title), lexicon.find(text)
    concepts = {*title_concepts, *text_concepts}
    known = np.array(
        [*title_words, *text_words, *(lexicon.words + concept for concept in concepts)], dtype=np.int64
    )
    parts: list[tuple[Ints, Floats]] = []
    for buckets, share in (
        (ngram_buckets(title, (2,), _BITS, 11), _TITLE),
        (ngram_buckets(text, (2,), _BITS, 12), _TEXT),
        (known * 2654435761 % (1 << 32) >> (32 - _BITS), _WORDS),
    ):
        numbers, weights = counted(buckets)
        if len(numbers):
            parts.append((numbers, weights * np.float32(share / float(np.linalg.norm(weights)))))
    if not parts:
        return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.float32)
    return np.concatenate([p[0] for p in parts]), np.concatenate([p[1] for p in parts])


class CorrectionModel:
    """Weights learned from corrections: one column for each item, the last for *none of these*.

    ``used`` are the buckets that have a row in ``weights``, rising.
    """

    def __init__(self, codes: Sequence[str], used: Ints, weights: Floats, rows: int) -> None:
        self.codes = tuple(codes)
        self.used = used
        self.weights = weights
        self.rows = rows
        self._row = np.full(_SPACE, -1, dtype=np.int64)
        self._row[used] = np.arange(len(used))

    @classmethod
    def fit(cls, suggester: Suggester, corrections: Sequence[Correction]) -> CorrectionModel:
        """Learn from corrections, oldest first.

        Those whose item is neither in the catalogue nor ``""`` (none fits) are left out.
        """
        codes = [item.code for item in suggester.items]
        number = {code: index for index, code in enumerate([*codes, ""])}
        features: list[tuple[Ints, Floats]] = []
        starts: list[Floats] = []
        truth: list[int] = []
        for title, text, item in corrections:
            if item not in number:
                continue
            title, text = normalise(title, TITLE_CHARS), normalise(text, TEXT_CHARS)
            starts.append(suggester.base_logits(title, text))
            features.append(_features(title, text))
            truth.append(number[item])
        if not truth:
            return cls(codes, np.zeros(0, dtype=np.int64), np.zeros((0, len(codes) + 1), np.float32), 0)
        frequency = np.bincount(np.concatenate([numbers for numbers, _ in features]), minlength=_SPACE)
        order = np.argsort(-frequency, kind="stable")[:_KEPT]
        used = np.sort(order[frequency[order] >= 2])
        column = np.full(_SPACE, -1, dtype=np.int64)
        column[used] = np.arange(len(used))
        table = np.zeros((len(truth), len(used)), dtype=np.float32)
        for row, (numbers, weights) in enumerate(features):
            places = column[numbers]
            np.add.at(table[row], places[places >= 0], weights[places >= 0])
        rarity = np.log((1 + len(truth)) / (1 + frequency[used])).astype(np.float32)
        rarity /= max(float(rarity.mean()), 1e-6)
        learned = _descend(table * rarity, np.array(starts, dtype=np.float32), np.array(truth))
        return cls(codes, used, learned * rarity[:, None], len(truth))

    def aligned(self, codes: Sequence[str]) -> CorrectionModel:
        """The same model with its columns in the order of ``codes``; unknown items get zeros."""
        if tuple(codes) == self.codes:
            return self
        column = {code: index for index, code in enumerate(self.codes)}
        weights = np.zeros((len(self.used), len(codes) + 1), dtype=np.float32)
        for index, code in enumerate(codes):
            if code in column:
                weights[:, index] = self.weights[:, column[code]]
        weights[:, -1] = self.weights[:, -1]
        return CorrectionModel(codes, self.used, weights, self.rows)

    def logits(self, title: str, text: str) -> Floats:
        """What to add to the logit of each item and, last, of *none*; texts must be normalised."""
        buckets, values = _features(title, text)
        rows = self._row[buckets]
        known = rows >= 0
        return np.asarray(values[known] @ self.weights[rows[known]], dtype=np.float32)

    def save(self, path: str | Path) -> None:
        """Write arrays only (no pickle)."""
        write_arrays(
            path,
            _KIND,
            codes=np.array(self.codes, dtype=np.str_),
            used=self.used.astype(np.int32),
            weights=self.weights.astype(np.float32),
            rows=np.array(self.rows, dtype=np.int64),
        )

    @classmethod
    def load(cls, path: str | Path) -> CorrectionModel:
        """Read a file that :meth:`save` wrote. Raises ValueError when it is something else."""
        arrays = read_arrays(path, _KIND)
        try:
            codes = [str(code) for code in arrays["codes"]]
            used, weights = arrays["used"].astype(np.int64), arrays["weights"].astype(np.float32)
            if weights.shape != (len(used), len(codes) + 1) or (len(used) and int(used.max()) >= _SPACE):
                raise ValueError(f"{path} is damaged")
            return cls(codes, used, weights, int(arrays["rows"]))
        except KeyError as error:
            raise ValueError(f"{path} is damaged: {error}") from error


def _descend(table: Floats, starts: Floats, truth: Ints) -> Floats:
    """Weights that lower the log-loss of ``softmax(starts + table @ weights)``: plain descent in small batches."""
    weights = np.zeros((table.shape[1], starts.shape[1]), dtype=np.float32)
    batch = _BATCH
    for number in range(_ROUNDS):
        rate = np.float32(_RATE / (1.0 + 0.25 * number))
        weights *= np.float32(_DECAY)
        for begin in range(0, len(truth), batch):
            part = slice(begin, begin + batch)
            logits = starts[part] + table[part] @ weights
            logits -= logits.max(axis=1, keepdims=True)
            chances = np.exp(logits)
            chances /= chances.sum(axis=1, keepdims=True)
            chances[np.arange(len(chances)), truth[part]] -= 1.0
            weights -= (rate / np.float32(len(chances))) * (table[part].T @ chances)
    return weights
