"""The handbook of items: reading it as a tree, and writing a change to one item as the place's next edition.

An edition never changes. A change of an item is a change of one row of ``catalogue.csv``: the whole preset is checked
with it, the difference is shown, and only then it is published. Open cases stay with the edition that they began with.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Count
from django.utils.translation import gettext as _

from huying.cases.actions.perform import Conflict, Refused
from huying.cases.models import Precedent
from huying.cases.who import Actor
from huying.flow.source import Problem
from huying.places.actions import load_preset
from huying.places.info import PlaceMemory
from huying.presets import actions as presets
from huying.presets.definition import Item, Preset
from huying.presets.diff import Change, diff
from huying.presets.models import Edition
from huying.presets.reader import load

FILE = "catalogue.csv"
# The cells that the form may change; code and parent stay, because cases and precedents name them.
CELLS = (
    "name", "handler", "co_handlers", "grade", "accept_limit", "arrive_limit", "handle_limit", "evidence", "keywords",
    "source", "grounds", "standard_code", "grid", "auto", "fixed", "kinds",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Draft:
    """A change worked out and checked, not yet published."""

    files: Mapping[str, str]
    changes: Sequence[Change]
    problems: Sequence[Problem]


def precedents(place_id: int) -> dict[str, int]:
    """How many precedents in force each item has. One SQL statement."""
    rows = Precedent.objects.filter(place_id=place_id, ended_at=None).values("item").annotate(n=Count("id"))
    return {row["item"]: row["n"] for row in rows}


def matches(item: Item, words: str) -> bool:
    """Whether an item is found by what was typed: code, name, keywords."""
    words = words.strip().lower()
    return (
        not words
        or words in f"{item.code} {item.name}".lower()
        or any(words in one.lower() for one in item.keywords)
    )


def own_cells(preset: Preset, code: str) -> dict[str, str]:
    """What the item's own row says, before anything is taken from the rows above it. Raises KeyError."""
    for row in _rows(preset.files[FILE])[1]:
        if row.get("code", "").strip() == code:
            return {name: (row.get(name) or "").strip() for name in CELLS}
    raise KeyError(code)


def draft(preset: Preset, code: str, cells: Mapping[str, str], parent: str | None = None) -> Draft:
    """The preset with the row of *code* changed to *cells*, checked whole. With *parent* a new row under that item.

    Raises KeyError for an unknown code, or parent, and for a new code that is there already.
    """
    heading, rows = _rows(preset.files[FILE])
    found = next((row for row in rows if _code(row) == code), None)
    if parent is not None:
        if found is not None or not code:
            raise KeyError(code)
        found = {"code": code, "parent": parent}
        rows.insert(_after(rows, parent), found)
    if found is None:
        raise KeyError(code)
    for name in CELLS:
        if name in cells:
            found[name] = " ".join(cells[name].split())
            if name not in heading and found[name]:
                heading.append(name)
    return _checked(preset, heading, rows)


def draft_end(preset: Preset, code: str) -> Draft:
    """The preset without the item *code*, checked whole. Raises KeyError for one that is not there or has items below."""
    heading, rows = _rows(preset.files[FILE])
    kept = [row for row in rows if _code(row) != code]
    if len(kept) == len(rows) or any(_parent(row) == code for row in rows):
        raise KeyError(code)
    return _checked(preset, heading, kept)


def groups(preset: Preset) -> list[Item]:
    """The items under which others stand, in the handbook's order."""
    above = {item.parent for item in preset.items.values()}
    return [item for item in preset.items.values() if item.code in above]


def _code(row: Mapping[str, str]) -> str:
    return row.get("code", "").strip()


def _parent(row: Mapping[str, str]) -> str:
    return row.get("parent", "").strip()


def _after(rows: Sequence[Mapping[str, str]], parent: str) -> int:
    """Where a new row under *parent* goes: behind its last one. Raises KeyError."""
    places = [n for n, row in enumerate(rows) if _code(row) == parent or _parent(row) == parent]
    if not places or all(_code(row) != parent for row in rows):
        raise KeyError(parent)
    return places[-1] + 1


def _checked(preset: Preset, heading: list[str], rows: Sequence[Mapping[str, str]]) -> Draft:
    text = io.StringIO()
    writer = csv.DictWriter(text, heading, lineterminator="\n", extrasaction="ignore", restval="")
    writer.writeheader()
    writer.writerows(rows)
    files = {**preset.files, FILE: text.getvalue()}
    new, problems = load(files)
    return Draft(files, diff(preset, new) if new is not None else (), problems)


def _rows(text: str) -> tuple[list[str], list[dict[str, str]]]:
    table = csv.DictReader(io.StringIO(text))
    rows = [{key: value or "" for key, value in row.items() if key is not None} for row in table]
    return list(table.fieldnames or ()), rows


def publish(memory: PlaceMemory, base: int, files: Mapping[str, str], note: str, actor: Actor) -> Edition:
    """Publish *files* as the place's next edition and put it in force at once.

    *base* is the edition that the change was made from: raises Conflict when another one came into force meanwhile.
    Raises Refused without the right, presets.actions.Refused and places.tables.ImportRefused with every defect.
    """
    if not (actor.has("manage_items") or actor.has("manage_presets")):
        raise Refused("not-allowed")
    preset = memory.preset
    with transaction.atomic():
        if preset is None or base != memory.edition_id:
            raise Conflict("another edition is in force")
        edition = presets.publish(preset.code, files, note=note)
        load_preset(memory.code, dict(edition.files), edition_id=edition.pk, actor=actor.for_ledger())
    return edition


def side_effects(memory: PlaceMemory, files: Mapping[str, str]) -> dict[str, int]:
    """What publishing would change of divisions and organs: those not in the preset's files would be ended."""
    outcome = load_preset(memory.code, dict(files), edition_id=memory.edition_id, dry_run=True)[1]
    counts = {how: outcome.count(how) for how in ("add", "change", "replace", "end")}
    return {how: n for how, n in counts.items() if n}


def handler_name(memory: PlaceMemory, code: str) -> str:
    """Who an item's handler is, in words: an organ, or a relation such as the town in which the case lies."""
    organ = memory.organ_by_code(code)
    if organ is not None:
        return organ.name
    kind, _at, tier = code.partition("@")
    if kind != "division" or not tier or memory.preset is None:
        return code
    return _("%(tier)s of the place") % {"tier": memory.preset.word(tier)}


def handlers(preset: Preset, memory: PlaceMemory) -> list[Any]:
    """What may stand as handler: the organs, and the relations that the catalogue uses."""
    used: dict[str, None] = {}
    for item in preset.items.values():
        for code in (item.handler, *item.co_handlers):
            if code and code not in preset.organs:
                used[code] = None
    return [
        *({"id": code, "label": handler_name(memory, code)} for code in used),
        *({"id": one.code, "label": one.name, "keys": one.short} for one in preset.organs.values()),
    ]
