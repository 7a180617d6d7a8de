"""Many rows in one statement: what is written is what was meant, and what is there already is written over."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from huying.ledger import rows
from huying.ledger.models import Reader
from huying.testing.statements import assert_statements

AT = datetime(2026, 3, 2, 8, 0, 0, 123456, tzinfo=UTC)
WORDS = "100% '引号' \\ \"双\" {} é\n"


def reader(name: str, **more: Any) -> Reader:
    return Reader(place_id=7, name=name, **{"page": 1, "failures": 0, "problem": "", **more})


@pytest.mark.django_db
def test_rows_are_inserted_and_written_over_in_one_statement() -> None:
    with assert_statements(1):
        rows.put([reader("a", problem=WORDS, retry_at=AT), reader("b")], ["place_id", "name"])
    with assert_statements(1):
        rows.put([reader("b", page=2, retry_at=AT), reader("c", page=3)], ["place_id", "name"])
    with assert_statements(0):
        rows.put([], ["place_id", "name"])
    found = {one.name: (one.page, one.problem, one.retry_at) for one in Reader.objects.filter(place_id=7)}
    assert found == {"a": (1, WORDS, AT), "b": (2, "", AT), "c": (3, "", None)}
