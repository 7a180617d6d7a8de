"""A small made-up place and the people that every access test uses.

    place = mini_place()
    cast = make_cast(place)
    cast.clerk, cast["clerk"]          # a Person
    cast.sight("clerk")                # what that person sees

Only tests and the demo use this; nothing here runs on a real deployment.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.contrib.auth.hashers import make_password

from huying.places import actions as places
from huying.places import memory
from huying.places.info import PlaceMemory
from huying.places.models import Place
from huying.staff import sight
from huying.staff.models import Delegate, Holding, Person, Post
from huying.staff.sight import Sight

LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)  # before any moment that a test lets it be
MINI_PRESET = Path(__file__).parent / "mini_preset"
PASSWORD = "plain-words-for-tests-9"
VISITOR = "visitor"
OUTSIDER = "outsider"

# name: (role, code of the division, code of the organ); those without a post come below.
POSTS: dict[str, tuple[str, str, str]] = {
    "grid_worker": ("grid_worker", "990000001001-g01", ""),
    "secretary": ("village_secretary", "990000001001", ""),
    "clerk": ("town_clerk", "990000001", ""),
    "desk": ("centre_desk", "", "centre"),
    "officer": ("officer", "", "chengguan"),
    "head": ("head", "", "chengguan"),
    "inspector": ("inspector", "", "discipline"),
    "leader": ("leader", "990000", ""),
    "admin": ("admin", "990000", ""),
}
# Everybody an access test has to answer for, in the order of the specification.
MEMBERS = (
    "resident",
    VISITOR,
    "grid_worker",
    "secretary",
    "clerk",
    "desk",
    "officer",
    "head",
    "inspector",
    "leader",
    "admin",
    OUTSIDER,
)


@dataclass(frozen=True)
class Cast:
    """The people of a test place. `visitor` is nobody, so it has no Person."""

    place: Place
    people: dict[str, Person]

    def __getitem__(self, member: str) -> Person:
        return self.people[member]

    def __getattr__(self, member: str) -> Person:
        try:
            return self.people[member]
        except KeyError:
            raise AttributeError(member) from None

    def __iter__(self) -> Iterator[str]:
        return iter(MEMBERS)

    def person(self, member: str) -> Person | None:
        """The person of that name; None for the visitor."""
        return self.people.get(member)

    def sight(self, member: str) -> Sight:
        """What that member sees and may do now."""
        person = self.people.get(member)
        return sight.anonymous(self.place.pk) if person is None else sight.sight_of(person)

    @property
    def memory(self) -> PlaceMemory:
        """Reference data of the place."""
        return memory.of(self.place.pk)


def mini_place(code: str = "mini") -> Place:
    """A county of two towns, three villages, six grids and five organs; some milliseconds to make."""
    place, _outcome = places.load_preset(code, MINI_PRESET)
    assert place is not None
    return place


def make_cast(place: Place, password: str = PASSWORD) -> Cast:
    """The twelve members for a place loaded by `mini_place`; the outsider serves in a place of his own."""
    # One hash for all: Argon2 is slow on purpose, and the tests sign these people in by force.
    hashed = _hashed(password)
    people = {name: _person(place, name, hashed, Person.Kind.STAFF) for name in POSTS}
    known = memory.of(place.pk)
    for name, (role, division, organ) in POSTS.items():
        there = known.by_code(division)
        office = known.organ_by_code(organ)
        hold(people[name], role, there.id if there else None, office.id if office else None)
    people["resident"] = _person(place, "resident", hashed, Person.Kind.RESIDENT)
    elsewhere = mini_place(f"{place.code}-elsewhere")
    people[OUTSIDER] = _person(elsewhere, OUTSIDER, hashed, Person.Kind.STAFF)
    centre = memory.of(elsewhere.pk).centre
    assert centre is not None
    hold(people[OUTSIDER], "centre_desk", None, centre.id)
    return Cast(place, people)


@lru_cache
def _hashed(password: str) -> str:
    return make_password(password)


def hold(
    person: Person,
    role: str,
    division_id: int | None = None,
    organ_id: int | None = None,
    slot: str = "A",
) -> Post:
    """Let *person* hold a post, made if need be."""
    assert person.place_id is not None
    at: dict[str, Any] = {"division_id": division_id, "organ_id": organ_id}
    post, _made = Post.objects.get_or_create(
        place_id=person.place_id, role=role, **at, defaults={"name": role}
    )
    Holding.objects.create(place_id=person.place_id, post=post, person=person, slot=slot, since=LONG_AGO)
    return post


def make_delegate(place: Place, username: str = "delegate", kind: str = "congress") -> Person:
    """A delegate of the whole place."""
    person = _person(place, username, make_password(None), Person.Kind.RESIDENT)
    top = memory.of(place.pk).top
    assert top is not None
    Delegate.objects.create(place=place, person=person, kind=kind, division_id=top.id)
    return person


def _person(place: Place, name: str, hashed: str, kind: str) -> Person:
    return Person.objects.create(
        place=place, username=f"{place.code}-{name}", name=name, kind=kind, password=hashed
    )
