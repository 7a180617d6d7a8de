"""The cast's small place with a whole preset: the flows and forms of a real one, and three items of its own."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import Any

from huying.cases import figures, numbers
from huying.cases.actions import report
from huying.cases.calls import Call, Reporter
from huying.cases.models import Case
from huying.cases.who import Actor
from huying.testing.cast import MINI_PRESET

REAL = Path(__file__).resolve().parents[3] / "presets" / "huinan"
CATALOGUE = """\
code,parent,name,field,handler,grade,accept_limit,arrive_limit,handle_limit,evidence,keywords,source,grid,auto,kinds,fixed
A,,市容,,,,,,,,,,,,,
A1,A,占道经营,行政执法,chengguan,3,,4 work hours,1 workday,照片,占道经营;摊贩;占人行道,practice,yes,yes,,no
A2,A,垃圾清运,行政执法,chengguan,3,,4 work hours,1 workday,照片,垃圾;清运;垃圾箱,practice,no,no,,no
B,,供水,,,,,,,,,,,,,
B1,B,停水,民生,water,3,,4 work hours,1 workday,照片,停水;水压;没水,practice,no,no,,no
"""


def mini_edition(place: Any, more: dict[str, bytes] | None = None) -> Any:
    """Publish a whole preset for the place and load it; the place's divisions, organs and roles stay what they are.

    *more*: further files of the preset, by name."""
    from huying.places.actions import load_preset
    from huying.presets.actions import publish

    files = {path.name: path.read_bytes() for path in MINI_PRESET.iterdir() if path.is_file()}
    for name in ("kinds.yaml", "vocabulary.yaml", "templates.yaml"):
        files[name] = (REAL / name).read_bytes()
    for folder in ("flows", "forms"):
        for path in (REAL / folder).glob("*.yaml"):
            files[f"{folder}/{path.name}"] = path.read_bytes()
    files["catalogue.csv"] = CATALOGUE.encode()
    files["place.yaml"] = files["place.yaml"].replace(b"code: mini", f"code: {place.code}".encode())
    files |= more or {}
    files["grids.csv"] = _closed(files["grids.csv"].decode()).encode()
    edition = publish(place.code, files)
    load_preset(place.code, edition.files, edition_id=edition.pk)
    figures.forget()
    numbers.forget()
    return edition


def _closed(text: str) -> str:
    """Outlines that end where they began: the reader of presets asks for it, the loader of places does not."""
    rows = list(csv.DictReader(io.StringIO(text)))
    for row in rows:
        ring = row["outline"].split(";")
        if ring[0] != ring[-1]:
            row["outline"] = ";".join([*ring, ring[0]])
    out = io.StringIO()
    writer = csv.DictWriter(out, list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def mini_case(cast: Any, **more: Any) -> Case:
    """A case of the cast's resident, at the first step of the cast's department (the officer's and the head's)."""
    call = Call(
        **{
            "body": "菜市场门口占道经营，流动摊贩把人行道全占了", "item": "A1",
            "division_id": cast.memory.by_code("990000001001").id,
            "reporter": Reporter(cast.resident.pk, "示例·王一", "10000000001"), **more,
        }
    )  # fmt: skip
    made = report(cast.place.pk, call, Actor(channel="web", sight=cast.sight("resident")))
    return Case.objects.get(place_id=cast.place.pk, id=made.case_id)
