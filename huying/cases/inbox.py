"""An inbox as its page shows it: what was asked for, the lines in words, and a person's saved filters."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.http import QueryDict

from huying import clock
from huying.cases import lists, looks, naming
from huying.cases.lists import Filter, Page
from huying.cases.models import Case, Leg
from huying.cases.queries import unread
from huying.places.info import PlaceMemory
from huying.presets.queries import compiled
from huying.staff.sight import Sight
from huying.ui.choices import Look
from huying.ui.typed import day_of

STATES = ("open", "soon", "overdue", "paused", "closed", "unplaced")
WORDS = ("q", "step", "item", "call", "channel", "state")
LONGEST = 80  # characters of any one value


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a list: a case, or an organ's part of one, in words."""

    case: Case
    leg: Leg | None
    unread: bool
    step: Look
    call: Look
    special: Sequence[Look]
    item: str
    where: str
    owner: str
    due_at: datetime | None
    paused: bool

    @property
    def pick(self) -> str:
        """What a tick box sends: case, part, and the version that is being looked at."""
        return f"{self.case.id}:{self.leg.id if self.leg is not None else ''}:{self.case.version}"


def filter_of(query: QueryDict, sight: Sight, memory: PlaceMemory) -> Filter:
    """The filter that an address asks for; whatever makes no sense is left out rather than an error."""
    words = {name: query.get(name, "").strip()[:LONGEST] for name in WORDS}
    scope = query.get("scope", "")
    if words["state"] not in STATES:
        words["state"] = ""
    division = query.get("division", "")
    known = division.isdigit() and int(division) in memory.divisions
    organ = query.get("organ", "")
    found = memory.organ_by_code(organ) if organ else None
    return Filter(
        scope=scope if scope in scopes(sight, memory) else "mine", **words,
        division_id=int(division) if known else None, organ_id=found.id if found is not None else None,
        since=day_of(query.get("since", "")), until=day_of(query.get("until", "")), urgent=query.get("urgent") == "1",
    )  # fmt: skip


def scopes(sight: Sight, memory: PlaceMemory) -> list[str]:
    """The scopes that make sense for the person: an area or an organ only where they have one."""
    found = ["mine"]
    if _has_after(sight, memory):
        found.append("after")
    if sight.paths:
        found.append("area")
    if sight.organs:
        found.append("organ")
    return [*found, "reported", "all"]


def _has_after(sight: Sight, memory: PlaceMemory) -> bool:
    """Whether one of the person's posts has something to do after a case is closed: inspect it, visit, call back."""
    owners = [
        relation
        for flow in (memory.preset.flows.values() if memory.preset is not None else ())
        for step in flow.steps.values()
        if step.after_close and step.owner is not None
        for relation in step.owner.each()
    ]
    return any(
        (one.kind == "post" and not sight.roles.isdisjoint(one.args))
        or (one.kind == "desk" and sight.can("desk"))
        or (one.kind in ("organ", "holder", "claimant") and bool(sight.organs))
        for one in owners
    )


def address(wanted: Filter, memory: PlaceMemory, **over: Any) -> str:
    """The filter as the query of an address, without what does not narrow."""
    values: dict[str, Any] = {"scope": wanted.scope, **{name: getattr(wanted, name) for name in WORDS}}
    values["division"] = wanted.division_id or ""
    values["organ"] = memory.organ(wanted.organ_id).code if wanted.organ_id is not None else ""
    values["since"] = wanted.since.isoformat() if wanted.since else ""
    values["until"] = wanted.until.isoformat() if wanted.until else ""
    values["urgent"] = "1" if wanted.urgent else ""
    return urlencode({name: value for name, value in (values | over).items() if value})


def page(sight: Sight, wanted: Filter, memory: PlaceMemory, cursor: str = "", size: int = lists.PAGE) -> Page:
    """One page of an inbox: what waits by its limit, everything else newest first. Three statements at most."""
    if wanted.scope in ("mine", "after"):
        return lists.work(sight, cursor, size, wanted=wanted, memory=memory)
    return lists.listing(sight, wanted, cursor, size, memory)


