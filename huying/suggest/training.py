"""Training a :class:`FieldModel` with scikit-learn. Only command lines and workers import this module.

Several linear classifiers are fitted (``TITLE_MEMBERS``, and ``TEXT_MEMBERS`` when rows have text). Each sees some
blocks of features, scaled; their weights are brought to a common spread, added up and stored as one table for each
block. Everything is deterministic: fixed seeds, rows in the order given.
"""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from sklearn.svm import LinearSVC

from huying.suggest.features import TEXT_CHARS, TITLE_CHARS, Floats, normalise
from huying.suggest.fields import BLOCKS, Block, FieldModel, block_features, block_size, make_block
from huying.suggest.lexicon import Lexicon, default_lexicon


class Row(NamedTuple):
    """A labelled message; ``text`` may be empty."""

    title: str
    label: str
    text: str = ""


@dataclass(frozen=True)
class Member:
    """One linear model of the blend. ``scales`` gives the weight of each block it sees. With ``ratios`` its features
    are first scaled by the log-count ratio of each label (an NB-SVM)."""

    scales: dict[str, float]
    c: float
    ratios: bool = False


TITLE_MEMBERS = (
    Member({"title2": 1.0}, 1.0),
    Member({"title2": 1.0, "title_words": 0.8, "title_concepts": 1.0, "title_pairs": 0.6}, 0.5),
    Member({"title3": 1.0, "title_words": 0.6, "title_concepts": 0.6, "title_pairs": 0.4}, 1.0, ratios=True),
)
_BOTH = {"title2": 1.0, "text2": 1.0}
_TEXT_LEXICAL = {"text_words": 0.8, "text_concepts": 1.0}
_BOTH_LEXICAL = {"title_words": 0.8, "title_concepts": 1.0, **_TEXT_LEXICAL}
TEXT_MEMBERS = (
    Member({"text2": 1.0, **_TEXT_LEXICAL}, 0.4),
    Member(_BOTH, 0.6),
    Member({**_BOTH, **_BOTH_LEXICAL}, 0.3),
    Member({**_BOTH, **dict.fromkeys(_BOTH_LEXICAL, 0.6)}, 1.0, ratios=True),
)
_FOLDS = 3


def read_rows(path: str | Path) -> list[Row]:
    """Rows of a CSV (UTF-8, columns title, label and optionally text), white space trimmed.

    Rows without title and text, or without label, are left out. Raises ValueError when a column is missing.
    """
    with open(path, encoding="utf-8-sig", newline="") as stream:
        reader = csv.DictReader(stream)
        missing = {"title", "label"} - set(reader.fieldnames or ())
        if missing:
            raise ValueError(f"{path}: column {', '.join(sorted(missing))} is missing")
        rows = [
            Row((r["title"] or "").strip(), (r["label"] or "").strip(), (r.get("text") or "").strip())
            for r in reader
        ]
    return [row for row in rows if row.label and (row.title or row.text)]


def without_repeats(rows: Sequence[Row]) -> list[Row]:
    """The first row of each title."""
    return list({row.title: row for row in reversed(rows)}.values())[::-1]


class _Matrices:
    """Feature matrices of rows, one for each block, made once."""

    def __init__(self, rows: Sequence[Row], lexicon: Lexicon, names: Sequence[str]) -> None:
        parts: dict[str, list[tuple[Any, Any]]] = {name: [] for name in names}
        for row in rows:
            title, text = normalise(row.title, TITLE_CHARS), normalise(row.text, TEXT_CHARS)
            for name, feature in block_features(title, text, lexicon, names).items():
                parts[name].append(feature)
        self.counts: dict[str, Any] = {}
        for name, features in parts.items():
            ends = np.cumsum([0, *(len(numbers) for numbers, _ in features)])
            self.counts[name] = sparse.csr_matrix(
                (
                    np.concatenate([values for _, values in features]).astype(np.float64),
                    np.concatenate([numbers for numbers, _ in features]),
                    ends,
                ),
                shape=(len(rows), block_size(name, lexicon)),
            )


def _unit_rows(matrix: Any) -> Any:
    norms = np.sqrt(np.asarray(matrix.multiply(matrix).sum(axis=1)).ravel())
    norms[norms == 0.0] = 1.0
    return sparse.diags(1.0 / norms) @ matrix


