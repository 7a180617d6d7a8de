"""Reading rulings: the list of precedents, and what organs said when they were asked whose duty something is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q

from huying.cases import lists, looks, naming
from huying.cases.models import Case, Leg, Precedent
from huying.cases.sight import visible
from huying.ledger.queries import Happening
from huying.places.info import PlaceMemory
from huying.staff.sight import Sight
from huying.ui.choices import Look

PAGE = 50


@dataclass(frozen=True, slots=True)
class Row:
    """A precedent in words; ``title`` is empty when its case is not for the reader's eyes."""

    id: UUID
    number: str
    item: str
    organ: str
    where: str
    ruled_at: datetime
    ended_at: datetime | None
    title: str


@dataclass(frozen=True, slots=True)
class View:
    """What one organ said when it was asked: ``stand`` in the form's words, ``text`` its grounds."""

    organ: str
    leg: Leg
    state: Look
    stand: str
    stand_code: str
    text: str
    said_at: datetime | None


def listing(
    sight: Sight, memory: PlaceMemory, typed: str = "", *, ended: bool = False, cursor: str = ""
) -> tuple[list[Row], str]:
    """Rulings, newest first, and the next page's cursor. Two SQL statements. Raises lists.BadCursor.

    *typed* is looked for in the item's name, the organ's name and the case's number.
    """
    rows = Precedent.objects.filter(place_id=sight.place_id, ended_at__isnull=not ended)
    if typed := typed.strip()[:60]:
        rows = rows.filter(_matching(memory, typed))
    if cursor:
        rows = rows.filter(id__lt=lists.unpack_id(cursor))
    found = list(rows.order_by("-id")[: PAGE + 1])
    after = lists.pack_id(found[PAGE - 1].id) if len(found) > PAGE else ""
    found = found[:PAGE]
    ids = [row.case_id for row in found]
    titles = dict(visible(sight).filter(id__in=ids).values_list("id", "title")) if ids else {}
    return [_row(row, memory, str(titles.get(row.case_id, ""))) for row in found], after


def _matching(memory: PlaceMemory, typed: str) -> Q:
    low = typed.lower()
    items = memory.preset.items.values() if memory.preset is not None else ()
    codes = [
        row.code
        for row in items
        if low in str(row.name).lower() or any(low in w.lower() for w in row.keywords)
    ]
    organs = [row.id for row in memory.organs.values() if low in f"{row.name} {row.short}".lower()]
    return Q(item__in=codes) | Q(organ_id__in=organs) | Q(number__icontains=typed)


def _row(row: Precedent, memory: PlaceMemory, title: str) -> Row:
    last = [part for part in row.path.split("/") if part][-1:]
    known = last and last[0].isdigit() and int(last[0]) in memory.divisions
    return Row(
        row.id, row.number, naming.item_name(memory.preset, row.item) if memory.preset else row.item,
        memory.organ(row.organ_id).name if row.organ_id in memory.organs else "",
        memory.division(int(last[0])).name if known else "", row.ruled_at, row.ended_at, title,
    )  # fmt: skip


def views(legs: Sequence[Leg], story: Sequence[Happening], memory: PlaceMemory, preset: Any) -> list[View]:
    """What the organs that were asked have said, the latest round first. No SQL statement.

    *story* is the case's history with private texts (``ledger.history(…, private=True)``).
    """
    said: dict[UUID, tuple[str, datetime]] = {}
    for happening in story:
        leg_id = happening.event.leg_id
        text = str((happening.private or {}).get("opinion", ""))
        if leg_id is not None and text:
            said[leg_id] = (text, happening.event.at)
    found = []
    for leg in sorted((one for one in legs if one.part == "opinion"), key=lambda one: (-one.round, one.id)):
        text, at = said.get(leg.id, ("", None))
        code = str(leg.fields.get("ours", ""))
        state = looks.result_look(leg.result) if leg.closed_at and leg.result else looks.phase_look(
            leg.phase, naming.step_name(preset.flows[leg.flow], leg.step)
        )  # fmt: skip
        organ = memory.organ(leg.organ_id).name if leg.organ_id in memory.organs else ""
        found.append(View(organ, leg, state, _stand(preset, leg.flow, code), code, text, at))
    return found


def _stand(preset: Any, flow: str, code: str) -> str:
    if not code:
        return ""
    lang = "en" if naming.english() else "zh"
    for move in preset.flows[flow].moves:
        schema = preset.move_form(flow, move.id)
        if "ours" in schema.ids:
            return next((str(c.label.text(lang)) for c in schema["ours"].choices if c.id == code), code)
    return code


def asked(story: Sequence[Happening]) -> str:
    """The question that was put to the organs last; empty when none was."""
    return next(
        (str(h.private["question"]) for h in reversed(story) if (h.private or {}).get("question")), ""
    )


def ruled(story: Sequence[Happening]) -> tuple[str, datetime | None]:
    """The reasons of the last ruling and when it was made."""
    for happening in reversed(story):
        if text := (happening.private or {}).get("ruling"):
            return str(text), happening.event.at
    return "", None


def of_case(case: Case) -> list[Precedent]:
    """The precedents that the case became. One SQL statement."""
    return list(Precedent.objects.filter(place_id=case.place_id, case_id=case.id).order_by("-id"))
