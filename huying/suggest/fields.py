"""A trained classifier of messages (fields, or any labels), as used for inference: numpy only.

Training (huying.suggest.training) may blend several linear models; they are folded into one table of weights for
each *block* of features, so that inference is a hash, a gather and a sum whatever was blended.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from huying.suggest.arrays import read_arrays, write_arrays
from huying.suggest.features import TEXT_CHARS, TITLE_CHARS, Floats, Ints, counted, ngram_buckets, normalise
from huying.suggest.lexicon import Lexicon

_KIND = "huying-fields-1"
BITS = 18
ORDERS = (1, 2, 3)
#: Blocks in the order in which they are stored: n-grams of the title, n-grams of the text, concepts of both.
BLOCKS = ("title", "text", "concept")


def block_size(name: str, lexicon: Lexicon) -> int:
    """How many features a block has."""
    return 2 * lexicon.size if name == "concept" else 1 << BITS


def block_features(title: str, text: str, lexicon: Lexicon) -> dict[str, tuple[Ints, Floats]]:
    """Features and sublinear weights of a normalised message, for each block."""
    concepts_title = lexicon.counts(title)
    concepts_text = lexicon.counts(text)
    numbers = [*concepts_title, *(lexicon.size + number for number in concepts_text)]
    counts = [*concepts_title.values(), *concepts_text.values()]
    return {
        "title": counted(ngram_buckets(f"^{title}$", ORDERS, BITS, 1)),
        "text": counted(ngram_buckets(text, ORDERS, BITS, 2)),
        "concept": (np.array(numbers, dtype=np.int64), 1 + np.log(np.array(counts, dtype=np.float32))),
    }


@dataclass(frozen=True)
class Block:
    """``weights[feature, label]`` and ``idf[feature]``; a message's block is scaled to unit length after idf."""

    idf: Floats
    weights: NDArray[np.float16]

    def logits(self, features: Ints, values: Floats) -> Floats | None:
        """Share of each label; None when the message has none of the features."""
        if not len(features):
            return None
        weighted = values * self.idf[features]
        norm = float(np.sqrt(weighted @ weighted))
        if norm == 0.0:
            return None
        return (weighted / np.float32(norm)) @ self.weights[features].astype(np.float32)


class FieldModel:
    """Predicts one of ``labels``. Threads may share it."""

    def __init__(
        self,
        labels: Sequence[str],
        blocks: dict[str, Block],
        bias: Floats,
        temperature: float,
        rows: int,
        lexicon: Lexicon,
    ) -> None:
        self.labels = tuple(labels)
        self.lexicon = lexicon
        self.blocks = blocks
        self.bias = bias
        self.temperature = temperature
        self.rows = rows

    def scores(self, title: str, text: str) -> Floats:
        """Raw scores, one for each label; texts must be normalised."""
        features = block_features(title, text, self.lexicon)
        total = self.bias.copy()
        for name, block in self.blocks.items():
            share = block.logits(*features[name])
            if share is not None:
                total += share
        return total

    def probabilities_normalised(self, title: str, text: str) -> Floats:
        """Calibrated probability of each label; texts must be normalised already."""
        logits = self.scores(title, text) * np.float32(self.temperature)
        weights = np.exp(logits - logits.max())
        return np.asarray(weights / weights.sum(), dtype=np.float32)

    def probabilities(self, title: str, text: str = "") -> Floats:
        """Calibrated probability of each label of ``labels``."""
        return self.probabilities_normalised(normalise(title, TITLE_CHARS), normalise(text, TEXT_CHARS))

    def predict(self, title: str, text: str = "") -> tuple[str, float]:
        """The likeliest label and its probability."""
        shares = self.probabilities(title, text)
        best = int(shares.argmax())
        return self.labels[best], float(shares[best])

    def save(self, path: str | Path) -> None:
        """Write arrays only (no pickle); unused features are left out. The lexicon goes into the file too, so that a
        later edition of it does not spoil the model."""
        arrays: dict[str, NDArray[np.generic]] = {}
        for name in BLOCKS:
            block = self.blocks.get(name)
            used = np.flatnonzero(block.idf) if block is not None else np.zeros(0, dtype=np.int64)
            arrays[f"{name}_used"] = used.astype(np.int32)
            arrays[f"{name}_idf"] = block.idf[used] if block else np.zeros(0, dtype=np.float32)
            arrays[f"{name}_weights"] = (
                block.weights[used] if block else np.zeros((0, len(self.labels)), dtype=np.float16)
            )
        write_arrays(
            path,
            _KIND,
            labels=np.array(self.labels, dtype=np.str_),
            bias=self.bias,
            temperature=np.array(self.temperature, dtype=np.float64),
            rows=np.array(self.rows, dtype=np.int64),
            words=np.array([word for _, word in self.lexicon.pairs], dtype=np.str_),
            concepts=np.array([number for number, _ in self.lexicon.pairs], dtype=np.int32),
            **arrays,
        )

    @classmethod
    def load(cls, path: str | Path) -> FieldModel:
        """Read a file that :meth:`save` wrote. Raises ValueError when it is something else."""
        names = [f"{name}_{part}" for name in BLOCKS for part in ("used", "idf", "weights")]
        arrays = read_arrays(
            path, _KIND, ["labels", "bias", "temperature", "rows", "words", "concepts", *names]
        )
        labels = [str(label) for label in arrays["labels"]]
        words = zip(arrays["concepts"].tolist(), arrays["words"].tolist(), strict=True)
        lexicon = Lexicon((int(number), str(word)) for number, word in words)
        blocks: dict[str, Block] = {}
        for name in BLOCKS:
            used = arrays[f"{name}_used"]
            if not len(used):
                continue
            idf = np.zeros(block_size(name, lexicon), dtype=np.float32)
            weights = np.zeros((block_size(name, lexicon), len(labels)), dtype=np.float16)
            idf[used] = arrays[f"{name}_idf"]
            weights[used] = arrays[f"{name}_weights"]
            blocks[name] = Block(idf, weights)
        bias = arrays["bias"].astype(np.float32)
        return cls(labels, blocks, bias, float(arrays["temperature"]), int(arrays["rows"]), lexicon)
