"""Sight follows duty (law 3): which cases a person sees.

``may_see`` says it for one case in plain Python and is the reference; ``visible`` says the same as a query. A
property test holds the two against each other, so change both or neither.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from huying.cases.models import Case, Contact, Leg, Named
from huying.places import memory
from huying.staff.sight import Sight

if TYPE_CHECKING:
    from collections.abc import Collection

# Calls that only their holders and those named may see: a report of wrongdoing protects whoever makes it.
CLOSED_CALLS = ("report",)


def may_see(
    sight: Sight,
    case: Case,
    *,
    leg_keys: Collection[str] = (),
    named: Collection[UUID] = (),
    joined: Collection[UUID] = (),
) -> bool:
    """Whether the person behind *sight* may see *case*.

    *leg_keys* are the owner keys of the case's legs, *named* the persons named to a confidential case, *joined*
    the persons who joined the call.
    """
    if sight.place_id != case.place_id:
        return False
    person = sight.person_id
    if person is not None and case.subject_person_id == person:
        return False
    if case.subject_organ_id is not None and case.subject_organ_id in sight.organs:
        return False
    mine = person is not None and (case.reporter_id == person or person in joined)
    holder = case.owner_key in sight.owner_keys or any(key in sight.owner_keys for key in leg_keys)
    if mine or holder or (person is not None and person in named):
        return True
    if case.confidential or case.call in CLOSED_CALLS:
        return False
    if any(case.path.startswith(path) for path in sight.paths):
        return True
    return any(organ in sight.organs for organ in case.organ_ids)


def _of_case(model: type[Any], **more: Any) -> Any:
    return model.objects.filter(place_id=OuterRef("place_id"), case_id=OuterRef("id"), **more)


def not_subject(sight: Sight) -> Q:
    """Cases whose subject is neither the person nor one of their organs."""
    rule = Q()
    if sight.person_id is not None:
        rule &= Q(subject_person_id=None) | ~Q(subject_person_id=sight.person_id)
    if sight.organs:
        rule &= Q(subject_organ_id=None) | ~Q(subject_organ_id__in=list(sight.organs))
    return rule


def tellable(place_id: int) -> QuerySet[Case]:
    """The cases of which something may be told to anybody at all: calls, not confidential, no reports of wrongdoing,
    not erased. Papers of the authorities (supervision orders, call-backs, appeals…), which take a right to open, are
    never among them.
    """
    preset = memory.of(place_id).preset
    papers = [kind.code for kind in preset.kinds.values() if kind.right] if preset is not None else []
    rows = Case.objects.filter(place_id=place_id, confidential=False, erased_at=None).exclude(
        call__in=CLOSED_CALLS
    )
    return rows.exclude(kind__in=papers) if papers else rows


def visible(sight: Sight) -> QuerySet[Case]:
    """The cases that the person behind *sight* may see, as a query (same rule as ``may_see``)."""
    keys = list(sight.owner_keys)
    own = Q(owner_key__in=keys) | Exists(_of_case(Leg, owner_key__in=keys)) if keys else Q(pk__in=[])
    if sight.person_id is not None:
        own |= Q(reporter_id=sight.person_id)
        own |= Exists(_of_case(Contact, person_id=sight.person_id))
        own |= Exists(_of_case(Named, person_id=sight.person_id))
    duty = Q()
    for path in sight.paths:
        duty |= Q(path__startswith=path)
    if sight.organs:
        duty |= Q(organ_ids__overlap=list(sight.organs))
    rule = own
    if duty:
        rule = own | (duty & Q(confidential=False) & ~Q(call__in=CLOSED_CALLS))
    return Case.objects.filter(Q(place_id=sight.place_id) & not_subject(sight) & rule)
