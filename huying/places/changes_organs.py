"""Brings organs to what given rows say. An organ that is not named any more is ended, never deleted."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _

from huying.places.changes import Change, Outcome
from huying.places.models import DivisionCode, Organ
from huying.places.rows import OrganRow
from huying.places.tables import Defects

ORGAN_FIELDS = ("name", "short", "tier", "division_id", "seat", "duties", "phone", "calendar", "active")


def apply_organs(
    place_id: int, rows: Sequence[OrganRow], file: str, *, complete: bool, outcome: Outcome
) -> None:
    """Bring the place's organs to *rows*; with *complete*, those not named are ended. Raises
    ImportRefused."""
    defects = Defects(file)
    held = {row.code: row for row in Organ.objects.select_for_update().filter(place_id=place_id)}
    divisions = dict(
        DivisionCode.objects.filter(place_id=place_id, valid_to=None).values_list("code", "division_id")
    )
    named = {row.code for row in rows}
    for row in rows:
        if row.division and row.division not in divisions:
            defects.add(
                row.line,
                "division",
                _("there is no division with the code %(code)s") % {"code": row.division},
                _("add it, or correct the code"),
            )
        if row.parent and row.parent not in named and row.parent not in held:
            defects.add(
                row.line,
                "parent",
                _("there is no organ with the code %(code)s") % {"code": row.parent},
                _("add it, or correct the code"),
            )
        if row.parent == row.code:
            defects.add(row.line, "parent", _("an organ is not its own parent"), _("leave it empty"))
    defects.refuse()
    for row in rows:
        wanted = {
            "name": row.name,
            "short": row.short,
            "tier": row.tier,
            "division_id": divisions[row.division] if row.division else None,
            "seat": row.seat,
            "duties": row.duties,
            "phone": row.phone,
            "calendar": row.calendar,
            "active": True,
        }
        there = held.get(row.code)
        if there is None:
            held[row.code] = Organ.objects.create(place_id=place_id, code=row.code, **wanted)
            outcome.changes.append(Change("organs", "add", row.code, row.name))
            continue
        fields = tuple(name for name in ORGAN_FIELDS if getattr(there, name) != wanted[name])
        if fields:
            for name in fields:
                setattr(there, name, wanted[name])
            there.save(update_fields=fields)
            what = "return" if "active" in fields else "change"
            outcome.changes.append(Change("organs", what, row.code, row.name, fields))
    _set_parents(rows, held, outcome)
    if complete:
        for code, organ in held.items():
            if code not in named and organ.active:
                organ.active = False
                organ.save(update_fields=["active"])
                outcome.changes.append(Change("organs", "end", code, organ.name))


def _set_parents(rows: Sequence[OrganRow], held: dict[str, Organ], outcome: Outcome) -> None:
    """Parents last: a row may name a parent that stands further down."""
    for row in rows:
        organ = held[row.code]
        parent_id = held[row.parent].pk if row.parent else None
        if organ.parent_id != parent_id:
            organ.parent_id = parent_id
            organ.save(update_fields=["parent"])
            if not any(change.code == row.code and change.table == "organs" for change in outcome.changes):
                outcome.changes.append(Change("organs", "change", row.code, row.name, ("parent",)))
