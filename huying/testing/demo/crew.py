"""Who acts in a demonstration: the people of the place, by what they hold."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID

from huying.cases.who import DELEGATE, DESK, GRID, WEB, Actor
from huying.places.info import PlaceMemory
from huying.staff.models import Holding, Person
from huying.staff.sight import Sight, sight_of

MOST = 3  # of those who hold the same post play
STREET = "street"  # a town's own channel


class Crew:
    """The people of a place and what each of them sees; read once, two SQL statements a person. Of a post that many
    hold, the first few play."""

    def __init__(self, memory: PlaceMemory) -> None:
        self.memory = memory
        people = Person.objects.filter(place_id=memory.place_id, is_active=True).order_by("username")
        left_out = _too_many(memory.place_id)
        self.sights: list[Sight] = [
            sight_of(person)
            for person in people.exclude(kind=Person.Kind.SERVICE)
            if person.pk not in left_out
        ]
        self.by_key: dict[str, list[Sight]] = {}
        for sight in self.sights:
            for key in sight.owner_keys:
                self.by_key.setdefault(key, []).append(sight)
        self.residents = [s for s in self.sights if s.is_resident and not s.delegations]
        self.delegates = [s for s in self.sights if s.delegations]
        self.grid_workers = [s for s in self.sights if self._at(s, grid=True)]
        top = memory.top
        self.desk_key = f"desk:{top.id}" if top is not None else ""
        self.desk = self.by_key.get(self.desk_key, [])
        self.clerks = [s for s in self.sights if s.can("take_calls") and s not in self.desk]
        self.leaders = [s for s in self.sights if s.can("instruct")]
        self.publishers = [s for s in self.sights if s.can("publish")]

    def _at(self, sight: Sight, grid: bool) -> bool:
        return any(
            key.startswith("division:") and self.memory.division(int(key[9:])).is_grid == grid
            for key in sight.owner_keys
        ) and sight.can("handle")

    @property
    def staffed(self) -> list[int]:
        """Grids and divisions where somebody serves."""
        return sorted({int(key[9:]) for key in self.by_key if key.startswith("division:")})

    def holder(self, owner_key: str, rng: random.Random) -> Sight | None:
        """Somebody who works for that owner; None when nobody does."""
        held = self.by_key.get(owner_key)
        return rng.choice(held) if held else None

    def of_organ(self, owner_key: str, organ_id: int, rng: random.Random) -> Sight | None:
        """Somebody who works for that owner (a pool) and for that organ; None when nobody does."""
        held = [one for one in self.by_key.get(owner_key, ()) if f"organ:{organ_id}" in one.owner_keys]
        return rng.choice(held) if held else None

    def staffs(self, division_id: int | None) -> bool:
        """Whether somebody serves at that very grid or division."""
        return division_id is not None and f"division:{division_id}" in self.by_key


def _too_many(place_id: int) -> set[UUID]:
    """Who holds only posts that enough others hold already. One SQL statement."""
    held: Counter[tuple[int, str]] = Counter()
    needed: set[UUID] = set()
    others: set[UUID] = set()
    rows = Holding.objects.filter(place_id=place_id, until=None).order_by("person__username", "post_id")
    for post, slot, person in rows.values_list("post_id", "slot", "person_id"):
        held[post, slot] += 1
        (needed if held[post, slot] <= MOST else others).add(person)
    return others - needed


def staff_actor(sight: Sight) -> Actor:
    """Somebody at work on the web pages."""
    return Actor(channel=WEB, sight=sight)


def caller(place_id: int, person: Sight | None, case_id: UUID) -> Actor:
    """The caller of a case: signed in, or with the code that opens it."""
    if person is not None:
        return Actor(channel=WEB, sight=person)
    return Actor(channel=WEB, holds=frozenset({case_id}))


Choice = tuple[str, float, Callable[[Crew], Sequence[Sight]]]
# How calls come in: channel, share, and who types them in. Nobody: the caller without an account.
CHANNELS: tuple[Choice, ...] = (
    (WEB, 0.30, lambda crew: ()),
    (WEB, 0.14, lambda crew: crew.residents),
    (DESK, 0.26, lambda crew: crew.desk),
    (GRID, 0.17, lambda crew: crew.grid_workers),
    (STREET, 0.08, lambda crew: crew.clerks),
    (DELEGATE, 0.05, lambda crew: crew.delegates),
)


def channel(crew: Crew, rng: random.Random) -> tuple[str, Sight | None]:
    """How the next call comes in and who reports it."""
    name, _, who = rng.choices(CHANNELS, [share for _, share, _ in CHANNELS])[0]
    if name == WEB and not who(crew):
        return WEB, None
    people: Any = who(crew)
    return (name, rng.choice(people)) if people else (WEB, None)
