"""Histories of demonstration plays, recorded: what the forecasts are tried on. Codes stand for numbers of the database.

Each is one ``huying.testing.demo`` play of 3,000 calls over 28 days (``record_histories.py`` makes them again; it takes
some ten minutes each, which is why they are kept). They hold no words and no persons.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from huying.whatif.stays import Course, Stay

FOLDER = Path(__file__).parent / "histories"
DAYS = 28


def pack(courses: Sequence[Course], memory: Any, end: float) -> bytes:
    """Courses as a compressed file."""
    owner = _translator(lambda kind, number: _code(memory, kind, number))
    rows = []
    for course in courses:
        stays = [
            [
                *_whole(stay._replace(owner=owner(stay.owner)))
            ]
            for stay in course.stays
        ]  # fmt: skip
        path = "/".join(_code(memory, "division", part) for part in course.path.split("/") if part)
        town = _code(memory, "division", str(course.town)) if course.town else ""
        rows.append(
            [round(course.reported), None if course.closed is None else round(course.closed), course.kind, course.item,
             course.first_item, course.channel, course.call, town, path, course.result, int(course.sealed),
             sorted(course.legs.items()), stays]
        )  # fmt: skip
    text = json.dumps({"end": end, "rows": rows}, separators=(",", ":"), ensure_ascii=False)
    return gzip.compress(text.encode(), 9, mtime=0)


def load(seed: int, memory: Any) -> tuple[list[Course], float, float]:
    """A recorded history in the numbers of this database: courses, start, end."""
    data = json.loads(gzip.decompress((FOLDER / f"seed{seed}.json.gz").read_bytes()))
    owner = _translator(lambda kind, code: _number(memory, kind, code))
    found = []
    for n, row in enumerate(data["rows"]):
        reported, closed, kind, item, first, channel, call, town, path, result, sealed, legs, stays = row
        parts = [_number(memory, "division", code) for code in path.split("/") if code]
        found.append(
            Course(
                str(n), float(reported), closed, kind, item, first, channel, call,
                int(_number(memory, "division", town)) if town else 0, f"/{'/'.join(parts)}/" if parts else "", result,
                bool(sealed), [Stay(*one)._replace(owner=owner(one[3])) for one in stays], 0, dict(legs),
            )
        )  # fmt: skip
    end = float(data["end"])
    return found, end - DAYS * 86400, end


def _whole(stay: Stay) -> list[Any]:
    return [round(value) if isinstance(value, float) else value for value in stay]


def _translator(change: Callable[[str, str], str]) -> Callable[[str], str]:
    def owner(key: str) -> str:
        kind, _, rest = key.partition(":")
        return f"{kind}:{change(kind, rest)}" if kind in ("organ", "desk", "division") else key

    return owner


def _code(memory: Any, kind: str, number: str) -> str:
    row = memory.organ(int(number)) if kind == "organ" else memory.division(int(number))
    return str(row.code)


def _number(memory: Any, kind: str, code: str) -> str:
    row = memory.organ_by_code(code) if kind == "organ" else memory.by_code(code)
    assert row is not None, f"the preset no longer knows {kind} {code}"
    return str(row.id)
