"""The people behind an owner key, now: who holds the post, or the stand-in while every holder is away.

This is ``staff.sight`` read the other way round (from key to people); a test holds the two against each other. One
thing differs: whoever is away may still act, but is not disturbed as long as somebody else is there.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q

from huying import clock
from huying.places.info import PlaceMemory
from huying.staff import seats
from huying.staff.acting import ActingPost
from huying.staff.models import Absence, Holding
from huying.staff.sight import in_force, pool_keys

Posted = tuple[UUID, bool, str, int | None, int | None]
"""(person, whether they are away, role, division, organ) of a post in which somebody may act now"""


def people(
    memory: PlaceMemory, keys: Iterable[str], at: datetime | None = None
) -> dict[str, frozenset[UUID]]:
    """Who is to be told *at* that moment for each of the owner keys. One SQL statement, none without staff's keys, and
    one more where a seat is named.

    ``person:`` keys name their person; ``caller:`` keys have nobody, nor have ``pool:`` keys (``in_pool``).
    """
    wanted = set(keys)
    found: dict[str, set[UUID]] = {key: set() for key in wanted}
    absent: dict[str, set[UUID]] = {key: set() for key in wanted}
    divisions: set[int] = set()
    organs: set[int] = set()
    roles: dict[int, set[str]] = {}  # of posts at a division, which also sit in the organs that serve it
    for key in wanted:
        kind, _, rest = key.partition(":")
        if kind == "person":
            found[key].add(UUID(rest))
        elif kind in ("desk", "division", "post", "organ"):
            number = rest.rpartition("@")[2]
            in_organ = kind == "organ" or number.startswith("organ:")
            number = number.removeprefix("organ:")
            if number.isdigit():
                (organs if in_organ else divisions).add(int(number))
                if kind == "post" and not in_organ:
                    roles.setdefault(int(number), set()).add(rest.rpartition("@")[0])
    centre, top = memory.centre, memory.top
    if centre is not None and top is not None and top.id in divisions:
        organs.add(centre.id)
    there = Q(post__division_id__in=divisions) | Q(post__organ_id__in=organs)
    for area, names in roles.items():
        serving = [organ.id for organ in memory.organs.values() if area_of(memory, organ.id) == area]
        there |= Q(post__organ_id__in=serving, post__role__in=names)
    rows = _acting(memory.place_id, there, at) if divisions or organs else []
    for person, away, role, division, organ in rows:
        for key in keys_of(memory, role, division, organ) & wanted:
            (absent if away else found)[key].add(person)
    seated = {key: seat for key in wanted if (seat := seats.parse(key)) is not None}
    for key, person, away in _seated(memory.place_id, seated, at or clock.now()):
        (absent if away else found)[key].add(person)
    return {key: frozenset(persons or absent[key]) for key, persons in found.items()}


def in_organs(memory: PlaceMemory, organs: Iterable[int], at: datetime | None = None) -> list[Posted]:
    """Who acts in the posts of those organs. One SQL statement."""
    return _acting(memory.place_id, Q(post__organ_id__in=list(organs)), at)


def area_of(memory: PlaceMemory, organ_id: int) -> int | None:
    """The division that an organ serves: its own, or the whole place."""
    organ = memory.organ(organ_id)
    if organ.division_id is not None:
        return organ.division_id
    return memory.top.id if memory.top is not None else None


def in_role(memory: PlaceMemory, role: str, path: str, at: datetime | None = None) -> frozenset[UUID]:
    """Who is there and acts in *role* for an area that *path* lies in, or in an organ. One SQL statement."""
    found = set()
    for person, away, _role, division, _organ in _acting(memory.place_id, Q(post__role=role), at):
        if not away and (division is None or path.startswith(memory.division(division).path)):
            found.add(person)
    return frozenset(found)


def in_pool(memory: PlaceMemory, key: str, at: datetime | None = None) -> frozenset[UUID]:
    """Who may claim what lies in the pool and is there: those who have its key in their sight. One SQL statement."""
    members, _at, number = key.removeprefix("pool:").partition("@")
    words = set(members.split(","))
    there = Q()
    if number.isdigit():
        inside = {row.id for row in memory.below(int(number))}
        preset = memory.preset.organs if memory.preset is not None else {}
        organs = [
            one.id for one in memory.organs.values()
            if one.division_id in inside or ("paired" in words and one.code in preset and preset[one.code].paired)
        ]  # fmt: skip
        there = Q(post__division_id__in=inside) | Q(post__organ_id__in=organs)
    elif words.isdisjoint(("organs", "organ")):
        named = [one.id for code in words if (one := memory.organ_by_code(code)) is not None]
        there = Q(post__role__in=words) | Q(post__organ_id__in=named)
    else:
        there = Q(post__organ_id__isnull=False) | Q(post__role__in=words)
    found = set()
    for person, away, role, division, organ in _acting(memory.place_id, there, at):
        rights = memory.roles[role].rights if role in memory.roles else frozenset()
        post = ActingPost(0, role, division, organ, "", False)
        if not away and key in pool_keys(memory, post, rights):
            found.add(person)
    return frozenset(found)


def _seated(place_id: int, wanted: dict[str, seats.Seat], at: datetime) -> Iterator[tuple[str, UUID, bool]]:
    """Who speaks for each of the seats now, and whether they are away. One SQL statement, none for no seats."""
    there = Q()
    for seat in wanted.values():
        there |= Q(post__role=seat.role, post__division=seat.division_id, post__organ=seat.organ_id)
    if not there:
        return
    away = Exists(Absence.objects.filter(in_force(at), person=OuterRef("person")))
    rows = Holding.objects.filter(
        in_force(at), there, place_id=place_id, post__active=True, person__is_active=True
    ).annotate(away=away)
    posts: dict[tuple[Any, ...], list[tuple[UUID, str, int | None, bool]]] = {}
    for row in rows.values_list(
        "person_id", "slot", "seat", "away", "post__role", "post__division_id", "post__organ_id"
    ):
        posts.setdefault(row[4:], []).append(row[:4])
    for key, one in wanted.items():  # a seat's key, and what it says
        of_post = posts.get((one.role, one.division_id, one.organ_id), [])
        first = [(person, number, off) for person, slot, number, off in of_post if slot == Holding.Slot.A]
        manned = seats.Manned(
            frozenset(number for _who, number, off in first if number and not off),
            frozenset(number for _who, number, _off in first if number),
            one.number,
        )
        for person, number, off in first:
            if one.number in manned.own(number):
                yield key, person, off
        if one.number in manned.stood_in():
            for person, slot, _number, off in of_post:
                if slot == Holding.Slot.B:
                    yield key, person, off


def _acting(place_id: int, there: Q, at: datetime | None) -> list[Posted]:
    at = at or clock.now()
    away = Absence.objects.filter(in_force(at), person=OuterRef("person"))
    at_work = Holding.objects.filter(
        in_force(at), ~Exists(away), post=OuterRef("post"), slot=Holding.Slot.A, person__is_active=True
    )
    rows = Holding.objects.filter(
        in_force(at), there, place_id=place_id, post__active=True, person__is_active=True
    ).filter(Q(slot=Holding.Slot.A) | ~Exists(at_work))
    rows = rows.annotate(away=Exists(away))
    return list(rows.values_list("person_id", "away", "post__role", "post__division_id", "post__organ_id"))


def keys_of(memory: PlaceMemory, role: str, division: int | None, organ: int | None) -> set[str]:
    """The owner keys that a post stands behind; the same as in ``staff.sight``."""
    found = memory.roles.get(role)
    rights = found.rights if found is not None else frozenset()
    keys = set()
    if division is not None:
        keys |= {f"division:{division}", f"post:{role}@{division}"}
        if "desk" in rights:
            keys.add(f"desk:{division}")
    if organ is not None:
        keys |= {f"post:{role}@organ:{organ}", f"post:{role}@{area_of(memory, organ)}"}
        if "handle" in rights:
            keys.add(f"organ:{organ}")
        centre, top = memory.centre, memory.top
        if "desk" in rights and centre is not None and top is not None and centre.id == organ:
            keys.add(f"desk:{top.id}")
    return keys
