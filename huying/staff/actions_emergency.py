"""Declaring an emergency for an area, and calling it off: the stand-ins of its posts act meanwhile."""

from __future__ import annotations

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from huying import clock
from huying.ledger import actions as ledger
from huying.ledger.actions import Actor, Entry
from huying.places import memory
from huying.staff import events
from huying.staff.models import Emergency


def declare_emergency(
    place_id: int,
    division_id: int,
    reason: str = Emergency.Reason.OTHER,
    until: datetime | None = None,
    *,
    actor: Actor,
) -> Emergency:
    """From now *until* then (None: until it is called off) every B in the area acts beside the A.

    Raises ValidationError for an area of elsewhere, an unknown reason, or an end that is past.
    """
    now = clock.now()
    division = memory.of(place_id).divisions.get(division_id)
    if division is None or not division.active:
        raise ValidationError({"division": _("There is no such division.")})
    if reason not in Emergency.Reason.values:
        raise ValidationError({"reason": _("Please choose a reason.")})
    if until is not None and until <= now:
        raise ValidationError({"until": _("The end comes before the beginning.")})
    with transaction.atomic():
        made = Emergency.objects.create(
            place_id=place_id, division_id=division_id, since=now, until=until, reason=reason
        )
        data = {"emergency": made.pk, "division": division_id, "reason": str(reason), "until": until}
        ledger.append(place_id, [Entry(kind=events.EMERGENCY, data=data, at=now)], actor)
    return made


def end_emergency(emergency: Emergency, *, actor: Actor) -> None:
    """Call it off now: the posts go back to their first holders. Doing it twice changes nothing."""
    now = clock.now()
    with transaction.atomic():
        row = Emergency.objects.select_for_update().get(pk=emergency.pk)
        if row.until is not None and row.until <= now:
            return
        row.until = now
        row.save(update_fields=["until"])
        data = {"emergency": row.pk, "division": row.division_id}
        ledger.append(row.place_id, [Entry(kind=events.EMERGENCY_OVER, data=data, at=now)], actor)
