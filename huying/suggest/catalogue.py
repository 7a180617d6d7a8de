"""Reading a catalogue.csv (the preset's item list) into items, for the command line, benchmarks and tests.

The running platform builds :class:`ItemInfo` from its published edition instead.
"""

from __future__ import annotations

import csv
from pathlib import Path

from huying.suggest.types import ItemInfo


def read_catalogue(path: str | Path) -> list[ItemInfo]:
    """The leaves of the item tree in a catalogue CSV, in file order; keywords are parted by ``;``."""
    with open(path, encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.DictReader(stream))
    by_code = {row["code"]: row for row in rows}
    parents = {row["parent"] for row in rows}
    items = []
    for row in rows:
        if row["code"] in parents:
            continue
        names: list[str] = []
        above = row["parent"]
        while above in by_code:
            names.insert(0, by_code[above]["name"])
            above = by_code[above]["parent"]
        keywords = tuple(word.strip() for word in row["keywords"].split(";") if word.strip())
        items.append(ItemInfo(row["code"], row["name"], tuple(names), keywords, row["field"], row["handler"]))
    return items
