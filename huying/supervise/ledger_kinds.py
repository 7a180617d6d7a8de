"""The kinds of events that this room writes."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from huying.ledger import kinds


def register() -> None:
    """Make the kinds known; called when the app is ready."""
    kinds.register(
        "supervise.issued",
        _("The order was issued by the rule %(rule)s"),
        ("rule", "organ", "level", "about", "report", "times"),
    )
    kinds.register("supervise.signed", _("A copy was signed for"), ("organ",))
    kinds.register(
        "supervise.bulletin", _("The bulletin %(number)s was issued"), ("number", "organ", "level", "readers")
    )
    kinds.register(
        "supervise.suggested",
        _("An order was suggested by the rule %(rule)s"),
        ("rule", "organ", "to", "times"),
    )
    kinds.register("supervise.dismissed", _("A suggested order was not issued"), ("rule", "organ"))
    kinds.register(
        "supervise.named", _("An organ was named in a special report"), ("organ", "report", "until")
    )
