"""Learning items from the desk's corrections, with numpy alone.

A softmax regression over hashed character pairs and triples is fitted *on top of* the scores that the catalogue's words
give, so that it learns only what the words do not say; with few corrections it changes little. Fitting is
deterministic: fixed order, fixed number of rounds, no random numbers.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from huying.suggest.arrays import read_arrays, write_arrays
from huying.suggest.features import TEXT_CHARS, TITLE_CHARS, Floats, Ints, counted, ngram_buckets, normalise
from huying.suggest.types import Correction

if TYPE_CHECKING:
    from huying.suggest.engine import Suggester

_BITS = 15
_SIZE = 1 << _BITS
_KIND = "huying-corrections-1"
_ROUNDS = 6
_RATE = 1.0
_TITLE_SHARE = 0.8
_TEXT_SHARE = 0.6


def _features(title: str, text: str) -> tuple[Ints, Floats]:
    """Buckets and unit-length weights of a message; title and text have spaces of their own."""
    parts: list[tuple[Ints, Floats]] = []
    for source, salt, share in ((title, 11, _TITLE_SHARE), (text, 12, _TEXT_SHARE)):
        buckets, weights = counted(ngram_buckets(source, (2, 3), _BITS, salt))
        if len(buckets):
            parts.append((buckets, weights * np.float32(share / float(np.linalg.norm(weights)))))
    if not parts:
        return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.float32)
    return np.concatenate([p[0] for p in parts]), np.concatenate([p[1] for p in parts])


class CorrectionModel:
    """Weights learned from corrections: one column for each item, the last for *none of these*."""

    def __init__(self, codes: Sequence[str], weights: Floats, rows: int) -> None:
        self.codes = tuple(codes)
        self.weights = weights
        self.rows = rows

    @classmethod
    def fit(cls, suggester: Suggester, corrections: Sequence[Correction]) -> CorrectionModel:
        """Learn from corrections, oldest first. Those whose item is not in the catalogue (and not ``""``) are left out."""
        from huying.suggest.engine import NONE_SCORE, SHARPNESS

        codes = [item.code for item in suggester.items]
        number = {code: index for index, code in enumerate(codes)}
        number[""] = len(codes)
        rows: list[tuple[Ints, Floats, Floats, int]] = []
        for title, text, item in corrections:
            if item not in number:
                continue
            title, text = normalise(title, TITLE_CHARS), normalise(text, TEXT_CHARS)
            base, _ = suggester.base_scores(title, text)
            start = SHARPNESS * np.append(base, np.float32(NONE_SCORE))
            buckets, values = _features(title, text)
            rows.append((buckets, values, start.astype(np.float32), number[item]))
        weights = np.zeros((_SIZE, len(codes) + 1), dtype=np.float32)
        for round_number in range(_ROUNDS):
            rate = np.float32(_RATE / (1.0 + 0.5 * round_number))
            for buckets, values, start, truth in rows:
                logits = start + values @ weights[buckets]
                logits -= logits.max()
                chances = np.exp(logits)
                chances /= chances.sum()
                chances[truth] -= 1.0
                weights[buckets] -= (rate * values)[:, None] * chances
        return cls(codes, weights, len(rows))

    def aligned(self, codes: Sequence[str]) -> CorrectionModel:
        """The same model with its columns in the order of ``codes``; unknown items get zeros."""
        if tuple(codes) == self.codes:
            return self
        column = {code: index for index, code in enumerate(self.codes)}
        weights = np.zeros((self.weights.shape[0], len(codes) + 1), dtype=np.float32)
        for index, code in enumerate(codes):
            if code in column:
                weights[:, index] = self.weights[:, column[code]]
        weights[:, -1] = self.weights[:, -1]
        return CorrectionModel(codes, weights, self.rows)

    def logits(self, title: str, text: str) -> tuple[Floats, float]:
        """What to add to each item's logit, and to that of *none*; texts must be normalised."""
        buckets, values = _features(title, text)
        both = values @ self.weights[buckets]
        return both[:-1], float(both[-1])

    def save(self, path: str | Path) -> None:
        """Write arrays only (no pickle)."""
        used = np.flatnonzero(np.any(self.weights != 0, axis=1))
        write_arrays(
            path,
            _KIND,
            codes=np.array(self.codes, dtype=np.str_),
            used=used.astype(np.int32),
            weights=self.weights[used].astype(np.float32),
            rows=np.array(self.rows),
        )

    @classmethod
    def load(cls, path: str | Path) -> CorrectionModel:
        """Read a file that :meth:`save` wrote. Raises ValueError when it is something else."""
        arrays = read_arrays(path, _KIND, ("codes", "used", "weights", "rows"))
        codes = [str(code) for code in arrays["codes"]]
        weights = np.zeros((_SIZE, len(codes) + 1), dtype=np.float32)
        weights[arrays["used"]] = arrays["weights"]
        return cls(codes, weights, int(arrays["rows"]))
