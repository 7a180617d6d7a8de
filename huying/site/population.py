"""Publishing a place's preset, and filling a demonstration with people and life.

The rooms do the work; this only puts their functions in order.
"""

from __future__ import annotations

import json
import os
import secrets
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from huying.site.commands.common import offered

# Words that are easy to read out and to type on a phone; every demonstration draws its own.
# fmt: off
_WORDS = (
    "apple", "beach", "cloud", "delta", "eagle", "field", "grape", "honey", "island", "jolly", "kite", "lemon",
    "maple", "north", "ocean", "piano", "quiet", "river", "stone", "tiger", "ultra", "violet", "water", "yellow",
    "zebra", "amber", "brook", "cedar", "dune", "ember", "frost", "glade", "harbor", "iris",
)
# fmt: on


def password() -> str:
    """A new readable password for one demo person."""
    return "-".join(secrets.choice(_WORDS) for _ in range(3)) + f"-{secrets.randbelow(90) + 10}"


def publish(folder: Path) -> str:
    """Publish the preset in *folder* as an edition and bring its place to what it says; a line saying what
    was done.

    Publishing the same files again changes nothing.
    """
    return str(offered("presets", "publish")(folder))


class _Secrets:
    """What a demonstration drew at random, kept in the data folder (mode 0600) so that it stays the same."""

    def __init__(self, data: Path) -> None:
        self.path = data / "demo-secrets.json"
        try:
            self.held: dict[str, str] = json.loads(self.path.read_text())
        except FileNotFoundError:
            self.held = {}

    def get(self, name: str) -> str | None:
        return self.held.get(name)

    def put(self, name: str, value: str) -> str:
        self.held[name] = value
        fresh = self.path.with_name(f"{self.path.name}.new")
        handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "w") as out:
            json.dump(self.held, out, ensure_ascii=False, indent=1)
        fresh.replace(self.path)
        return value


def populate(folders: Sequence[Path], data: Path) -> dict[str, Any]:
    """Fill the demonstration: the people of each preset's demo.yaml, an API key, and some weeks of life.

    What is there already stays. Returns the facts to announce: users, api_key, screens.
    """
    kept = _Secrets(data)
    users: list[dict[str, Any]] = []
    for folder in folders:
        users += _people(folder, kept)
    facts: dict[str, Any] = {"users": users, "screens": _screens(), "api_key": kept.get("api key") or ""}
    if not facts["api_key"] and (issue := _offered("api", "issue_demo_key")):
        facts["api_key"] = kept.put("api key", issue())
    if not kept.get("life") and (run := _offered("testing", "demo_life")):
        kept.put("life", str(run()))
    return facts


def live(**options: Any) -> Any:
    """Replay messages with scripted officers (``huying demo run``)."""
    return offered("testing", "demo_life")(**options)


def _offered(room: str, name: str) -> Any:
    from huying.site.commands.common import MissingError

    try:
        return offered(room, name)
    except MissingError:
        return None


def _people(folder: Path, kept: _Secrets) -> list[dict[str, Any]]:
    """The fictional people of a preset, with the passwords of this demonstration."""
    from ruamel.yaml import YAML

    source = folder / "demo.yaml"
    make = _offered("staff", "demo_person")
    if not source.is_file() or make is None:
        return []
    read: Mapping[str, Any] = YAML(typ="safe").load(source.read_text(encoding="utf-8")) or {}
    about = YAML(typ="safe").load((folder / "place.yaml").read_text(encoding="utf-8")) or {}
    place = str(about.get("code", ""))
    users = []
    for person in read.get("people", []):
        username = str(person["id"])
        word = kept.get(username) or kept.put(username, password())
        make(place=place, person=person, password=word)
        users.append(
            {
                "username": username,
                "password": word,
                "name": person.get("name", ""),
                "role": person.get("cast") or (person.get("posts") or [{}])[0].get("role", ""),
                "cast": bool(person.get("cast")),
                "place": place,
            }
        )
    return users


# The screens worth naming in the terminal: address name in the rooms' urls, and what it is.
_SCREENS = (
    ("For residents", ("ui:home", "cases:home", "home")),
    ("Report", ("cases:report", "cases:new")),
    ("Sign in", ("staff:sign-in", "staff:sign_in", "staff:login")),
    ("Interfaces (OpenAPI)", ("api:docs", "api-1:openapi-view", "api:openapi")),
    ("Style page", ("ui:style", "ui:styles")),
)


def _screens() -> list[dict[str, str]]:
    from django.urls import NoReverseMatch, reverse

    found = []
    for name, routes in _SCREENS:
        for route in routes:
            try:
                found.append({"name": name, "path": reverse(route)})
            except NoReverseMatch:
                continue
            break
    return found
