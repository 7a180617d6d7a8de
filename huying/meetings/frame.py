"""Navigation of the meetings: for those who lead one, or see an area in a place that has them."""

from __future__ import annotations

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from huying.meetings import agenda
from huying.places import memory as places
from huying.staff.access import sight_of
from huying.ui import nav


def _meets(request: HttpRequest) -> bool:
    sight = sight_of(request)
    if sight is None or sight.is_resident or not sight.place_id:
        return False
    preset = places.of(sight.place_id).preset
    known = [] if preset is None else list(agenda.cycles_of(preset))
    return any(sight.paths or cycle.led_by in sight.roles for _flow, cycle in known)


def install() -> None:
    """Register the entry; called when the app is ready."""
    nav.register(nav.Entry("desk", _("Study meetings"), "calendar", "meetings:list", order=16, show=_meets))
