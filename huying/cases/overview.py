"""Reading the leaders' figures: what a person asks for, the sums, the rates with what they leave out, what is open now."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from typing import Any
from urllib.parse import urlencode

from django.db import connection
from django.http import QueryDict

from huying import clock
from huying.cases.counted import CASE_MEASURES, MEASURES, RESPONSE_MEASURES
from huying.cases.lists import ZONE
from huying.places.info import DivisionInfo, PlaceMemory
from huying.staff.sight import Sight
from huying.ui.typed import day_of

LEVELS = ("place", "town", "organ", "item", "channel")  # what the page shows
PERIODS = (7, 30, 90, 365)
LONGEST = 366  # days: what a figure may span, so that its cost has a bound


@dataclass(frozen=True, slots=True)
class Scope:
    """Whose and which cases the figures are of: an area or some organs, and the days on which calls came in."""

    place_id: int
    since: date
    until: date
    days: int  # 0 for dates chosen by hand
    division: DivisionInfo | None = None  # None: what the organs have, wherever it lies
    organs: tuple[int, ...] = ()  # empty: of every organ
    paths: tuple[str, ...] = ()  # several areas of one person, together
    top: bool = False  # the whole place, with what lies nowhere
    kinds: tuple[str, ...] = ()  # the kinds of cases that calls become; empty: all

    def address(self, **over: Any) -> str:
        """The scope as the query of an address; *over* replaces or (None) takes away."""
        values: dict[str, Any] = (
            {"days": self.days} if self.days else {"since": self.since, "until": self.until}
        )
        values["division"] = self.division.id if self.division is not None and not self.top else None
        return urlencode({k: v for k, v in (values | over).items() if v not in (None, "", 0)})


@dataclass(frozen=True, slots=True)
class Figures:
    """Sums of all measures, whole and by what they can be grouped by (keys as stored)."""

    whole: Mapping[str, int]
    by_day: Mapping[date, Mapping[str, int]]
    by_part: Mapping[int, Mapping[str, int]]  # divisions directly below; 0: not located
    by_organ: Mapping[int, Mapping[str, int]]
    by_item: Mapping[str, Mapping[str, int]]
    by_channel: Mapping[str, Mapping[str, int]]


@dataclass(frozen=True, slots=True)
class Waiting:
    """What is open or unanswered now. ``late_*`` counts only what came in during the period."""

    late_open: int = 0
    late_answers: int = 0
    open: int = 0
    overdue: int = 0
    paused: int = 0
    by_step: Mapping[tuple[str, str], tuple[int, int]] = field(
        default_factory=dict
    )  # (kind, step): open, overdue
    by_owner: Sequence[tuple[str, int, int, datetime | None]] = ()  # owner key, open, overdue, oldest limit


def scope_of(query: QueryDict | Mapping[str, Any], sight: Sight, memory: PlaceMemory) -> Scope:
    """What an address asks for, within the person's duty; whatever makes no sense is left out.

    A person with an area sees its figures, else those of their organs. Dates are local.
    """
    today = clock.now().astimezone(ZONE).date()
    since, until, days = _period(query, today)
    preset = memory.preset
    kinds = tuple(code for code, kind in preset.kinds.items() if kind.calls) if preset is not None else ()
    made = Scope(sight.place_id, since, until, days, kinds=kinds)
    wanted = str(query.get("division", ""))
    asked = memory.divisions.get(int(wanted)) if wanted.isdigit() and len(wanted) < 19 else None
    if not sight.paths:
        return replace(made, organs=tuple(sorted(sight.organs)) or (-1,), division=asked)
    if asked is None or not sight.sees_path(asked.path):
        ident = sight.paths[0].rstrip("/").rpartition("/")[2]
        asked = memory.divisions.get(int(ident)) if len(sight.paths) == 1 else None
    if asked is None:
        return replace(made, paths=sight.paths)
    top = memory.top is not None and asked.id == memory.top.id
    return replace(made, division=asked, paths=(asked.path,), top=top)


def _period(query: Any, today: date) -> tuple[date, date, int]:
    since, until = day_of(query.get("since", "")), day_of(query.get("until", ""))
    if since is not None and not query.get("days"):
        until = min(until or today, today)
        if since <= until:
            return max(since, until - timedelta(days=LONGEST - 1)), until, 0
    text = str(query.get("days", ""))
    days = int(text) if text.isdigit() and int(text) in PERIODS else 30
    return today - timedelta(days=days - 1), today, days


def moments(scope: Scope) -> tuple[datetime, datetime]:
    """The period as moments: from its first midnight to the one after its last day."""
    return (
        datetime.combine(scope.since, time(), ZONE),
        datetime.combine(scope.until + timedelta(days=1), time(), ZONE),
    )


# — sums —

_GROUPS = "GROUPING SETS ((), (day), (part), (organ_id), (item), (channel))"
_SUMS = ", ".join(f"coalesce(sum({name}), 0)" for name in MEASURES)


def figures(scope: Scope) -> Figures:
    """The sums of a scope. One SQL statement: of the whole place over its sums, of less over single rows."""
    if scope.organs or not (scope.top or (scope.division is None and not scope.paths)):
        return _of_rows(scope)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT level, CASE WHEN level = 'place' THEN day END AS on_day, key, {_SUMS} FROM cases_sums "  # noqa: S608
            "WHERE place_id = %s AND basis = 'in' AND day BETWEEN %s AND %s AND level = ANY(%s) GROUP BY 1, 2, 3",
            [scope.place_id, scope.since, scope.until, list(LEVELS)],
        )
        rows = cursor.fetchall()
    whole: dict[str, int] = dict.fromkeys(MEASURES, 0)
    by: dict[str, dict[Any, dict[str, int]]] = {level: {} for level in LEVELS}
    for level, day, key, *values in rows:
        sums = dict(zip(MEASURES, (int(n) for n in values), strict=True))
        by[level][day or (int(key) if level in ("town", "organ") else key)] = sums
        if level == "place":
            for name, value in sums.items():
                whole[name] += value
    return Figures(whole, *by.values())


def _of_rows(scope: Scope) -> Figures:
    source, params = _source(scope)
    sql = (
        f"SELECT grouping(day), grouping(part), grouping(organ_id), grouping(item), grouping(channel), "  # noqa: S608
        f"day, part, organ_id, item, channel, {_SUMS} FROM ({source}) AS t GROUP BY {_GROUPS}"
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        rows = cursor.fetchall()
    whole: dict[str, int] = dict.fromkeys(MEASURES, 0)
    groups: list[dict[Any, dict[str, int]]] = [{}, {}, {}, {}, {}]
    for row in rows:
        sums = dict(zip(MEASURES, (int(n) for n in row[10:]), strict=True))
        if 0 not in row[:5]:
            whole = sums
            continue
        at = row[:5].index(0)
        groups[at][row[5 + at]] = sums
    return Figures(whole, *groups)


def _source(scope: Scope) -> tuple[str, list[Any]]:
    """Rows with all measures, the day, the part (what lies directly below) and what they can be grouped by."""
    depth = len(scope.division.ancestors) if scope.division is not None else 1
    where, params = "place_id = %s AND day BETWEEN %s AND %s", [scope.place_id, scope.since, scope.until]
    if scope.organs:
        where, params = f"{where} AND organ_id = ANY(%s)", [*params, list(scope.organs)]
    prefixes = [scope.division.path] if scope.division is not None else list(scope.paths)
    if prefixes:
        where = f"{where} AND ({' OR '.join(['path LIKE %s'] * len(prefixes))})"
        params = [*params, *(f"{path}%" for path in prefixes)]
    part = f"coalesce((string_to_array(trim(BOTH '/' FROM path), '/'))[{depth + 1}], '0')::bigint AS part"
    own, others = ", ".join(CASE_MEASURES), ", ".join(RESPONSE_MEASURES)
    no_response = ", ".join(f"0 AS {name}" for name in RESPONSE_MEASURES)
    no_case = ", ".join(f"0 AS {name}" for name in CASE_MEASURES)
    head = f"SELECT day, {part}, organ_id, item, channel"
    return (
        f"{head}, {own}, {no_response} FROM cases_course WHERE {where} UNION ALL "
        f"{head}, {no_case}, {others} FROM cases_response WHERE {where}",
        [*params, *params],
    )


# — what is open now —

OPEN = (
    "c.place_id = %s AND c.closed_at IS NULL AND NOT c.confidential AND c.call <> 'report' "
    "AND c.subject_organ_id IS NULL AND c.subject_person_id IS NULL"
)


def area_sql(scope: Scope, table: str = "c") -> tuple[str, list[Any]]:
    """The area and the organs of a scope as a condition on a table with ``path``; empty for the whole place."""
    parts: list[str] = []
    params: list[Any] = []
    if scope.organs and table == "c":
        parts.append("c.organ_id = ANY(%s) AND c.organ_id = ANY(c.organ_ids)")
        params.append(list(scope.organs))
    elif scope.organs:
        parts.append(f"{table}.organ_id = ANY(%s)")
        params.append(list(scope.organs))
    if scope.kinds and table == "c":
        parts.append("c.kind = ANY(%s)")
        params.append(list(scope.kinds))
    prefixes = [scope.division.path] if scope.division is not None else list(scope.paths)
    if prefixes and not scope.top:
        parts.append("(" + " OR ".join([f"{table}.path LIKE %s"] * len(prefixes)) + ")")
        params += [f"{path}%" for path in prefixes]
    return "".join(f" AND {part}" for part in parts), params


def waiting(scope: Scope) -> Waiting:
    """What is open now and what is late. Two SQL statements, over what is open only."""
    now = clock.now()
    since, until = moments(scope)
    area, params = area_sql(scope)
    late = "c.due_at < %s AND c.paused_at IS NULL"
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT grouping(c.step), grouping(c.owner_key), c.kind, c.step, c.owner_key, count(*), "  # noqa: S608
            f"count(*) FILTER (WHERE {late}), count(*) FILTER (WHERE c.paused_at IS NOT NULL), "
            f"count(*) FILTER (WHERE {late} AND c.reported_at >= %s AND c.reported_at < %s), "
            f"min(c.due_at) FILTER (WHERE {late}) FROM cases_case c WHERE {OPEN}{area} "
            "GROUP BY GROUPING SETS ((), (c.kind, c.step), (c.owner_key))",
            [now, now, since, until, now, scope.place_id, *params],
        )
        rows = cursor.fetchall()
        area, params = area_sql(scope, "r")
        cursor.execute(
            "SELECT count(*) FROM cases_response r WHERE r.place_id = %s AND r.arrived_at IS NULL "  # noqa: S608
            f"AND NOT r.dropped AND r.dispatched = 1 AND r.due_at < %s AND r.day BETWEEN %s AND %s{area}",
            [scope.place_id, now, scope.since, scope.until, *params],
        )
        answers = int(cursor.fetchone()[0])
    steps: dict[tuple[str, str], tuple[int, int]] = {}
    owners: list[tuple[str, int, int, datetime | None]] = []
    whole = (0, 0, 0, 0)
    for no_step, no_owner, kind, step, owner, count, overdue, paused, in_period, oldest in rows:
        if not no_step:
            steps[kind, step] = (count, overdue)
        elif not no_owner:
            owners.append((owner, count, overdue, oldest))
        else:
            whole = (count, overdue, paused, in_period)
    owners.sort(key=lambda one: (-one[2], -one[1], one[0]))
    return Waiting(whole[3], answers, whole[0], whole[1], whole[2], steps, owners)


# — rates —


@dataclass(frozen=True, slots=True)
class Rate:
    """A rate with what it is made of. ``code`` names it; ``top`` and ``bottom`` are (measure, count); ``left_out`` too."""

    code: str
    top: int
    bottom: int
    made_of: tuple[tuple[str, int], ...]
    left_out: tuple[tuple[str, int], ...]

    @property
    def percent(self) -> str:
        """The rate in per cent with one decimal; 100 only when it is whole. "" when there is nothing to rate."""
        if not self.bottom:
            return ""
        tenths = (self.top * 2000 + self.bottom) // (2 * self.bottom)
        if tenths == 1000 and self.top < self.bottom:
            tenths = 999
        return f"{tenths // 10}.{tenths % 10}"


def rates(sums: Mapping[str, int], late_answers: int, late_open: int) -> list[Rate]:
    """The three rates and the on-time rate.

    answered = arrived in time ÷ (arrived + not arrived and overdue); solved = solved ÷ closed with an outcome;
    satisfied = (satisfied + fair) ÷ rated; on time = closed in time ÷ (closed + open and overdue).
    """
    late_arrived = sums["arrived"] - sums["arrived_in_time"]
    closed_late = sums["closed"] - sums["closed_in_time"]
    outcomes = sums["solved"] + sums["partly"] + sums["unsolved"]
    rated = sums["satisfied"] + sums["fair"] + sums["unsatisfied"]
    left_out = tuple((name, sums[name]) for name in ("untrue", "beyond", "refused", "voided"))
    valid = sums["closed"] - sums["untrue"] - sums["beyond"] - sums["refused"]
    return [
        Rate(
            "answered", sums["arrived_in_time"], sums["arrived"] + late_answers,
            (("arrived_in_time", sums["arrived_in_time"]), ("arrived_late", late_arrived), ("unanswered_late", late_answers)),
            (("unanswered", sums["dispatched"] - sums["arrived"] - late_answers),),
        ),
        Rate(
            "solved", sums["solved"], outcomes,
            (("solved", sums["solved"]), ("partly", sums["partly"]), ("unsolved", sums["unsolved"])),
            (*left_out, ("no_outcome", valid - outcomes)),
        ),
        Rate(
            "satisfied", sums["satisfied"] + sums["fair"], rated,
            (("satisfied", sums["satisfied"]), ("fair", sums["fair"]), ("unsatisfied", sums["unsatisfied"])),
            (("unrated", sums["unrated"]),),
        ),
        Rate(
            "on_time", sums["closed_in_time"], sums["closed"] + late_open,
            (("closed_in_time", sums["closed_in_time"]), ("closed_late", closed_late), ("overdue_in_period", late_open)),
            (("voided", sums["voided"]),),
        ),
    ]  # fmt: skip
