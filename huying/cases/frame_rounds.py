"""Navigation to the plan of rounds, in places that have one."""

from __future__ import annotations

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from huying.places import memory as places
from huying.places.current import place_id_of
from huying.staff import sight as sights
from huying.staff.access import having
from huying.ui import nav

_looks_after = having("see_area")


def may_see(request: HttpRequest) -> bool:
    """Whether the place has a plan and the person an area in which it is kept."""
    from huying.cases.rounds import plan

    if not _looks_after(request) or not sights.of(request).paths:
        return False
    place_id = place_id_of(request)
    return bool(place_id) and bool(plan(places.of(place_id)))


def install() -> None:
    """Put the entry into the staff frame."""
    nav.register(nav.Entry("desk", _("Plan of rounds"), "route", "cases:rounds", order=42, show=may_see))
