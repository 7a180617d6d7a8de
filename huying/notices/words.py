"""Notices and messages in words, made when they are shown or sent; nothing of this is kept."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from uuid import UUID

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from huying.cases import tracks
from huying.cases.models import Case, Contact
from huying.ui.hooks import url_or_empty


@dataclass(frozen=True, slots=True)
class Said:
    """A message in the current language, and its parts for gateways with templates of their own."""

    subject: str
    text: str
    params: Mapping[str, str] = field(default_factory=dict)


# What goes out of the house names no person, no place and nothing of what was reported: the number is enough.
TEXTS = {
    "work": gettext_lazy("New work for you: case %(number)s. Please report in."),
    "returned": gettext_lazy("Case %(number)s was sent back to you."),
    "reopened": gettext_lazy("The caller was not satisfied: case %(number)s is open again."),
    "sign": gettext_lazy("Case %(number)s: half of the time is over and nobody has reported in."),
    "overdue": gettext_lazy("Case %(number)s is overdue."),
    "urged": gettext_lazy("Case %(number)s: you are urged to settle it."),
    "instruction": gettext_lazy("Case %(number)s: a leader has given an instruction."),
    "message": gettext_lazy("There is a message for you about your call, number %(number)s."),
    "rate": gettext_lazy("Your call, number %(number)s, is closed. Please say how it was."),
    "closed": gettext_lazy("Your call, number %(number)s, is closed."),
}
# Of what is not a case: no names either, and how many comes from whoever brought the kind in.
NAMELESS = {"pool": gettext_lazy("There is something for you to claim.")}


Link = Callable[[Case, Contact | None, UUID | None], str]
_LINKS: dict[str, Link] = {}


def lead_to(template: str, link: Link) -> None:
    """Have the messages of a kind carry the link that another room gives, for a contact or a person; "" for the usual one."""
    _LINKS[template] = link


def link_of(template: str, case: Case, caller: Contact | None, person_id: UUID | None) -> str:
    """The path that a room gave for this message; "" where none does."""
    return _LINKS[template](case, caller, person_id) if template in _LINKS else ""


def message(template: str, case: Case, track: str = "", link: str = "") -> Said:
    """The message of a kind about a case; *track* is the track code of a caller without an account, *link* the path of a
    page that asks for no signing in."""
    params = {"number": case.number}
    text = str(TEXTS.get(template, gettext_lazy("There is news about case %(number)s."))) % params
    base = _address()
    if base and link:
        params["link"] = base + link
    elif base and track:
        params["link"] = base + reverse("cases:track_link", args=[track])
    elif base:
        params["link"] = base + reverse("notices:notices")
    elif track:
        params["code"] = tracks.shown(track)
    if "link" in params:
        text = f"{text} {params['link']}"
    elif code := params.get("code"):
        text = text + " " + _("Track code: %(code)s") % {"code": code}
    return Said(_("Notice about %(number)s") % params, text, params)


def plain_message(template: str) -> Said:
    """The message of a kind that is not about a case."""
    text, params = str(NAMELESS.get(template, gettext_lazy("There is news for you."))), {}
    if base := _address():
        params["link"] = base + reverse("notices:notices")
        text = f"{text} {params['link']}"
    return Said(_("Notice"), text, params)


def code_message(code: str, minutes: int) -> Said:
    """A one-time code in words."""
    params = {"code": code, "minutes": str(minutes)}
    text = _("Your code is %(code)s. It holds for %(minutes)s minutes; tell it to nobody.") % params
    return Said(_("One-time code"), text, params)


def _address() -> str:
    """The platform's own address for links, "" when the operator named none."""
    named = getattr(settings, "CSRF_TRUSTED_ORIGINS", None) or [""]
    return str(named[0]).rstrip("/") if "*" not in named[0] else ""


def case_url(case: Case, *, resident: bool) -> str:
    """The page of a case for the person who reads the notice."""
    return url_or_empty("cases:track_case" if resident else "cases:case", number=case.number)
