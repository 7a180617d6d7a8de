"""Navigation of the rosters: for those who have households, and for those who see how far an area is covered."""

from __future__ import annotations

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from huying.places import memory as places
from huying.rosters import queries
from huying.staff.access import sight_of
from huying.staff.sight import Sight
from huying.ui import nav


def _sight(request: HttpRequest) -> Sight | None:
    """The sight of somebody who serves a place that has rosters."""
    sight = sight_of(request)
    if sight is None or sight.is_resident or not sight.place_id or not queries.rosters_of(sight.place_id):
        return None
    return sight


def _has_households(request: HttpRequest) -> bool:
    sight = _sight(request)
    return sight is not None and any(
        queries.serves(sight, one) for one in queries.rosters_of(sight.place_id).values()
    )


def _reads_coverage(request: HttpRequest) -> bool:
    sight = _sight(request)
    if sight is None:
        return False
    memory = places.of(sight.place_id)
    return any(queries.areas(sight, one, memory) for one in queries.rosters_of(sight.place_id).values())


def install() -> None:
    """Register the entries; called when the app is ready."""
    nav.register(
        nav.Entry(
            "desk", _("My households"), "home", "rosters:mine", order=17, phone=True, show=_has_households
        ),
        nav.Entry(
            "desk", _("Households covered"), "chart-bar", "rosters:coverage", order=43, show=_reads_coverage
        ),
    )
