"""The fictional people of a preset's demo.yaml, made through the same doors as real ones."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Protocol


class Secrets(Protocol):
    """Where a demonstration keeps what it drew at random."""

    def get(self, name: str) -> str | None:
        """What is kept under *name*."""

    def put(self, name: str, value: str) -> str:
        """Keep *value*; gives it back."""


def people(folder: Path, kept: Secrets, new_password: Callable[[], str]) -> list[dict[str, Any]]:
    """Make whoever of *folder*/demo.yaml is missing, with posts; facts about all of them, in the file's order.

    Those who stand for a role (``cast``) have passwords of their own; the hundreds of others of a place share one,
    hashed once: hashing each took most of the time that a demonstration needed to start.
    """
    from django.db import transaction
    from ruamel.yaml import YAML

    from huying.places.models import Place

    source = folder / "demo.yaml"
    if not source.is_file():
        return []
    yaml = YAML(typ="safe")
    about = yaml.load((folder / "place.yaml").read_text(encoding="utf-8")) or {}
    place = Place.objects.get(code=str(about["code"]))
    with transaction.atomic():  # one commit, or nobody
        return _all(place, yaml.load(source.read_text(encoding="utf-8")) or {}, kept, new_password)


def _all(
    place: Any, source: Mapping[str, Any], kept: Secrets, new_password: Callable[[], str]
) -> list[dict[str, Any]]:
    from django.contrib.auth.hashers import make_password

    from huying.places import memory
    from huying.staff.models import Person

    known = memory.of(place.pk)
    shared = kept.get(f"others {place.code}") or kept.put(f"others {place.code}", new_password())
    hashed = ""
    users = []
    for line in source.get("people", []):
        username = str(line["id"])
        if Person.objects.filter(username=username).exclude(place=place).exists():
            username = f"{place.code}-{username}"  # two places of one demonstration may use the same names
        own = bool(line.get("cast"))
        word = kept.get(f"user {username}") or (
            kept.put(f"user {username}", new_password()) if own else shared
        )
        if not Person.objects.filter(username=username).exists():
            if not own and word == shared:
                hashed = hashed or make_password(shared)
            _make(known, username, line, word, hashed if word == shared else "")
        posts = line.get("posts") or [{}]
        users.append(
            {
                "username": username,
                "password": word,
                "name": line.get("name", ""),
                "role": posts[0].get("role", ""),
                "role_name": known.roles[role].name
                if (role := posts[0].get("role", "")) in known.roles
                else "",
                "cast": line.get("cast", ""),
                "place": place.code,
            }
        )
    return users


def _make(place: Any, username: str, line: Mapping[str, Any], password: str, hashed: str) -> None:
    from django.db import transaction

    from huying.ledger.actions import Actor
    from huying.staff import actions_people, actions_posts
    from huying.staff.models import Person

    actor = Actor()
    posts = line.get("posts") or []
    # Whoever only speaks for others, as a delegate, serves nowhere: for the platform a resident with a voice of weight.
    resident = not any((post.get("organ") or post.get("division")) and not post.get("body") for post in posts)
    with transaction.atomic():
        person = actions_people.create_person(
            place.place_id,
            username,
            str(line.get("name", username)),
            actor=actor,
            kind=Person.Kind.RESIDENT if resident else Person.Kind.STAFF,
            password=password,
            hashed=hashed,
        )
        held: list[tuple[str, actions_posts.Spot]] = []
        for post in posts:
            division = place.by_code(str(post["division"])) if post.get("division") else None
            organ = place.organ_by_code(str(post["organ"])) if post.get("organ") else None
            if post.get("body") and division is not None:
                actions_posts.make_delegate(person, str(post["body"]), division.id, actor=actor)
            elif division is not None or organ is not None:
                spot = (str(post["role"]), division.id if division else None, organ.id if organ else None)
                held.append((str(post.get("slot", "A")), spot))
        # Some hold a hundred posts: all of one kind at once.
        for slot, run in itertools.groupby(held, key=lambda one: one[0]):
            made = actions_posts.make_posts(place.place_id, [spot for _, spot in run])
            actions_posts.take_posts(person, made, actor=actor, slot=slot)
