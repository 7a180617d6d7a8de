"""People of a place for tests: made when first asked for, with the posts they act in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from huying.cases.tests.loading import loaded
from huying.cases.who import Actor
from huying.places import memory
from huying.staff import sight as sights
from huying.testing.cast import PASSWORD


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

    def lets_in(self, name: str, **post: str) -> Any:
        """The person, who from now on can sign in with name and password."""
        person = self.person(name, **post)
        person.set_password(PASSWORD)
        person.save()
        return person

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


def behind_server(
    name: str, settings: Any, posts: Mapping[str, Mapping[str, str]], kind: type[Staff] = Staff
) -> Staff:
    """The place of the preset *name*, and people who can sign in to it with name and password alone."""
    settings.HUYING_DEMO = True  # sign-in without a second factor
    made = kind(loaded(name))
    for who, post in posts.items():
        made.lets_in(who, **post)
    return made
