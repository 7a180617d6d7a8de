"""Figures in the words that people read."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from huying.cases.naming import owner_name
from huying.places.info import PlaceMemory
from huying.whatif.stays import CALLER


def hours(value: float, *, wall: bool = False) -> str:
    """A time in hours: minutes when short, days when long (a working day is seven hours)."""
    day = 24.0 if wall else 7.0
    if value < 1:
        number, word = f"{60 * value:.0f}", _("%s min") if wall else _("%s work min")
    elif value < 2 * day:
        number, word = f"{value:.1f}", _("%s h") if wall else _("%s work h")
    else:
        number, word = f"{value / day:.1f}", _("%s days") if wall else _("%s workdays")
    return word % number


def owner(memory: PlaceMemory, key: str) -> str:
    """Who an owner is; never which resident."""
    if key == CALLER:
        return _("the caller")
    kind, _sep, rest = key.partition(":")
    if kind == "organ" and rest.isdecimal() and int(rest) in memory.organs:
        row = memory.organ(int(rest))
        return row.short or row.name
    centre = memory.centre
    if kind == "desk" and centre is not None and memory.top is not None and rest == str(memory.top.id):
        return centre.short or centre.name
    return owner_name(memory, key) or _("somebody else")


def percent(value: Any) -> str:
    """A share as per cent with one decimal; a dash for nothing."""
    return "—" if value is None else f"{100 * value:.1f}%"


def points(value: float) -> str:
    """A difference of two shares in percentage points, with its sign."""
    return f"{100 * value:+.1f}"


def warning(memory: PlaceMemory, row: list[Any]) -> str:
    """What has to be said beside a result."""
    code, *rest = row
    given: dict[str, Any] = {"n": rest[0]}
    if code == "thin":
        given = {"who": owner(memory, rest[0]), "n": rest[1]}
    elif code == "off":
        given = {"n": f"{rest[0]:+.1f}"}
    elif code == "pace":
        given = {"n": f"{2 ** rest[0]:.1f}"}
    said: str = _warnings().get(code, code) % given
    return said


def _warnings() -> dict[str, str]:
    return {
        "few_cases": _("Only %(n)s calls came in during this period: too few to trust small differences."),
        "off": _(
            "Played again unchanged, the period comes out %(n)s points beside what really happened. Read the difference "
            "between the two replays, not the rates themselves."
        ),
        "thin": _("%(who)s finished only %(n)s turns in this period: what is said of it is a guess."),
        "no_load": _(
            "The record does not show that work takes longer when more is open. By that measure more staff would change "
            "little; choose the other effect to see what at most could be gained."
        ),
        "pace": _(
            "Where people had twice the time on record, they took %(n)s times as long. The replay takes it that they would "
            "do so again under the new limits."
        ),
        "hours": _(
            "The replay takes it that an hour of work stays an hour of work when the office opens longer."
        ),
    }


def problem(code: str) -> str:
    """Why a study could not be done."""
    return {
        "period": _("Choose a period of 3 to 366 days that is over."),
        "waiting": _("Several studies are waiting already; wait until one is done."),
        "history": _("Nothing is on record for this period."),
        "called-off": _("It was called off before it was done."),
        "cut-off": _("The worker was stopped twice while it was at it."),
    }.get(code, _("It went wrong; the record of the worker says why."))
