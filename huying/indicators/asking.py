"""What a page of figures is asked for: of whom, of which days, broken down by what. Within the person's duty."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from huying import clock
from huying.cases import looks, naming
from huying.cases.lists import ZONE
from huying.indicators import periods
from huying.indicators.periods import Period
from huying.indicators.queries import Key
from huying.places.info import PlaceMemory
from huying.staff.sight import Sight
from huying.ui.typed import day_of, whole

CHOICES = ("d7", "d30", "month", "last_month", "quarter", "half", "year", "d365")
USUAL = "d30"
AREAS = ("town", "village", "grid")
LONGEST = 366  # days that figures may span, so that their cost has a bound


@dataclass(frozen=True, slots=True)
class Subject:
    """Whose figures: a level and its key. ``path`` (divisions only) says what lies below it."""

    by: str
    key: Key
    name: str
    path: str = ""

    @property
    def code(self) -> str:
        """As an address says it; "" for the place."""
        return "" if self.by == "place" else f"{self.by}:{self.key}"


@dataclass(frozen=True, slots=True)
class Asked:
    """A page's question. ``levels`` are those by which the subject can be broken down; ``level`` the one chosen."""

    subject: Subject
    period: Period
    choice: str  # one of CHOICES, "" for days chosen freely
    levels: tuple[str, ...]
    level: str
    mine: tuple[Subject, ...] = ()  # the subjects of the person's own duty

    def address(self, **over: Any) -> str:
        """The question as the query of an address; *over* replaces or (None) takes away."""
        values: dict[str, Any] = {"of": self.subject.code, "by": self.level}
        if self.choice:
            values["p"] = self.choice
        else:
            values |= {"since": self.period.start, "until": self.period.last}
        return urlencode({k: v for k, v in (values | over).items() if v not in (None, "")})


def ask(query: Mapping[str, Any], sight: Sight, memory: PlaceMemory) -> Asked | None:
    """What an address asks for; what makes no sense or lies outside of the duty is left out. None for nobody's duty."""
    mine = own_subjects(sight, memory)
    if not mine:
        return None
    wanted = str(query.get("of", ""))
    subject = subject_of(wanted, memory) if wanted else None
    if subject is None or not may_ask(subject, mine):
        subject = mine[0]
    period, choice = period_of(query)
    levels = levels_of(subject)
    level = str(query.get("by", ""))
    return Asked(subject, period, choice, levels, level if level in levels else next(iter(levels), ""), mine)


def own_subjects(sight: Sight, memory: PlaceMemory) -> tuple[Subject, ...]:
    """The place, the towns, villages and grids, or the organs that a person has a duty for."""
    found = []
    for path in sight.paths:
        row = memory.divisions.get(int(path.rstrip("/").rpartition("/")[2] or 0))
        if row is not None and (one := _of_division(row, memory)) is not None:
            found.append(one)
    for organ in sorted(sight.organs):
        if organ in memory.organs:
            found.append(Subject("organ", organ, memory.organ(organ).name))
    return tuple(found)


def _of_division(row: Any, memory: PlaceMemory) -> Subject | None:
    depth = len(row.ancestors)
    if depth == 1:
        return Subject("place", None, memory.name, row.path)
    if row.is_grid:
        return Subject("grid", row.id, row.name, row.path)
    if depth > 3:
        return None
    return Subject("town" if depth == 2 else "village", row.id, row.name, row.path)


def subject_of(code: str, memory: PlaceMemory) -> Subject | None:
    """The subject that an address names; None when there is none such."""
    by, _sep, key = code.partition(":")
    preset, number = memory.preset, whole(key)
    if by == "organ" and number in memory.organs and number is not None:
        return Subject(by, number, memory.organ(number).name)
    if by in AREAS and number in memory.divisions and number is not None:
        return _of_division(memory.division(number), memory)
    if by == "item" and preset is not None and key in preset.items:
        return Subject(by, key, naming.item_name(preset, key))
    if by == "channel" and key in looks.channels(preset):
        return Subject(by, key, looks.channel_name(preset, key))
    return None


def may_ask(subject: Subject, mine: tuple[Subject, ...]) -> bool:
    """Whether one of a person's own subjects holds this one."""
    for own in mine:
        if own.by == "place" or (own.by, own.key) == (subject.by, subject.key):
            return True
        if own.path and subject.path.startswith(own.path):
            return True
    return False


def levels_of(subject: Subject) -> tuple[str, ...]:
    """By what a subject's figures can be broken down."""
    if subject.by == "place":
        return ("town", "organ", "village", "grid", "item", "channel")
    return {"town": ("village", "grid"), "village": ("grid",)}.get(subject.by, ())


def keys_below(asked: Asked, memory: PlaceMemory) -> list[Key] | None:
    """The keys that the chosen level is narrowed to; None for all."""
    if asked.subject.by not in ("town", "village"):
        return None
    rows = memory.divisions.values()
    if asked.level == "grid":
        return [row.id for row in rows if row.is_grid and row.path.startswith(asked.subject.path)]
    return [row.id for row in rows if row.parent_id == asked.subject.key and not row.is_grid]


def key_name(by: str, key: Key, memory: PlaceMemory) -> str:
    """What a key of a level is called."""
    preset = memory.preset
    if by == "organ" and key in memory.organs:
        return memory.organ(int(key or 0)).name
    if by in AREAS and key in memory.divisions:
        return memory.division(int(key or 0)).name
    if by == "item" and preset is not None:
        return naming.item_name(preset, str(key)) or str(key)
    if by == "channel":
        return looks.channel_name(preset, str(key))
    return memory.name if by == "place" else str(key)


def period_of(query: Mapping[str, Any]) -> tuple[Period, str]:
    """The days that an address asks for, and which choice it was."""
    today = clock.now().astimezone(ZONE).date()
    since, until = day_of(query.get("since")), day_of(query.get("until"))
    choice = str(query.get("p", ""))
    if since is not None and not choice and since <= (last := min(until or today, today)):
        return Period(max(since, last - timedelta(days=LONGEST - 1)), last + timedelta(days=1)), ""
    return _chosen(choice if choice in CHOICES else USUAL, today)


def _chosen(choice: str, today: date) -> tuple[Period, str]:
    if choice.startswith("d"):
        return Period(today - timedelta(days=int(choice[1:]) - 1), today + timedelta(days=1)), choice
    y, m = today.year, today.month
    made = {
        "month": periods.month(y, m), "last_month": periods.month(y, m).before(),
        "quarter": periods.quarter(y, (m + 2) // 3), "half": periods.half(y, 1 + (m > 6)), "year": periods.year(y),
    }  # fmt: skip
    return made[choice], choice


def choice_names() -> list[tuple[str, str]]:
    """The periods to choose from, in words."""
    names = {
        "d7": _("Last 7 days"), "d30": _("Last 30 days"), "month": _("This month"), "last_month": _("Last month"),
        "quarter": _("This quarter"), "half": _("This half-year"), "year": _("This year"), "d365": _("Last 365 days"),
    }  # fmt: skip
    return [(code, names[code]) for code in CHOICES]


def level_names(memory: PlaceMemory) -> dict[str, str]:
    """What the levels are called here."""
    return {
        "place": _("Whole place"), "town": _("Towns and streets"), "organ": _("Organs"),
        "village": _("Villages and communities"), "grid": pgettext("level", "Grids"), "item": pgettext("level", "Items"),
        "channel": pgettext("level", "Channels"),
    }  # fmt: skip
