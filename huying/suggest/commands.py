"""What ``huying text train`` and ``huying text evaluate`` do. Results are plain dictionaries, ready for JSON.

scikit-learn is imported inside the functions that train, so that importing this module stays cheap.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Any

from huying.suggest.fields import FieldModel

if TYPE_CHECKING:
    from huying.suggest.training import Row


def train(csv_path: str | Path, model_path: str | Path) -> dict[str, Any]:
    """Train on a labelled CSV (columns title, label and optionally text) and write the model file.

    Raises ValueError when the CSV lacks a column or has too few rows, OSError when a file cannot be used.
    """
    from huying.suggest.training import read_rows, train_model

    started = perf_counter()
    rows = read_rows(csv_path)
    model = train_model(rows)
    model.save(model_path)
    return {
        "model": str(model_path),
        "rows": len(rows),
        "rows_with_text": sum(bool(row.text) for row in rows),
        "labels": list(model.labels),
        "temperature": round(model.temperature, 4),
        "bytes": Path(model_path).stat().st_size,
        "seconds": round(perf_counter() - started, 2),
    }


def evaluate(
    csv_path: str | Path,
    model_path: str | Path | None = None,
    *,
    folds: int = 0,
    extra_path: str | Path | None = None,
    seed: int = 0,
) -> dict[str, Any]:
    """Accuracy, macro-F1 and figures for each label on a labelled CSV.

    With ``model_path`` that model is measured on all rows. With ``folds`` (two or more) models are trained and
    measured by cross-validation on the rows with repeated titles removed; ``extra_path`` then names a further
    labelled CSV that only helps to train (never with a title that is being measured).
    Raises ValueError when neither or both are given.
    """
    from huying.suggest.training import read_rows

    if (model_path is None) == (folds < 2):
        raise ValueError("give either a model or at least two folds")
    rows = read_rows(csv_path)
    if not rows:
        raise ValueError(f"{csv_path}: no labelled rows")
    if model_path is None:
        return _cross_validated(rows, folds, seed, extra_path)
    model = FieldModel.load(model_path)
    predicted: list[str] = []
    confidences: list[float] = []
    for row in rows:
        label, confidence = model.predict(row.title, row.text)
        predicted.append(label)
        confidences.append(confidence)
    return report([row.label for row in rows], predicted, confidences)


def _cross_validated(
    rows: Sequence[Row], folds: int, seed: int, extra_path: str | Path | None
) -> dict[str, Any]:
    import numpy as np

    from huying.suggest.training import held_out_scores, read_rows, without_repeats

    kept = without_repeats(rows)
    extra = read_rows(extra_path) if extra_path is not None else []
    labels, scores = held_out_scores(kept, folds, seed, extra)
    predicted = [labels[int(index)] for index in np.argmax(scores, axis=1)]
    return {
        **report([row.label for row in kept], predicted),
        "folds": folds,
        "seed": seed,
        "repeated_titles_removed": len(rows) - len(kept),
    }


def report(
    truth: Sequence[str], predicted: Sequence[str], confidences: Sequence[float] | None = None
) -> dict[str, Any]:
    """Figures of a classification: accuracy, macro-F1 over the labels that occur in ``truth``, and per class.

    With confidences also the mean confidence, and the mean gap between confidence and accuracy over ten equal bins
    (``calibration_error``).
    """
    per_class: dict[str, dict[str, float | int]] = {}
    for label in sorted(set(truth)):
        hits = sum(t == label and p == label for t, p in zip(truth, predicted, strict=True))
        support = sum(t == label for t in truth)
        claimed = sum(p == label for p in predicted)
        per_class[label] = {
            "precision": round(hits / claimed, 4) if claimed else 0.0,
            "recall": round(hits / support, 4),
            "f1": round(2 * hits / (support + claimed), 4),
            "support": support,
        }
    right = [t == p for t, p in zip(truth, predicted, strict=True)]
    result: dict[str, Any] = {
        "rows": len(truth),
        "accuracy": round(sum(right) / len(truth), 4),
        "macro_f1": round(sum(float(figures["f1"]) for figures in per_class.values()) / len(per_class), 4),
        "per_class": per_class,
    }
    if confidences is not None:
        gap = 0.0
        for number in range(10):
            inside = [i for i, c in enumerate(confidences) if min(int(c * 10), 9) == number]
            gap += abs(sum(right[i] for i in inside) - sum(confidences[i] for i in inside))
        result["mean_confidence"] = round(sum(confidences) / len(confidences), 4)
        result["calibration_error"] = round(gap / len(truth), 4)
    return result
