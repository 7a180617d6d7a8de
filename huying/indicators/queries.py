"""Reading indicators: figures of a period by level, how they went, and the very cases behind each.

What an indicator is stands in the place's ``indicators.yaml`` (``huying.presets.indicator_definition``); what is counted is
kept up behind the ledger's pages (``huying.cases.tallies``). Figures are as of now: a case of last month that is closed
today is closed in last month's figure, and what is overdue is overdue now.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection

from huying import clock
from huying.cases.lists import pack_id, unpack_id
from huying.cases.models import Case
from huying.cases.sight import visible
from huying.indicators import reading
from huying.indicators.periods import Period, day, half, month, quarter, week, year
from huying.places import memory as places
from huying.presets.indicator_definition import LEVELS, Indicator, Indicators, Score
from huying.presets.measures import Expression, Term
from huying.staff.sight import Sight

Key = int | str | None
"""None for the place, the id of an organ or of a division, an item's code, a channel's code."""


@dataclass(frozen=True, slots=True)
class Figure:
    """One indicator's figure.

    ``value`` is a share (0.0–1.0) for unit "percent", points (0–100) for "points", a number for "cases"; None when there
    is nothing to rate. ``excluded`` says, by measure, how many cases were left out. ``small``: too few to compare or
    rank by. ``parts`` (scores only): the points that each indicator brought.
    """

    indicator: str
    value: float | None
    numerator: float
    denominator: float
    excluded: Mapping[str, int]
    unit: str  # percent, points, cases
    direction: str  # higher or lower: which is better; "" for neither
    small: bool
    tone: str = ""  # good, wait, bad by the thresholds; "" without, and for small samples
    parts: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Row:
    """A case behind a figure; ``organ_id`` when what is counted are dispatches."""

    id: Any
    case: Case
    organ_id: int | None = None


@dataclass(frozen=True, slots=True)
class Rows:
    """A page of them; ``after`` leads to the next one, "" on the last."""

    rows: Sequence[Row]
    after: str = ""


def defined(place_id: int) -> Indicators:
    """The place's indicators as its edition in force says; none where there is no edition."""
    preset = places.of(place_id).preset
    return preset.indicators if preset is not None else Indicators()


def figures(
    place_id: int,
    period: Period,
    by: str = "place",
    ids: Iterable[Key] | None = None,
    now: datetime | None = None,
) -> dict[Key, dict[str, Figure]]:
    """All indicators of a level (one of ``LEVELS``), by key; *ids* narrows to some keys.

    Keys without anything counted are not there, but for the place (None), which always is; what lies nowhere or is
    nobody's is only in the place's figures. At most five SQL statements, whatever the period holds.
    """
    if by not in LEVELS:
        raise KeyError(by)
    own = defined(place_id)
    chosen = [one for one in own.indicators.values() if by in one.levels or _weighed(own, by, one.id)]
    keys = tuple(ids) if ids is not None and by != "place" else None
    wanted = reading.Wanted(place_id, by, period, now or clock.now(), keys)
    values = reading.read(wanted, reading.counted(chosen))
    if by == "place":
        values.setdefault(None, {})
    return {
        key: _of_key(own, by, chosen, counts)
        for key, counts in values.items()
        if by == "place" or any(counts.values())
    }


def _weighed(own: Indicators, by: str, ident: str) -> bool:
    return any(by in score.levels and ident in score.weights for score in own.scores.values())


def _of_key(
    own: Indicators, by: str, chosen: Iterable[Indicator], counts: Mapping[reading.Counted, int]
) -> dict[str, Figure]:
    all_of = {one.id: _figure(one, counts, own.small) for one in chosen}
    found = {one.id: all_of[one.id] for one in chosen if by in one.levels}
    return found | {one.id: _score(one, all_of, own) for one in own.scores.values() if by in one.levels}


def _sum(expression: Expression, basis: str, counts: Mapping[reading.Counted, int]) -> int:
    return sum(
        term.sign * counts.get((basis, Term(1, term.measure, term.only)), 0) for term in expression.terms
    )


