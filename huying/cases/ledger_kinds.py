"""The kinds of events that this room writes. ``flow`` holds the machine's own records, from which a case is replayed."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from huying.ledger import kinds

_MOVED = (
    "move", "from", "to", "step", "owner", "was", "due", "auto", "result", "closed", "round", "flow", "fields",
    "item", "organ", "organs", "grade", "other", "legs", "timer", "late", "fell_due", "why", "satisfaction", "solved", "reopened",
    "kind", "division", "grid", "path", "urgency",
)  # fmt: skip


def register() -> None:
    """Make the kinds known; called when the app is ready."""
    kinds.register(
        "case.reported",
        _("The call came in"),
        (
            "number", "kind", "call", "edition", "item", "organ", "division", "grid", "path", "how", "confidence",
            "suggested", "as_in", "open", "step", "owner", "due", "flow", "photos", "source", "promise",
            "anonymous", "confidential", "urgency", "parent", "sure", "grade", "received",
        ),
    )  # fmt: skip
    kinds.register("case.moved", _("A move was made"), _MOVED)
    kinds.register("case.fired", _("The clock acted"), _MOVED)
    kinds.register("leg.opened", _("An organ was called in"), _MOVED)
    kinds.register("leg.moved", _("An organ made a move"), _MOVED)
    kinds.register("leg.fired", _("The clock acted on an organ's part"), _MOVED)
    kinds.register("clock.stood", _("The clock stood still and caught up"), ("since", "until", "seconds"))
    kinds.register("clock.jumped", _("The time of the server jumped"), ("since", "until", "seconds"))
    kinds.register("case.joined", _("Somebody else has the same trouble"), ("join", "joins"))
    kinds.register("case.linked", _("The case was linked"), ("other", "kind"))
    kinds.register("case.merged", _("Another case was merged into this one"), ("other",))
    kinds.register("case.precedent", _("The ruling became a precedent"), ("item", "organ", "number", "path"))
    kinds.register("case.precedent_ended", _("The precedent was ended"), ("item", "organ", "number"))
    kinds.register("case.named", _("Somebody was named to see the case"), ("person",))
    kinds.register("case.unmasked", _("The caller's contact was looked at"), ("fields",))
    kinds.register("case.printed", _("The case file was printed"), ("form",))
    kinds.register("case.exported", _("Cases were exported"), ("rows", "form"))
    kinds.register("case.published", _("The public text was approved"), ("public",))
    kinds.register(
        "case.migrated",
        _("The case moved to another edition"),
        ("from_edition", "edition", "from", "step", "item", "flow"),
    )
