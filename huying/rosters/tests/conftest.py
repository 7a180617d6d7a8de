"""The county whose officers have households, two of its officers, and some made-up households in a grid."""

from __future__ import annotations

from typing import Any

import pytest

from huying import clock
from huying.cases.tests.zhenlai import VILLAGE, Village
from huying.ledger.actions import Actor
from huying.rosters import queries
from huying.rosters.importing import import_households
from huying.rosters.models import Household
from huying.staff.models import Holding
from huying.testing.cast import hold

GRID = f"{VILLAGE}-g01"
OFFICER = {"role": "pairing_officer", "organ": "agriculture"}
HEAD = "code,grid,address,label,roster,username\n"


class Rosters:
    """Short ways to households and to those who have them."""

    def __init__(self, village: Village) -> None:
        self.village = village
        self.place_id: int = village.place.pk
        for name in ("officer", "other"):
            village.person(name, **OFFICER)

    @property
    def roster(self) -> Any:
        return queries.rosters_of(self.place_id)["pairing"]

    @property
    def grid(self) -> Any:
        return self.village.memory.by_code(GRID)

    def bring(self, text: str, **more: Any) -> Any:
        """Import lines under the usual heading."""
        return import_households(self.place_id, (HEAD + text).encode(), "户.csv", actor=Actor(), **more)

    def homes(
        self, count: int, username: str = "officer", *, first: int = 1, grid: str = GRID
    ) -> list[Household]:
        """That many households of one person ("" for nobody)."""
        roster = "pairing" if username else ""
        numbers = range(first, first + count)
        self.bring("".join(f"h{n},{grid},示例路{n}号,示例户{n},{roster},{username}\n" for n in numbers))
        found = {row.code: row for row in Household.objects.filter(place_id=self.place_id)}
        return [found[f"h{n}"] for n in numbers]

    def stand_in(self, name: str) -> Any:
        """Somebody who stands in for the officers of the organ."""
        person = self.village.person(name)
        hold(person, "pairing_officer", None, self.village.memory.organ_by_code("agriculture").id, slot="B")
        return person

    def holding(self, name: str) -> Holding:
        return Holding.objects.select_related("post", "person").get(person=self.village.people[name])

    def leave(self, name: str) -> None:
        """That person's post ends now."""
        Holding.objects.filter(person=self.village.people[name]).update(until=clock.now())


@pytest.fixture
def rosters(village: Village) -> Rosters:
    return Rosters(village)
