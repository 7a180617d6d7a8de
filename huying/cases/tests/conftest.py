"""The place and people that tests of cases use: the first real preset, loaded once for each test's transaction."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from huying.cases import figures, numbers
from huying.cases.who import Actor
from huying.places import memory
from huying.staff import sight as sights

PRESETS = Path(__file__).resolve().parents[3] / "presets"


@pytest.fixture(autouse=True)
def _fresh_memories() -> Any:
    figures.forget()
    numbers.forget()
    yield
    figures.forget()
    numbers.forget()


# The rows that loading a place writes: taken once for a process, put back in a fraction of the time for each test.
_TABLES = (
    "presets_edition", "places_place", "places_refversion", "places_division", "places_divisioncode",
    "places_organ", "places_holiday", "places_officehours",
)  # fmt: skip
_taken: dict[str, bytes] = {}


@pytest.fixture
def huinan(db: Any) -> Any:
    """The place of the preset ``huinan``, published and loaded."""
    from django.db import connection

    from huying.places.actions import load_preset
    from huying.places.models import Place
    from huying.presets.actions import publish

    if _taken:
        with connection.cursor() as cursor:
            for table in _TABLES:
                with cursor.copy(f"COPY {table} FROM STDIN") as copy:
                    copy.write(_taken[table])
        return Place.objects.get(code="220523")
    edition = publish("220523", PRESETS / "huinan")
    place, _ = load_preset("220523", edition.files, edition_id=edition.pk)
    assert Place.objects.count() == 1
    with connection.cursor() as cursor:
        for table in _TABLES:
            with cursor.copy(f"COPY {table} TO STDOUT") as copy:
                _taken[table] = b"".join(bytes(part) for part in copy)
    return place


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
