"""Navigation of the overview."""

from __future__ import annotations

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from huying.staff import sight as sights
from huying.staff.second_factor import SecondFactorNeeded
from huying.ui import nav

RIGHTS = ("overview", "instruct", "see_area")


def may_look(request: HttpRequest) -> bool:
    """Whether the person has a duty for an area, an organ or the place."""
    if not request.user.is_authenticated:
        return False
    try:
        sight = sights.of(request)
    except SecondFactorNeeded:
        return False
    return sight.can(*RIGHTS)


def install() -> None:
    """Put the overview into the staff frame."""
    nav.register(
        nav.Entry("desk", _("Overview"), "chart-bar", "cases:overview", order=40, phone=True, show=may_look)
    )
