"""What this room puts into the staff's navigation."""

from __future__ import annotations

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from huying.staff import sight as sights
from huying.staff.second_factor import SecondFactorNeeded
from huying.ui import nav

RIGHT = "analyse"


def may_analyse(request: HttpRequest) -> bool:
    """Whether the person may look at how cases went and ask what if."""
    if not request.user.is_authenticated:
        return False
    try:
        return sights.of(request).can(RIGHT)
    except SecondFactorNeeded:
        return False


def install() -> None:
    """Register the entries; called when the app is ready."""
    nav.register(
        nav.Entry("desk", _("Why is it slow?"), "chart-dots-3", "whatif:slow", order=62, group=_("Analysis"),
                  show=may_analyse),
        nav.Entry("desk", _("What if?"), "wand", "whatif:studies", order=63, group=_("Analysis"), show=may_analyse),
    )  # fmt: skip
