"""Seeing a contact for a call-back: the seat looks at the number of a case that was drawn, with a reason, on record."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from uuid import UUID

from huying.cases.actions import Refused
from huying.cases.actions.others import contacts, masked_phone, unmask
from huying.cases.models import Case
from huying.cases.who import Actor
from huying.reviews.models import Task


def masked(case: Case) -> list[str]:
    """The caller's numbers with the middle hidden, for finding out whether one has called already."""
    return [
        masked_phone(str(one.get("phone") or ""))
        for one in contacts(case)
        if not one["join"] and one.get("phone")
    ]


def reveal(place_id: int, task_id: UUID, reason: str, actor: Actor) -> list[dict[str, Any]]:
    """The caller's name and number of the case that an open call-back is about. Raises Refused, Case.DoesNotExist.

    The duty to call gives the sight of this one case for it; each look is an event with its reason.
    """
    task = Task.objects.filter(place_id=place_id, id=task_id, kind="call_back").first()
    if task is None:
        raise Case.DoesNotExist("no such task")
    if task.done_at is not None or not actor.has("call_back"):
        raise Refused("not-allowed")
    case = Case.objects.get(place_id=place_id, id=task.case_id)
    return [
        one for one in unmask(case, reason, replace(actor, holds=actor.holds | {case.id})) if not one["join"]
    ]
