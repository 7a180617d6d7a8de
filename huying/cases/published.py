"""What anybody may read: cases whose title and text were approved for publication."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from huying.cases import naming
from huying.cases.lists import pack_id, unpack_id
from huying.cases.models import Case
from huying.cases.sight import tellable
from huying.files import queries as files
from huying.files.models import Kind
from huying.places.info import PlaceMemory
from huying.presets.queries import compiled


@dataclass(frozen=True, slots=True)
class Published:
    """A published case: only what was approved. No name, no address, no contact, not the reply to the caller."""

    number: str
    title: str
    text: str
    item: str
    where: str
    step: str
    phase: str
    reported_at: datetime
    closed_at: datetime | None
    satisfaction: int | None
    joins: int
    photos: Sequence[Any] = ()


def outcomes(memory: PlaceMemory, most: int, cursor: str = "") -> tuple[list[Published], str]:
    """Published cases, newest first, and the cursor of the next page ("" for none). One SQL statement."""
    rows = tellable(memory.place_id).filter(public=True)
    if cursor:
        rows = rows.filter(id__lt=unpack_id(cursor))
    found = list(rows.order_by("-id")[: most + 1])
    after = pack_id(found[most - 1].id) if len(found) > most else ""
    return [_shown(case, memory) for case in found[:most]], after


def by_number(memory: PlaceMemory, number: str) -> Published | None:
    """One published case with its approved photos, or None. Two SQL statements."""
    case = tellable(memory.place_id).filter(number=number, public=True).first()
    if case is None:
        return None
    photos = [
        one
        for one in files.of_case(memory.place_id, case.id)
        if one.public_ok and one.erased_at is None and one.kind == Kind.PHOTO
    ]
    return _shown(case, memory, photos)


def _shown(case: Case, memory: PlaceMemory, photos: Sequence[Any] = ()) -> Published:
    preset = compiled(case.edition_id)
    item = naming.item_name(preset, case.item)
    division = memory.divisions.get(case.division_id) if case.division_id is not None else None
    return Published(
        number=case.number, title=case.public_title or item, text=case.public_text, item=item,
        where="" if division is None else " ".join(
            memory.division(one).name for one in division.ancestors[1:] or division.ancestors
        ),
        step=naming.step_name(preset.flow_of(case.kind), case.step), phase=case.phase,
        reported_at=case.reported_at, closed_at=case.closed_at, satisfaction=case.satisfaction, joins=case.joins,
        photos=photos,
    )  # fmt: skip
