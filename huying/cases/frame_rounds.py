"""Navigation to the plan of rounds, in places that have one."""

from __future__ import annotations

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from huying.cases.frame_overview import may_look
from huying.places import memory as places
from huying.places.current import place_id_of
from huying.staff import sight as sights
from huying.ui import nav


def may_see(request: HttpRequest) -> bool:
    """Whether the place has a plan and the person an area in which it is kept."""
    from huying.cases.rounds import plan

    if not may_look(request) or not sights.of(request).paths:
        return False
    place_id = place_id_of(request)
    return bool(place_id) and bool(plan(places.of(place_id)))


def install() -> None:
    """Put the entry into the staff frame."""
    nav.register(nav.Entry("desk", _("Plan of rounds"), "route", "cases:rounds", order=42, show=may_see))
