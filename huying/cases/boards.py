"""Boards: the cases of a kind year by year, by division and grid, with how each stands and what may be read of it.

Which cases stand on a board is kept in a small table behind the ledger's pages, so that nobody looks for a year's promises
among a million calls. What they say is read where it always lies, sealed beside the ledger: what is erased there is gone here.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, Q

from huying.cases import naming
from huying.cases.lists import BadCursor, pack_id, unpack_id
from huying.cases.models import Case
from huying.cases.posted import Posted
from huying.cases.sight import tellable, visible
from huying.cases.timeline import shown
from huying.ledger import queries as ledger
from huying.places import memory as places
from huying.places.info import PlaceMemory
from huying.presets.definition import Board, Kind
from huying.presets.queries import compiled
from huying.staff.sight import Sight

PAGE = 30
_MARK = "~"


def boards_of(memory: PlaceMemory, everybody: bool = False) -> list[Kind]:
    """The kinds that have a board; *everybody*: only those that anybody may read."""
    kinds = memory.preset.kinds.values() if memory.preset is not None else ()
    return [kind for kind in kinds if kind.board is not None and (kind.board.open or not everybody)]


def post(place_id: int, page: int, events: Sequence[Any]) -> None:
    """Reader of the ledger's pages: put the cases of kinds with a board on it. One statement where there is one."""
    come = [event for event in events if event.kind == "case.reported" and event.case_id]
    if not come:
        return
    memory = places.of(place_id)
    kinds = {kind.code for kind in boards_of(memory)}
    zone = memory.calendar(None).zone
    rows = [
        Posted(
            place_id=place_id, case_id=event.case_id, kind=event.data["kind"],
            year=event.at.astimezone(zone).year, path=str(event.data.get("path") or ""),
        )
        for event in come if event.data.get("kind") in kinds
    ]  # fmt: skip
    if rows:
        Posted.objects.bulk_create(rows, ignore_conflicts=True)


@dataclass(frozen=True, slots=True)
class Part:
    """What one move said: its name, when it was made, and label and value of what may be read."""

    move: str
    at: datetime
    said: Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Entry:
    """A case on the board: where it belongs, how it stands, what it says."""

    case: Case
    where: str
    step: str
    draft: bool
    parts: Sequence[Part]


@dataclass(frozen=True, slots=True)
class Shown:
    """One page of a board."""

    entries: Sequence[Entry]
    after: str
    states: Sequence[tuple[str, int]]


def read(memory: PlaceMemory, kind: Kind, year: int, sight: Sight, path: str = "", cursor: str = "") -> Shown:
    """A year's board, of the divisions under *path*, in their order. Five SQL statements, two where it is empty.

    Raises BadCursor.
    """
    assert kind.board is not None
    rows = Posted.objects.filter(place_id=memory.place_id, kind=kind.code, year=year)
    if path:
        rows = rows.filter(path__startswith=path)
    cases = tellable(memory.place_id) if kind.board.open else visible(sight)
    states = cases.filter(id__in=rows.values("case_id")).values_list("step").annotate(n=Count("id"))
    ids, after = _page(rows, cursor)
    known = {case.id: case for case in cases.filter(id__in=ids)} if ids else {}
    told = ledger.histories(memory.place_id, list(known), private=True) if known else {}
    flow = memory.preset.flow_of(kind.code) if memory.preset is not None else None
    counted = dict(states)
    order = [*flow.steps] if flow is not None else []
    return Shown(
        [_entry(memory, known[ident], kind.board, told.get(ident, ())) for ident in ids if ident in known],
        after,
        [(naming.step_name(flow, step), counted[step]) for step in order if flow is not None and step in counted],
    )  # fmt: skip


def _page(rows: Any, cursor: str) -> tuple[list[UUID], str]:
    if cursor:
        path, mark, ident = cursor.rpartition(_MARK)
        if not mark:
            raise BadCursor(cursor)
        rows = rows.filter(Q(path__gt=path) | Q(path=path, case_id__gt=unpack_id(ident)))
    found = list(rows.order_by("path", "case_id").values_list("path", "case_id")[: PAGE + 1])
    last = found[PAGE - 1] if len(found) > PAGE else None
    return [ident for _, ident in found[:PAGE]], f"{last[0]}{_MARK}{pack_id(last[1])}" if last else ""


def _entry(memory: PlaceMemory, case: Case, board: Board, told: Sequence[ledger.Happening]) -> Entry:
    preset = compiled(case.edition_id)
    flow = preset.flow_of(case.kind)
    ident = case.grid_id or case.division_id
    where = ""
    if ident is not None and ident in memory.divisions:
        above = [memory.division(one).name for one in memory.division(ident).ancestors]
        where = " ".join(above[1:] or above)
    draft = case.step in board.drafts
    parts = {} if draft else {part.move: part for part in _parts(memory, preset, flow, board, told)}
    return Entry(case, where, naming.step_name(flow, case.step), draft, list(parts.values()))


def _parts(
    memory: PlaceMemory, preset: Any, flow: Any, board: Board, told: Sequence[ledger.Happening]
) -> Iterator[Part]:
    """What each move said, the last time that it was made."""
    for happening in told:
        data = happening.event.data
        move = str(data.get("move") or "")
        if happening.event.kind != "case.moved" or move not in flow.by_id:
            continue
        values = {**(data.get("fields") or {}), **(happening.private or {})}
        form = {one.id: one for one in preset.move_form(flow.id, move).fields}
        said = [
            (form[name].label.text("en" if naming.english() else "zh"), shown(form[name], values[name], preset, memory))
            for name in board.shows if name in form and values.get(name) not in (None, "", [])
        ]  # fmt: skip
        if said:
            yield Part(naming.move_name(flow, move), happening.event.at, said)
