"""Navigation to the lists of services, in places that have some."""

from __future__ import annotations

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from huying.places import memory as places
from huying.places.current import place_id_of
from huying.ui import nav


def has_services(request: HttpRequest) -> bool:
    """Whether the place has lists of services."""
    from huying.cases.services import listed

    place_id = place_id_of(request)
    return bool(place_id) and bool(listed(places.of(place_id)))


def install() -> None:
    """Put the entry into the residents' frame."""
    nav.register(
        nav.Entry("resident", _("Services"), "checklist", "cases:services", order=33, show=has_services)
    )
