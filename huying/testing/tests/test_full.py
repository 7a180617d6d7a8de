"""``demo run --full``: people and cases in the account's numbers, evenly spread, resumable, in memory that does not grow."""

from __future__ import annotations

import json
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from huying.cases.models import Case
from huying.ledger.verify import verify
from huying.places import memory
from huying.presets.demo_definition import DemoFull, DemoTeam
from huying.staff.models import Holding, Person
from huying.testing.cast import mini_place
from huying.testing.demo import full, staffing
from huying.testing.demo.life import Life
from huying.testing.tests.test_demo import END, made

TEAMS = (
    DemoTeam("grid_worker", 8),
    DemoTeam("officer", 3),
    DemoTeam("grid_worker", 4, slot="B", beside="grid_worker"),
)


def quiet(words: str) -> None:
    """Nobody listens."""


def test_people_are_dealt_out_evenly_and_made_once(db: Any) -> None:
    place = mini_place()
    assert staffing.staff(place.pk, TEAMS, quiet)[0] == 15
    held = Counter(
        Holding.objects.filter(post__role="grid_worker", slot="A").values_list("post__division_id", flat=True)
    )
    assert sorted(held.values()) == [1, 1, 2, 2, 2]
    assert set(Holding.objects.filter(slot="B").values_list("post__division_id", flat=True)) <= set(held)
    # nobody signs in as one of them, and nobody takes one for somebody's
    assert not any(person.has_usable_password() for person in Person.objects.filter(place=place))
    assert staffing.staff(place.pk, TEAMS, quiet) == (0, 0)


def test_who_is_gone_is_replaced_where_he_served(db: Any) -> None:
    place = mini_place()
    staffing.staff(place.pk, (DemoTeam("grid_worker", 6),), quiet)
    gone = Holding.objects.filter(place=place).order_by("id").select_related("post")[2]
    Holding.objects.filter(pk=gone.pk).update(until=END)
    found = staffing.wanted(memory.of(place.pk), DemoTeam("grid_worker", 6))
    assert [spot for _, spot in found] == [(gone.post.division_id, None)]


def test_stretches_add_up_to_the_account() -> None:
    account = DemoFull(30, {"request": 1001, "hazard": 7})
    for cases, total in ((None, 1008), (100, 100), (0, 0)):
        wanted = full.share(account, cases)
        assert sum(wanted.values()) == total
        spans = full.spans(wanted, 30, END, 200)
        assert sum((Counter(one.kinds) for one in spans), Counter()) == Counter(
            {k: n for k, n in wanted.items() if n}
        )
        assert [one.end for one in spans if one.shows] == [END]
        assert sum(one.cases for one in spans) == total


def test_a_stretch_broken_off_is_played_to_its_end() -> None:
    span = full.spans({"request": 100}, 10, END, 100)[0]
    rest = full.cut(span, END - timedelta(days=4))
    assert (rest.end, rest.kinds, rest.cases) == (END, {"request": 40}, 40)
    assert rest.days == pytest.approx(4)


def test_a_small_full_breaks_off_and_goes_on(db: Any, tmp_path: Path) -> None:
    """The second call goes on after the last finished stretch, with the same end, and holds only what is open."""
    place = made()
    account = DemoFull(6, {"request": 36}, (DemoTeam("grid_worker", 5),))
    note = tmp_path / "note.json"
    told: list[str] = []

    def breaks(words: str) -> None:
        told.append(words)
        if words.startswith("24 of 36"):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        full.grow(place.pk, account, note, end=END, stretch=12, say=breaks)
    assert json.loads(note.read_text())["done"] == 2
    before = Case.objects.filter(place_id=place.pk).count()
    assert Person.objects.filter(place=place, holdings__post__role="grid_worker").distinct().count() == 5

    held: list[int] = []
    tidy = Life.tidy

    def counted(life: Life, now: datetime) -> None:
        tidy(life, now)
        held.append(len(life.held))
        assert all(one.case.closed_at is None or one.case.owner_key for one in life.held.values())

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Life, "tidy", counted)
        later = END + timedelta(days=1)
        grown = full.grow(place.pk, account, note, end=later, stretch=12, say=told.append)
    assert grown.people == 0
    assert grown.cases == 12
    assert len(held) == 1
    assert 0 < held[0] <= before
    cases = Case.objects.filter(place_id=place.pk, kind="request")
    assert cases.count() >= 36  # some may have been split in two
    assert cases.filter(closed_at__isnull=False).exists()
    assert cases.order_by("-reported_at")[0].reported_at <= END
    assert any(words.startswith("36 of 36 cases") for words in told)
    assert verify(place.pk).ok
    # a third call would begin anew, since this one came to its end
    assert json.loads(note.read_text())["done"] == 3
    assert datetime.fromisoformat(json.loads(note.read_text())["end"]) == END.astimezone(UTC)
