"""A shipped preset loaded for a test: read and loaded once for a process, put back in a fraction of the time afterwards."""

from __future__ import annotations

from pathlib import Path
from typing import Any

PRESETS = Path(__file__).resolve().parents[3] / "presets"
# The rows that loading a place writes: taken once for a process, put back in a fraction of the time for each test.
_TABLES = (
    "presets_edition", "places_place", "places_refversion", "places_division", "places_divisioncode",
    "places_organ", "places_holiday", "places_officehours",
)  # fmt: skip
_taken: dict[str, dict[str, bytes]] = {}


def loaded(name: str) -> Any:
    """The place of the preset *name* (a folder of ``presets/``), published and loaded; the only one in the database."""
    from django.db import connection

    from huying.places.actions import load_preset
    from huying.places.models import Place
    from huying.presets.actions import publish

    if name in _taken:
        with connection.cursor() as cursor:
            for table in _TABLES:
                with cursor.copy(f"COPY {table} FROM STDIN") as copy:
                    copy.write(_taken[name][table])
        return Place.objects.get(code=_code(name))
    code = _code(name)
    edition = publish(code, PRESETS / name)
    place, _ = load_preset(code, edition.files, edition_id=edition.pk)
    assert Place.objects.count() == 1
    found = {}
    with connection.cursor() as cursor:
        for table in _TABLES:
            with cursor.copy(f"COPY {table} TO STDOUT") as copy:
                found[table] = b"".join(bytes(part) for part in copy)
    _taken[name] = found
    return place


def _code(name: str) -> str:
    first = (PRESETS / name / "place.yaml").read_text("utf-8")
    return next(line for line in first.splitlines() if line.startswith("code:")).split('"')[1]
