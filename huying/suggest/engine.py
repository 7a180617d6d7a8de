"""The suggester: from a message to items, organs and field, in memory, a fraction of a millisecond each.

A score for every item is added up from exact words of its name, path and keywords (weighted by how few items share
the word), from partial agreement of character pairs, from desk corrections when a :class:`CorrectionModel` is given,
and from a trained model's labels when they are items or fields of the catalogue. Scores become confidences
through a softmax with one more, constant candidate: *none of these*. So a message that matches nothing is unsure
however many items there are.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from huying.suggest.features import TEXT_CHARS, TITLE_CHARS, Floats, normalise
from huying.suggest.fields import FieldModel
from huying.suggest.keywords import KeywordIndex
from huying.suggest.learn import CorrectionModel
from huying.suggest.types import Correction, ItemInfo, Scored, Suggestion

#: How sharply scores become confidences, and the score of "none of these". First guesses that proved usable: how often
#: each confidence is right is in docs/suggest.md.
SHARPNESS = 2.4
NONE_SCORE = 1.0
#: Score that an item gains when a trained model is sure of its label.
MODEL_WEIGHT = 0.5

_NOTHING = Suggestion((), (), "", 0.0, 0.0)


class Suggester:
    """Suggests items of one catalogue. Immutable after construction, so threads may share it; build a new one when
    the catalogue or the corrections change.

    ``corrections`` is a fitted model (made by a worker and loaded from its file), or a short list of corrections that
    is fitted here.
    """

    def __init__(
        self,
        items: Sequence[ItemInfo],
        model: FieldModel | None = None,
        corrections: CorrectionModel | Sequence[Correction] | None = None,
    ) -> None:
        codes = [item.code for item in items]
        if len(set(codes)) != len(codes):
            raise ValueError("item codes are not unique")
        self.items = tuple(items)
        self._keywords = KeywordIndex(self.items)
        self._fields = sorted({item.field for item in items if item.field})
        self._organs = sorted({item.organ for item in items if item.organ})
        organ_number = {organ: number for number, organ in enumerate(self._organs)}
        # The last bin takes the items without organ or field.
        self._organ_of = np.array(
            [organ_number.get(item.organ, len(organ_number)) for item in items], np.int64
        )
        self._items_of = [np.flatnonzero(self._organ_of == number) for number in range(len(self._organs))]
        field_number = {field: number for number, field in enumerate(self._fields)}
        self._field_of = np.array(
            [field_number.get(item.field, len(field_number)) for item in items], np.int64
        )
        self._model = model
        self._model_is_items, self._label_of = self._match_labels()
        if corrections is not None and not isinstance(corrections, CorrectionModel):
            corrections = CorrectionModel.fit(self, corrections) if corrections else None
        self._learned = corrections.aligned(codes) if corrections is not None else None

    def _match_labels(self) -> tuple[bool, np.ndarray | None]:
        """Which label of the trained model each item answers to (-1: none), and whether labels are item codes."""
        if self._model is None:
            return False, None
        number = {label: index for index, label in enumerate(self._model.labels)}
        by_item = [number.get(item.code, -1) for item in self.items]
        by_field = [number.get(item.field, -1) for item in self.items]
        is_items = sum(value >= 0 for value in by_item) >= sum(value >= 0 for value in by_field)
        chosen = by_item if is_items else by_field
        return is_items, np.array(chosen, dtype=np.int64) if any(value >= 0 for value in chosen) else None

    @staticmethod
    def _logits(scores: Floats) -> Floats:
        return np.append(scores, np.float32(NONE_SCORE)) * np.float32(SHARPNESS)

    def base_logits(self, title: str, text: str) -> Floats:
        """Logits before learning: one for each item and, last, of *none*; texts must be normalised."""
        return self._logits(self._keywords.scores(title, text)[0])

    def suggest(self, title: str, text: str = "", limit: int = 3) -> Suggestion:
        """The ``limit`` best items and organs for a message, and its field."""
        title, text = normalise(title, TITLE_CHARS), normalise(text, TEXT_CHARS)
        if not title:
            title, text = text, ""
        if len(title) + len(text) < 2 or not self.items:
            return _NOTHING
        scores, reasons = self._keywords.scores(title, text)
        every = self._logits(scores)
        if self._learned is not None:
            every = every + self._learned.logits(title, text)
        logits, none = every[:-1], float(every[-1])
        shares: Floats | None = None
        if self._model is not None:
            shares = self._model.probabilities_normalised(title, text)
            if self._label_of is not None:
                # An item that no label answers to picks the 0.0 appended at the end.
                weight = np.float32(1.0 if self._model_is_items else MODEL_WEIGHT)
                gain = weight * np.log(np.maximum(shares, np.float32(0.01)) * np.float32(len(shares)))
                logits = logits + np.append(gain, np.float32(0.0))[self._label_of]
        top = max(float(logits.max()), none)
        weights = np.exp(logits - top)
        whole = float(weights.sum()) + float(np.exp(none - top))
        floor = float(np.exp(-top)) / whole
        return self._answer(weights / whole, floor, scores, reasons, shares, limit)

    def _answer(
        self,
        chances: Floats,
        floor: float,
        scores: Floats,
        reasons: dict[int, list[str]],
        shares: Floats | None,
        limit: int,
    ) -> Suggestion:
        order = np.argsort(-chances, kind="stable")[:limit]
        if self._learned is None and self._model is None:
            order = order[scores[order] > 0.0]
        items = tuple(
            Scored(self.items[index].code, _tidy(chances[index]), tuple(reasons.get(int(index), ())))
            for index in order
        )
        organs = self._rank_organs(chances, floor, reasons, limit) if items else ()
        field, field_confidence = (
            self._field(chances, floor, shares) if items or shares is not None else ("", 0.0)
        )
        return Suggestion(items, organs, field, field_confidence, items[0].confidence if items else 0.0)

    def _rank_organs(
        self, chances: Floats, floor: float, reasons: dict[int, list[str]], limit: int
    ) -> tuple[Scored, ...]:
        if not self._organs:
            return ()
        # An item without any evidence keeps the chance of a score of zero; many such items of one organ must
        # not add up to a suggestion, so only what stands above that floor is summed.
        above = np.maximum(chances - floor, 0.0)
        size = len(self._organs)
        totals = np.bincount(self._organ_of, weights=above, minlength=size + 1)[:size]
        answer = []
        for organ in np.argsort(-totals, kind="stable")[:limit].tolist():
            own = self._items_of[organ]
            best = int(own[chances.take(own).argmax()])
            answer.append(Scored(self._organs[organ], _tidy(totals[organ]), tuple(reasons.get(best, ()))))
        return tuple(answer)

    def _field(self, chances: Floats, floor: float, shares: Floats | None) -> tuple[str, float]:
        if shares is not None and self._model is not None and not self._model_is_items:
            best = int(shares.argmax())
            return self._model.labels[best], _tidy(shares[best])
        size = len(self._fields)
        if not size:
            return "", 0.0
        above = np.maximum(chances - floor, 0.0)
        totals = np.bincount(self._field_of, weights=above, minlength=size + 1)[:size]
        best = int(np.argmax(totals))
        return self._fields[best], _tidy(totals[best])


def _tidy(value: float) -> float:
    return round(min(max(float(value), 0.0), 1.0), 4)
