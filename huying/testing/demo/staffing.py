"""People of a place in its account's full numbers: made-up ones without a password, through the doors of real ones."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Sequence

from django.db import transaction

from huying.ledger.actions import Actor
from huying.places import memory
from huying.places.info import GENERAL, PlaceMemory
from huying.presets.demo_definition import DemoTeam
from huying.staff import actions_people, actions_posts
from huying.staff.models import Holding, Person
from huying.testing.demo.words import person_name

BATCH = 100  # people of one transaction
Spot = tuple[int | None, int | None]  # a division or an organ


def staff(place_id: int, teams: Sequence[DemoTeam], say: Callable[[str], None]) -> tuple[int, int]:
    """Bring every team to its number; how many people were made, and how many posts they hold. Who is there counts."""
    known = memory.of(place_id)
    made = 0
    held: set[tuple[str, Spot]] = set()
    for team in teams:
        spots = wanted(known, team)
        if spots:
            say(f"{team.role} {team.slot}: {len(spots)} more, to make {team.count}")
        for low in range(0, len(spots), BATCH):
            with transaction.atomic():
                for number, spot in spots[low : low + BATCH]:
                    _make(known, team, number, spot)
        made += len(spots)
        held |= {(team.role, spot) for _, spot in spots}
    return made, len(held)


def wanted(known: PlaceMemory, team: DemoTeam) -> list[tuple[int, Spot]]:
    """Where who is missing is to serve, each with the number that he gets there: the emptiest spots first."""
    rows = Holding.objects.filter(place_id=known.place_id, until=None, post__active=True)
    there = rows.filter(post__role=team.role, slot=team.slot)
    missing = team.count - there.values("person_id").distinct().count()
    if missing <= 0:
        return []
    load: Counter[Spot] = Counter(there.values_list("post__division_id", "post__organ_id"))
    spots = _spots(known, team.role)
    if team.beside:
        others = set(rows.filter(post__role=team.beside).values_list("post__division_id", "post__organ_id"))
        spots = [spot for spot in spots if spot in others]
    if not spots:
        return []
    # Evenly: everybody who serves there at last, dealt out in rounds over the spots in their order.
    found: list[tuple[int, Spot]] = []
    level = min(load[spot] for spot in spots)
    while len(found) < missing:
        for spot in spots:
            if load[spot] <= level and len(found) < missing:
                load[spot] += 1
                found.append((load[spot], spot))
        level += 1
    return found


def _spots(known: PlaceMemory, role: str) -> list[Spot]:
    """Every division, grid or organ at which the role can serve, by code."""
    about = known.roles[role]
    if not about.tier:
        return [
            (None, organ.id) for organ in sorted(known.organs.values(), key=lambda o: o.code) if organ.active
        ]
    layer = about.layer or GENERAL
    rows = [
        row
        for row in known.divisions.values()
        if row.active and row.tier == about.tier and (not row.is_grid or row.layer == layer)
    ]
    return [(row.id, None) for row in sorted(rows, key=lambda row: row.code)]


def _make(known: PlaceMemory, team: DemoTeam, number: int, spot: Spot) -> Person:
    """One person with one post. Nobody signs in as him until an administrator gives him a password."""
    division, organ = spot
    where = known.division(division).code if division is not None else known.organ(organ or 0).code
    username = f"{team.role}{'-b' if team.slot == 'B' else ''}-{where}-{number}"
    name = person_name(random.Random(username))
    actor = Actor()
    person = actions_people.create_person(known.place_id, username, name, actor=actor)
    post = actions_posts.make_post(known.place_id, team.role, division, organ)
    actions_posts.take_post(person, post, actor=actor, slot=team.slot)
    return person
