"""The kinds of events that this room writes."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from huying.ledger import kinds


def register() -> None:
    """Make the kinds known; called when the app is ready."""
    kinds.register(
        "review.drawn",
        _("The case was drawn for a review"),
        ("task", "kind", "rule", "share", "mark", "number"),
    )
    kinds.register(
        "review.answered", _("It was said afterwards how the case was handled"),
        ("task", "source", "solved", "satisfaction", "reason", "wish", "joined", "contact", "round", "organ", "came_to"),
    )  # fmt: skip
    kinds.register("review.called", _("A call-back was over"), ("task", "mark", "satisfaction"))
    kinds.register("review.link", _("A link for rating was made"), ("until", "contact"))
    kinds.register(
        "deduction.proposed", _("Points to be taken off were proposed"),
        ("deduction", "rule", "points", "organ", "event", "edition"),
    )  # fmt: skip
    for name, words in (
        ("confirmed", _("Points were taken off")),
        ("withdrawn", _("Taking points off was withdrawn")),
        ("appealed", _("The unit appealed against points taken off")),
        ("upheld", _("The points taken off stand")),
        ("corrected", _("The points taken off were corrected")),
    ):
        kinds.register(
            f"deduction.{name}",
            words,
            ("deduction", "rule", "points", "was", "organ", "until", "task", "step"),
        )
    kinds.register(
        "look_back.drawn",
        _("The list of a look-back was drawn"),
        ("cycle", "closed", "drawn", "start", "end"),
    )
    kinds.register(
        "appraisal.issued",
        _("An appraisal was issued"),
        ("appraisal", "level", "start", "end", "edition", "units", "digest"),
    )
