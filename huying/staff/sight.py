"""Sight follows duty: what a person may see and do now, worked out from posts, absences and delegations.

`sight_of` spends exactly two SQL statements (one for a person's posts, one for delegations); `of(request)`
keeps the
answer for the length of a request.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.http import HttpRequest

from huying.places import memory
from huying.places.info import PlaceMemory
from huying.staff.acting import ActingPost, delegations, held_posts
from huying.staff.models import Person

# What anybody may do who only speaks for himself; a preset overrides it with roles of these names.
RESIDENT_ROLE, VISITOR_ROLE, DELEGATE_ROLE = "resident", "visitor", "delegate"
RESIDENT_RIGHTS = frozenset({"report", "join", "rate"})
VISITOR_RIGHTS = frozenset({"report"})
DELEGATE_RIGHTS = frozenset({"report", "join", "rate"})
_DIGITS = re.compile(r"([0-9]+)")


@dataclass(frozen=True, slots=True)
class Sight:
    """What one person may see and do at one moment. `place_id` 0 means: of no place, sees nothing."""

    place_id: int
    person_id: UUID | None
    post_id: int | None  # the post chosen to act in; None = all posts together
    post_ids: frozenset[int]  # the posts that this sight speaks for
    roles: frozenset[str]
    rights: frozenset[str]
    paths: tuple[str, ...]  # division paths seen by duty; none lies under another
    organs: frozenset[int]
    owner_keys: frozenset[str]
    delegations: tuple[tuple[str, int], ...]  # (kind, division id)
    is_resident: bool
    seats: tuple[str, ...] = ()  # the owner keys of seats that the person signs from, their own before others

    @property
    def is_anonymous(self) -> bool:
        """Whether nobody is signed in."""
        return self.person_id is None

    @property
    def keys_in_order(self) -> list[str]:
        """The owner keys, always in the same order: numbers count as numbers, so that 9 stands before 10."""
        return sorted(self.owner_keys, key=_numbers_as_numbers)

    def can(self, *rights: str) -> bool:
        """Whether the person has at least one of the rights."""
        return not self.rights.isdisjoint(rights)

    def sees_path(self, path: str) -> bool:
        """Whether a division path lies in an area seen by duty."""
        return any(path.startswith(seen) for seen in self.paths)


def _numbers_as_numbers(key: str) -> list[str | int]:
    return [int(part) if part.isdigit() else part for part in _DIGITS.split(key)]


def in_force(at: datetime, prefix: str = "") -> Q:
    """The condition that a row's stretch since–until holds *at*."""
    return Q(**{f"{prefix}since__lte": at}) & (
        Q(**{f"{prefix}until__isnull": True}) | Q(**{f"{prefix}until__gt": at})
    )


def anonymous(place_id: int) -> Sight:
    """The sight of a visitor who is not signed in."""
    role = memory.of(place_id).roles.get(VISITOR_ROLE) if place_id else None
    return Sight(
        place_id=place_id,
        person_id=None,
        post_id=None,
        post_ids=frozenset(),
        roles=frozenset({VISITOR_ROLE}),
        rights=role.rights if role else VISITOR_RIGHTS,
        paths=(),
        organs=frozenset(),
        owner_keys=frozenset(),
        delegations=(),
        is_resident=False,
    )


def sight_of(person: Person, post_id: int | None = None, at: datetime | None = None) -> Sight:
    """What *person* may see and do *at* that moment (now), in one post or in all. Two SQL statements.

    A *post_id* in which the person does not act gives a sight without any post: fewer rights, never more.
    """
    held = held_posts(person, at)
    posts = [post for post, _keys, acts in held if acts and post_id in (None, post.id)]
    # One's own seats before those that one stands in for, and of these the narrower, in an organ, first.
    held.sort(key=lambda one: (one[0].stand_in, one[0].organ_id is None))
    spoken_for = [key for post, keys, _acts in held if post_id in (None, post.id) for key in keys]
    return _compose(person, post_id, posts, delegations(person), spoken_for)


