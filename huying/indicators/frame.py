"""Navigation of the indicators."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from huying.staff import sight as sights
from huying.staff.second_factor import SecondFactorNeeded
from huying.ui import nav

RIGHTS = ("overview", "instruct", "see_area")
MANAGES = ("manage_presets",)


def _can(*rights: str) -> Callable[[HttpRequest], bool]:
    def show(request: HttpRequest) -> bool:
        if not request.user.is_authenticated:
            return False
        try:
            return sights.of(request).can(*rights)
        except SecondFactorNeeded:
            return False

    return show


def install() -> None:
    """Put the entries into the staff frame; called when the app is ready."""
    nav.register(
        nav.Entry(
            "desk",
            _("Indicators"),
            "dashboard",
            "indicators:overview",
            order=41,
            phone=True,
            show=_can(*RIGHTS),
        )
    )
    nav.register(
        nav.Entry(
            "desk", _("Indicators and weights"), "adjustments", "indicators:weights", order=87,
            group=_("Management"), show=_can(*MANAGES),
        )
    )  # fmt: skip
