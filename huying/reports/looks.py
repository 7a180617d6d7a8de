"""How the state of a report is shown."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from huying.presets.definition import Words
from huying.reports.models import Report
from huying.ui.choices import Look

STATES = {
    Report.State.DRAFT: Look(pgettext_lazy("report", "Draft"), "wait", "writing"),
    Report.State.ISSUED: Look(_("Issued"), "good", "circle-check"),
    Report.State.DROPPED: Look(_("Set aside"), "neutral", "archive"),
}
UNREAD = Look(_("Unread"), "info", "mail")


def words(given: Words, language: str) -> str:
    """A preset's words in the language of the page."""
    return given.text(language)
