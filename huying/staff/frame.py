"""Fills in the page frame of the *ui* room: name of the place, who is signed in, maps, banner, navigation."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy, pgettext, pgettext_lazy
from django.utils.translation import gettext as _

from huying.places import memory
from huying.places.current import place_id_of
from huying.places.info import in_language
from huying.staff import sight, signin
from huying.staff.access import having
from huying.staff.second_factor import SecondFactorNeeded
from huying.staff.sight import Sight
from huying.ui import nav
from huying.ui.hooks import Brand, Who, hooks

MANAGE_PLACES = ("manage_places",)


def install() -> None:
    """Answer the questions that pages ask of this room."""
    hooks.brand = brand
    hooks.who = who
    hooks.map_layers = map_layers
    hooks.map_lookup = map_lookup
    hooks.banner = banner
    group = gettext_lazy("Management")
    for order, label, icon, name, rights in (
        (80, gettext_lazy("People"), "users", "staff:people", ("manage_people",)),
        (81, gettext_lazy("Posts"), "sitemap", "staff:posts", ("manage_people",)),
        (
            81,
            gettext_lazy("Emergency duty"),
            "bell-ringing",
            "staff:emergencies",
            ("manage_people", "instruct"),
        ),
        (82, gettext_lazy("Divisions and organs"), "map-2", "staff:divisions", MANAGE_PLACES),
        (83, gettext_lazy("Hours and holidays"), "calendar", "staff:hours", MANAGE_PLACES),
        (84, gettext_lazy("API keys"), "key", "staff:keys", ("manage_keys",)),
        (85, pgettext_lazy("menu", "Import"), "upload", "staff:import", ("manage_people", *MANAGE_PLACES)),
    ):
        nav.register(nav.Entry("desk", label, icon, name, order=order, group=group, show=having(*rights)))


def brand(request: HttpRequest | None) -> Brand:
    """Name of the platform as the place calls it, and the place."""
    place_id = place_id_of(request) if request is not None else 0
    if not place_id:
        return Brand()
    place = memory.of(place_id)
    language = get_language() or "zh-hans"
    return Brand(
        name=in_language(place.settings.get("title", ""), language),
        place=in_language(place.settings.get("name", place.name), language),
    )


def who(request: HttpRequest | None) -> Who | None:
    """The person, the role they act in, and their menu."""
    if request is None or not request.user.is_authenticated:
        return None
    menu: list[Mapping[str, Any]] = [
        {"label": _("My account"), "icon": "user-circle", "url": reverse("staff:me")},
        {"label": _("Change password"), "icon": "lock", "url": reverse("staff:password")},
    ]
    if getattr(request.user, "is_staff", False):
        menu.insert(
            1, {"label": pgettext("absence", "Away"), "icon": "calendar", "url": reverse("staff:away")}
        )
    seen = _sight(request)
    return Who(name=request.user.get_full_name(), post=roles_shown(seen) if seen else "", menu=menu)


def roles_shown(seen: Sight) -> str:
    """Names of the roles in a sight, in the current language."""
    if not seen.place_id:
        return ""
    roles = memory.of(seen.place_id).roles
    language = get_language() or "zh-hans"
    return "、".join(roles[code].name_in(language) for code in sorted(seen.roles) if code in roles)


def map_layers(request: HttpRequest | None) -> list[dict[str, Any]]:
    """Grids of the general layer, for every map."""
    place_id = place_id_of(request) if request is not None else 0
    if not place_id or not memory.of(place_id).layers:
        return []
    return [{"kind": "grid", "url": reverse("places:layer", args=[memory.of(place_id).layers_shown[0]])}]


def map_lookup(request: HttpRequest | None) -> str:
    """Where a map asks which grid a point lies in."""
    return reverse("places:at")


def banner(request: HttpRequest | None) -> str:
    """A line over every page of a demonstration."""
    return (
        _("Demonstration: the people are made up, sign-in is without a second factor.")
        if signin.demo()
        else ""
    )


def _sight(request: HttpRequest) -> Sight | None:
    """The sight, or None while the second factor is missing: the frame is drawn on that page too."""
    try:
        return sight.of(request)
    except SecondFactorNeeded:
        return None
