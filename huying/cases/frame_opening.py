"""Navigation to opening a case of another kind: only for those whose roles open any."""

from __future__ import annotations

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from huying.places import memory as places
from huying.staff import sight as sights
from huying.staff.second_factor import SecondFactorNeeded
from huying.ui import nav


def opens(request: HttpRequest) -> bool:
    """Whether somebody may open a case of any kind by hand."""
    from huying.cases.views.opening import may_open

    try:
        sight = sights.of(request)
    except SecondFactorNeeded:
        return False
    return bool(sight.place_id) and bool(may_open(sight, places.of(sight.place_id)))


def install() -> None:
    """Put the entry into both frames."""
    nav.register(
        nav.Entry("desk", _("Open a matter"), "plus", "cases:open", order=16, phone=True, show=opens),
        nav.Entry("resident", _("Ask for help"), "plus", "cases:open", order=25, show=opens),
    )
