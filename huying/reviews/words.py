"""Words for what this room shows: states, draws, what was said."""

from __future__ import annotations

from django.utils.translation import get_language, gettext_lazy, pgettext_lazy
from django.utils.translation import gettext as _

from huying.presets.review_definition import Review
from huying.ui.choices import Look

STATES = {
    "proposed": Look(pgettext_lazy("deduction", "Proposed"), "wait", "clock"),
    "confirmed": Look(pgettext_lazy("deduction", "Confirmed"), "bad", "minus"),
    "withdrawn": Look(pgettext_lazy("deduction", "Withdrawn"), "neutral", "arrow-back-up"),
    "appealed": Look(pgettext_lazy("deduction", "Under appeal"), "info", "scale"),
    "upheld": Look(pgettext_lazy("deduction", "Upheld"), "bad", "minus"),
    "corrected": Look(pgettext_lazy("deduction", "Corrected"), "good", "check"),
}
OUTCOMES = {
    "answered": Look(gettext_lazy("Answered the call"), "good", "phone"),
    "unreached": Look(gettext_lazy("Not reached"), "neutral", "phone-off"),
    "passed": Look(pgettext_lazy("check", "Passed"), "good", "circle-check"),
    "failed": Look(pgettext_lazy("check", "Failed"), "bad", "circle-x"),
    "holds": Look(gettext_lazy("It holds"), "good", "circle-check"),
    "came_back": Look(gettext_lazy("It came back"), "bad", "refresh"),
    "upheld": STATES["upheld"],
    "corrected": STATES["corrected"],
}
SAID = {1: gettext_lazy("Not satisfied"), 2: gettext_lazy("Fairly satisfied"), 3: gettext_lazy("Satisfied")}


def draw_name(review: Review | None, rule: str) -> str:
    """By which draw a task came up, in words."""
    lang = get_language() or "zh"
    found = next((draw for draw in review.draws if draw.id == rule), None) if review is not None else None
    if found is not None:
        return found.name.text(lang)
    return _("So that each organ is called about at least") if rule == "least" else rule


def state_look(state: str) -> Look:
    """How a deduction's state is shown."""
    return STATES.get(state, STATES["proposed"])


def outcome_look(outcome: str) -> Look | None:
    """How a task's outcome is shown; None while it has none."""
    return OUTCOMES.get(outcome)
