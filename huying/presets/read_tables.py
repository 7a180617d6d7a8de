"""divisions.csv, grids.csv, organs.csv. What each table says in itself; references are checked in `check`."""

from __future__ import annotations

from collections.abc import Callable

from huying.flow.source import Problem, as_bool
from huying.presets.definition import Division, Grid, Organ
from huying.presets.problems import problem
from huying.presets.shape import ID, unshowable
from huying.presets.tables import Row, read_table

NAME_MAX = 120
Ring = tuple[tuple[float, float], ...]


def keyed(
    rows: list[Row], file: str, problems: list[Problem], make: Callable[[Row], None], most: int = NAME_MAX
) -> None:
    """Call `make` for each row with a sound, new code and a sound name."""
    seen: dict[str, int] = {}
    for row in rows:
        code, name = row["code"], row["name"]
        if not code or not name:
            problems.append(problem("empty", file, row.line, where="name" if code else "code"))
            continue
        if not ID.match(code):
            problems.append(problem("bad-id", file, row.line, id=code))
            continue
        if code in seen:
            problems.append(problem("duplicate-code", file, row.line, code=code, first=seen[code]))
            continue
        seen[code] = row.line
        if len(name) > most:
            problems.append(problem("too-long", file, row.line, where="name", most=most))
        if any(unshowable(cell) for cell in row.cells.values()):
            problems.append(problem("control-character", file, row.line, where=code))
            continue
        make(row)


def flag(row: Row, column: str, file: str, problems: list[Problem]) -> bool:
    """yes or no in a cell; an empty one is no."""
    text = row[column]
    found = as_bool(text) if text else False
    if found is None:
        problems.append(problem("not-yes-no", file, row.line, where=column, text=text))
    return bool(found)


def read_divisions(text: str, file: str, problems: list[Problem]) -> dict[str, Division]:
    """divisions.csv: code → Division."""
    rows, found = read_table(text, file, ("code", "name", "tier", "parent"), ("urban_rural", "short", "note"))
    problems += found
    made: dict[str, Division] = {}

    def make(row: Row) -> None:
        made[row["code"]] = Division(
            row["code"], row["name"], row["tier"], row["parent"], row["urban_rural"], row.line
        )

    keyed(rows, file, problems, make)
    return made


def read_outline(text: str) -> tuple[Ring, ...]:
    """``lon lat;lon lat;…`` (further rings after “|”) in degrees. Raises ValueError that says what is wrong."""
    rings: list[Ring] = []
    for part in text.split("|"):
        points = []
        for pair in part.replace("；", ";").split(";"):
            words = pair.split()
            if not words:
                continue
            if len(words) != 2:
                raise ValueError(f"“{pair.strip()[:40]}” is not a longitude and a latitude")
            lon, lat = float(words[0]), float(words[1])
            if not (-180 <= lon <= 180 and -90 <= lat <= 90):
                raise ValueError(f"“{pair.strip()[:40]}” is not on the earth (longitude comes first)")
            points.append((lon, lat))
        if len(points) < 4:
            raise ValueError("a ring needs at least four points, the last as the first")
        if points[0] != points[-1]:
            raise ValueError("the last point is not the first")
        rings.append(tuple(points))
    return tuple(rings)


def read_grids(text: str, file: str, problems: list[Problem]) -> dict[str, Grid]:
    """grids.csv: code → Grid."""
    rows, found = read_table(text, file, ("code", "name", "layer", "parent"), ("outline", "note"))
    problems += found
    made: dict[str, Grid] = {}

    def make(row: Row) -> None:
        rings: tuple[Ring, ...] = ()
        if row["outline"]:
            try:
                rings = read_outline(row["outline"])
            except ValueError as error:
                problems.append(problem("bad-outline", file, row.line, code=row["code"], why=error))
        if not ID.match(row["layer"]):
            problems.append(problem("bad-id", file, row.line, id=row["layer"]))
        made[row["code"]] = Grid(row["code"], row["name"], row["layer"], row["parent"], rings, row.line)

    keyed(rows, file, problems, make)
    return made


def read_organs(text: str, file: str, problems: list[Problem]) -> dict[str, Organ]:
    """organs.csv: code → Organ."""
    rows, found = read_table(
        text,
        file,
        ("code", "name"),
        ("short", "tier", "division", "parent", "seat", "duties", "paired", "calendar", "phone", "note"),
    )
    problems += found
    made: dict[str, Organ] = {}

    def make(row: Row) -> None:
        if len(row["short"]) > 40:
            problems.append(problem("too-long", file, row.line, where="short", most=40))
        made[row["code"]] = Organ(
            row["code"],
            row["name"],
            row["short"] or row["name"],
            row["tier"],
            row["division"],
            row["parent"],
            flag(row, "seat", file, problems),
            row.many("duties"),
            row.many("paired"),
            row.line,
        )

    keyed(rows, file, problems, make)
    return made
