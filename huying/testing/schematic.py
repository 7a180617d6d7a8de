"""Schematic grids for a place whose real outlines may not be shipped.

Every outline is an axis-parallel rectangle on an integer lattice of 0.00001°, so that neighbours share their
edges exactly: together they fill the county's rectangle, without a gap and without an overlap. They say
nothing about where a village really lies; presets label them 示意 (schematic).
"""

from __future__ import annotations

import csv
import sys
from collections.abc import Sequence
from pathlib import Path

STEP = 100_000  # lattice steps per degree
Rect = tuple[int, int, int, int]  # west, south, east, north in lattice steps


def split(rect: Rect, weights: Sequence[int]) -> list[Rect]:
    """Cut `rect` into one rectangle per weight, areas about in proportion, in the given order.

    Halves the list where the weights balance best and cuts across the longer side (lengths as on the
    ground at about 42.7° N), so that pieces stay near square.
    """
    if len(weights) == 1:
        return [rect]
    total, run, best, at = sum(weights), 0, None, 1
    for i, weight in enumerate(weights[:-1], 1):
        run += weight
        if best is None or abs(total - 2 * run) < best:
            best, at = abs(total - 2 * run), i
    share = sum(weights[:at]) / total
    west, south, east, north = rect
    if (east - west) * 0.735 >= north - south:
        cut = west + round((east - west) * share)
        halves: tuple[Rect, Rect] = (west, south, cut, north), (cut, south, east, north)
    else:
        cut = north - round((north - south) * share)
        halves = (west, cut, east, north), (west, south, east, cut)
    return split(halves[0], weights[:at]) + split(halves[1], weights[at:])


def outline(rect: Rect) -> str:
    """The closed ring "lon lat;…" counter-clockwise, WGS 84."""
    west, south, east, north = rect
    ring = [(west, south), (east, south), (east, north), (west, north), (west, south)]
    return ";".join(f"{x / STEP:.5f} {y / STEP:.5f}" for x, y in ring)


def grids(
    divisions: list[dict[str, str]], centre: tuple[float, float], size: tuple[float, float]
) -> list[dict[str, str]]:
    """Rows of grids.csv for `divisions` (rows of divisions.csv: town → village).

    Urban communities get four grids, villages two, a town without villages three. Towns whose communities are all
    urban lie in an inner rectangle, the others around it.
    """
    towns = [d for d in divisions if d["tier"] == "town"]
    villages = {t["code"]: [d for d in divisions if d["parent"] == t["code"]] for t in towns}

    def count(d: dict[str, str]) -> int:
        return 4 if d["urban_rural"].startswith("11") or d["name"].endswith("社区") else 2

    def weigh(t: dict[str, str]) -> int:
        return sum(count(v) for v in villages[t["code"]]) or 3

    inner = [t for t in towns if t["name"].endswith(("街道", "开发区"))]
    outer = [t for t in towns if t not in inner]
    lon, lat = round(centre[0] * STEP), round(centre[1] * STEP)
    w, h = round(size[0] * STEP / 2), round(size[1] * STEP / 2)
    iw, ih = w // 6, h // 6
    placed: dict[str, Rect] = {}
    if inner:
        core = (lon - iw, lat - ih, lon + iw, lat + ih)
        placed |= dict(zip((t["code"] for t in inner), split(core, [weigh(t) for t in inner]), strict=True))
        # Four arms of a pinwheel around the inner rectangle.
        arms: list[Rect] = [
            (lon - w, lat + ih, lon + iw, lat + h),
            (lon + iw, lat - ih, lon + w, lat + h),
            (lon - iw, lat - h, lon + w, lat - ih),
            (lon - w, lat - h, lon - iw, lat + ih),
        ]
        for i, arm in enumerate(arms):
            part = outer[i * len(outer) // 4 : (i + 1) * len(outer) // 4]
            placed |= dict(zip((t["code"] for t in part), split(arm, [weigh(t) for t in part]), strict=True))
    else:
        whole = (lon - w, lat - h, lon + w, lat + h)
        placed |= dict(zip((t["code"] for t in outer), split(whole, [weigh(t) for t in outer]), strict=True))

    rows = []
    for town in towns:
        under = villages[town["code"]]
        cells = split(placed[town["code"]], [count(v) for v in under]) if under else [placed[town["code"]]]
        for village, cell in zip(under or [town], cells, strict=True):
            number = count(village) if under else 3
            for i, rect in enumerate(split(cell, [1] * number)):
                rows.append(
                    {
                        "code": f"{village['code']}-g{i + 1:02d}",
                        "name": f"{village['name']}第{'一二三四五六'[i]}网格(示意)",
                        "layer": "general",
                        "parent": village["code"],
                        "outline": outline(rect),
                    }
                )
    return rows


def main(folder: str, lon: str, lat: str, width: str, height: str) -> None:
    """Write FOLDER/grids.csv from FOLDER/divisions.csv; angles in degrees."""
    base = Path(folder)
    with (base / "divisions.csv").open(encoding="utf-8-sig", newline="") as file:
        divisions = list(csv.DictReader(file))
    rows = grids(divisions, (float(lon), float(lat)), (float(width), float(height)))
    with (base / "grids.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


if __name__ == "__main__":
    main(*sys.argv[1:])
