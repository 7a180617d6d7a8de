"""Navigation of the inbox."""

from __future__ import annotations

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from huying.staff import sight as sights
from huying.staff.second_factor import SecondFactorNeeded
from huying.ui import nav

WORKING = ("handle", "desk", "see_area", "dispatch", "verify", "inspect", "instruct")


def works(request: HttpRequest) -> bool:
    """Whether the person has to do with cases at all."""
    if not request.user.is_authenticated:
        return False
    try:
        sight = sights.of(request)
    except SecondFactorNeeded:
        return False
    return not sight.is_resident and sight.can(*WORKING)


def install() -> None:
    """Put the inbox into the staff frame."""
    nav.register(nav.Entry("desk", _("My work"), "inbox", "cases:work", order=10, phone=True, show=works))
