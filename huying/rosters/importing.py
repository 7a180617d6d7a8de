"""Households and pairings from a CSV table: exact errors, all or nothing, trial run."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Count
from django.utils.translation import gettext as _

from huying import clock
from huying.ledger import actions as ledger
from huying.ledger.ids import uuid7
from huying.places import memory as places
from huying.places.changes import Change, Outcome
from huying.places.info import DivisionInfo, PlaceMemory
from huying.places.tables import Defects, Row, decode, read_table
from huying.presets.roster_definition import Roster
from huying.rosters import queries
from huying.rosters.actions import lock_person
from huying.rosters.models import Household, Pairing
from huying.staff.models import Holding

COLUMNS = ("code", "grid", "address"), ("label", "roster", "username")
LONGEST = {"code": 60, "address": 200, "label": 40}
# A telephone or identity number has no business here: who lives at an address is not this table's.
_NUMBER = re.compile(r"\d{7,}")


class _DryRun(Exception):
    """Rolls a trial run back."""


@dataclass
class _Import:
    """One run: what is there, what the lines say so far, what is wrong with them."""

    place: PlaceMemory
    rosters: Mapping[str, Roster]
    holders: Mapping[tuple[str, str], Sequence[Holding]]  # roster, user name
    defects: Defects
    now: datetime
    homes: dict[str, Household] = field(default_factory=dict)
    pairs: dict[tuple[str, UUID], Pairing] = field(default_factory=dict)
    said: dict[str, tuple[int, str, str]] = field(default_factory=dict)  # code → line, grid, address
    paired: dict[tuple[str, str], int] = field(default_factory=dict)  # roster, code → line
    outcome: Outcome = field(default_factory=Outcome)
    new_homes: list[Household] = field(default_factory=list)
    new_ids: set[UUID] = field(default_factory=set)
    changed_homes: dict[UUID, Household] = field(default_factory=dict)
    new_pairs: list[Pairing] = field(default_factory=list)
    changed_pairs: dict[UUID, Pairing] = field(default_factory=dict)
    lines: dict[UUID, int] = field(default_factory=dict)  # pairing → line


def import_households(
    place_id: int, content: bytes, file: str, *, actor: ledger.Actor, dry_run: bool = False
) -> Outcome:
    """Add households and pair them: one line for each household, or for each roster in which it stands.

    Columns: code, grid (code), address; label, roster, username (of who looks after it, empty for nobody). What is there
    already is changed to what the line says; what no line names stays. Raises ImportRefused and does nothing then.
    """
    rows = read_table(decode(content, file), file, *COLUMNS)
    rosters = queries.rosters_of(place_id)
    place = places.of(place_id)
    with suppress(_DryRun), transaction.atomic():
        run = _Import(place, rosters, _holders(place, rosters, rows), Defects(file), clock.now())
        codes = {row["code"] for row in rows}
        run.homes = {one.code: one for one in Household.objects.filter(place_id=place_id, code__in=codes)}
        ids = [one.id for one in run.homes.values()]
        run.pairs = {
            (one.roster, one.household_id): one
            for one in Pairing.objects.filter(place_id=place_id, household_id__in=ids)
        }
        for row in rows:
            _line(run, row)
        run.defects.refuse()
        _write(run)
        _not_too_many(run)
        run.defects.refuse()
        _tell(run, actor)
        if dry_run:
            raise _DryRun
    return run.outcome


def _holders(
    place: PlaceMemory, rosters: Mapping[str, Roster], rows: Sequence[Row]
) -> dict[tuple[str, str], list[Holding]]:
    names = {row["username"] for row in rows if row["username"]}
    found: dict[tuple[str, str], list[Holding]] = {}
    if names:
        for roster in rosters.values():
            for one in queries.holders(roster, None, place, names):
                found.setdefault((roster.id, one.person.username), []).append(one)
    return found


def _line(run: _Import, row: Row) -> None:
    defects, before = run.defects, len(run.defects.found)
    for column in COLUMNS[0]:
        if not row[column]:
            defects.add(row.line, column, _("the cell is empty"), _("fill it in"))
    for column, most in LONGEST.items():
        if len(row[column]) > most:
            what = _("the cell has more than %(most)s characters") % {"most": most}
            defects.add(row.line, column, what, _("shorten it"))
    for column in ("address", "label"):
        if _NUMBER.search(row[column]):
            defects.add(
                row.line, column, _("the cell holds a long number, such as of a telephone or an identity card"),
                _("leave it out: a household is an address here, nothing about who lives there"),
            )  # fmt: skip
    grid = _grid(run, row)
    _said_before(run, row)
    if len(defects.found) > before:
        return
    assert grid is not None
    home = _home(run, row, grid.id, grid.path)
    if row["roster"] or row["username"]:
        _pair(run, row, home)


def _grid(run: _Import, row: Row) -> DivisionInfo | None:
    found = run.place.by_code(row["grid"]) if row["grid"] else None
    if row["grid"] and (found is None or not found.active):
        what = _("there is no grid with the code %(code)s") % {"code": row["grid"]}
        run.defects.add(row.line, "grid", what, _("add it, or correct the code"))
    elif found is not None and not found.is_grid and found.tier != run.place.tiers[0]:
        what = _("%(name)s is no grid") % {"name": found.name}
        run.defects.add(row.line, "grid", what, _("use the code of a grid, or of a village without grids"))
    return found


def _said_before(run: _Import, row: Row) -> None:
    first = run.said.setdefault(row["code"], (row.line, row["grid"], row["address"]))
    if first[0] != row.line and row["code"] and (row["grid"], row["address"]) != first[1:]:
        what = _("line %(line)s says otherwise of the same household") % {"line": first[0]}
        run.defects.add(row.line, "code", what, _("give grid and address alike, or another code"))


def _home(run: _Import, row: Row, grid_id: int, path: str) -> Household:
    says = {"grid_id": grid_id, "path": path, "address": row["address"]}
    if row["label"]:
        says["label"] = row["label"]
    home = run.homes.get(row["code"])
    if home is None:
        home = Household(place_id=run.place.place_id, id=uuid7(), code=row["code"], added_at=run.now, **says)
        run.homes[home.code] = home
        run.new_homes.append(home)
        run.new_ids.add(home.id)
        run.outcome.changes.append(Change("households", "add", home.code, home.address))
    elif any(getattr(home, name) != value for name, value in says.items()):
        for name, value in says.items():
            setattr(home, name, value)
        if home.id not in run.new_ids:
            run.changed_homes[home.id] = home
            run.outcome.changes.append(Change("households", "change", home.code, home.address))
            for roster in run.rosters:  # a pairing lies where its household lies
                pairing = run.pairs.get((roster, home.id))
                if pairing is not None:
                    pairing.grid_id, pairing.path = home.grid_id, home.path
                    run.changed_pairs[pairing.id] = pairing
    return home


def _pair(run: _Import, row: Row, home: Household) -> None:
    roster = run.rosters.get(row["roster"])
    if roster is None:
        what = _("the place has no such roster") if row["roster"] else _("the cell is empty")
        mend = _("use one of: %(rosters)s") % {"rosters": ", ".join(run.rosters)}
        run.defects.add(row.line, "roster", what, mend)
        return
    first = run.paired.setdefault((roster.id, home.code), row.line)
    if first != row.line:
        what = _("line %(line)s pairs the same household in this roster") % {"line": first}
        run.defects.add(
            row.line, "username", what, _("a household has one person in a roster: remove a line")
        )
        return
    if not row["username"]:
        return
    held = run.holders.get((roster.id, row["username"]), ())
    fits = [one for one in held if queries.covers(run.place, one.post, home.path)]
    if not fits:
        roles = ", ".join(run.place.roles[code].name for code in roster.who if code in run.place.roles)
        what = (
            _("this person's post does not serve there")
            if held
            else _("nobody of this user name holds a post of the roster")
        )
        mend = _("enter somebody who is: %(roles)s") % {"roles": roles}
        run.defects.add(row.line, "username", what, mend)
        return
    _assign(run, row.line, roster, home, fits[0])


def _assign(run: _Import, line: int, roster: Roster, home: Household, holding: Holding) -> None:
    there = run.pairs.get((roster.id, home.id))
    name = f"{home.code} · {holding.person.name}"
    if there is None:
        made = Pairing(
            place_id=run.place.place_id, id=uuid7(), roster=roster.id, household_id=home.id, grid_id=home.grid_id,
            path=home.path, post_id=holding.post_id, person_id=holding.person_id, since=run.now,
        )  # fmt: skip
        run.new_pairs.append(made)
        run.pairs[roster.id, home.id] = made
        run.lines[made.id] = line
        run.outcome.changes.append(Change("pairings", "add", roster.id, name))
    elif (there.post_id, there.person_id) != (holding.post_id, holding.person_id):
        there.post_id, there.person_id, there.since = holding.post_id, holding.person_id, run.now
        run.changed_pairs[there.id] = there
        run.lines[there.id] = line
        run.outcome.changes.append(Change("pairings", "replace", roster.id, name))


def _write(run: _Import) -> None:
    for person_id in sorted({one.person_id for one in [*run.new_pairs, *run.changed_pairs.values()]}):
        lock_person(run.place.place_id, person_id)
    Household.objects.bulk_create(run.new_homes, batch_size=2000)
    for home in run.changed_homes.values():
        home.save(update_fields=["grid_id", "path", "address", "label"])
    Pairing.objects.bulk_create(run.new_pairs, batch_size=2000)
    for pairing in run.changed_pairs.values():
        pairing.save(update_fields=["grid_id", "path", "post_id", "person_id", "since"])


def _not_too_many(run: _Import) -> None:
    """Nobody has more households than the roster allows, with those that they had before. One SQL statement a roster."""
    touched = [*run.new_pairs, *run.changed_pairs.values()]
    for roster in run.rosters.values():
        people = {one.person_id for one in touched if one.roster == roster.id and one.id in run.lines}
        rows = Pairing.objects.filter(
            place_id=run.place.place_id, roster=roster.id, person_id__in=list(people)
        )
        counts = rows.values_list("person_id").annotate(n=Count("id")).filter(n__gt=roster.most)
        for person_id, count in counts:
            line = max(
                run.lines[one.id]
                for one in touched
                if one.person_id == person_id and one.roster == roster.id and one.id in run.lines
            )
            what = _("this person would have %(count)s households, and %(most)s are the most")
            run.defects.add(
                line, "username", what % {"count": count, "most": roster.most},
                _("enter somebody else for some of them"),
            )  # fmt: skip


def _tell(run: _Import, actor: ledger.Actor) -> None:
    count = Counter((one.table, one.what) for one in run.outcome.changes)
    data = {
        "added": count["households", "add"], "changed": count["households", "change"],
        "paired": count["pairings", "add"], "moved": count["pairings", "replace"],
    }  # fmt: skip
    if any(data.values()):
        entry = ledger.Entry(kind="roster.imported", data=data, at=run.now)
        ledger.append(run.place.place_id, [entry], actor)
