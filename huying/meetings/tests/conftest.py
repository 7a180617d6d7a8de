"""The county whose flow has meetings, and its people."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from huying.cases.actions import report
from huying.cases.calls import Call
from huying.cases.tests.conftest import _TABLES, Staff, _fresh_memories  # noqa: F401
from huying.cases.who import Actor

PRESETS = Path(__file__).resolve().parents[3] / "presets"
VILLAGE = "220821001001"
_taken: dict[str, bytes] = {}


@pytest.fixture
def zhenlai(db: Any) -> Any:
    """The place of the preset ``zhenlai``, published and loaded; its rows are written once for a process."""
    from django.db import connection

    from huying.places.actions import load_preset
    from huying.places.models import Place
    from huying.presets.actions import publish

    if _taken:
        with connection.cursor() as cursor:
            for table in _TABLES:
                with cursor.copy(f"COPY {table} FROM STDIN") as copy:
                    copy.write(_taken[table])
        return Place.objects.get(code="220821")
    edition = publish("220821", PRESETS / "zhenlai")
    place, _ = load_preset("220821", edition.files, edition_id=edition.pk)
    with connection.cursor() as cursor:
        for table in _TABLES:
            with cursor.copy(f"COPY {table} TO STDOUT") as copy:
                _taken[table] = b"".join(bytes(part) for part in copy)
    return place


class Village(Staff):
    """The people of one community and those above it."""

    @property
    def secretary(self) -> Actor:
        return self.actor("secretary", role="village_secretary", division=VILLAGE)

    @property
    def worker(self) -> Actor:
        return self.actor("worker", role="village_worker", division=VILLAGE)

    @property
    def clerk(self) -> Actor:
        return self.actor("clerk", role="town_clerk", division="220821001")

    def bill(self, body: str = "楼道里堆满杂物，过不去人", item: str = "B02", **more: Any) -> Any:
        """A resident's bill in the community. Answers ``Reported``."""
        division = self.memory.by_code(VILLAGE)
        call = Call(body=body, division_id=division.id, item=item, **more)
        return report(self.place.pk, call, self.resident)


@pytest.fixture
def village(zhenlai: Any) -> Village:
    return Village(zhenlai)
