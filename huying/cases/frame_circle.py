"""Navigation to the service circle, in places that have service points."""

from __future__ import annotations

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from huying.places import memory as places
from huying.places.current import place_id_of
from huying.ui import nav


def has_points(request: HttpRequest) -> bool:
    """Whether the place has service points at all."""
    from huying.cases.circle import points_of

    place_id = place_id_of(request)
    return bool(place_id) and bool(points_of(places.of(place_id)))


def install() -> None:
    """Put the entry into the residents' frame."""
    nav.register(
        nav.Entry("resident", _("Service circle"), "compass", "cases:circle", order=35, show=has_points)
    )
