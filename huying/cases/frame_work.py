"""Navigation of the inbox."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from huying.staff.access import serving
from huying.ui import nav

WORKING = ("handle", "desk", "see_area", "dispatch", "verify", "inspect", "instruct")


def install() -> None:
    """Put the inbox into the staff frame."""
    nav.register(
        nav.Entry(
            "desk",
            _("My work"),
            "inbox",
            "cases:work",
            order=10,
            phone=True,
            show=serving(*WORKING),
        )
    )
