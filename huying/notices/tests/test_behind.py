"""The people behind a key are those whose sight has the key, but for those who are away while somebody is there."""

from __future__ import annotations

from typing import Any

import pytest

from huying.notices import behind
from huying.staff.models import Absence
from huying.testing.cast import LONG_AGO, POSTS, Cast, hold, make_cast, mini_place


@pytest.fixture
def cast(db: Any) -> Cast:
    return make_cast(mini_place())


def test_the_same_as_sight_the_other_way_round(cast: Cast) -> None:
    known = cast.memory
    organ, village = known.organ_by_code("chengguan"), known.by_code("990000001001")
    hold(cast.clerk, "officer", None, organ.id, slot="B")
    hold(cast.officer, "village_secretary", village.id, None, slot="B")
    Absence.objects.create(place=cast.place, person=cast.secretary, since=LONG_AGO)
    sights = {name: cast.sight(name) for name in POSTS}
    keys = set().union(*(sight.owner_keys for sight in sights.values()))
    assert len(keys) > 20
    found = behind.people(known, keys)
    for key in keys:
        expected = {cast[name].pk for name, sight in sights.items() if key in sight.owner_keys}
        there = expected - {cast.secretary.pk}
        assert found[key] == (there or expected), key
    assert cast.officer.pk in found[f"division:{village.id}"]
    assert found[f"person:{cast.secretary.pk}"] == {cast.secretary.pk}
    assert cast.secretary.pk not in found[f"division:{village.id}"]


def test_nobody_stands_behind_a_caller_or_a_pool(cast: Cast) -> None:
    assert behind.people(cast.memory, ["caller:x", "pool:organs"]) == {
        "caller:x": frozenset(), "pool:organs": frozenset(),
    }  # fmt: skip
