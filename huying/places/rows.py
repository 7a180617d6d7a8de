"""Rows of divisions, grids and organs as files give them, checked on their own (not yet against what is
held)."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from huying.places.geometry import OutlineError, geometry_of, outline_of_points
from huying.places.info import GENERAL, GRID
from huying.places.tables import Defects, Row, read_table

CODE = re.compile(r"[0-9A-Za-z][0-9A-Za-z_.\-]{0,39}")
YES, NO = {"yes", "true", "1", "是"}, {"", "no", "false", "0", "否"}

DIVISION_COLUMNS = ("code", "name", "tier", "parent"), ("urban_rural", "short", "was")
GRID_COLUMNS = ("code", "name", "layer", "parent"), ("outline", "short", "was")
ORGAN_COLUMNS = (
    ("code", "name"),
    # what an organ is paired with is read by the preset itself (Preset.organs)
    ("short", "tier", "division", "parent", "seat", "duties", "paired", "phone", "calendar"),
)


@dataclass(frozen=True, slots=True)
class DivisionRow:
    """A division, or a grid when `layer` is not empty. `was` is the code that it bore before, if that
    changed."""

    line: int
    code: str
    name: str
    tier: str
    parent: str
    layer: str = ""
    short: str = ""
    urban_rural: str = ""
    outline: Mapping[str, Any] | None = None
    schematic: bool = True
    was: str = ""


@dataclass(frozen=True, slots=True)
class OrganRow:
    """An organ; `division` and `parent` are codes."""

    line: int
    code: str
    name: str
    short: str = ""
    tier: str = ""
    division: str = ""
    parent: str = ""
    seat: bool = False
    duties: str = ""
    phone: str = ""
    calendar: str = ""


def divisions_from_csv(text: str, file: str) -> list[DivisionRow]:
    """Rows of a divisions table. Raises ImportRefused."""
    rows = read_table(text, file, *DIVISION_COLUMNS)
    defects = Defects(file)
    _check_codes(rows, defects, "tier")
    for row in rows:
        if row["urban_rural"] and not re.fullmatch(r"\d{3}", row["urban_rural"]):
            defects.add(
                row.line,
                "urban_rural",
                _("“%(value)s” is not an urban–rural class") % {"value": row["urban_rural"]},
                _("write three digits such as 111 or 220, or leave it empty"),
            )
    defects.refuse()
    return [
        DivisionRow(
            line=row.line,
            code=row["code"],
            name=row["name"],
            tier=row["tier"],
            parent=row["parent"],
            short=row["short"],
            urban_rural=row["urban_rural"],
            was=row["was"],
        )
        for row in rows
    ]


def grids_from_csv(text: str, file: str, schematic: bool = True) -> list[DivisionRow]:
    """Rows of a grids table; outlines are "lon lat;lon lat;…". Raises ImportRefused."""
    rows = read_table(text, file, *GRID_COLUMNS)
    defects = Defects(file)
    _check_codes(rows, defects, "parent")
    found = []
    for row in rows:
        outline = None
        if row["outline"]:
            try:
                outline = outline_of_points(_points(row["outline"]))
            except OutlineError as problem:
                defects.add(row.line, "outline", str(problem), _("write: lon lat;lon lat;lon lat"))
        found.append(
            DivisionRow(
                line=row.line,
                code=row["code"],
                name=row["name"],
                tier=GRID,
                parent=row["parent"],
                layer=row["layer"] or GENERAL,
                short=row["short"],
                outline=outline,
                schematic=schematic,
                was=row["was"],
            )
        )
    defects.refuse()
    return found


def divisions_from_geojson(text: str, file: str, schematic: bool = False) -> list[DivisionRow]:
    """Divisions and grids of a FeatureCollection; properties are the columns of the tables. Raises
    ImportRefused.

    A feature with a `layer` or without a `tier` is a grid. Lines in messages count features from 1.
    """
    defects = Defects(file)
    try:
        data = json.loads(text)
    except ValueError as problem:
        defects.add(
            getattr(problem, "lineno", 0), "", _("the file is not JSON: %s") % problem, _("export it again")
        )
        defects.refuse()
    features = data.get("features") if isinstance(data, dict) else None
    if not isinstance(features, list) or data.get("type") != "FeatureCollection":
        defects.add(
            0, "", _("the file is not a FeatureCollection"), _("export the layer as GeoJSON in WGS 84")
        )
        defects.refuse()
    rows, found = [], []
    for number, feature in enumerate(features or [], 1):
        bag = feature.get("properties") if isinstance(feature, dict) else None
        if not isinstance(bag, dict):
            defects.add(number, "", _("the feature has no properties"), _("give it code, name and parent"))
            continue
        row = Row(number, {str(key): str(value).strip() for key, value in bag.items() if value is not None})
        rows.append(row)
        outline = feature.get("geometry")
        try:
            if outline is not None:
                geometry_of(outline if isinstance(outline, dict) else {})
        except OutlineError as problem:
            defects.add(number, "geometry", str(problem), _("draw the outline again"))
        is_grid = bool(row["layer"]) or not row["tier"] or row["tier"] == GRID
        found.append(
            DivisionRow(
                line=number,
                code=row["code"],
                name=row["name"],
                tier=GRID if is_grid else row["tier"],
                parent=row["parent"],
                layer=(row["layer"] or GENERAL) if is_grid else "",
                short=row["short"],
                urban_rural=row["urban_rural"],
                outline=outline,
                schematic=schematic,
                was=row["was"],
            )
        )
    _check_codes(rows, defects)
    defects.refuse()
    return found


def organs_from_csv(text: str, file: str) -> list[OrganRow]:
    """Rows of an organs table. Raises ImportRefused."""
    rows = read_table(text, file, *ORGAN_COLUMNS)
    defects = Defects(file)
    _check_codes(rows, defects)
    for row in rows:
        if row["seat"].lower() not in YES | NO:
            defects.add(
                row.line,
                "seat",
                _("“%(value)s” is neither yes nor no") % {"value": row["seat"]},
                _("write yes or no"),
            )
    defects.refuse()
    return [
        OrganRow(
            line=row.line,
            code=row["code"],
            name=row["name"],
            short=row["short"],
            tier=row["tier"],
            division=row["division"],
            parent=row["parent"],
            seat=row["seat"].lower() in YES,
            duties=row["duties"],
            phone=row["phone"],
            calendar=row["calendar"],
        )
        for row in rows
    ]


def _points(text: str) -> list[tuple[float, float]]:
    points = []
    for pair in text.split(";"):
        if not pair.strip():
            continue
        parts = pair.split()
        try:
            lon, lat = (float(part) for part in parts)
        except ValueError:
            raise OutlineError(_("“%(pair)s” is not a longitude and a latitude") % {"pair": pair}) from None
        points.append((lon, lat))
    return points


def _check_codes(rows: Sequence[Row], defects: Defects, *needed: str) -> None:
    first: dict[str, int] = {}
    for row in rows:
        code = row["code"]
        for column in ("code", "name", *needed):
            if not row[column]:
                defects.add(row.line, column, _("the cell is empty"), _("fill it in"))
        if code and not CODE.fullmatch(code):
            defects.add(
                row.line,
                "code",
                _("“%(value)s” is not a code") % {"value": code},
                _("use up to 40 letters, digits, - _ and ."),
            )
        if code in first:
            defects.add(
                row.line,
                "code",
                _("the code %(code)s stands in line %(line)s already") % {"code": code, "line": first[code]},
                _("give each row a code of its own"),
            )
        first.setdefault(code, row.line)
        if len(row["name"]) > 120:
            defects.add(row.line, "name", _("the name is longer than 120 characters"), _("shorten it"))
