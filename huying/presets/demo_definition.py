"""What demo.yaml holds: made-up people, and how much of everything the place's account counts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field as made

DAYS = 365


@dataclass(frozen=True, slots=True)
class DemoPost:
    """A post of a demo person: at a division or grid (`division`), or at an organ. `slot` B: as the stand-in."""

    role: str
    division: str = ""
    organ: str = ""
    body: str = ""
    slot: str = "A"


@dataclass(frozen=True, slots=True)
class DemoPerson:
    """A made-up person of demo.yaml; `id` is the sign-in name. `cast`: stands for this role in tests and demos."""

    id: str
    name: str
    phone: str
    posts: tuple[DemoPost, ...]
    cast: str = ""


@dataclass(frozen=True, slots=True)
class DemoTeam:
    """So many people (`count`) in posts of a role, spread evenly over the divisions, grids or organs of that role;
    with `beside` only over those where that other role serves. `slot` B: as stand-ins."""

    role: str
    count: int
    slot: str = "A"
    beside: str = ""
    line: int = 0


@dataclass(frozen=True, slots=True)
class DemoFull:
    """The account's own volume: how many cases of which kind within how many `days`, and how many people."""

    days: int = DAYS
    cases: Mapping[str, int] = made(default_factory=dict)
    people: tuple[DemoTeam, ...] = ()