def _ratios(counts: Any, truth: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Log-count ratio of each feature for the rows of one label against the others, add-one smoothed."""
    present = (counts > 0).astype(np.float64)
    inside = np.asarray(present[truth].sum(axis=0)).ravel() + 1.0
    outside = np.asarray(present[~truth].sum(axis=0)).ravel() + 1.0
    return np.asarray(np.log(inside / inside.sum()) - np.log(outside / outside.sum()))


class _Fold:
    """Tables of one training set: weights of each block, summed over members."""

    def __init__(self, matrices: _Matrices, labels: NDArray[np.str_], names: Sequence[str]) -> None:
        self.labels = sorted(set(labels.tolist()))
        self.truth = [labels == label for label in self.labels]
        self.used: dict[str, NDArray[np.int64]] = {}
        self.idf: dict[str, NDArray[np.float64]] = {}
        self.units: dict[str, Any] = {}
        self.weights: dict[str, NDArray[np.float64]] = {}
        self.bias = np.zeros(len(self.labels))
        for name in names:
            counts = matrices.counts[name]
            frequency = np.bincount(counts.indices, minlength=counts.shape[1])
            # Pairs of a long text that occur once say little and make the table slow to reach.
            self.used[name] = np.flatnonzero(frequency >= (2 if name.startswith("text") else 1))
            frequency = frequency[self.used[name]]
            self.idf[name] = np.log((1 + len(labels)) / (1 + frequency)) + 1.0
            self.units[name] = _unit_rows(counts[:, self.used[name]] @ sparse.diags(self.idf[name])).tocsr()
            self.weights[name] = np.zeros((len(self.used[name]), len(self.labels)))

    def add(self, member: Member, rows: NDArray[np.int64], share: float) -> None:
        """Fit one member on some rows and add its weights."""
        features = sparse.hstack([self.units[name][rows] * scale for name, scale in member.scales.items()])
        features = features.tocsr()
        width = features.shape[1]
        weights, bias = np.zeros((width, len(self.labels))), np.zeros(len(self.labels))
        for number, truth in enumerate(self.truth):
            inside = truth[rows]
            if not inside.any() or inside.all():
                bias[number] = -1.0 if not inside.any() else 1.0
                continue
            factor = np.ones(width)
            if member.ratios:
                factor = _ratios(features, inside)
                squares = features.multiply(features) @ (factor * factor)
                factor = factor / max(float(np.sqrt(squares.mean())), 1e-9)
            classifier = LinearSVC(
                C=member.c,
                loss="squared_hinge" if member.ratios else "hinge",
                class_weight="balanced",
                random_state=0,
                max_iter=4000,
                tol=1e-3,
            )
            classifier.fit(features @ sparse.diags(factor), inside)
            weights[:, number] = classifier.coef_[0] * factor
            bias[number] = classifier.intercept_[0]
        spread = float((features @ weights + bias).std()) or 1.0
        start = 0
        for name, scale in member.scales.items():
            stop = start + len(self.used[name])
            self.weights[name] += weights[start:stop] * (scale * share / spread)
            start = stop
        self.bias += bias * (share / spread)

    def blocks(self, lexicon: Lexicon) -> dict[str, Block]:
        """The summed tables as a model holds them."""
        return {
            name: make_block(block_size(name, lexicon), self.used[name], self.idf[name], self.weights[name])
            for name in self.used
            if self.weights[name].any()
        }


def _fit(matrices: _Matrices, rows: Sequence[Row], lexicon: Lexicon, chosen: NDArray[np.int64]) -> FieldModel:
    """A model (with temperature 1) from the rows numbered ``chosen``."""
    picked = _Matrices.__new__(_Matrices)
    picked.counts = {name: matrix[chosen] for name, matrix in matrices.counts.items()}
    fold = _Fold(picked, np.array([rows[i].label for i in chosen]), list(picked.counts))
    everything = np.arange(len(chosen))
    with_text = np.array([n for n, i in enumerate(chosen) if rows[i].text], dtype=np.int64)
    members = [(member, everything) for member in TITLE_MEMBERS]
    if "text2" in picked.counts:
        members = [(member, with_text) for member in TEXT_MEMBERS]
        if len(with_text) < len(chosen):
            members += [(member, everything) for member in TITLE_MEMBERS]
    for member, numbers in members:
        fold.add(member, numbers, 1.0 / len(members))
    return FieldModel(
        fold.labels, fold.blocks(lexicon), fold.bias.astype(np.float32), 1.0, len(chosen), lexicon
    )


def folds_of(labels: Sequence[str], folds: int, seed: int = 0) -> NDArray[np.int64]:
    """Fold number of each row: every label is spread evenly, in an order shuffled by ``seed``."""
    numbers = np.zeros(len(labels), dtype=np.int64)
    generator = np.random.default_rng(seed)
    start = 0
    for label in sorted(set(labels)):
        own = np.array([index for index, value in enumerate(labels) if value == label])
        generator.shuffle(own)
        numbers[own] = (np.arange(len(own)) + start) % folds
        start += len(own)
    return numbers


def held_out_scores(
    rows: Sequence[Row], folds: int, seed: int = 0, extra: Sequence[Row] = ()
) -> tuple[list[str], Floats]:
    """Labels, and for each row the raw scores by a model that did not see it (rows × labels).

    ``extra`` rows only train; those whose title is among the rows held out are left out of that fold's training.
    """
    everything = [*rows, *extra]
    lexicon = default_lexicon()
    matrices = _Matrices(everything, lexicon, _names(everything))
    fold_of = folds_of([row.label for row in rows], folds, seed)
    labels = sorted({row.label for row in everything})
    scores = np.full((len(rows), len(labels)), -9.0, dtype=np.float32)
    extra_numbers = np.arange(len(rows), len(everything))
    for fold in range(folds):
        held_out = {row.title for row, number in zip(rows, fold_of, strict=True) if number == fold}
        more = [number for number in extra_numbers if everything[number].title not in held_out]
        train = np.concatenate([np.flatnonzero(fold_of != fold), np.array(more, dtype=np.int64)])
        model = _fit(matrices, everything, lexicon, train)
        columns = [labels.index(label) for label in model.labels]
        for number in np.flatnonzero(fold_of == fold).tolist():
            row = rows[number]
            scores[number, columns] = model.scores(
                normalise(row.title, TITLE_CHARS), normalise(row.text, TEXT_CHARS)
            )
    return labels, scores


def _names(rows: Sequence[Row]) -> list[str]:
    has_text = sum(bool(row.text) for row in rows) >= max(20, len(rows) // 50)
    members = [*TITLE_MEMBERS, *(TEXT_MEMBERS if has_text else ())]
    return [name for name in BLOCKS if any(name in member.scales for member in members)]


def fitted_temperature(scores: Floats, truth: NDArray[np.int64]) -> float:
    """The factor on the scores that makes held-out probabilities likeliest."""
    best, best_loss = 1.0, np.inf
    for factor in np.geomspace(0.25, 16.0, 49):
        logits = scores * factor
        top = logits.max(axis=1)
        loss = np.log(np.exp(logits - top[:, None]).sum(axis=1)) + top - logits[np.arange(len(truth)), truth]
        if loss.mean() < best_loss:
            best, best_loss = float(factor), float(loss.mean())
    return best


def train_model(rows: Sequence[Row], calibrate: bool = True) -> FieldModel:
    """A model of the rows' labels. Raises ValueError for fewer than two labels or ten rows.

    With ``calibrate`` the temperature is fitted on scores of three held-out folds, which takes three times as long.
    """
    unique = list(dict.fromkeys(rows))
    if len({row.label for row in unique}) < 2 or len(unique) < 10:
        raise ValueError("training needs at least ten different rows and two labels")
    lexicon = default_lexicon()
    matrices = _Matrices(unique, lexicon, _names(unique))
    model = _fit(matrices, unique, lexicon, np.arange(len(unique)))
    if calibrate:
        labels, scores = held_out_scores(without_repeats(unique), _FOLDS, seed=1)
        truth = np.array([labels.index(row.label) for row in without_repeats(unique)])
        model.temperature = fitted_temperature(scores, truth)
    return model
