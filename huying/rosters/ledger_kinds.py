"""The kinds of events that this room writes: codes and numbers only, never an address."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from huying.ledger import kinds


def register() -> None:
    """Make the kinds known; called when the app is ready."""
    kinds.register("roster.imported", _("Households were imported"), ("added", "changed", "paired", "moved"))
    kinds.register("roster.paired", _("A household was paired"), ("roster", "household", "post", "person"))
    kinds.register("roster.released", _("A household was released"), ("roster", "household"))
    kinds.register(
        "roster.opened", _("Something was opened for a household"), ("roster", "household", "kind")
    )
