"""The fictional people of a preset's demo.yaml, made through the same doors as real ones."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from huying.places.info import PlaceMemory
    from huying.presets.demo_definition import DemoPerson


class Secrets(Protocol):
    """Where a demonstration keeps what it drew at random."""

    def get(self, name: str) -> str | None:
        """What is kept under *name*."""

    def put(self, name: str, value: str) -> str:
        """Keep *value*; gives it back."""


def people(folder: Path, kept: Secrets, new_password: Callable[[], str]) -> list[dict[str, Any]]:
    """Make whoever of *folder*/demo.yaml, as it was published, is missing, with posts; facts about all of them, in the
    file's order.

    Those who stand for a role (``cast``) have passwords of their own; the hundreds of others of a place share one,
    hashed once: hashing each took most of the time that a demonstration needed to start.
    """
    from django.db import transaction
    from ruamel.yaml import YAML

    from huying.places import memory
    from huying.places.models import Place

    yaml = YAML(typ="safe")
    about = yaml.load((folder / "place.yaml").read_text(encoding="utf-8")) or {}
    place = Place.objects.get(code=str(about["code"]))
    with transaction.atomic():  # one commit, or nobody
        return _all(memory.of(place.pk), kept, new_password)


def _all(known: PlaceMemory, kept: Secrets, new_password: Callable[[], str]) -> list[dict[str, Any]]:
    from django.contrib.auth.hashers import make_password

    from huying.staff.models import Person

    name = f"others {known.code}"
    shared = kept.get(name) or kept.put(name, new_password())
    hashed = ""
    users = []
    for line in known.preset.demo if known.preset is not None else ():
        username = line.id
        if Person.objects.filter(username=username).exclude(place_id=known.place_id).exists():
            username = f"{known.code}-{username}"  # two places of one demonstration may use the same names
        word = kept.get(f"user {username}") or (
            kept.put(f"user {username}", new_password()) if line.cast else shared
        )
        if not Person.objects.filter(username=username).exists():
            if not line.cast and word == shared:
                hashed = hashed or make_password(shared)
            _make(known, username, line, word, hashed if word == shared else "")
        role = line.posts[0].role if line.posts else ""
        users.append(
            {
                "username": username,
                "password": word,
                "name": line.name,
                "role": role,
                "role_name": known.roles[role].name if role in known.roles else "",
                "cast": line.cast,
                "place": known.code,
            }
        )
    return users


def _make(known: PlaceMemory, username: str, line: DemoPerson, password: str, hashed: str) -> None:
    from django.db import transaction

    from huying.ledger.actions import Actor
    from huying.staff import actions_people, actions_posts
    from huying.staff.models import Person

    actor = Actor()
    # Whoever only speaks for others, as a delegate, serves nowhere: for the platform a resident with a voice of weight.
    resident = not any((post.organ or post.division) and not post.body for post in line.posts)
    with transaction.atomic():
        person = actions_people.create_person(
            known.place_id,
            username,
            line.name,
            actor=actor,
            kind=Person.Kind.RESIDENT if resident else Person.Kind.STAFF,
            password=password,
            hashed=hashed,
        )
        held: list[tuple[str, actions_posts.Spot]] = []
        for post in line.posts:
            division = known.by_code(post.division) if post.division else None
            organ = known.organ_by_code(post.organ) if post.organ else None
            if post.body and division is not None:
                actions_posts.make_delegate(person, post.body, division.id, actor=actor)
            elif division is not None or organ is not None:
                spot = (post.role, division.id if division else None, organ.id if organ else None)
                held.append((post.slot, spot))
        # Some hold a hundred posts: all of one kind at once.
        for slot, run in itertools.groupby(held, key=lambda one: one[0]):
            made = actions_posts.make_posts(known.place_id, [spot for _, spot in run])
            actions_posts.take_posts(person, made, actor=actor, slot=slot)
