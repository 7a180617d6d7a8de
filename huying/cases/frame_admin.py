"""Navigation of the administrator's screens."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from huying.staff.access import having
from huying.ui import nav

HOME = (
    "manage_people",
    "manage_places",
    "manage_items",
    "manage_presets",
    "manage_keys",
    "see_record",
    "erase",
)


def install() -> None:
    """Put the entries into the staff frame, under the heading that people and posts stand under."""
    group = _("Management")
    for order, label, icon, name, rights in (
        (79, _("Administration"), "settings", "cases:admin", HOME),
        (86, _("Handbook of items"), "book", "cases:items", ("manage_items",)),
        (87, _("Presets and flows"), "versions", "cases:presets", ("manage_presets", "manage_items")),
        (88, _("Ledger"), "shield-check", "cases:ledger", ("see_record",)),
        (89, _("Erasures"), "eraser", "cases:erasures", ("erase", "see_record")),
    ):
        nav.register(nav.Entry("desk", label, icon, name, order=order, group=group, show=having(*rights)))
