"""What the channel shows. Everything here is for people with the right ``inspect``; views check that."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from huying.cases.models import Case
from huying.cases.sight import CLOSED_CALLS, may_see, not_subject
from huying.inspection.models import Finding, Look, Paper
from huying.places.info import PlaceMemory
from huying.presets import read_inspection
from huying.presets.inspection_definition import Inspection
from huying.staff.models import Person
from huying.staff.sight import Sight

PAGE = 30


def inspection_of(memory: PlaceMemory) -> Inspection:
    """The place's inspection.yaml; empty where it has none. From memory, no SQL statement."""
    return read_inspection.of(memory.preset) if memory.preset is not None else Inspection()


def office_of(memory: PlaceMemory) -> Any:
    """The organ that inspects; None where there is none."""
    code = inspection_of(memory).office
    return memory.organ_by_code(code) if code else None


def findings(place_id: int, *, looked: bool, before: UUID | None = None, most: int = PAGE) -> list[Finding]:
    """Findings that wait for somebody, or those that were looked at; newest first. One SQL statement."""
    rows = Finding.objects.filter(place_id=place_id)
    rows = rows.exclude(outcome="") if looked else rows.filter(outcome="")
    if before is not None:
        rows = rows.filter(id__lt=before)
    return list(rows.order_by("-id")[:most])


def finding(place_id: int, ident: UUID) -> Finding:
    """One finding. Raises Finding.DoesNotExist."""
    return Finding.objects.get(place_id=place_id, id=ident)


def _listed(sight: Sight) -> QuerySet[Case]:
    """Cases that may be listed to an inspector: not those about themselves or their office, and no closed circle."""
    return Case.objects.filter(not_subject(sight), place_id=sight.place_id, confidential=False).exclude(
        call__in=CLOSED_CALLS
    )


def cases_of(found: Finding, sight: Sight) -> list[Case]:
    """The very cases of a finding, as far as they may be listed. One SQL statement."""
    return list(_listed(sight).filter(id__in=found.case_ids).order_by("id"))


def papers(place_id: int, *, before: UUID | None = None, most: int = PAGE) -> list[tuple[Paper, Case]]:
    """Orders that went down and requests that came up, newest first, with their cases. Two SQL statements."""
    rows = Paper.objects.filter(place_id=place_id)
    if before is not None:
        rows = rows.filter(id__lt=before)
    found = list(rows.order_by("-id")[:most])
    cases = {c.id: c for c in Case.objects.filter(place_id=place_id, id__in=[row.id for row in found])}
    return [(row, cases[row.id]) for row in found if row.id in cases]


def case_for(memory: PlaceMemory, sight: Sight, number: str) -> Case:
    """A case looked at through the channel: one that duty shows anyway, a paper of the channel, or one that a finding
    counts. Never one about the inspector or their office, and of a closed circle only what duty shows.

    Two SQL statements at most. Raises Case.DoesNotExist.
    """
    case = Case.objects.get(place_id=memory.place_id, number=number)
    own = inspection_of(memory)
    if sight.place_id != case.place_id or case.subject_organ_id in sight.organs:
        raise Case.DoesNotExist
    if case.subject_person_id is not None and case.subject_person_id == sight.person_id:
        raise Case.DoesNotExist
    if may_see(sight, case) or case.kind in (own.order, own.request):
        return case
    if case.confidential or case.call in CLOSED_CALLS:
        raise Case.DoesNotExist
    if not Finding.objects.filter(place_id=case.place_id, case_ids__contains=[case.id]).exists():
        raise Case.DoesNotExist
    return case


def about(case: Case) -> list[Finding]:
    """The findings that count a case. One SQL statement."""
    return list(
        Finding.objects.filter(place_id=case.place_id, case_ids__contains=[case.id]).order_by("-id")[:10]
    )


@dataclass(frozen=True, slots=True)
class Looked:
    """A line of the access log."""

    at: datetime
    who: str
    page: str
    number: str
    finding_id: UUID | None


def log(place_id: int, *, before: UUID | None = None, most: int = PAGE) -> tuple[list[Looked], UUID | None]:
    """Who looked at what through the channel, newest first; and where to go on. Three SQL statements."""
    rows = Look.objects.filter(place_id=place_id)
    if before is not None:
        rows = rows.filter(id__lt=before)
    found = list(rows.order_by("-id")[: most + 1])
    more = found[most - 1].id if len(found) > most else None
    found = found[:most]
    names = dict(Person.objects.filter(id__in={row.person_id for row in found}).values_list("id", "name"))
    numbers = numbers_of(place_id, [row.case_id for row in found if row.case_id])
    return [
        Looked(
            row.at, names.get(row.person_id, ""), row.page, numbers.get(row.case_id, "") if row.case_id else "",
            row.finding_id,
        )
        for row in found
    ], more  # fmt: skip


def numbers_of(place_id: int, ids: Sequence[UUID]) -> dict[UUID, str]:
    """The numbers of cases by id. One SQL statement."""
    return dict(Case.objects.filter(Q(place_id=place_id), id__in=ids).values_list("id", "number"))


def names_of(ids: Sequence[UUID]) -> dict[UUID, str]:
    """The names of people by id. One SQL statement."""
    return dict(Person.objects.filter(id__in=ids).values_list("id", "name"))
