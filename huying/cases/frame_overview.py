"""Navigation of the overview."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from huying.staff.access import having
from huying.ui import nav

RIGHTS = ("overview", "instruct", "see_area")


def install() -> None:
    """Put the overview into the staff frame."""
    nav.register(
        nav.Entry(
            "desk", _("Overview"), "chart-bar", "cases:overview", order=40, phone=True, show=having(*RIGHTS)
        )
    )
