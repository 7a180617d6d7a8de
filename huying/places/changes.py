"""Brings divisions to what given rows say, and tells what that changed.

An id and its path never change. A division that moves under another parent, tier or layer is therefore
ended and a
new one with the same code takes over (`replaced` says which by which); so it goes for everything below it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from django.db import connection
from django.utils.translation import gettext as _

from huying import clock
from huying.places.geometry import centre_of
from huying.places.models import Division, DivisionCode
from huying.places.rows import DivisionRow
from huying.places.tables import Defects


@dataclass(frozen=True, slots=True)
class Change:
    """One difference that an import makes. `what`: add | change | replace | end | return."""

    table: str
    what: str
    code: str
    name: str
    fields: tuple[str, ...] = ()


@dataclass
class Outcome:
    """What an import changed, and which ended division was replaced by which new one."""

    changes: list[Change] = field(default_factory=list)
    replaced: dict[int, int] = field(default_factory=dict)

    def count(self, what: str) -> int:
        """How many changes of a sort."""
        return sum(change.what == what for change in self.changes)


def scheme_of(code: str) -> str:
    """Which scheme a code belongs to, by its shape; what is no official shape is the place's own."""
    if code.isdecimal() and code.isascii():
        return {
            6: DivisionCode.Scheme.COUNTY.value,
            9: DivisionCode.Scheme.TOWN.value,
            12: DivisionCode.Scheme.VILLAGE.value,
            15: DivisionCode.Scheme.GRID.value,
        }.get(len(code), DivisionCode.Scheme.LOCAL.value)
    return DivisionCode.Scheme.LOCAL.value


def apply_divisions(
    place_id: int,
    rows: Sequence[DivisionRow],
    file: str,
    tiers: Sequence[str],
    *,
    complete: bool,
    outcome: Outcome,
) -> None:
    """Bring the place's divisions to *rows*; with *complete*, those not named are ended. Raises
    ImportRefused.

    Must run in a transaction. *tiers* are codes from low to high, without grids. Outlines that a row
    leaves out
    are kept, so that a table without outlines does not wipe a surveyed map.
    """
    _Divisions(place_id, rows, file, tiers, complete, outcome).run()


