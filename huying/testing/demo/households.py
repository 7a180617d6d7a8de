"""Made-up households for the people of a demonstration who look after some (``rosters.yaml``): addresses that nobody has."""

from __future__ import annotations

from huying.ledger.actions import Actor
from huying.places import memory as places
from huying.places.info import GENERAL
from huying.rosters import queries
from huying.rosters.importing import import_households
from huying.rosters.models import Household

PEOPLE = 30  # of a roster at most: a demonstration needs no more, however many officers it has
EACH, NOBODYS = 8, 2
HEADING = "code,grid,address,label,roster,username"


def settle(place_id: int) -> int:
    """Bring households in for those who have none yet, some of them of nobody; how many. Once for a place."""
    rosters, memory = queries.rosters_of(place_id), places.of(place_id)
    grids = memory.grids.get(GENERAL, ())
    if not rosters or not grids or Household.objects.filter(place_id=place_id).exists():
        return 0
    lines = [HEADING]
    for roster in rosters.values():
        seen: set[object] = set()
        for number, one in enumerate(queries.holders(roster, None, memory)):
            if one.person_id in seen or len(seen) >= PEOPLE:
                continue
            seen.add(one.person_id)
            at = memory.divisions.get(one.post.division_id) if one.post.division_id is not None else None
            # Officers of organs are spread over the place; those who serve in a grid have its households.
            grid = at if at is not None and at.is_grid else grids[number * 37 % len(grids)]
            for n in range(1, min(EACH, roster.most) + NOBODYS + 1):
                paired = n <= min(EACH, roster.most)
                who = f"{roster.id},{one.person.username}" if paired else ","
                code = f"{roster.id}-{number + 1}-{n}"
                lines.append(f"{code},{grid.code},{grid.name}示例{n}号,示例户{number + 1}-{n},{who}")
    if len(lines) > 1:
        import_households(place_id, "\n".join(lines).encode(), "demo.csv", actor=Actor(channel="import"))
    return len(lines) - 1
