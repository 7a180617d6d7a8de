"""A shipped preset loaded for a test: read and loaded once for a process, put back in a fraction of the time afterwards."""

from __future__ import annotations

from typing import Any

from huying.cases.tests.conftest import _TABLES, PRESETS

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
        return Place.objects.get()
    first = (PRESETS / name / "place.yaml").read_text("utf-8")
    code = next(line for line in first.splitlines() if line.startswith("code:")).split('"')[1]
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
