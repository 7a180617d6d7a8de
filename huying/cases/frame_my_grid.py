"""Navigation to the public notice of grids, in places that say who serves there."""

from __future__ import annotations

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from huying.places import memory as places
from huying.places.current import place_id_of
from huying.ui import nav


def install() -> None:
    """Put the entry into the residents' frame."""
    nav.register(nav.Entry("resident", _("My grid"), "map-2", "cases:my_grid", order=34, show=_is_told))


def _is_told(request: HttpRequest) -> bool:
    from huying.cases.views.my_grid import shown_roles

    place_id = place_id_of(request)
    return bool(place_id) and bool(shown_roles(places.of(place_id)))
