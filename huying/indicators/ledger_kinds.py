"""The kinds of events that this room writes."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from huying.ledger import kinds


def register() -> None:
    """Make the kinds known; called when the app is ready."""
    kinds.register(
        "indicators.weighed", _("The weights of a score were changed"), ("score", "edition", "weights")
    )
