"""The kinds of events of the inspection channel. A case's own story does not show them: they name it in their data."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from huying.ledger import kinds


def register() -> None:
    """Make the kinds known; called when the app is ready."""
    kinds.register("inspection.looked", _("An inspector looked"), ("page", "case", "finding"))
    kinds.register(
        "inspection.found", _("A pattern was found"), ("finding", "pattern", "unit", "hits", "of", "edition")
    )
    kinds.register("inspection.concluded", _("A finding was looked at"), ("finding", "outcome"))
    kinds.register("inspection.ordered", _("An inspection order was issued"), ("case", "organ", "finding"))
    kinds.register("inspection.asked", _("The inspection office was asked"), ("case",))
