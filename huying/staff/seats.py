"""Seats: the one place among those who hold a post together, for papers that only their author may accept.

Two leaders of a county hold one post; an order that one of them issued is theirs. Its owner key names the seat:
``seat:leader@3/2`` is the second seat of the leaders at division 3, ``seat:inspector@organ:9/1`` the first of the
inspectors in organ 9 (``organ:9,3``: in organ 9 for division 3). A seat passes on with the post: a successor takes the
free one, and a seat that nobody holds any more is that of all who hold the post.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Seat:
    """What a key says."""

    role: str
    division_id: int | None
    organ_id: int | None
    number: int


def key_of(role: str, division_id: int | None, organ_id: int | None, number: int) -> str:
    """The owner key of a seat of the post."""
    where = str(division_id) if organ_id is None else f"organ:{organ_id}"
    if organ_id is not None and division_id is not None:
        where += f",{division_id}"
    return f"seat:{role}@{where}/{number}"


def parse(key: str) -> Seat | None:
    """What an owner key says about a seat; None for every other key."""
    kind, _, rest = key.partition(":")
    if kind != "seat":
        return None
    at, _, number = rest.rpartition("/")
    role, _, where = at.partition("@")
    organ, _, division = (
        where.removeprefix("organ:").partition(",") if where.startswith("organ:") else ("", "", where)
    )
    if not number.isdigit() or not (organ.isdigit() or division.isdigit()):
        return None
    return Seat(role, int(division) if division else None, int(organ) if organ else None, int(number))


def post_key(key: str) -> str:
    """The key of the post that a seat is of; any other key as it is."""
    seat = parse(key)
    if seat is None:
        return key
    return f"post:{seat.role}@{seat.division_id if seat.organ_id is None else f'organ:{seat.organ_id}'}"


@dataclass(frozen=True, slots=True)
class Manned:
    """How the seats of a post stand at a moment."""

    at_work: frozenset[int]  # somebody holds it and is there
    held: frozenset[int]  # somebody holds it
    most: int  # the highest seat there has been

    @classmethod
    def of(cls, present: Iterable[int] | None, most: int | None) -> Manned:
        """From the seats that are held now, those of absent holders below zero."""
        seats = list(present or ())
        return cls(frozenset(one for one in seats if one > 0), frozenset(map(abs, seats)), most or 0)

    @property
    def vacant(self) -> frozenset[int]:
        """Seats that there were and nobody holds."""
        return frozenset(range(1, self.most + 1)) - self.held

    def own(self, seat: int | None) -> list[int]:
        """The seats of a holder: their own first, then those that nobody holds."""
        return [*([seat] if seat is not None else []), *sorted(self.vacant - {seat})]

    def stood_in(self) -> list[int]:
        """The seats that a stand-in acts for: whose holders are away, and the vacant ones while nobody holds the post."""
        return sorted(self.held - self.at_work) + (sorted(self.vacant) if not self.at_work else [])
