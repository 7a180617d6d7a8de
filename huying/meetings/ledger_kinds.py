"""The kinds of events that this room writes. What was said is private; what was decided is codes."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from huying.ledger import kinds


def register() -> None:
    """Make the kinds known; called when the app is ready."""
    kinds.register(
        "meeting.opened", _("A meeting was opened"), ("flow", "cycle", "division", "since", "cases")
    )
    kinds.register("meeting.decided", _("A meeting decided on a case"), ("meeting", "move", "step"))
    kinds.register("meeting.closed", _("A meeting was closed"), ("decided", "left", "present"))
