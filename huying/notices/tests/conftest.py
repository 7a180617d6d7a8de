"""The place and people of the cases room's tests, and a worker's turn over the ledger."""

from __future__ import annotations

from typing import Any

import pytest

from huying.cases.tests.conftest import _fresh_memories, huinan, staff  # noqa: F401


@pytest.fixture
def read_on() -> Any:
    """Puts what happened into a page and lets the readers read it."""
    from huying.ledger import jobs, readers

    def go(place_id: int) -> None:
        jobs.drain(place_id)
        readers.run(place_id)

    return go


@pytest.fixture
def kinds() -> Any:
    """The kinds of a person's unread notices, by name."""
    from huying.notices.models import Notice

    def of(person: Any) -> list[str]:
        found = Notice.objects.filter(place_id=person.place_id, person_id=person.pk, read_at=None)
        return sorted(found.values_list("kind", flat=True))

    return of
