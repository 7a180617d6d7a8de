"""Navigation of the reviews."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from huying.cases import panels
from huying.places import memory as places
from huying.presets.review_definition import NONE, Reviews
from huying.reviews.card import card
from huying.staff import sight as sights
from huying.staff.access import serving
from huying.ui import nav


def _has(*kinds: str, rights: tuple[str, ...]) -> Callable[[HttpRequest], bool]:
    """For who has one of the rights, in a place whose reviews.yaml knows one of the kinds of task."""

    def show(request: HttpRequest) -> bool:
        if not serving(*rights)(request):
            return False
        reviews = _reviews(request)
        return any(getattr(reviews, kind) is not None for kind in kinds)

    return show


def _reviews(request: HttpRequest) -> Reviews:
    preset = places.of(sights.of(request).place_id).preset
    return preset.reviews or NONE if preset is not None else NONE


def _reads_deductions(request: HttpRequest) -> bool:
    """Those who assess or look over the place, and whoever serves in an organ that may lose points."""
    if not serving("assess", "overview", "inspect", "handle")(request) or not _reviews(request).rules:
        return False
    sight = sights.of(request)
    return sight.can("assess") or bool(sight.organs) or bool(sight.paths and sight.can("overview", "inspect"))


def _appraises(request: HttpRequest) -> bool:
    if not serving("assess", "overview")(request) or not _reviews(request).appraisals:
        return False
    sight = sights.of(request)
    return sight.can("assess") or bool(sight.paths)


def install() -> None:
    """Put the reviews into the staff frame and onto the page of a case; called when the app is ready."""
    panels.register("reviews", card)
    group = _("Reviews")
    nav.register(
        nav.Entry("desk", _("Call-backs"), "phone-outgoing", "reviews:calls", order=50, group=group, phone=True,
                  show=_has("call_back", rights=("call_back",))),
        nav.Entry("desk", _("Checks"), "clipboard-check", "reviews:checks", order=51, group=group, phone=True,
                  show=_has("check", "look_back", rights=("review",))),
        nav.Entry("desk", _("Look-backs"), "history", "reviews:look_backs", order=52, group=group,
                  show=_has("look_back", rights=("review", "assess", "overview"))),
        nav.Entry("desk", _("Deductions"), "minus", "reviews:deductions", order=53, group=group, show=_reads_deductions),
        nav.Entry("desk", _("Appraisal"), "trophy", "reviews:appraisal", order=54, group=group, show=_appraises),
    )  # fmt: skip
