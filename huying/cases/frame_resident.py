"""The residents' navigation: home, report, track, mine."""

from __future__ import annotations

from django.http import HttpRequest
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from huying.cases.views.common import memory_of
from huying.places.current import place_id_of
from huying.presets.words import word
from huying.ui import nav


def install() -> None:
    """Register the entries; called when the app is ready."""
    nav.register(
        nav.Entry("resident", _("Home"), "home", "cases:home", order=10, phone=True),
        nav.Entry("resident", _report, "message-report", "cases:report", order=20, phone=True),
        nav.Entry("resident", _("Track"), "search", "cases:track", order=30, phone=True),
        nav.Entry("resident", _("Mine"), "user", "cases:mine", order=40, phone=True),
        nav.Entry("resident", _("Work"), "inbox", "cases:work", order=50, show=_is_staff),
    )


def _is_staff(request: HttpRequest) -> bool:
    return request.user.is_authenticated and request.user.kind == "staff"


def _report(request: HttpRequest) -> str:
    """In the words with which people call here."""
    preset = memory_of(request).preset if place_id_of(request) else None
    return word(preset, "ask", get_language() or "zh")
