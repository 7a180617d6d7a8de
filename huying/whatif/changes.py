"""What is to be changed in a study, as data: read, checked against the place, laid over the setting.

name: 处置时限缩短
limits:
  steps: {handle: 3 workdays, organ-leg.handle: 3 workdays}
  items: {E101: 2 workdays, E102: {arrive: 1 work hours}}
routing: {E101: chengguan}
calendar:
  - {organ: chengguan, hours: [["08:00", "12:00"], ["13:00", "18:00"]], open: [2026-02-21], closed: []}
staff: {chengguan: 1.5, centre: {factor: 2, effect: full}}
arrivals: 1.2
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from huying.cases.world import span_of
from huying.flow.definition import Span
from huying.flow.source import Problem, Source, parse_yaml
from huying.whatif.setting import Setting
from huying.worktime import Calendar
from huying.worktime.hours import HoursError, parse_hours
from huying.worktime.limits import LimitError

PARTS = ("name", "limits", "routing", "calendar", "staff", "arrivals")
EFFECTS = ("measured", "full")
MOST = 60  # single changes in one study


class ChangesRefused(ValueError):
    """The changes cannot be used; ``problems`` says why, each with its line."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("\n".join(str(problem) for problem in problems))
        self.problems = problems


@dataclass(frozen=True, slots=True)
class Changes:
    """Checked changes. Owners are owner keys; "" in ``calendars`` is the whole place."""

    name: str = ""
    step_limits: Mapping[tuple[str, str], Span] = field(default_factory=dict)
    item_limits: Mapping[tuple[str, str], Span] = field(default_factory=dict)
    routes: Mapping[str, str] = field(default_factory=dict)
    calendars: Mapping[str, tuple[Any, tuple[date, ...], tuple[date, ...]]] = field(default_factory=dict)
    staff: Mapping[str, float] = field(default_factory=dict)
    full: frozenset[str] = frozenset()
    arrivals: float = 1.0

    @property
    def empty(self) -> bool:
        """Whether nothing is changed."""
        parts = (self.step_limits, self.item_limits, self.routes, self.calendars, self.staff)
        return not any(parts) and self.arrivals == 1.0


def read(text: str, memory: Any, file: str = "changes.yaml") -> Changes:
    """Changes from YAML for a place. Raises ChangesRefused with every problem (file, line, what, how to mend)."""
    source, problems = parse_yaml(text, file)
    if source is None:
        raise ChangesRefused(problems)
    return _Reader(source, memory).read()


def from_plain(data: Any, memory: Any, file: str = "changes") -> Changes:
    """The same from plain data (of a form, or as a study keeps it)."""
    return _Reader(Source(file, data, {}), memory).read()