def lines(sight: Sight, found: Page, memory: PlaceMemory, after: bool = False) -> list[Line]:
    """The rows of a page in words. One SQL statement, for what was not read yet.

    *after*: of closed cases what is left to do is told, and until when, rather than how they ended.
    """
    now, cases = clock.now(), [row.case for row in found.rows]
    fresh = unread(sight.place_id, sight.person_id, cases) if sight.person_id is not None and cases else set()
    return [_line(row.case, row.leg, row.case.id in fresh, memory, now, after) for row in found.rows]


def _line(case: Case, leg: Leg | None, fresh: bool, memory: PlaceMemory, now: datetime, after: bool) -> Line:
    preset = compiled(case.edition_id)
    flow = preset.flow_of(case.kind)
    step = looks.phase_look(case.phase, naming.step_name(flow, case.step))
    if leg is not None:
        leg_flow = preset.flows.get(leg.flow, flow)
        step = looks.phase_look(leg.phase, naming.step_name(leg_flow, leg.step))
    elif case.closed_at is not None and case.result and not after:
        step = looks.result_look(case.result)
    due = leg.due_at if leg is not None else case.due_at
    return Line(
        case, leg, fresh, step, looks.sort_look(case), looks.special(case), naming.item_name(preset, case.item),
        short_where(memory, case), naming.owner_name(memory, leg.owner_key if leg is not None else case.owner_key),
        None if case.closed_at is not None and not after else due, case.paused_at is not None and case.closed_at is None,
    )  # fmt: skip


def short_where(memory: PlaceMemory, case: Case) -> str:
    """Town and village of a case in short names, for a line of a list; the address where it lies nowhere."""
    ident = case.division_id if case.division_id is not None else case.grid_id
    if ident is None or ident not in memory.divisions:
        return case.address[:20]
    chain = [memory.divisions[one] for one in memory.division(ident).ancestors if one in memory.divisions]
    return " ".join(row.short or row.name for row in chain[1:3] or chain)


def tabs(sight: Sight, memory: PlaceMemory) -> dict[str, int]:
    """How much each scope has open, counted up to a hundred. One SQL statement a scope."""
    found: dict[str, int] = {}
    for scope in scopes(sight, memory):
        if scope in ("mine", "after"):
            found[scope] = lists.count_work(sight, Filter(scope=scope))
        elif scope in ("area", "organ"):
            found[scope] = lists.count(sight, Filter(scope=scope, state="open"), memory)
    return found


def capped(number: int) -> str:
    """A count as shown: figures up to 99, then 99+."""
    return str(number) if number < lists.COUNT_MOST else f"{lists.COUNT_MOST - 1}+"


def step_choices(memory: PlaceMemory) -> list[tuple[str, str]]:
    """The steps of the flows in force that a case can stand at, in their order."""
    preset: Any = memory.preset
    found: dict[str, str] = {}
    for kind in preset.kinds.values() if preset is not None else ():
        flow = preset.flow_of(kind.code)
        for step in flow.steps.values():
            if not step.auto:
                found.setdefault(step.id, naming.step_name(flow, step.id))
    return list(found.items())


def division_choices(sight: Sight, memory: PlaceMemory, deep: int = 3) -> list[tuple[int, str]]:
    """Divisions at or under what the person sees, down to villages: id and name, set in by depth."""
    top = memory.top
    if top is None:
        return []
    seen = [row for row in memory.divisions.values() if row.active and not row.layer]
    if sight.paths:
        seen = [row for row in seen if sight.sees_path(row.path)]
    found = sorted((row for row in seen if len(row.ancestors) <= deep), key=lambda row: row.ancestors)
    return [(row.id, "　" * (len(row.ancestors) - 1) + row.name) for row in found]


def named_choices(pairs: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Codes and their names, with lazily translated names spelt out."""
    return [(code, str(name)) for code, name in pairs.items()]
