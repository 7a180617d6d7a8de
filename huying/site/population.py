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
from huying.site.demo_people import people

# Words that are easy to read out and to type on a phone; every demonstration draws its own.
# fmt: off
_WORDS = (
    "apple", "beach", "cloud", "delta", "eagle", "field", "grape", "honey", "island", "jolly", "kite",
    "lemon", "maple", "north", "ocean", "piano", "quiet", "river", "stone", "tiger", "ultra", "violet",
    "water", "yellow", "zebra", "amber", "brook", "cedar", "dune", "ember", "frost", "glade", "harbor",
    "iris",
)
# fmt: on


class PopulationError(Exception):
    """A preset cannot be published, or a demonstration not be filled; the message says why."""


def password() -> str:
    """A new readable password for one demo person."""
    return "-".join(secrets.choice(_WORDS) for _ in range(3)) + f"-{secrets.randbelow(90) + 10}"


def publish(folder: Path) -> str:
    """Publish the preset in *folder* as an edition and bring its place to what it says; a line saying what
    was done.

    Publishing the same files again changes nothing. Raises PopulationError with every defect.
    """
    from huying.places.actions import load_preset
    from huying.places.tables import ImportRefused
    from huying.presets import actions

    try:
        edition = actions.publish(None, folder)
        _place, outcome = load_preset(edition.place_code, edition.files, edition_id=edition.pk)
    except (actions.Refused, ImportRefused) as problem:
        raise PopulationError(f"the preset {folder} cannot be published:\n{problem}") from None
    count = len(outcome.changes)
    return f"{edition.place_code}: edition {edition.number}, {count} changes to divisions and organs"


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
        users += people(folder, kept, password)
    facts = {"users": users, "places": _names(), "screens": _screens(), "api_key": _api_key(users, kept)}
    run = _offered("testing", "demo_life")
    for place in dict.fromkeys(user["place"] for user in users):
        if run is not None and not kept.get(f"life {place}"):
            kept.put(f"life {place}", json.dumps(run(place=place)))
    return facts


def live(**options: Any) -> Any:
    """Replay messages with scripted officers (``huying demo run``)."""
    return offered("testing", "demo_life")(**options)


def grow(**options: Any) -> Any:
    """Bring a place to the volume of its account (``huying demo run --full``)."""
    return offered("testing", "demo_full")(**options)


def _offered(room: str, name: str) -> Any:
    from huying.site.commands.common import MissingError

    try:
        return offered(room, name)
    except MissingError:
        return None


def _api_key(users: Sequence[Mapping[str, Any]], kept: _Secrets) -> str:
    """A key with every scope, acting as the centre's desk (or else whoever comes first)."""
    held = kept.get("api key")
    if held or not users:
        return held or ""
    from huying.ledger.actions import Actor
    from huying.staff import tokens
    from huying.staff.models import Person

    who = next((user for user in users if user["cast"] == "centre_desk"), users[0])
    person = Person.objects.get(username=who["username"])
    _token, text = tokens.create(person, "demo", tokens.SCOPES, actor=Actor())
    return kept.put("api key", text)


# The screens worth naming in the terminal: what it is, and the address names to try in this order.
_SCREENS = (
    ("For residents", ("cases:home", "ui:home", "home")),
    ("Report", ("cases:report", "cases:new")),
    ("Sign in", ("staff:sign_in",)),
    ("Interfaces (OpenAPI)", ("api:docs", "api-1:openapi-view", "api:openapi")),
    ("Style page", ("ui:style", "ui:styles")),
)


def _names() -> dict[str, str]:
    from huying.places.models import Place

    return dict(Place.objects.values_list("code", "name"))


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