class _Divisions:
    def __init__(
        self,
        place_id: int,
        rows: Sequence[DivisionRow],
        file: str,
        tiers: Sequence[str],
        complete: bool,
        outcome: Outcome,
    ) -> None:
        self.place_id = place_id
        self.rows = {row.code: row for row in rows}
        self.complete = complete
        self.outcome = outcome
        self.ranks = {tier: number for number, tier in enumerate(tiers)}
        self.defects = Defects(file)
        self.now = clock.now()
        live = Division.objects.select_for_update().filter(place_id=place_id, active_to=None)
        self.by_id = {row.pk: row for row in live}
        codes = DivisionCode.objects.filter(place_id=place_id, valid_to=None, division_id__in=self.by_id)
        self.code_rows = {row.code: row for row in codes}
        self.held = {code: self.by_id[row.division_id] for code, row in self.code_rows.items()}
        self.fresh: list[Division] = []

    def run(self) -> None:
        """Check all rows, then change."""
        order = self._ordered()
        self._check(order)
        self.defects.refuse()
        self._recode()
        ids = iter(_new_ids(Division._meta.db_table, len(order)))
        changed: list[Division] = []
        ended: list[Division] = []
        codes: list[DivisionCode] = []
        for code in order:
            row = self.rows[code]
            parent = self.held.get(row.parent) if row.parent else None
            there = self.held.get(code)
            if there is not None and self._same_position(there, row, parent):
                fields = self._update(there, row)
                if fields:
                    changed.append(there)
                    self._note("change", row.code, row.name, fields)
                continue
            made = self._make(next(ids), row, parent)
            self.fresh.append(made)
            if there is None:
                self._note("add", code, row.name)
            else:
                ended.append(there)
                self.outcome.replaced[there.pk] = made.pk
                self._note("replace", code, row.name)
            self.held[code] = made
            codes.append(
                DivisionCode(
                    place_id=self.place_id,
                    division=made,
                    scheme=scheme_of(code),
                    code=code,
                    valid_from=self.now,
                )
            )
        ended += self._missing(order)
        self._write(changed, ended, codes)

    def _ordered(self) -> list[str]:
        """Codes with parents before children; a row in a circle is a defect."""
        done: dict[str, None] = {}
        for start in self.rows:
            trail: list[str] = []
            code = start
            while code in self.rows and code not in done:
                if code in trail:
                    self.defects.add(
                        self.rows[start].line,
                        "parent",
                        _("the parents run in a circle: %(trail)s") % {"trail": " → ".join([*trail, code])},
                        _("name the division above in the hierarchy"),
                    )
                    self.defects.refuse()
                trail.append(code)
                code = self.rows[code].parent
            done.update(dict.fromkeys(reversed(trail)))
        return list(done)

    def _check(self, order: Sequence[str]) -> None:
        tops = [code for code in order if not self.rows[code].parent]
        for row in (self.rows[code] for code in order):
            if row.tier not in self.ranks and not row.layer:
                self.defects.add(
                    row.line,
                    "tier",
                    _("the place has no tier “%(tier)s”") % {"tier": row.tier},
                    _("use one of: %(tiers)s") % {"tiers": ", ".join(self.ranks)},
                )
            if row.was and row.was not in self.held:
                self.defects.add(
                    row.line,
                    "was",
                    _("no division bears the code %(code)s") % {"code": row.was},
                    _("leave it empty for a new division"),
                )
            if not row.parent:
                if row.layer or (len(tops) > 1 and row.code != tops[0]):
                    self.defects.add(
                        row.line,
                        "parent",
                        _("only one division, the highest, has no parent"),
                        _("write the code of the division above"),
                    )
                continue
            above = self._tier_of(row.parent)
            if above is None:
                self.defects.add(
                    row.line,
                    "parent",
                    _("there is no division with the code %(code)s") % {"code": row.parent},
                    _("add it, or correct the code"),
                )
            elif (
                not row.layer and row.tier in self.ranks and self.ranks.get(above, -1) <= self.ranks[row.tier]
            ):
                self.defects.add(
                    row.line,
                    "parent",
                    _("the parent is of tier “%(above)s”, which is not above “%(tier)s”")
                    % {"above": above, "tier": row.tier},
                    _("name a division of a higher tier"),
                )

    def _tier_of(self, code: str) -> str | None:
        if code in self.rows:
            return self.rows[code].tier
        return self.held[code].tier if code in self.held else None

    def _recode(self) -> None:
        """Give divisions whose official code changed their new one; id, path and history stay."""
        for row in self.rows.values():
            if not row.was or row.was == row.code or row.was not in self.held:
                continue
            division = self.held.pop(row.was)
            self.held[row.code] = division
            DivisionCode.objects.filter(pk=self.code_rows[row.was].pk).update(valid_to=self.now)
            DivisionCode.objects.create(
                place_id=self.place_id,
                division=division,
                scheme=scheme_of(row.code),
                code=row.code,
                valid_from=self.now,
            )
            self._note("change", row.code, row.name, ("code",))

    @staticmethod
    def _same_position(there: Division, row: DivisionRow, parent: Division | None) -> bool:
        return (
            there.tier == row.tier
            and there.layer == row.layer
            and there.parent_id == (parent.pk if parent else None)
        )

    @staticmethod
    def _update(there: Division, row: DivisionRow) -> tuple[str, ...]:
        wanted: dict[str, object] = {
            "name": row.name,
            "short": row.short,
            "urban_rural": row.urban_rural,
        }
        if row.outline is not None:
            wanted |= {"outline": row.outline, "schematic": row.schematic}
        fields = tuple(name for name, value in wanted.items() if getattr(there, name) != value)
        for name in fields:
            setattr(there, name, wanted[name])
        if "outline" in fields and row.outline is not None:
            there.centre_lon, there.centre_lat = centre_of(row.outline)
        return fields

    def _make(self, ident: int, row: DivisionRow, parent: Division | None) -> Division:
        centre = centre_of(row.outline) if row.outline else (None, None)
        return Division(
            id=ident,
            place_id=self.place_id,
            tier=row.tier,
            layer=row.layer,
            name=row.name,
            short=row.short,
            parent=parent,
            path=f"{parent.path if parent else '/'}{ident}/",
            urban_rural=row.urban_rural,
            outline=row.outline,
            centre_lon=centre[0],
            centre_lat=centre[1],
            schematic=row.schematic,
            active_from=self.now,
        )

    def _missing(self, order: Sequence[str]) -> list[Division]:
        if not self.complete:
            # A child whose parent was replaced cannot stay under an ended one: say so instead of losing it.
            for division in self.by_id.values():
                if division.parent_id in self.outcome.replaced and division.pk not in self.outcome.replaced:
                    code = next(
                        code for code, row in self.code_rows.items() if row.division_id == division.pk
                    )
                    self.defects.add(
                        0,
                        "parent",
                        _("%(name)s (%(code)s) lies under a division that moves")
                        % {"name": division.name, "code": code},
                        _("add its row to the same file"),
                    )
            self.defects.refuse()
            return []
        named = {self.held[code].pk for code in order}
        gone = []
        for code, row in self.code_rows.items():
            division = self.by_id[row.division_id]
            if (
                code not in self.rows
                and division.pk not in named
                and division.pk not in self.outcome.replaced
            ):
                gone.append(division)
                self._note("end", code, division.name)
        return gone

    def _write(
        self, changed: Sequence[Division], ended: Sequence[Division], codes: Sequence[DivisionCode]
    ) -> None:
        ids = [division.pk for division in ended]
        Division.objects.filter(pk__in=ids).update(active_to=self.now)
        DivisionCode.objects.filter(division_id__in=ids, valid_to=None).update(valid_to=self.now)
        Division.objects.bulk_create(self.fresh, batch_size=1000)
        Division.objects.bulk_update(
            changed,
            ["name", "short", "urban_rural", "outline", "schematic", "centre_lon", "centre_lat"],
            batch_size=500,
        )
        DivisionCode.objects.bulk_create(codes, batch_size=2000)

    def _note(self, what: str, code: str, name: str, fields: tuple[str, ...] = ()) -> None:
        self.outcome.changes.append(Change("divisions", what, code, name, fields))


def _new_ids(table: str, count: int) -> list[int]:
    """Ids drawn beforehand, because a path holds the row's own id."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)", [table, count]
        )
        return [int(row[0]) for row in cursor.fetchall()]
