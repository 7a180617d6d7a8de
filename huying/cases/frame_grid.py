"""Navigation of grid workers: today, report, my cases."""

from __future__ import annotations

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from huying.places import memory as places
from huying.staff.access import sight_of
from huying.ui import nav


def has_grid(request: HttpRequest) -> bool:
    """Whether the person looks after a grid."""
    from huying.cases.views.grid import grids_of

    sight = sight_of(request)
    if sight is None or sight.is_resident or not sight.place_id:
        return False
    return bool(grids_of(sight, places.of(sight.place_id)))


def install() -> None:
    """Put the grid worker's pages first in the staff frame."""
    nav.register(
        nav.Entry("desk", _("Today"), "home", "cases:grid", order=4, phone=True, show=has_grid),
        nav.Entry(
            "desk", _("Quick report"), "camera", "cases:grid_report", order=5, phone=True, show=has_grid
        ),
        nav.Entry(
            "desk", _("My cases"), "list-check", "cases:grid_cases", order=6, phone=True, show=has_grid
        ),
    )