def _compose(
    person: Person,
    post_id: int | None,
    posts: list[ActingPost],
    delegations: list[tuple[str, int]],
    spoken_for: list[str],
) -> Sight:
    is_resident = person.kind == Person.Kind.RESIDENT
    roles: set[str] = set()
    rights: set[str] = set()
    paths: list[str] = []
    organs: set[int] = set()
    keys: set[str] = {f"person:{person.pk}"}
    if person.place_id is not None and person.is_active:
        place = memory.of(person.place_id)
        if is_resident:
            roles.add(RESIDENT_ROLE)
            rights |= _rights(place, RESIDENT_ROLE, RESIDENT_RIGHTS)
        if delegations:
            roles.add(DELEGATE_ROLE)
            rights |= _rights(place, DELEGATE_ROLE, DELEGATE_RIGHTS)
        for post in posts:
            roles.add(post.role)
            granted = _rights(place, post.role, frozenset())
            rights |= granted
            if post.division_id is not None:
                _at_division(place, post.role, granted, post.division_id, paths, keys)
            if post.organ_id is not None:
                _at_organ(place, post.role, granted, post.organ_id, paths, organs, keys)
            keys |= pool_keys(place, post, granted)
        keys.update(spoken_for)
    else:
        spoken_for = []
    return Sight(
        place_id=person.place_id or 0,
        person_id=person.pk,
        post_id=post_id,
        post_ids=frozenset(post.id for post in posts),
        roles=frozenset(roles),
        rights=frozenset(rights),
        paths=outermost(paths),
        organs=frozenset(organs),
        owner_keys=frozenset(keys),
        delegations=tuple(delegations),
        is_resident=is_resident,
        seats=tuple(spoken_for),
    )


def _rights(place: PlaceMemory, role: str, otherwise: frozenset[str]) -> frozenset[str]:
    found = place.roles.get(role)
    return found.rights if found else otherwise


def _at_division(
    place: PlaceMemory, role: str, rights: frozenset[str], division_id: int, paths: list[str], keys: set[str]
) -> None:
    keys.add(f"division:{division_id}")
    keys.add(f"post:{role}@{division_id}")
    if "desk" in rights:
        keys.add(f"desk:{division_id}")
    if "see_area" in rights:
        paths.append(place.division(division_id).path)


def _at_organ(
    place: PlaceMemory,
    role: str,
    rights: frozenset[str],
    organ_id: int,
    paths: list[str],
    organs: set[int],
    keys: set[str],
) -> None:
    organs.add(organ_id)
    keys.add(f"post:{role}@organ:{organ_id}")
    if "handle" in rights:
        keys.add(f"organ:{organ_id}")
    organ = place.organ(organ_id)
    if (
        "desk" in rights
        and place.centre is not None
        and place.centre.id == organ_id
        and place.top is not None
    ):
        keys.add(f"desk:{place.top.id}")
    area = place.division(organ.division_id) if organ.division_id is not None else place.top
    if area is not None:
        # "post(appraiser)@county" also means an appraiser who sits in an organ of the county.
        keys.add(f"post:{role}@{area.id}")
        if "see_area" in rights:
            paths.append(area.path)


def pool_keys(place: PlaceMemory, post: ActingPost, rights: frozenset[str]) -> set[str]:
    """The pools of the place's flows from which the post may claim: whoever may claim a case has it to see.

    A pool of a division (``pool(mediator)@town``) is for those who serve there or below; ``paired`` stands for the
    organs that organs.csv pairs with the division.
    """
    preset = place.preset
    if preset is None or not preset.pools:
        return set()
    organ = place.organ(post.organ_id) if post.organ_id is not None else None
    handles = "handle" in rights
    at = post.division_id if organ is None else organ.division_id
    row = place.division(at) if at is not None else place.top
    words = {post.role}
    if organ is not None and handles:
        words |= {"organ", "organs", organ.code}
    if row is not None and row.is_grid and handles:
        words.add("grid")
    found: set[str] = set()
    for args, tiered in preset.pools:
        name = f"pool:{','.join(args)}"
        if not tiered:
            if not words.isdisjoint(set(args) - {"grid"}):  # whose grid it is, only the case tells
                found.add(name)
            continue
        if row is not None and not words.isdisjoint(args):
            found.update(f"{name}@{one}" for one in row.ancestors)
        known = preset.organs.get(organ.code) if organ is not None and handles and "paired" in args else None
        for code in known.paired if known is not None else ():
            division = place.by_code(code)
            if division is not None:
                found.add(f"{name}@{division.id}")
    return found


def outermost(paths: Iterable[str]) -> tuple[str, ...]:
    """The paths without those that lie under another of them, sorted."""
    kept: list[str] = []
    for path in sorted(set(paths)):
        if not kept or not path.startswith(kept[-1]):
            kept.append(path)
    return tuple(kept)


def of(request: HttpRequest) -> Sight:
    """The sight of whoever sends *request*, in the post chosen for this session; worked out once a request.

    Raises SecondFactorNeeded (which `StaffMiddleware` answers) when such rights ask for a second factor
    first.
    """
    held: Any = getattr(request, "_sight", None)
    if held is None:
        from huying.places.current import place_id_of

        if request.user.is_authenticated:
            held = sight_of(request.user, request.session.get("post"))
            from huying.staff.second_factor import hold_back

            hold_back(request, held)
        else:
            held = anonymous(place_id_of(request))
        request._sight = held  # type: ignore[attr-defined]  # a note of ours on Django's request
    found: Sight = held
    return found
