"""What this room puts into the page frame: messages that were not sent, for the administrator.

The bell itself stands in the frame's templates and asks for its figure by itself, so that no page pays for it.
"""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from huying.staff.access import having
from huying.ui import nav


def install() -> None:
    """Register the entry; called when the app is ready."""
    nav.register(
        nav.Entry(
            "desk",
            _("Messages sent"),
            "send",
            "notices:sent",
            order=86,
            group=_("Management"),
            show=having("manage_people"),
        )
    )
