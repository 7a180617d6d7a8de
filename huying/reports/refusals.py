"""The ledger's reader that remembers which returns were not accepted (退单被驳回), for the list of reports.

Which moves mean that is said by the place's reports.yaml (section ``shirking``). The organ is the one that has the
case again after the move.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from huying.cases.models import Case
from huying.cases.of_page import cases_of
from huying.cases.sight import CLOSED_CALLS
from huying.ledger.pages import Event
from huying.places import memory as places
from huying.presets import read_reports
from huying.reports.models import Refusal


def moves_of(place_id: int) -> frozenset[str]:
    """The moves by which a return is refused, as any report of the place names them."""
    preset = places.of(place_id).preset
    if preset is None:
        return frozenset()
    sections = [one for kind in read_reports.of(preset).kinds.values() for one in kind.sections]
    return frozenset(move for one in sections for move in one.moves)


def follow(place_id: int, page: int, events: Sequence[Event]) -> None:
    """Work one page off. At most two SQL statements."""
    moved = [
        (one, one.case_id)
        for one in events
        if one.case_id is not None and one.kind in ("case.moved", "leg.moved")
    ]
    wanted = moves_of(place_id) if moved else frozenset()
    found = [(one, case_id) for one, case_id in moved if one.data.get("move") in wanted]
    if not found:
        return
    cases = cases_of(place_id, events, [one for one, _ in found])
    rows = [row for one, ident in found if (row := _row(place_id, one, cases.get(ident))) is not None]
    Refusal.objects.bulk_create(rows, ignore_conflicts=True)


def _row(place_id: int, event: Any, case: Case | None) -> Refusal | None:
    kind, _colon, ident = str(event.data.get("owner") or "").partition(":")
    # A case that only its holders may know of is in no report, not even as a number.
    if case is None or _sealed(case) or kind != "organ" or not ident.isdecimal():
        return None
    return Refusal(
        place_id=place_id, id=event.id, case_id=case.id, organ_id=int(ident), path=case.path,
        move=str(event.data["move"]), at=event.at,
    )  # fmt: skip


def _sealed(case: Case) -> bool:
    about = case.subject_organ_id is not None or case.subject_person_id is not None
    return case.confidential or about or case.call in CLOSED_CALLS
