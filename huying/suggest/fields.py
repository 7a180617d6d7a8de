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
from huying.suggest.lexicon import Lexicon, default_lexicon

_KIND = "huying-fields-1"
#: Blocks of n-grams: name → (lengths, bits of the hash, salt). Title and text have spaces of their own.
NGRAMS: dict[str, tuple[tuple[int, ...], int, int]] = {
    "title2": ((1, 2), 17, 1),
    "title3": ((1, 2, 3), 18, 2),
    "text2": ((1, 2), 16, 3),
}
#: Blocks of the lexicon: single words, concepts, and (of the title) pairs of concepts.
LEXICAL = ("title_words", "title_concepts", "title_pairs", "text_words", "text_concepts")
BLOCKS = (*NGRAMS, *LEXICAL)


def block_size(name: str, lexicon: Lexicon) -> int:
    """How many features a block has."""
    if name in NGRAMS:
        return 1 << NGRAMS[name][1]
    if name.endswith("_words"):
        return lexicon.words
    return lexicon.concepts**2 if name.endswith("_pairs") else lexicon.concepts


def block_features(
    title: str, text: str, lexicon: Lexicon, names: Sequence[str]
) -> dict[str, tuple[Ints, Floats]]:
    """Features and sublinear weights of a normalised message, for each block of ``names``."""
    marked = f"^{title}$" if title else ""
    found = {"title": lexicon.find(title), "text": lexicon.find(text)}
    features: dict[str, tuple[Ints, Floats]] = {}
    for name in names:
        part, _, kind = name.partition("_")
        if name in NGRAMS:
            orders, bits, salt = NGRAMS[name]
            source = marked if name.startswith("title") else text
            features[name] = counted(ngram_buckets(source, orders, bits, salt))
            continue
        words, concepts = found[part]
        if kind == "words":
            numbers = np.fromiter(words, np.int64, len(words))
            features[name] = numbers, np.ones(len(numbers), dtype=np.float32)
        elif kind == "concepts":
            counts = np.fromiter(concepts.values(), np.float32, len(concepts))
            features[name] = np.fromiter(concepts, np.int64, len(concepts)), 1 + np.log(counts)
        else:
            keys = list(concepts)
            pairs = [a * lexicon.concepts + b for i, a in enumerate(keys) for b in keys[i + 1 :]]
            features[name] = np.array(pairs, dtype=np.int64), np.ones(len(pairs), dtype=np.float32)
    return features


@dataclass(frozen=True)
class Block:
    """Weights of the features in use: ``row[feature]`` is a row of ``idf`` and ``weights``, or -1.

    A message's share of the block is scaled to unit length after idf, so that long texts do not shout.
    """

    row: NDArray[np.int32]
    idf: Floats
    weights: Floats

    def logits(self, features: Ints, values: Floats) -> Floats | None:
        """Share of each label; None when the message has none of the features."""
        rows = self.row.take(features)
        known = np.flatnonzero(rows >= 0)
        if not len(known):
            return None
        rows = rows.take(known)
        weighted = values.take(known) * self.idf.take(rows)
        share = weighted @ self.weights.take(rows, axis=0)
        return np.asarray(share / np.sqrt(weighted @ weighted), dtype=np.float32)


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
        self.blocks = blocks
        self.bias = bias
        self.temperature = temperature
        self.rows = rows
        self.lexicon = lexicon
        self._names = tuple(blocks)

    def scores(self, title: str, text: str) -> Floats:
        """Raw scores, one for each label; texts must be normalised."""
        total = self.bias.copy()
        for name, feature in block_features(title, text, self.lexicon, self._names).items():
            share = self.blocks[name].logits(*feature)
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
        """Write arrays only (no pickle). The lexicon goes into the file too, so that a later edition of it does not
        spoil the model."""
        arrays: dict[str, NDArray[np.generic]] = {}
        for name, block in self.blocks.items():
            arrays[f"{name}.used"] = np.flatnonzero(block.row >= 0).astype(np.int32)
            arrays[f"{name}.idf"] = block.idf
            arrays[f"{name}.weights"] = block.weights.astype(np.float16)
        write_arrays(
            path,
            _KIND,
            labels=np.array(self.labels, dtype=np.str_),
            bias=self.bias,
            temperature=np.array(self.temperature, dtype=np.float64),
            rows=np.array(self.rows, dtype=np.int64),
            words=np.array([word for _, word in self.lexicon.pairs], dtype=np.str_),
            concepts=np.array([number for number, _ in self.lexicon.pairs], dtype=np.int32),
            blocks=np.array(self._names, dtype=np.str_),
            **arrays,
        )

    @classmethod
    def load(cls, path: str | Path) -> FieldModel:
        """Read a file that :meth:`save` wrote. Raises ValueError when it is something else."""
        arrays = read_arrays(path, _KIND)
        try:
            labels = [str(label) for label in arrays["labels"]]
            pairs = zip(arrays["concepts"].tolist(), arrays["words"].tolist(), strict=True)
            lexicon = Lexicon((int(number), str(word)) for number, word in pairs)
            if lexicon.pairs == default_lexicon().pairs:
                lexicon = default_lexicon()
            blocks: dict[str, Block] = {}
            for name in (str(name) for name in arrays["blocks"]):
                if name not in BLOCKS:
                    raise ValueError(f"{path} has an unknown block {name!r}")
                blocks[name] = make_block(
                    block_size(name, lexicon),
                    arrays[f"{name}.used"],
                    arrays[f"{name}.idf"],
                    arrays[f"{name}.weights"],
                )
                if blocks[name].weights.shape[1] != len(labels):
                    raise ValueError(f"{path} is damaged: {name} does not fit the labels")
            bias = arrays["bias"].astype(np.float32)
            return cls(labels, blocks, bias, float(arrays["temperature"]), int(arrays["rows"]), lexicon)
        except (KeyError, IndexError) as error:
            raise ValueError(f"{path} is damaged: {error}") from error


def make_block(
    size: int, used: NDArray[np.generic], idf: NDArray[np.generic], weights: NDArray[np.generic]
) -> Block:
    """A block of ``size`` features of which those numbered ``used`` (rising) have idf and weights."""
    row = np.full(size, -1, dtype=np.int32)
    row[used.astype(np.int64)] = np.arange(len(used), dtype=np.int32)
    return Block(row, idf.astype(np.float32), weights.astype(np.float16).astype(np.float32))
