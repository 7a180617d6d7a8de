"""Telling a unit what was decided about points taken off it, through the notices room."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from huying.notices import actions as notices
from huying.notices import behind, kinds
from huying.places import memory as places
from huying.reviews.models import Deduction
from huying.staff.sight import Sight
from huying.ui.choices import Look

DEDUCTION = "deduction"


def register() -> None:
    """Make this room's kind of notice known; called when the app is ready."""
    kinds.register(DEDUCTION, Look(_("Points taken off"), "bad", "minus"), about)


def unit(row: Deduction, at: datetime) -> None:
    """Tell everybody who serves in the unit. Three SQL statements, in the caller's transaction."""
    memory = places.of(row.place_id)
    persons = {person for person, away, *_rest in behind.in_organs(memory, [row.organ_id], at) if not away}
    if persons:
        notices.tell(row.place_id, DEDUCTION, row.id, persons, at)


def about(sight: Sight, ids: Iterable[UUID]) -> dict[UUID, kinds.About]:
    """What a notice says: the unit and the ground, to those who may read the deduction. Two SQL statements."""
    from huying.reviews.queries import several

    found = several(sight.place_id, ids)
    return {
        one.id: kinds.About(
            f"{one.organ}：{one.rule_name}", one.number, reverse("reviews:deduction", args=[one.id])
        )
        for one in found
        if one.organ_id in sight.organs or sight.can("assess")
    }
