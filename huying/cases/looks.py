"""What kinds of calls, channels, urgencies and results are called and how they look; one place for every screen."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from huying.cases.models import Case
from huying.cases.naming import english
from huying.cases.sight import CLOSED_CALLS
from huying.cases.who import API, CLOCK, DELEGATE, DESK, GRID, IMPORT, REVIEW, WEB
from huying.presets.queries import compiled
from huying.ui.choices import LOOKS, Look

Label = str | Promise

CALLS: dict[str, Label] = {
    "consult": pgettext_lazy("call", "Question"),
    "help": pgettext_lazy("call", "Request for help"),
    "complaint": pgettext_lazy("call", "Complaint"),
    "report": pgettext_lazy("call", "Report of wrongdoing"),
    "suggestion": pgettext_lazy("call", "Suggestion"),
}
CALL_ICONS = {
    "consult": "message-circle", "help": "help-circle", "complaint": "thumb-down", "report": "speakerphone",
    "suggestion": "bulb",
}  # fmt: skip

# Ways in which a case comes about, where the place's own files do not name them.
CHANNELS: dict[str, Label] = {
    WEB: pgettext_lazy("channel", "Residents' page"),
    GRID: pgettext_lazy("channel", "Grid workers' page"),
    DESK: pgettext_lazy("channel", "Desk"),
    DELEGATE: pgettext_lazy("channel", "Delegate"),
    IMPORT: pgettext_lazy("channel", "Import"),
    API: pgettext_lazy("channel", "Another system"),
    CLOCK: pgettext_lazy("channel", "Opened by schedule"),
    REVIEW: pgettext_lazy("channel", "Opened for a review"),
}
# Of these no preset speaks: nobody calls through them.
_NOBODYS = (CLOCK, REVIEW)

# Results that flows of every place may give; a preset's own words for others are shown as they stand.
RESULTS: dict[str, Look] = {
    "solved": LOOKS["solved"],
    "partly": LOOKS["partly"],
    "unsolved": LOOKS["unsolved"],
    "answered": Look(_("Answered"), "good", "message-circle"),
    "refused": LOOKS["refused"],
    "beyond_powers": Look(_("Beyond powers"), "neutral", "ban"),
    "unfounded": Look(_("Found untrue"), "neutral", "circle-x"),
    "void": LOOKS["void"],
    "merged": LOOKS["merged"],
    "returned": LOOKS["returned"],
    "done": Look(_("Done"), "good", "circle-check"),
    "silent": Look(_("No view in time"), "wait", "clock-exclamation"),
    "cancelled": Look(_("Cancelled"), "neutral", "ban"),
    "mediated": Look(_("Settled by mediation"), "good", "users-group"),
    "routed": Look(_("Passed to a legal channel"), "neutral", "arrow-right"),
    "removed": Look(_("Hazard removed"), "good", "shield-check"),
    "transferred": Look(_("Continued as another case"), "neutral", "arrows-exchange"),
    "withdrawn": Look(_("Withdrawn by those concerned"), "neutral", "arrow-back-up"),
    "missed": Look(pgettext_lazy("round", "Missed"), "bad", "calendar-off"),
    "unclaimed": Look(_("Nobody claimed it"), "wait", "clock-exclamation"),
}
# The rating as cases keep it (huying.cases.actions.state.SATISFACTION).
RATINGS: dict[int, Look] = {1: LOOKS["dissatisfied"], 2: LOOKS["fairly"], 3: LOOKS["satisfied"]}
PARTS: dict[str, Label] = {
    "lead": pgettext_lazy("part", "Lead"),
    "support": pgettext_lazy("part", "Support"),
    "opinion": pgettext_lazy("part", "View"),
}


def lang() -> str:
    """The language of the page, as presets name it."""
    return "en" if english() else "zh"


def call_look(code: str) -> Look:
    """A kind of call: its name and icon."""
    return Look(CALLS.get(code, code), "neutral", CALL_ICONS.get(code, "message-report"))


def is_paper(case: Case) -> bool:
    """Whether the case is a paper of the authorities (its kind takes a right to open), not a call."""
    kind = compiled(case.edition_id).kinds.get(case.kind)
    return kind is not None and bool(kind.right)


def sort_look(case: Case) -> Look:
    """What sort of case it is: the kind of call, or of a paper of the authorities its own name."""
    kind = compiled(case.edition_id).kinds.get(case.kind)
    if kind is not None and kind.right:
        return Look(kind.name.text(lang()), "neutral", "file-text")
    return call_look(case.call)


def result_look(code: str) -> Look:
    """The result of a case or of an organ's part."""
    return RESULTS.get(code, Look(code))


def phase_look(phase: str, name: str) -> Look:
    """A step under the place's own name, in the colours of its phase."""
    of_phase = LOOKS.get(phase, Look(name))
    # "Waiting for your rating" is the caller's concern; for staff the case is done.
    tone = "neutral" if phase == "rate" else of_phase.tone
    return Look(name, tone, of_phase.icon)


def urgency_look(urgency: int) -> Look:
    """How urgent a case is: 0 ordinary, 1 urgent, 2 critical."""
    return LOOKS[("normal", "urgent", "critical")[min(max(urgency, 0), 2)]]


def rating_name(satisfaction: int | None) -> str:
    """The caller's rating in words; empty when there is none."""
    look = RATINGS.get(satisfaction) if satisfaction is not None else None
    return str(look.label) if look is not None else ""


def channel_name(preset: Any, code: str) -> str:
    """How the place calls a channel, else how the platform does; the code of one that neither knows."""
    return channels(preset).get(code) or str(CHANNELS.get(code, code))


def channels(preset: Any) -> dict[str, str]:
    """The channels of the place by code, as it calls them, and those through which the platform itself opens cases."""
    lang = "en" if english() else "zh"
    own = {
        one.code: str(one.name.text(lang)) for one in (preset.place.channels if preset is not None else ())
    }
    return {code: str(CHANNELS[code]) for code in _NOBODYS} | own


def outside_source(case: Case) -> tuple[str, str]:
    """The other system that a case came from, and its number there; nothing for marks of the platform's own."""
    own = case.channel in _NOBODYS or case.source == REVIEW
    return ("", "") if own else (case.source, case.source_number)


def chips(case: Case, step: str, now: datetime, *, unread: bool = False) -> list[Look]:
    """The chips at the head of a case: where it stands, and what is special about it."""
    found = [phase_look(case.phase, step), sort_look(case)]
    if case.closed_at is None and case.due_at is not None and case.due_at < now:
        found.append(LOOKS["overdue"])
    if case.paused_at is not None and case.closed_at is None:
        found.append(LOOKS["paused"])
    found += special(case)
    if case.result:
        found.append(result_look(case.result))
    return [LOOKS["unread"], *found] if unread else found


def special(case: Case) -> list[Look]:
    """What is special about a case wherever it stands: urgent, confidential, anonymous, reopened."""
    found = []
    if case.urgency:
        found.append(LOOKS["critical" if case.urgency > 1 else "urgent"])
    if case.confidential or case.call in CLOSED_CALLS:
        found.append(LOOKS["confidential"])
    if case.anonymous and not is_paper(case):
        found.append(Look(_("Anonymous"), "neutral", "user-off"))
    if case.round > 1:
        found.append(Look(_("Reopened"), "wait", "rotate"))
    return found
