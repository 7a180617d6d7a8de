"""What the text model learned here: from labelled rows (the fields) and from the desk's corrections (the items).

Model files lie in the data folder and hold arrays only. A worker fits them; web processes only read them, and notice a
new file by its time of change.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from django.conf import settings

from huying.cases.models import Case, Correction
from huying.suggest import Correction as Said
from huying.suggest import CorrectionModel, FieldModel, Suggester

MOST = 5000  # the newest corrections learned from


def folder() -> Path:
    """Where the models are."""
    return Path(settings.HUYING_DATA) / "models"


def corrections_path(place_id: int) -> Path:
    """What was learned from the desk's corrections."""
    return folder() / f"corrections-{place_id}.npz"


def fields_path() -> Path:
    """The deployment's own model of fields, as ``huying text train`` writes it."""
    return folder() / "text.npz"


def model_mark(place_id: int) -> tuple[int, int]:
    """Changes when a model file does."""
    return (_stamp(corrections_path(place_id)), _stamp(fields_path()))


def _stamp(path: Path) -> int:
    try:
        return os.stat(path).st_mtime_ns
    except FileNotFoundError:
        return 0


def suggester(place_id: int, items: list[Any]) -> Suggester:
    """A suggester over *items* with what was learned; an unreadable model file counts as none."""
    fields = corrections = None
    if fields_path().is_file():
        fields = FieldModel.load(fields_path())
    if corrections_path(place_id).is_file():
        corrections = CorrectionModel.load(corrections_path(place_id))
    return Suggester(items, fields, corrections)


def learn(place_id: int, items: list[Any]) -> int:
    """Fit the corrections of a place anew; how many were learned from. Runs in a worker, never in a web process."""
    rows = list(
        Correction.objects.filter(place_id=place_id).order_by("-at").values_list("case_id", "item")[:MOST]
    )
    if not rows:
        return 0
    texts = {
        ident: (title, body)
        for ident, title, body in Case.objects.filter(
            place_id=place_id, id__in=[case_id for case_id, _ in rows], erased_at=None
        ).values_list("id", "title", "body")
    }
    said = [Said(*texts[case_id], item) for case_id, item in reversed(rows) if case_id in texts]
    if not said:
        return 0
    folder().mkdir(parents=True, exist_ok=True)
    CorrectionModel.fit(Suggester(items), said).save(corrections_path(place_id))
    return len(said)
