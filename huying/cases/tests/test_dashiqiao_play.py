"""The demonstration of the places with kinds of their own: every kind has life, nothing gets stuck, the books are in order."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from huying.cases.models import Case
from huying.cases.tests.loading import loaded
from huying.clock import frozen
from huying.ledger.verify import verify
from huying.testing.demo.populate import populate

PRESETS = Path(__file__).resolve().parents[3] / "presets"
CASES = 95
END = datetime(2026, 3, 18, 6, 0, tzinfo=UTC)  # a Wednesday afternoon in China


def peopled(name: str) -> Any:
    """The place of a shipped preset with its demonstration people."""
    from huying.site.demo_people import people
    from huying.testing.kept import Kept

    place = loaded(name)
    with frozen(END):
        people(PRESETS / name, Kept(), lambda: "plain-words-for-tests-9")
    return place


@pytest.mark.parametrize(
    ("name", "kinds"),
    [
        ("dashiqiao", {"request", "finding", "dispute", "hazard", "errand"}),
        ("zhenjiang", {"matter", "note", "order"}),
    ],
)
def test_every_kind_has_life_and_nothing_gets_stuck(db: Any, name: str, kinds: set[str]) -> None:
    place = peopled(name)
    with frozen(END):
        played = populate(place.pk, CASES, 12, 3)
    cases = Case.objects.filter(place_id=place.pk)
    assert set(cases.values_list("kind", flat=True)) >= kinds
    # a kind of which only a few came in may still be open, all of them
    closed = set(cases.filter(closed_at__isnull=False).values_list("kind", flat=True))
    assert len(kinds - closed) <= 1, kinds - closed
    # of what came in, more was done than lies about: no step is a dead end of the play
    assert cases.filter(closed_at__isnull=False).count() > CASES * 0.4
    assert sum(played.refused.values()) < sum(played.moves.values()) * 0.02, played.refused
    assert verify(place.pk).ok
