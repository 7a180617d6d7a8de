"""The levels of supervision and the states of orders, as they look."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from huying.cases import looks
from huying.ui.choices import Look

LEVELS: dict[int, Look] = {
    1: Look(_("Ordinary supervision"), "info", "flag"),
    2: Look(_("Yellow card"), "wait", "flag"),
    3: Look(_("Red card"), "bad", "flag"),
}


def level_look(level: int | str | None) -> Look:
    """How a level is shown; an unknown one as ordinary."""
    text = str(level or 1)
    return LEVELS.get(int(text) if text.isdecimal() else 1, LEVELS[1])


def register() -> None:
    """Make the results of orders known to the pages of cases; called when the app is ready."""
    looks.RESULTS["rectified"] = Look(_("Rectified"), "good", "circle-check")
    looks.RESULTS["revoked"] = Look(_("Order withdrawn"), "neutral", "arrow-back-up")
