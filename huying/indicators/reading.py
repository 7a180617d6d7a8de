"""The statements behind the figures: sums kept by the reader, rows where a measure is narrowed, what time has made late."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection

from huying.cases.counted import MEASURES
from huying.indicators.periods import Period
from huying.presets.indicator_definition import Indicator
from huying.presets.measures import DISPATCH, Expression, Term
from huying.presets.measures import MEASURES as KNOWN

COLUMN = {
    "organ": "organ_id",
    "town": "town_id",
    "village": "village_id",
    "grid": "grid_id",
    "item": "item",
    "channel": "channel",
}
DAY = {"in": "day", "due": "due_day", "closed": "closed_day"}
# What time has made late: nobody writes when a limit passes, so it is asked of the rows that wait.
LIVE = {
    "open_late": "waits_until < %s",
    "handle_late": "handling_until < %s",
    "handle_late_extended": "handling_until < %s AND extended > 0",
    "unanswered_late": "dispatched = 1 AND arrived = 0 AND NOT dropped AND arrived_at IS NULL AND due_at < %s",
}

Counted = tuple[str, Term]
"""A basis and a measure with what narrows it (its sign is not looked at)."""


def counted(indicators: Iterable[Indicator]) -> set[Counted]:
    """Everything that the figures of some indicators are made of."""
    found: set[Counted] = set()
    for one in indicators:
        terms = [*one.numerator.terms, *(one.denominator.terms if one.denominator else ())]
        terms += [Term(1, name) for name in one.exclusions]
        found |= {(one.basis, Term(1, term.measure, term.only)) for term in terms}
    return found


Values = dict[Any, dict[Counted, int]]


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which figures: of a level, perhaps of some keys only, and of which days (the last not among them)."""

    place_id: int
    by: str
    period: Period
    now: datetime
    keys: tuple[Any, ...] | None = None
    days: bool = False  # key and day rather than key


def read(wanted: Wanted, terms: Collection[Counted]) -> Values:
    """The value of each, by key (or by key and day). At most five SQL statements, however much there is.

    One for the sums; for cases and for dispatches one of what is late now (over rows that wait only) and one of what is
    narrowed (over the rows of the period).
    """
    found: Values = defaultdict(dict)
    plain = [one for one in terms if not one[1].only and one[1].measure in MEASURES]
    if plain:
        _read_sums(wanted, plain, found)
    rest = [one for one in terms if one[1].only or one[1].measure not in MEASURES]
    parts: dict[tuple[str, bool], list[Counted]] = defaultdict(list)
    for one in rest:
        parts[table_of(one[1].measure), one[1].measure in LIVE].append(one)
    for (table, live), own in sorted(parts.items()):
        _read_rows(wanted, table, own, found, live)
    return found


def _read_sums(wanted: Wanted, terms: list[Counted], found: Values) -> None:
    names = sorted({term.measure for _basis, term in terms})
    bases = sorted({basis for basis, _term in terms})
    where = ""
    params: list[Any] = [wanted.place_id, wanted.by, wanted.period.start, wanted.period.end, bases]
    if wanted.keys is not None:
        where = "AND key = ANY(%s)"
        params.append(["" if key is None else str(key) for key in wanted.keys])
    group = "key, day" if wanted.days else "key"
    sums = ", ".join(f"sum({name})" for name in names)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {group}, basis, {sums} FROM cases_sums WHERE place_id = %s AND level = %s "  # noqa: S608
            f"AND day >= %s AND day < %s AND basis = ANY(%s) {where} GROUP BY {group}, basis",
            params,
        )
        rows = cursor.fetchall()
    width = 2 if wanted.days else 1
    for row in rows:
        key = _key(wanted.by, row[0])
        if key is MISSING:
            continue
        at = (key, row[1]) if wanted.days else key
        values = dict(zip(names, row[width + 1 :], strict=True))
        for one in terms:
            if one[0] == row[width]:
                found[at][one] = int(values[one[1].measure])


def _read_rows(wanted: Wanted, table: str, terms: list[Counted], found: Values, live: bool) -> None:
    columns: list[str] = []
    params: list[Any] = []
    for basis, term in terms:
        rule, given = condition(term, wanted.now)
        day = DAY[basis]
        columns.append(f"sum(CASE WHEN {rule} AND {day} >= %s AND {day} < %s THEN 1 ELSE 0 END)")
        params += [*given, wanted.period.start, wanted.period.end]
    days = sorted({DAY[basis] for basis, _term in terms})
    key = COLUMN.get(wanted.by, "0")
    parts = [key, days[0]] if wanted.days else [key]
    if wanted.days and len(days) > 1:
        raise ValueError("by day, all measures are of one basis")
    any_day = " OR ".join(f"({day} >= %s AND {day} < %s)" for day in days)
    where = [f"place_id = %s AND ({any_day})"]
    params += [wanted.place_id, *([wanted.period.start, wanted.period.end] * len(days))]
    if live:
        names = sorted({term.measure for _basis, term in terms})
        where.append("(" + " OR ".join(LIVE[name] for name in names) + ")")
        params += [wanted.now] * len(names)
    if wanted.keys is not None and wanted.by in COLUMN:
        where.append(f"{key} = ANY(%s)")
        params.append(list(wanted.keys))
    group = ", ".join(str(n + 1) for n in range(len(parts)))
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {', '.join(parts)}, {', '.join(columns)} FROM {table} WHERE {' AND '.join(where)} GROUP BY {group}",  # noqa: S608
            params,
        )
        rows = cursor.fetchall()
    for row in rows:
        own = _key(wanted.by, row[0])
        if own is MISSING:
            continue
        at = (own, row[1]) if wanted.days else own
        for one, value in zip(terms, row[len(parts) :], strict=True):
            if value:
                found[at][one] = int(value)


def condition(term: Term, now: datetime) -> tuple[str, list[Any]]:
    """Whether a row counts for a term, as SQL with its parameters."""
    if term.measure in LIVE:
        rules, params = [LIVE[term.measure]], list[Any]([now])
    else:
        rules, params = [f"{term.measure} = 1"], []
    for field, values in term.only:
        rules.append(f"{field} = ANY(%s)")
        params.append(list(values))
    return " AND ".join(rules), params


def amount(expression: Expression, now: datetime) -> tuple[str, list[Any]]:
    """How often a row counts in an expression, as SQL with its parameters: 1 for each row behind the figure."""
    parts: list[str] = []
    params: list[Any] = []
    for term in expression.terms:
        rule, given = condition(term, now)
        parts.append(f"{'-' if term.sign < 0 else '+'} CASE WHEN {rule} THEN 1 ELSE 0 END")
        params += given
    return " ".join(parts), params


def table_of(measure: str) -> str:
    """The table whose rows a measure counts."""
    return "cases_response" if KNOWN[measure].of == DISPATCH else "cases_course"


MISSING = object()


def _key(by: str, raw: Any) -> Any:
    """A level's key as callers know it; ``MISSING`` for what lies nowhere or is nobody's."""
    if by == "place":
        return None
    if by in ("item", "channel"):
        return raw or MISSING
    return int(raw) or MISSING
