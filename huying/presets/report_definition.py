"""What reports.yaml says: which reports a place makes, when, with which sections, and for whom."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, time

from huying.presets.definition import Words

PERIODS = ("day", "week", "month", "quarter", "half", "year")

#: What a section of each kind may say besides kind, id, title and note. The first ones in capitals are required.
SECTIONS: dict[str, tuple[str, ...]] = {
    "text": ("text",),
    "figures": ("INDICATORS", "compare"),
    "ranking": ("BY", "INDICATORS", "order", "most", "least"),
    "standings": ("LEVEL", "most"),
    "chart": ("INDICATOR", "step", "by", "span", "most"),
    "topics": ("INDICATOR", "most", "least"),
    "cases": ("most",),
    "overdue": ("most",),
    "shirking": ("MOVES", "most"),
    "orders": ("most",),
    "bulletins": ("most",),
    "deductions": ("most",),
    "named": ("most", "overdue", "shirking", "days"),
    "effect": ("INDICATORS", "PILOTS", "CUT", "months"),
}
COMPARE = ("before", "year_before")
STEPS = ("day", "week", "month")
GROUPS = ("organ", "town", "village", "grid", "item", "channel")


@dataclass(frozen=True, slots=True)
class Section:
    """One section. *text* may hold ``{indicator}``, ``{indicator:before}``, ``{indicator:year_before}`` (the change,
    in words), ``{indicator:numerator}`` (a number), ``{place}``, ``{period}``, ``{organs}`` (how many are named)."""

    id: str
    kind: str
    title: Words
    text: str = ""
    indicators: tuple[str, ...] = ()
    compare: tuple[str, ...] = COMPARE
    by: str = ""
    level: str = ""
    order: str = ""
    step: str = ""
    span: int = 0  # steps drawn; 0: those of the period
    most: int = 10
    least: int = 5
    moves: tuple[str, ...] = ()
    overdue: int = 0  # named: from so many overdue cases
    shirking: int = 0  # named: from so many refused returns
    days: int = 5  # named: workdays to put it right
    pilots: tuple[str, ...] = ()
    cut: date | None = None
    months: int = 12
    line: int = 0


@dataclass(frozen=True, slots=True)
class Schedule:
    """Made on the *workday*-th workday after the period's last day (0: the very next day), from that time on."""

    workday: int
    at: time


@dataclass(frozen=True, slots=True)
class ReportKind:
    """A report that the place makes. *tier*: of every division of that tier there is one; *number* runs in a year."""

    code: str
    name: Words
    period: str
    tier: str
    head: str
    office: str
    number: str
    title: str
    schedule: Schedule | None
    edit: tuple[str, ...]
    issue: tuple[str, ...]
    roles: tuple[str, ...]
    organs: tuple[str, ...]
    sections: tuple[Section, ...]
    copies: str = ""
    line: int = 0

    def section(self, ident: str) -> Section | None:
        """The section with that id."""
        return next((one for one in self.sections if one.id == ident), None)


@dataclass(frozen=True, slots=True)
class Reports:
    """reports.yaml."""

    kinds: Mapping[str, ReportKind] = field(default_factory=dict)
