"""What the views of the channel share: who may come in, the tabs, cursors, and findings in words."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from huying.cases.lists import BadCursor, unpack_id
from huying.cases.naming import english, owner_name
from huying.cases.views.common import memory_of
from huying.inspection.models import Finding
from huying.inspection.queries import inspection_of
from huying.places.info import PlaceMemory
from huying.presets.inspection_definition import Pattern
from huying.staff import sight as sights
from huying.staff.access import to_sign_in

OUTCOMES = {
    "": (gettext_lazy("Not looked at yet"), "wait", "hourglass"),
    "nothing": (gettext_lazy("Nothing in it"), "neutral", "check"),
    "asked": (gettext_lazy("The unit was asked"), "info", "message-circle"),
    "ordered": (gettext_lazy("An order was issued"), "bad", "gavel"),
}
PAGES = {
    "findings": gettext_lazy("Findings"),
    "finding": gettext_lazy("A finding"),
    "papers": gettext_lazy("Orders and requests"),
    "order": gettext_lazy("Form of an order"),
    "case": gettext_lazy("A case"),
    "log": gettext_lazy("Access log"),
}


def inspectors_only(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """For everybody else the channel is not there (404); visitors are sent to sign in."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.is_authenticated:
            return to_sign_in(request)
        if not sights.of(request).can("inspect") or not inspection_of(memory_of(request)).office:
            raise Http404
        return view(request, *args, **kwargs)

    return guarded


def tabs(current: str) -> list[dict[str, Any]]:
    """The channel's pages."""
    rows = (
        ("findings", _("Findings"), "eye"),
        ("papers", _("Orders and requests"), "send"),
        ("log", _("Access log"), "history"),
    )
    return [
        {"label": label, "icon": icon, "url": reverse(f"inspection:{name}"), "current": name == current}
        for name, label, icon in rows
    ]


def cursor(request: HttpRequest) -> Any:
    """Where the list goes on (``?after=``); None at its beginning. Raises Http404 on what is no cursor."""
    text = request.GET.get("after", "")
    if not text:
        return None
    try:
        return unpack_id(text)
    except BadCursor:
        raise Http404 from None


def unit_name(memory: PlaceMemory, unit: str) -> str:
    """A unit in words; a device is only told apart from others."""
    kind, _sep, rest = unit.partition(":")
    if kind == "device":
        return _("Device %(mark)s") % {"mark": rest[:6]} if rest.isalnum() else _("A device (mark expired)")
    return owner_name(memory, unit) or unit


def pattern_of(memory: PlaceMemory, found: Finding) -> Pattern | None:
    """The pattern as the place has it now; None when it was taken out since."""
    return inspection_of(memory).patterns.get(found.pattern)


def pattern_name(memory: PlaceMemory, found: Finding) -> str:
    """Its name in the language of the page."""
    one = pattern_of(memory, found)
    return one.name.text("en" if english() else "zh") if one is not None else found.pattern


def percent(share: float) -> str:
    """A share as people read it, with one decimal below ten per cent."""
    return f"{share * 100:.1f}%" if share < 0.1 else f"{share * 100:.0f}%"


def in_words(found: Finding) -> str:
    """What was found, with its numbers, in a sentence."""
    n: dict[str, Any] = found.numbers
    if "others_of" in n:
        words = _(
            "%(hits)s of %(of)s (%(rate)s) in %(days)s days; all others together %(others)s of %(others_of)s (%(rest)s)."
        )
        others = n["others"] / n["others_of"] if n["others_of"] else 0.0
        return words % {
            **n, "rate": percent(n["hits"] / n["of"]), "rest": percent(others),
        }  # fmt: skip
    if "quick" in n:
        words = _(
            "%(hits)s of %(of)s handled cases in %(days)s days: %(quick)s within %(minutes)s minutes, %(copied)s with a"
            " reply used for %(same_reply)s cases or more."
        )
        return words % n
    words = ngettext(
        "%(hits)s case rated from it in %(days)s days.",
        "%(hits)s cases rated from it in %(days)s days.",
        n["hits"],
    )
    return words % n


def test_in_words(found: Finding) -> str:
    """The test that was made, for those that compare; empty for the others."""
    n = found.numbers
    if "chance" not in n:
        return ""
    chance = n["chance"]
    told = _("less than 1 in 1,000,000") if chance < 1e-6 else f"{chance:.2g}"
    words = _(
        "One-sided binomial test against the share of all others: the chance of so many by accident is %(chance)s, after"
        " correction for the %(compared)s units compared. It says that the unit differs, not why."
    )
    return words % {"chance": told, "compared": n["compared"]}
