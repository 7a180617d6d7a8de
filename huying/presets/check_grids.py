"""Grids: parents, outlines that enclose an area, no two of a layer over one another."""

from __future__ import annotations

import shapely
from shapely.geometry import Polygon

from huying.flow.source import Problem
from huying.presets.definition import Grid, Preset
from huying.presets.problems import problem

# Square degrees; about 12 m². Outlines drawn by hand may cross their neighbours by a line's width.
SLACK = 1e-9
FILE = "grids.csv"


def check_grids(preset: Preset, check_parents: bool = True) -> list[Problem]:
    """Every problem of grids.csv in relation to divisions.csv and to itself."""
    found: list[Problem] = []
    shapes: dict[str, list[tuple[Grid, Polygon]]] = {}
    for grid in preset.grids.values():
        if check_parents and grid.parent not in preset.divisions:
            found.append(
                problem(
                    "unknown-division",
                    FILE,
                    grid.line,
                    where=grid.code,
                    name=grid.parent,
                    like=(grid.parent, preset.divisions),
                )
            )
        if grid.code in preset.divisions:
            first = preset.divisions[grid.code].line
            found.append(problem("duplicate-code", FILE, grid.line, code=grid.code, first=first))
        if not grid.outline:
            continue
        shape = Polygon(grid.outline[0], grid.outline[1:])
        if not shape.is_valid or shape.area <= 0:
            why = shapely.is_valid_reason(shape) if not shape.is_valid else "it encloses nothing"
            found.append(problem("bad-outline", FILE, grid.line, code=grid.code, why=why))
            continue
        shapes.setdefault(grid.layer, []).append((grid, shape))
    for layer, rows in shapes.items():
        found += _overlaps(layer, rows)
    return found


def _overlaps(layer: str, rows: list[tuple[Grid, Polygon]]) -> list[Problem]:
    tree = shapely.STRtree([shape for _, shape in rows])
    found = []
    for i, (grid, shape) in enumerate(rows):
        for j in sorted(int(j) for j in tree.query(shape, predicate="intersects")):
            if j >= i or shape.intersection(rows[j][1]).area <= SLACK:
                continue
            found.append(
                problem("overlap", FILE, grid.line, code=grid.code, other=rows[j][0].code, layer=layer)
            )
            break
    return found
