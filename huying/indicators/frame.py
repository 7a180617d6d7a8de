"""Navigation of the indicators."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from huying.staff.access import having
from huying.ui import nav

RIGHTS = ("overview", "instruct", "see_area")
MANAGES = ("manage_presets",)


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
            show=having(*RIGHTS),
        )
    )
    nav.register(
        nav.Entry(
            "desk", _("Indicators and weights"), "adjustments", "indicators:weights", order=87,
            group=_("Management"), show=having(*MANAGES),
        )
    )  # fmt: skip