def _figure(one: Indicator, counts: Mapping[reading.Counted, int], small: int) -> Figure:
    top = _sum(one.numerator, one.basis, counts)
    excluded = {name: counts.get((one.basis, Term(1, name)), 0) for name in one.exclusions}
    if one.denominator is None:
        tone = tone_of(top, one.direction, one.good, one.fair)
        return Figure(one.id, top, top, top, excluded, one.unit, one.direction, False, tone)
    bottom = _sum(one.denominator, one.basis, counts)
    few = bottom < small
    value = top / bottom if bottom else None
    tone = "" if few or value is None else tone_of(value, one.direction, one.good, one.fair)
    return Figure(one.id, value, top, bottom, excluded, one.unit, one.direction, few, tone)


def _score(score: Score, figures_of: Mapping[str, Figure], own: Indicators) -> Figure:
    """Points by weight; what has no data is left out and the rest scaled to a hundred."""
    parts: dict[str, float] = {}
    weights, few = 0.0, False
    for ident, weight in score.weights.items():
        found = figures_of.get(ident)
        if found is None or found.value is None or not weight:
            continue
        parts[ident] = weight * (1 - found.value if found.direction == "lower" else found.value)
        weights += weight
        few = few or found.small
    value = 100 * sum(parts.values()) / weights if weights else None
    few = few or not weights
    tone = "" if few or value is None else tone_of(value, "higher", score.good, score.fair)
    return Figure(score.id, value, sum(parts.values()), weights, {}, "points", "higher", few, tone, parts)


def tone_of(value: float, direction: str, good: float | None, fair: float | None) -> str:
    """The colour of a value by its thresholds: good, wait or bad; "" where there are none."""
    if good is None or fair is None or not direction:
        return ""
    sign = 1 if direction == "higher" else -1
    if sign * value >= sign * good:
        return "good"
    return "wait" if sign * value >= sign * fair else "bad"


def compared(
    place_id: int,
    period: Period,
    by: str = "place",
    ids: Iterable[Key] | None = None,
    now: datetime | None = None,
) -> dict[Key, dict[str, tuple[Figure, Figure | None, Figure | None]]]:
    """As ``figures``, each with the period before (环比) and the same period a year before (同比).

    At most fifteen SQL statements.
    """
    now, ids = now or clock.now(), None if ids is None else list(ids)
    own = figures(place_id, period, by, ids, now)
    before = figures(place_id, period.before(), by, ids, now)
    year_before = figures(place_id, period.year_before(), by, ids, now)
    return {
        key: {
            ident: (figure, before.get(key, {}).get(ident), year_before.get(key, {}).get(ident))
            for ident, figure in found.items()
        }
        for key, found in own.items()
    }


def change(figure: Figure, earlier: Figure | None) -> float | None:
    """How much a figure differs from an earlier one: percentage points or points as they are, numbers of cases as a
    share of what they were. None where either has nothing to compare or too few.
    """
    if earlier is None or figure.value is None or earlier.value is None or figure.small or earlier.small:
        return None
    if figure.unit == "cases":
        return (figure.value - earlier.value) / earlier.value if earlier.value else None
    return figure.value - earlier.value


def series(
    place_id: int,
    indicator: str,
    period: Period,
    step: str = "day",
    by: str = "place",
    key: Key = None,
    now: datetime | None = None,
) -> list[tuple[Period, Figure]]:
    """How one indicator of one key went, by "day", "week" or "month" of the period. For charts.

    At most five SQL statements. Raises KeyError for an indicator that there is not.
    """
    found = all_series(place_id, period, step, by, key, [indicator], now)
    return found[indicator]


