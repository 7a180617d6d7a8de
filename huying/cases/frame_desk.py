"""Navigation of the desk: taking calls, the queue, the rulings."""

from __future__ import annotations

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from huying.places import memory as places
from huying.staff import sight as sights
from huying.staff.access import serving
from huying.ui import nav


def _label(request: HttpRequest) -> str:
    return str(_("Take a call") if sights.of(request).can("take_calls") else _("Report for somebody"))


def _rules(request: HttpRequest) -> bool:
    """Whether the place has a flow in which it is ruled whose duty something is, so that there are precedents."""
    if not serving("settle", "rule", "dispatch", "overview")(request):
        return False
    preset = places.of(sights.of(request).place_id).preset
    return preset is not None and any(
        effect.do == "precedent"
        for flow in preset.flows.values()
        for move in flow.moves
        for effect in move.does
    )


def install() -> None:
    """Put the desk into the staff frame."""
    nav.register(
        nav.Entry("desk", _label, "phone-incoming", "cases:desk_call", order=14, phone=True, show=serving("take_calls", "report")),
        nav.Entry("desk", _("Queue"), "list-check", "cases:desk_queue", order=12, phone=True, show=serving("desk")),
        nav.Entry(
            "desk", _("Precedents"), "gavel", "cases:precedents", order=30,
            show=_rules,
        ),
    )  # fmt: skip
