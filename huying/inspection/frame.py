"""Navigation of the inspection channel: its own entry for inspectors, the way to ask it for organs and towns."""

from __future__ import annotations

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from huying.inspection.queries import inspection_of
from huying.places import memory
from huying.staff.access import sight_of
from huying.ui import nav


def _may(request: HttpRequest, right: str) -> bool:
    sight = sight_of(request)
    if sight is None:
        return False
    return sight.can(right) and bool(sight.place_id) and bool(inspection_of(memory.of(sight.place_id)).office)


def inspects(request: HttpRequest) -> bool:
    """Whether the person may look through the channel, and there is one."""
    return _may(request, "inspect")


def install() -> None:
    """Register the entries; called when the app is ready."""
    nav.register(
        nav.Entry("desk", _("Inspection"), "eye", "inspection:findings", order=47, phone=True, show=inspects)
    )
    nav.register(
        nav.Entry(
            "desk", _("Ask the inspection office"), "shield-check", "inspection:ask", order=48,
            show=lambda request: _may(request, "handle") and not inspects(request),
        )
    )  # fmt: skip
