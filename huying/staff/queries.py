"""Reads for this room's pages, each within one place and with a stated number of SQL statements."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Q, QuerySet

from huying import clock
from huying.places import memory
from huying.places.info import PlaceMemory
from huying.staff.acting import ActingPost, acting_posts
from huying.staff.models import Holding, Person, Post
from huying.staff.people import normal_phone
from huying.staff.sight import in_force

PAGE = 50


@dataclass(frozen=True, slots=True)
class ShownPost:
    """A post as a page shows it."""

    id: int
    name: str
    role: str
    where: str
    stand_in: bool


def where_of(place: PlaceMemory, division_id: int | None, organ_id: int | None) -> str:
    """In words where a post is."""
    parts = []
    if organ_id is not None and organ_id in place.organs:
        parts.append(place.organ(organ_id).name)
    if division_id is not None and division_id in place.divisions:
        parts.append(place.full_name(division_id))
    return " · ".join(parts)


def posts_shown(person: Person, language: str, at: datetime | None = None) -> list[ShownPost]:
    """The posts in which *person* acts. One statement."""
    if person.place_id is None:
        return []
    place = memory.of(person.place_id)
    return [_shown(place, post, language) for post in acting_posts(person, at)]


def _shown(place: PlaceMemory, post: ActingPost, language: str) -> ShownPost:
    role = place.roles.get(post.role)
    return ShownPost(
        id=post.id,
        name=post.name,
        role=role.name_in(language) if role else post.role,
        where=where_of(place, post.division_id, post.organ_id),
        stand_in=post.stand_in,
    )


def serving(
    place_id: int, division_ids: Collection[int], roles: Collection[str]
) -> dict[int, list[tuple[str, str]]]:
    """Who holds a post of *roles* at each of the divisions: (role, name), A before B. One statement."""
    rows = (
        Holding.objects.filter(
            in_force(clock.now()), place_id=place_id, post__division_id__in=division_ids, post__role__in=roles,
            post__active=True, person__is_active=True,
        )
        .order_by("post__division_id", "slot", "person__name")
        .values_list("post__division_id", "post__role", "person__name")
    )  # fmt: skip
    found: dict[int, list[tuple[str, str]]] = {}
    for division, role, name in rows:
        found.setdefault(division, []).append((role, name))
    return found


def team_sizes(place_id: int) -> dict[int, int]:
    """How many people hold a post at each division or grid now, by its id; stand-ins too. One statement."""
    return dict(
        Holding.objects.filter(
            in_force(clock.now()), place_id=place_id, post__active=True, post__division_id__isnull=False,
            post__organ__isnull=True, person__is_active=True,
        )
        .values_list("post__division_id")
        .annotate(Count("person_id", distinct=True))
        .order_by()
    )  # fmt: skip


def people(place_id: int, text: str = "", kind: str = "", after: str = "") -> tuple[list[Person], str]:
    """People of the place by name, 50 a page, and the mark of the next page ("" at the end). One statement.

    *text* finds by the beginning of name or user name, or by a whole telephone number. Keyset pages:
    *after* is
    the mark that the page before gave.
    """
    found = Person.objects.filter(place_id=place_id)
    if kind:
        found = found.filter(kind=kind)
    if text:
        found = found.filter(_matches(text.strip()))
    if after:
        name, _tab, ident = after.partition("\t")
        found = found.filter(Q(name__gt=name) | Q(name=name, pk__gt=ident)) if ident else found
    rows = list(found.order_by("name", "id")[: PAGE + 1])
    more = f"{rows[PAGE - 1].name}\t{rows[PAGE - 1].pk}" if len(rows) > PAGE else ""
    return rows[:PAGE], more


def _matches(text: str) -> Q:
    phone = normal_phone(text)
    if phone is not None:
        from huying.staff.contact import phone_hash

        return Q(phone_hash=phone_hash(phone))
    return Q(name__startswith=text) | Q(username__startswith=text)


def holdings_of(person: Person) -> QuerySet[Holding]:
    """What the person holds now or from later on, posts with it. One statement."""
    return (
        Holding.objects.filter(person=person)
        .filter(Q(until=None) | Q(until__gt=clock.now()))
        .select_related("post")
        .order_by("id")
    )


def posts(place_id: int, role: str = "", after: int = 0) -> tuple[list[Post], int]:
    """Active posts with their present holders (`held`), 50 a page, and the next page's mark. Two
    statements."""
    found = Post.objects.filter(place_id=place_id, active=True, id__gt=after)
    if role:
        found = found.filter(role=role)
    rows = list(found.order_by("id")[: PAGE + 1])
    shown = rows[:PAGE]
    by_post: dict[int, list[Holding]] = {post.pk: [] for post in shown}
    for holding in (
        Holding.objects.filter(in_force(clock.now()), post__in=shown)
        .select_related("person")
        .order_by("slot", "id")
    ):
        by_post[holding.post_id].append(holding)
    for post in shown:
        bag: Any = post
        bag.held = by_post[post.pk]
    return shown, shown[-1].pk if len(rows) > PAGE else 0
