"""The made-up words of a demonstration, read once from ``words.yaml``."""

from __future__ import annotations

import random
from functools import lru_cache
from pathlib import Path
from typing import Any

WORDS = Path(__file__).with_name("words.yaml")


@lru_cache(maxsize=1)
def words() -> dict[str, Any]:
    """Everything that the file says."""
    from ruamel.yaml import YAML

    read: dict[str, Any] = YAML(typ="safe").load(WORDS.read_text(encoding="utf-8"))
    return read


def person_name(rng: random.Random) -> str:
    """A name that nobody takes for somebody's."""
    names = words()["names"]
    return str(words()["name"]).format(
        surname=rng.choice(names["surnames"]), given=rng.choice(names["given"])
    )


def phone(rng: random.Random) -> str:
    """An 11-digit number of a range that is given to nobody."""
    return f"1000001{rng.randrange(10_000):04d}"


def written(field: str, rng: random.Random, move: str = "", **about: str) -> str:
    """What somebody writes into the form field *field* when they make *move*."""
    held = words()["fields"]
    lines = held.get(f"{move}.{field}") or held.get(field) or [words()["default_text"]]
    text: str = rng.choice(lines).format_map(_Gaps(about))
    return text


class _Gaps(dict[str, str]):
    """A word that is not known is left out."""

    def __missing__(self, key: str) -> str:
        return ""
