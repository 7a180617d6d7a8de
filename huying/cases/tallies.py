"""What the leaders' figures are counted from, kept up behind the ledger's pages by the reader ``cases.tally``.

A case counts on the local day on which it came in, and apart from that on the day on which its handling was due and on
that on which it was closed, so that every figure is a sum of cases that can be listed (``overview_cases``,
``huying.indicators``). The reader keeps one row for each case and one for each dispatch, and adds the difference between
what they were and what they are to the sums; its cursor moves in the same transaction, so nothing is counted twice.
Only kinds of cases that take calls count: papers of the authorities, call-backs and the like are about cases.

Confidential cases, reports of wrongdoing and complaints about a person or an organ are counted as ``sealed`` and nothing
else, for the place as a whole: with small numbers a figure by town and organ would tell on them.

What the words mean
    dispatched      a step of handling began with a new owner, or an organ was whistled; taken back ones do not count
    arrived         the owner's first move out of that step (a return with reasons is an answer too)
    in time         not later than the limit of that step
    closed in time  closed, and no step of the case was left after its limit had passed
    filed           given to somebody to handle at least once (or handled on the spot)
    handled         handling ended with something to verify or to tell, and was not taken up again; void, untrue, declined
                    and beyond powers do not count. Due when the last handling step was, as extended
    called …        how the last call-back about it went, as the room of reviews tells it
    handed back     the organ asked to be rid of it; misdirected: it was granted, or somebody else got it instead
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django.db import connection

from huying.cases.counted import (
    CASE_MEASURES,
    CLOSED,
    DUE,
    IN,
    MEASURES,
    RESPONSE_MEASURES,
    Course,
    Response,
)
from huying.cases.courses import VOID, Divisions, counts, fold, is_sealed, settle, tells, town_of
from huying.cases.of_page import cases_of
from huying.ledger.rows import plain, put
from huying.places import memory as places
from huying.places.models import Place

AGAIN = ("case.joined", "case.merged")  # nothing moved, but the case counts differently
KINDS = ("case.reported", "case.moved", "case.fired", "leg.opened", "leg.moved", "leg.fired", *AGAIN)
Key = tuple[str, date, str, str]  # level, day, basis, key
__all__ = ["VOID", "is_sealed", "keys_of", "tally", "town_of"]


def tally(place_id: int, page: int, events: Sequence[Any]) -> None:
    """Count what happened with this page. Six SQL statements, whatever the page holds."""
    told = [
        event for event in events if event.case_id is not None and (event.kind in KINDS or tells(event.kind))
    ]
    ids = {event.case_id for event in told}
    if not ids:
        return
    cases = {ident: case for ident, case in cases_of(place_id, events, told).items() if counts(case)}
    courses = {one.case_id: one for one in Course.objects.filter(place_id=place_id, case_id__in=ids)}
    responses: dict[UUID, dict[UUID, Response]] = defaultdict(dict)
    for one in Response.objects.filter(place_id=place_id, case_id__in=ids):
        responses[one.case_id][one.id] = one
    change: dict[Key, list[int]] = defaultdict(lambda: [0] * len(MEASURES))
    for course in courses.values():
        _add(change, course, CASE_MEASURES, -1)
    for found in responses.values():
        for response in found.values():
            _add(change, response, RESPONSE_MEASURES, -1)
    for event in told:
        case = cases.get(event.case_id)
        if case is None:
            continue
        course = courses.setdefault(case.id, Course(place_id=place_id, case_id=case.id, state={}))
        if event.kind not in AGAIN:
            fold(course, responses[case.id], event, case)
    divisions = _divisions(place_id)
    for case_id, course in courses.items():
        settle(course, responses[case_id].values(), cases[case_id], divisions)
        _add(change, course, CASE_MEASURES, 1)
        for response in responses[case_id].values():
            _add(change, response, RESPONSE_MEASURES, 1)
    put(courses.values(), ["place_id", "case_id"])
    put([one for found in responses.values() for one in found.values()], ["place_id", "id"])
    _add_up(place_id, change)


def _divisions(place_id: int) -> Divisions:
    try:
        return places.of(place_id).divisions
    except Place.DoesNotExist:
        return {}


# — sums —


def keys_of(row: Course | Response) -> list[tuple[str, str]]:
    """The levels and keys under which a row is summed up; what is sealed only for the place."""
    if isinstance(row, Course) and row.sealed:
        return [("place", "")]
    return [
        ("place", ""), ("organ", str(row.organ_id)), ("town", str(row.town_id)), ("village", str(row.village_id)),
        ("grid", str(row.grid_id)), ("item", row.item), ("channel", row.channel),
    ]  # fmt: skip


def _add(change: dict[Key, list[int]], row: Any, names: Sequence[str], sign: int) -> None:
    values = [sign * getattr(row, name) for name in names]
    if not any(values):
        return
    start = MEASURES.index(names[0])
    days = [(IN, row.day)]
    if isinstance(row, Course):
        days += [(basis, day) for basis, day in ((DUE, row.due_day), (CLOSED, row.closed_day)) if day]
    for level, key in keys_of(row):
        for basis, day in days:
            sums = change[level, day, basis, key]
            for i, value in enumerate(values, start):
                sums[i] += value


_KEY = ("level", "day", "basis", "key")
_COLUMNS = ", ".join(("place_id", *_KEY, *MEASURES))
_ADD_UP = (
    f"INSERT INTO cases_sums ({_COLUMNS}) "  # noqa: S608
    f"SELECT {_COLUMNS} FROM json_populate_recordset(null::cases_sums, %s::json) "
    "ON CONFLICT (place_id, level, day, basis, key) DO UPDATE SET "
    + ", ".join(f"{name} = cases_sums.{name} + EXCLUDED.{name}" for name in MEASURES)
)


def _add_up(place_id: int, change: dict[Key, list[int]]) -> None:
    names = ("place_id", *_KEY, *MEASURES)
    rows = [
        dict(zip(names, (place_id, *key, *sums), strict=True))
        for key, sums in sorted(change.items())
        if any(sums)
    ]
    if rows:
        with connection.cursor() as cursor:
            cursor.execute(_ADD_UP, [plain(rows)])
