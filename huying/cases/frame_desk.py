"""Navigation of the desk: taking calls, the queue, the rulings."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from huying.staff import sight as sights
from huying.staff.second_factor import SecondFactorNeeded
from huying.ui import nav


def having(*rights: str) -> Callable[[HttpRequest], bool]:
    """Whether somebody who serves has at least one of the rights."""

    def shown(request: HttpRequest) -> bool:
        if not request.user.is_authenticated:
            return False
        try:
            sight = sights.of(request)
        except SecondFactorNeeded:
            return False
        return not sight.is_resident and sight.can(*rights)

    return shown


def _label(request: HttpRequest) -> str:
    return str(_("Take a call") if sights.of(request).can("take_calls") else _("Report for somebody"))


def install() -> None:
    """Put the desk into the staff frame."""
    nav.register(
        nav.Entry("desk", _label, "phone-incoming", "cases:desk_call", order=14, phone=True, show=having("take_calls", "report")),
        nav.Entry("desk", _("Queue"), "list-check", "cases:desk_queue", order=12, phone=True, show=having("desk")),
        nav.Entry(
            "desk", _("Precedents"), "gavel", "cases:precedents", order=30,
            show=having("settle", "rule", "dispatch", "overview"),
        ),
    )  # fmt: skip
