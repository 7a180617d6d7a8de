"""The place and people that tests of cases use: the first real preset, loaded once for each test's transaction."""

from __future__ import annotations

from typing import Any

import pytest

from huying.cases import figures, numbers
from huying.cases.tests.loading import PRESETS, loaded
from huying.cases.who import Actor
from huying.places import memory
from huying.staff import sight as sights

__all__ = ["PRESETS", "Staff"]


@pytest.fixture(autouse=True)
def _fresh_memories() -> Any:
    figures.forget()
    numbers.forget()
    yield
    figures.forget()
    numbers.forget()


@pytest.fixture
def huinan(db: Any) -> Any:
    """The place of the preset ``huinan``, published and loaded."""
    return loaded("huinan")


class Staff:
    """People of the place, made when first asked for, and the actors they are."""

    def __init__(self, place: Any) -> None:
        self.place = place
        self.people: dict[str, Any] = {}

    @property
    def memory(self) -> Any:
        return memory.of(self.place.pk)

    def person(
        self, name: str, role: str = "", division: str = "", organ: str = "", kind: str = "staff"
    ) -> Any:
        from huying.staff.models import Person
        from huying.testing.cast import hold

        if name not in self.people:
            person = Person.objects.create(
                place=self.place, username=name, name=name, kind=kind, is_active=True
            )
            if role:
                there = self.memory.by_code(division) if division else None
                office = self.memory.organ_by_code(organ) if organ else None
                hold(person, role, there.id if there else None, office.id if office else None)
            self.people[name] = person
        return self.people[name]

    def actor(self, name: str, channel: str = "web", **post: str) -> Actor:
        return Actor(channel=channel, sight=sights.sight_of(self.person(name, **post)))

    @property
    def resident(self) -> Actor:
        return self.actor("resident", kind="resident")

    @property
    def desk(self) -> Actor:
        return self.actor("desk", "hotline", role="centre_desk", organ="centre")

    def officer(self, organ: str = "chengguan") -> Actor:
        return self.actor(f"officer-{organ}", role="officer", organ=organ)

    @property
    def leader(self) -> Actor:
        return self.actor("leader", role="leader", division="220523")


@pytest.fixture
def staff(huinan: Any) -> Staff:
    return Staff(huinan)
