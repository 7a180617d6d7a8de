"""Checks across the files of a preset: every reference leads somewhere, everything needed is there."""

from __future__ import annotations

from huying.flow.source import Problem
from huying.presets.check_catalogue import check_items
from huying.presets.check_flows import check_flows
from huying.presets.check_grids import check_grids
from huying.presets.check_people import check_demo, check_roles
from huying.presets.check_reports import check_reports
from huying.presets.check_reviews import check_reviews
from huying.presets.check_supervision import check_supervision
from huying.presets.definition import Division, Organ, Preset
from huying.presets.problems import problem
from huying.presets.read_duties import check_duties
from huying.presets.read_inspection import check_inspection
from huying.presets.read_rosters import check_rosters


def check_references(preset: Preset, broken: frozenset[str] = frozenset()) -> list[Problem]:
    """Problems between the files. `broken`: files that could not be read well; what would only follow from their
    gaps is not reported a second time."""
    found: list[Problem] = []
    if "divisions.csv" not in broken:
        found += check_divisions(preset)
    if "organs.csv" not in broken:
        found += check_organs(preset, check_division="divisions.csv" not in broken)
    found += check_grids(preset, "divisions.csv" not in broken)
    found += check_items(preset, "organs.csv" not in broken, "catalogue.csv" not in broken)
    found += check_duties(preset, broken)
    found += check_flows(preset, broken)
    found += check_reviews(preset, broken)
    found += check_reports(preset, broken)
    found += check_supervision(preset, broken)
    found += check_inspection(preset, broken)
    found += check_rosters(preset, broken)
    if "roles.yaml" not in broken:
        found += check_roles(preset, broken)
        found += check_demo(preset, broken)
    return found


def check_divisions(preset: Preset) -> list[Problem]:
    """Tiers known, parents there and higher, one top."""
    file, found = "divisions.csv", []
    tiers = preset.place.tiers
    order = {tier: i for i, tier in enumerate(tiers)}
    rows = preset.divisions
    for row in rows.values():
        if row.tier not in order:
            found.append(
                problem("unknown-tier", file, row.line, where=row.code, name=row.tier, like=(row.tier, tiers))
            )
            continue
        if not row.parent:
            if row.tier != tiers[-1]:
                found.append(problem("no-parent", file, row.line, code=row.code))
            continue
        above = rows.get(row.parent)
        if above is None:
            found.append(problem("unknown-parent", file, row.line, name=row.parent, like=(row.parent, rows)))
        elif above.tier in order and order[above.tier] <= order[row.tier]:
            found.append(
                problem(
                    "parent-tier",
                    file,
                    row.line,
                    code=row.code,
                    tier=row.tier,
                    parent=above.code,
                    above=above.tier,
                )
            )
    tops = [row for row in rows.values() if not row.parent and tiers and row.tier == tiers[-1]]
    if tiers and len(tops) != 1:
        line = tops[1].line if len(tops) > 1 else 1
        found.append(problem("no-top", file, line, tier=tiers[-1], count=len(tops)))
    return found


def check_organs(preset: Preset, *, check_division: bool) -> list[Problem]:
    """Tiers, divisions and parents known, no circles, the centre there."""
    file, found = "organs.csv", []
    place, rows = preset.place, preset.organs
    for row in rows.values():
        if row.tier and row.tier not in place.tiers:
            found.append(
                problem(
                    "unknown-tier",
                    file,
                    row.line,
                    where=row.code,
                    name=row.tier,
                    like=(row.tier, place.tiers),
                )
            )
        if row.division and check_division and row.division not in preset.divisions:
            found.append(
                problem(
                    "unknown-division",
                    file,
                    row.line,
                    where=row.code,
                    name=row.division,
                    like=(row.division, preset.divisions),
                )
            )
        if check_division:
            found += [
                problem(
                    "unknown-division",
                    file,
                    row.line,
                    where=row.code,
                    name=code,
                    like=(code, preset.divisions),
                )
                for code in row.paired
                if code not in preset.divisions
            ]
        if row.parent and row.parent not in rows:
            found.append(problem("unknown-parent", file, row.line, name=row.parent, like=(row.parent, rows)))
        elif _circles(row, rows):
            found.append(problem("parent-loop", file, row.line, code=row.code))
    if place.centre and place.centre not in rows:
        line = _line_of(preset, "place.yaml", "centre:")
        found.append(problem("centre", "place.yaml", line, name=place.centre, like=(place.centre, rows)))
    return found


def _circles(row: Organ | Division, rows: dict[str, Organ] | object) -> bool:
    seen = {row.code}
    parent = row.parent
    while parent:
        if parent in seen:
            return parent == row.code
        seen.add(parent)
        above = rows.get(parent) if isinstance(rows, dict) else None
        parent = above.parent if above is not None else ""
    return False


def _line_of(preset: Preset, file: str, start: str) -> int:
    for number, line in enumerate(preset.files.get(file, "").splitlines(), 1):
        if line.startswith(start):
            return number
    return 1
