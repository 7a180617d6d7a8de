"""What this room puts into the staff's navigation."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from huying.staff.access import having
from huying.ui import nav

RIGHT = "analyse"


may_analyse = having(RIGHT)


def install() -> None:
    """Register the entries; called when the app is ready."""
    nav.register(
        nav.Entry("desk", _("Why is it slow?"), "chart-dots-3", "whatif:slow", order=62, group=_("Analysis"),
                  show=may_analyse),
        nav.Entry("desk", _("What if?"), "wand", "whatif:studies", order=63, group=_("Analysis"), show=may_analyse),
    )  # fmt: skip