class _Reader:
    def __init__(self, source: Source, memory: Any) -> None:
        self.source, self.memory, self.preset = source, memory, memory.preset
        self.problems: list[Problem] = []

    def wrong(self, path: tuple[Any, ...], what: str, mend: str, code: str) -> None:
        self.problems.append(Problem(self.source.file, self.source.line(*path), what, mend, code))

    def read(self) -> Changes:
        data = self.source.data
        if not isinstance(data, Mapping):
            self.wrong(
                (),
                "this is not a mapping of changes",
                "Write parts such as limits: or staff:",
                "not-a-mapping",
            )
            raise ChangesRefused(self.problems)
        for key in data:
            if key not in PARTS:
                self.wrong(
                    (key,),
                    f"“{key}” is no part of a change",
                    f"Use one of: {', '.join(PARTS)}",
                    "unknown-part",
                )
        limits = self.mapping(("limits",))
        for key in limits:
            if key not in ("steps", "items"):
                self.wrong(
                    ("limits", key), f"“{key}” is no kind of limit", "Use steps: or items:", "unknown-part"
                )
        staff, full = self.staff()
        made = Changes(
            str(data.get("name") or "")[:60], self.steps(), self.items(), self.routes(), self.calendars(), staff, full,
            self.number(("arrivals",), data.get("arrivals", 1), 0.1, 5.0),
        )  # fmt: skip
        count = sum(
            len(x) for x in (made.step_limits, made.item_limits, made.routes, made.calendars, made.staff)
        )
        if count > MOST:
            self.wrong((), f"{count} changes at once", f"Study at most {MOST} together", "too-many")
        if self.problems:
            raise ChangesRefused(self.problems)
        return made

    def mapping(self, path: tuple[Any, ...]) -> Mapping[Any, Any]:
        found: Any = self.source.data
        for part in path:
            found = found.get(part) if isinstance(found, Mapping) else None
        if found is None:
            return {}
        if not isinstance(found, Mapping):
            self.wrong(path, f"“{path[-1]}” is not a mapping", "Write name: value", "not-a-mapping")
            return {}
        return found

    def span(self, path: tuple[Any, ...], text: Any) -> Span | None:
        try:
            return span_of(str(text))
        except LimitError as error:
            self.wrong(path, f"“{text}” is not a limit", str(error), "bad-limit")
            return None

    def steps(self) -> dict[tuple[str, str], Span]:
        found = {}
        first = next(iter(self.preset.kinds.values())).flow
        for key, text in self.mapping(("limits", "steps")).items():
            flow, _, step = str(key).rpartition(".")
            flow = flow or first
            known = self.preset.flows.get(flow)
            path = ("limits", "steps", key)
            if known is None or step not in known.steps:
                names = ", ".join(known.steps) if known is not None else ", ".join(self.preset.flows)
                self.wrong(path, f"there is no step “{key}”", f"Use one of: {names}", "unknown-step")
            elif (span := self.span(path, text)) is not None:
                found[flow, step] = span
        return found

    def items(self) -> dict[tuple[str, str], Span]:
        found = {}
        for code, given in self.mapping(("limits", "items")).items():
            path = ("limits", "items", code)
            if str(code) not in self.preset.items:
                self.wrong(path, f"there is no item “{code}”", "Use a code of catalogue.csv", "unknown-item")
                continue
            phases = given if isinstance(given, Mapping) else {"handle": given}
            for phase, text in phases.items():
                if phase not in ("accept", "arrive", "handle"):
                    self.wrong(
                        path, f"“{phase}” has no limit", "Use accept, arrive or handle", "unknown-phase"
                    )
                elif (span := self.span(path, text)) is not None:
                    found[str(code), str(phase)] = span
        return found

    def organ(self, path: tuple[Any, ...], code: Any) -> str:
        organ = self.memory.organ_by_code(str(code))
        if organ is None:
            self.wrong(path, f"there is no organ “{code}”", "Use a code of organs.csv", "unknown-organ")
            return ""
        # The desk works under the centre's name.
        if (
            self.memory.centre is not None
            and organ.id == self.memory.centre.id
            and self.memory.top is not None
        ):
            return f"desk:{self.memory.top.id}"
        return f"organ:{organ.id}"

    def routes(self) -> dict[str, str]:
        found = {}
        for code, organ in self.mapping(("routing",)).items():
            path = ("routing", code)
            if str(code) not in self.preset.items:
                self.wrong(path, f"there is no item “{code}”", "Use a code of catalogue.csv", "unknown-item")
            elif owner := self.organ(path, organ):
                found[str(code)] = owner
        return found

    def calendars(self) -> dict[str, tuple[Any, tuple[date, ...], tuple[date, ...]]]:
        found: dict[str, tuple[Any, tuple[date, ...], tuple[date, ...]]] = {}
        rows = self.source.data.get("calendar") or []
        if not isinstance(rows, list):
            self.wrong(
                ("calendar",), "“calendar” is not a list", "Write - {organ: …, hours: …}", "not-a-list"
            )
            return found
        for n, row in enumerate(rows):
            path = ("calendar", n)
            if not isinstance(row, Mapping) or not row.keys() <= {"organ", "hours", "open", "closed"}:
                self.wrong(
                    path,
                    "this is no change of office hours",
                    "Write organ, hours, open, closed",
                    "bad-calendar",
                )
                continue
            code = row.get("organ")
            owner = "" if code in (None, "", "all") else self.organ((*path, "organ"), code)
            try:
                hours = parse_hours(row["hours"]) if row.get("hours") else None
            except HoursError as error:
                self.wrong((*path, "hours"), "these are not office hours", str(error), "bad-hours")
                continue
            found[owner] = (hours, self.days((*path, "open"), row), self.days((*path, "closed"), row))
        return found

    def days(self, path: tuple[Any, ...], row: Mapping[str, Any]) -> tuple[date, ...]:
        found = []
        for text in row.get(str(path[-1])) or ():
            try:
                found.append(date.fromisoformat(str(text)))
            except ValueError:
                self.wrong(path, f"“{text}” is not a day", "Write it as 2026-02-21", "bad-day")
        return tuple(found)

    def staff(self) -> tuple[dict[str, float], frozenset[str]]:
        found, full = {}, set()
        for code, given in self.mapping(("staff",)).items():
            path = ("staff", code)
            owner = self.organ(path, code)
            row = given if isinstance(given, Mapping) else {"factor": given}
            effect = row.get("effect", "measured")
            if effect not in EFFECTS:
                self.wrong(
                    path, f"“{effect}” is no effect", f"Use one of: {', '.join(EFFECTS)}", "unknown-effect"
                )
            factor = self.number(path, row.get("factor"), 0.1, 10.0)
            if owner:
                found[owner] = factor
                if effect == "full":
                    full.add(owner)
        return found, frozenset(full)

    def number(self, path: tuple[Any, ...], value: Any, low: float, high: float) -> float:
        if isinstance(value, bool) or not isinstance(value, (int, float)) or not low <= value <= high:
            self.wrong(
                path,
                f"“{value}” is not a number from {low:g} to {high:g}",
                "Write one such as 1.5",
                "bad-number",
            )
            return 1.0
        return float(value)


def apply(setting: Setting, changes: Changes) -> Setting:
    """The setting with the changes laid over it."""
    calendars = {owner: _calendar(setting.calendar(owner), row) for owner, row in changes.calendars.items()}
    base = setting.calendar
    place = base("")
    whole = calendars.get("")

    def calendar(owner: str) -> Calendar:
        own = calendars.get(owner)
        if own is not None:
            return own
        found = base(owner)
        return whole if whole is not None and found is place else found

    return setting.changed(
        calendar=calendar, step_limits=changes.step_limits, item_limits=changes.item_limits, routes=changes.routes,
        staff=changes.staff, full=changes.full,
    )  # fmt: skip


def _calendar(old: Calendar, row: tuple[Any, tuple[date, ...], tuple[date, ...]]) -> Calendar:
    hours, opened, closed = row
    days: dict[date, Any] = dict(old.holidays)
    days.update(dict.fromkeys(opened, "work"))
    days.update(dict.fromkeys(closed, "off"))
    return Calendar(hours if hours is not None else old.hours, days, zone=old.zone.key, years=old.years)
