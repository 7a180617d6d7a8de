"""Whether issued appraisals are still those of which the ledger keeps the hashes."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from typing import Any
from uuid import UUID

from huying.ledger.models import Event
from huying.ledger.vouched import ALTERED, MISSING, STRAY, Broken
from huying.reviews.models import Appraisal

TABLES = ("reviews_appraisal",)
ISSUED = "appraisal.issued"


def digest(body: Sequence[Any]) -> str:
    """SHA-256 (hex) of what an appraisal says."""
    return hashlib.sha256(json.dumps(body, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def check(place_id: int) -> Iterator[Broken]:
    """Every issued appraisal against its event. Two SQL statements."""
    told = {
        UUID(str(event.data["appraisal"])): event
        for event in Event.objects.filter(place_id=place_id, kind=ISSUED).order_by("id")
    }
    there = {row.id: row for row in Appraisal.objects.filter(place_id=place_id)}
    for ident, event in told.items():
        row, name = there.get(ident), "{level} {start}".format_map(event.data)
        if row is None:
            yield Broken(MISSING, event.id, name)
        elif (digest(row.body), row.level, row.start.isoformat(), row.end.isoformat()) != (
            event.data["digest"], event.data["level"], event.data["start"], event.data["end"],
        ):  # fmt: skip
            yield Broken(ALTERED, event.id, name)
    for ident, row in there.items():
        if ident not in told:
            yield Broken(STRAY, None, f"{row.level} {row.start.isoformat()}")
