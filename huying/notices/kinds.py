"""The kinds of notices: how each looks, whether it is sent beyond the app, and when it is over by itself."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from huying.ui.choices import Look


@dataclass(frozen=True, slots=True)
class Kind:
    """*loud*: also by telephone or mail. *duty*: about work in hand, so it is over once the case moves on."""

    look: Look
    loud: bool = True
    duty: bool = True


KINDS: dict[str, Kind] = {
    "work": Kind(Look(_("New work"), "info", "inbox")),
    "returned": Kind(Look(_("Sent back"), "wait", "arrow-back-up")),
    "reopened": Kind(Look(_("Asked for again"), "bad", "refresh")),
    "near": Kind(Look(_("The limit is near"), "wait", "clock-exclamation"), loud=False),
    "sign": Kind(Look(_("Not reported in yet"), "wait", "bell-ringing")),
    "overdue": Kind(Look(_("Overdue"), "bad", "alert-triangle")),
    "urged": Kind(Look(_("Urged"), "bad", "speakerphone")),
    "instruction": Kind(Look(_("Leader's instruction"), "bad", "flag")),
    "resumed": Kind(Look(_("The clock runs again"), "wait", "player-play"), loud=False),
    "reminder": Kind(Look(_("Reminder"), "wait", "bell"), loud=False),
    "message": Kind(Look(_("A message for you"), "info", "message-circle"), duty=False),
    "rate": Kind(Look(_("Closed: how was it?"), "good", "star"), duty=False),
    "closed": Kind(Look(pgettext_lazy("notice", "Closed"), "good", "circle-check"), duty=False),
}
DUTY = tuple(code for code, kind in KINDS.items() if kind.duty)
URGENT = 2  # at this urgency a message does not wait for the morning

# What a flow's own notice codes mean here; a code that a preset made up is shown as a reminder.
FLOW_CODES = {
    "warn": "near", "overall-warn": "near", "overdue": "overdue", "overall-overdue": "overdue", "urge": "urged",
    "resumed": "resumed",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class About:
    """What a notice that is about no case says: words are looked up when it is shown, as with cases."""

    title: str
    number: str
    url: str


#: kind → (a person's sight, ids) → what of these they may know of; for kinds that rooms above bring in
ABOUT: dict[str, Callable[[Any, Iterable[UUID]], dict[UUID, About]]] = {}


def register(
    code: str, look: Look, about: Callable[[Any, Iterable[UUID]], dict[UUID, About]], *, loud: bool = False
) -> None:
    """Make a kind of notices known that is not about a case: over when it is read; *loud*: not in the app only."""
    KINDS[code] = Kind(look, loud=loud, duty=False)
    ABOUT[code] = about


def look_of(kind: str) -> Any:
    """How a kind is shown."""
    return KINDS.get(kind, KINDS["reminder"]).look
