"""How a state looks: label, tone and icon in one place, so that a word has the same colour on every screen.

A tone is never the only sign of a state: every chip carries an icon and a word as well.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.utils.translation import gettext_lazy as _

#: Every tone with its meaning and the icon that stands for it when nothing better is named.
TONES: dict[str, str] = {
    "neutral": "info-circle",  # no particular feeling: counts, kinds, closed
    "info": "circle-check",  # going on as it should
    "wait": "clock",  # somebody should look: due soon, waiting for an answer
    "good": "circle-check",  # done, solved, satisfied
    "bad": "alert-triangle",  # late, refused, dissatisfied
    "hold": "player-pause",  # paused, on the shelf
}


@dataclass(frozen=True)
class Look:
    """Label (may be lazily translated), tone (a key of TONES) and icon (a name in @tabler/icons)."""

    label: Any
    tone: str = "neutral"
    icon: str = ""

    def __post_init__(self) -> None:
        if self.tone not in TONES:
            raise ValueError(f"unknown tone {self.tone!r}; one of {', '.join(TONES)}")


#: Looks that every room shares. A room adds its own with `add_looks` when it starts.
LOOKS: dict[str, Look] = {
    # the common phases of a case
    "report": Look(_("Reported"), "info", "send"),
    "accept": Look(_("Being accepted"), "info", "clipboard-check"),
    "dispatch": Look(_("Being assigned"), "info", "arrows-split-2"),
    "handle": Look(_("Being handled"), "info", "tools"),
    "verify": Look(_("Being checked"), "info", "checklist"),
    "close": Look(_("Closed"), "good", "circle-check"),
    "rate": Look(_("Waiting for your rating"), "wait", "star"),
    "archive": Look(_("Archived"), "neutral", "archive"),
    # time
    "on_time": Look(_("On time"), "good", "clock"),
    "due_soon": Look(_("Due soon"), "wait", "clock-exclamation"),
    "overdue": Look(_("Overdue"), "bad", "alert-triangle"),
    "paused": Look(_("Clock stopped"), "hold", "clock-pause"),
    "shelved": Look(_("Pending shelf"), "hold", "bookmark"),
    "supervised": Look(_("Under supervision"), "bad", "flag"),
    # outcome
    "solved": Look(_("Solved"), "good", "circle-check"),
    "partly": Look(_("Partly solved"), "wait", "circle-check"),
    "unsolved": Look(_("Not solved"), "bad", "circle-x"),
    "refused": Look(_("Not accepted"), "neutral", "ban"),
    "returned": Look(_("Returned"), "wait", "arrow-back-up"),
    "merged": Look(_("Merged"), "neutral", "git-merge"),
    "void": Look(_("Void"), "neutral", "ban"),
    # satisfaction
    "satisfied": Look(_("Satisfied"), "good", "mood-smile"),
    "fairly": Look(_("Fairly satisfied"), "wait", "mood-neutral"),
    "dissatisfied": Look(_("Dissatisfied"), "bad", "mood-sad"),
    "unrated": Look(_("Not rated"), "neutral", "star"),
    # urgency
    "normal": Look(_("Normal"), "neutral", "minus"),
    "urgent": Look(_("Urgent"), "wait", "urgent"),
    "critical": Look(_("Critical"), "bad", "urgent"),
    # who may see
    "public": Look(_("Public"), "neutral", "world"),
    "internal": Look(_("Internal"), "neutral", "lock"),
    "confidential": Look(_("Confidential"), "hold", "shield-lock"),
    "unread": Look(_("Unread"), "info", "mail"),
    "suggested": Look(_("Suggested by the system"), "hold", "bulb"),
    "automatic": Look(_("Assigned automatically"), "hold", "bolt"),
}


def add_looks(**looks: Look) -> None:
    """Adds a room's own states. A key that means something else already is a mistake: ValueError."""
    for key, look in looks.items():
        if LOOKS.get(key, look) != look:
            raise ValueError(f"the look {key!r} is taken")
        LOOKS[key] = look


def look_of(state: Any, *, label: Any = "", tone: str = "", icon: str = "") -> Look:
    """The look of a state given as a key, a Look, or anything with label, tone and icon (mapping or attributes).

    An unknown word is shown as it is, neutrally. `label`, `tone` and `icon` override.
    """
    if isinstance(state, Look):
        look = state
    elif isinstance(state, str):
        look = LOOKS.get(state, Look(state))
    elif isinstance(state, Mapping):
        look = Look(state.get("label", ""), state.get("tone") or "neutral", state.get("icon") or "")
    else:
        look = Look(
            getattr(state, "label", state),
            getattr(state, "tone", None) or "neutral",
            getattr(state, "icon", None) or "",
        )
    look = replace(look, label=label or look.label, tone=tone or look.tone, icon=icon or look.icon)
    return look if look.icon else replace(look, icon=TONES[look.tone])