def all_series(
    place_id: int,
    period: Period,
    step: str = "day",
    by: str = "place",
    key: Key = None,
    only: Iterable[str] | None = None,
    now: datetime | None = None,
) -> dict[str, list[tuple[Period, Figure]]]:
    """The same of several indicators (all of a level by default). At most five SQL statements for each basis of days."""
    own = defined(place_id)
    wanted_ids = list(only) if only is not None else [*own.indicators, *own.scores]
    needed = dict.fromkeys(name for one in wanted_ids for name in _needs(own, one))
    chosen = [own.indicators[name] for name in needed]
    keys = None if by == "place" else (key,)
    wanted = reading.Wanted(place_id, by, period, now or clock.now(), keys, days=True)
    by_day: dict[date, dict[reading.Counted, int]] = {}
    for basis in dict.fromkeys(one.basis for one in chosen):
        terms = reading.counted(one for one in chosen if one.basis == basis)
        for at, values in reading.read(wanted, terms).items():
            by_day.setdefault(at[1], {}).update(values)
    found: dict[str, list[tuple[Period, Figure]]] = {name: [] for name in wanted_ids}
    for part in period.parts(step):
        counts: dict[reading.Counted, int] = {}
        for of_day in by_day.keys() & {part.start + timedelta(days=n) for n in range(part.days)}:
            for term, n in by_day[of_day].items():
                counts[term] = counts.get(term, 0) + n
        all_of = {one.id: _figure(one, counts, own.small) for one in chosen}
        for name in wanted_ids:
            score = own.scores.get(name)
            found[name].append((part, _score(score, all_of, own) if score else all_of[name]))
    return found


def _needs(own: Indicators, ident: str) -> list[str]:
    if ident in own.scores:
        return list(own.scores[ident].weights)
    if ident not in own.indicators:
        raise KeyError(ident)
    return [ident]


def part_of(one: Indicator, part: str) -> Expression:
    """The expression behind a part of an indicator: numerator, denominator, or an exclusion. Raises KeyError."""
    if part == "numerator" or (part == "denominator" and one.denominator is None):
        return one.numerator
    if part == "denominator" and one.denominator is not None:
        return one.denominator
    if part in one.exclusions:
        return Expression(part, (Term(1, part),))
    raise KeyError(part)


def cases(
    place_id: int, indicator: str, period: Period, by: str, key: Key, part: str, sight: Sight, after: str = "",
    size: int = 50, now: datetime | None = None,
) -> Rows:  # fmt: skip
    """The cases (or dispatches) behind a figure, newest first, within a person's sight. Two SQL statements.

    *part* is "numerator", "denominator", or the name of an exclusion's measure. Raises KeyError for what there is not
    (a score has no cases of its own), ``huying.cases.lists.BadCursor`` for an *after* that is none.
    """
    one = defined(place_id).indicators[indicator]
    if by not in LEVELS:
        raise KeyError(by)
    expression = part_of(one, part)
    table = reading.table_of(expression.terms[0].measure)
    ident = "id" if table == "cases_response" else "case_id"
    rule, params = reading.amount(expression, now or clock.now())
    basis = reading.DAY[one.basis]
    where = [f"place_id = %s AND {basis} >= %s AND {basis} < %s AND ({rule}) > 0"]
    values: list[Any] = [place_id, period.start, period.end, *params]
    if by != "place":
        where.append(f"{reading.COLUMN[by]} = %s")
        values.append(key)
    if after:
        where.append(f"{ident} < %s")
        values.append(unpack_id(after))
    # Which of these cases the person may see is asked in the same statement.
    seen, seen_params = visible(sight).values("id").query.sql_with_params()
    where.append(f"case_id IN ({seen})")
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {ident}, case_id, organ_id FROM {table} WHERE {' AND '.join(where)} "  # noqa: S608
            f"ORDER BY {ident} DESC LIMIT %s",
            [*values, *seen_params, size + 1],
        )
        found = cursor.fetchall()
    of = {one.id: one for one in Case.objects.filter(place_id=place_id, id__in=[row[1] for row in found])}
    rows = [
        Row(row[0], of[row[1]], row[2] if table == "cases_response" else None)
        for row in found[:size]
        if row[1] in of
    ]
    return Rows(rows, pack_id(found[size - 1][0]) if len(found) > size else "")


__all__ = [
    "LEVELS", "Figure", "Key", "Period", "Row", "Rows", "all_series", "cases", "change", "compared", "day", "defined",
    "figures", "half", "month", "part_of", "quarter", "series", "tone_of", "week", "year",
]  # fmt: skip
