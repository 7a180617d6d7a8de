"""A place with some weeks of life behind it, and the people who write, issue and read its reports."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from django.test import override_settings

from huying import clock
from huying.cases import figures, numbers
from huying.cases.who import Actor
from huying.staff import sight as sights
from huying.staff.models import Person

PRESET = Path(__file__).resolve().parents[3] / "presets" / "huinan"
END = datetime(2026, 11, 3, 1, 0, tzinfo=UTC)  # a Tuesday, 9 o'clock in the place
OCTOBER = date(2026, 10, 15)
CASES, DAYS, SEED = 60, 40, 3


class Lived:
    """The place, and its demonstration people by their sign-in names."""

    def __init__(self, place: Any) -> None:
        self.place = place
        self.place_id = place.pk

    def person(self, name: str) -> Person:
        return Person.objects.get(place=self.place, username=name)

    def actor(self, name: str) -> Actor:
        return Actor(channel="web", sight=sights.sight_of(self.person(name)))

    @property
    def memory(self) -> Any:
        from huying.places import memory

        return memory.of(self.place_id)

    @property
    def top(self) -> int:
        return self.memory.top.id


class _Kept:
    def get(self, name: str) -> str | None:
        return None

    def put(self, name: str, value: str) -> str:
        return value


def settle() -> Any:
    """The preset's place with its demonstration people, without any case."""
    from huying.places.actions import load_preset
    from huying.places.models import Place
    from huying.presets.actions import publish
    from huying.site.demo_people import people

    figures.forget()
    numbers.forget()
    edition = publish("220523", PRESET)
    load_preset("220523", edition.files, edition_id=edition.pk)
    # Argon2 is slow on purpose, and these people sign in by force.
    with override_settings(PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"]):
        people(PRESET, _Kept(), lambda: "plain-words-for-tests-9")
    return Place.objects.get(code="220523")


def _held(blocker: Any, play: bool) -> Iterator[Any]:
    from huying.testing.demo.populate import populate

    with blocker.unblock(), transaction.atomic():
        with clock.frozen(END):
            place = settle()
            if play:
                populate(place.pk, cases=CASES, days=DAYS, seed=SEED)
        yield place
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def _played(django_db_setup: Any, django_db_blocker: Any) -> Iterator[Any]:
    """Six weeks until ``END``, played once for a file; each test takes back what it did itself."""
    yield from _held(django_db_blocker, True)


@pytest.fixture(scope="module")
def _settled(django_db_setup: Any, django_db_blocker: Any) -> Iterator[Any]:
    yield from _held(django_db_blocker, False)


def _at_end(place: Any) -> Iterator[Lived]:
    with clock.frozen(END):
        yield Lived(place)


@pytest.fixture
def lived(_played: Any, db: Any) -> Iterator[Lived]:
    """The place after six weeks, at ``END``."""
    yield from _at_end(_played)


@pytest.fixture
def settled(_settled: Any, db: Any) -> Iterator[Lived]:
    """The place with its people and no case, at ``END``."""
    yield from _at_end(_settled)
