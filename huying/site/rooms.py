"""The rooms of the house in layer order. A room takes part once it has an ``apps.py``; nothing else lists
rooms.
"""

from __future__ import annotations

import os
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType

PACKAGE = Path(__file__).resolve().parent.parent

# Lowest layer first: migrations, templates and urls are looked up in this order.
LAYERED = (
    "ui",
    "ledger",
    "files",
    "presets",
    "places",
    "staff",
    "cases",
    "notices",
    "rosters",
    "registry",
    "visits",
    "services",
    "points",
    "meetings",
    "party",
    "emergency",
    "sensing",
    "triage",
    "indicators",
    "supervise",
    "reviews",
    "inspection",
    "whatif",
    "reports",
    "cockpit",
    "api",
    "exchange",
)


def rooms() -> list[str]:
    """The dotted names of the Django rooms that exist, lowest layer first.

    HUYING_ROOMS (names with commas between) takes only those, for work on a low layer while a higher one is
    broken.
    """
    only = {word for word in os.environ.get("HUYING_ROOMS", "").split(",") if word}
    there = (name for name in LAYERED if (PACKAGE / name / "apps.py").is_file())
    return [f"huying.{name}" for name in there if not only or name in only]


def has(module: str, *given: str) -> list[str]:
    """*given* (or *module* itself) as a list when *module* of a room that takes part exists, else an empty
    list.
    """
    room, _, name = module.rpartition(".")
    there = room in rooms() and (PACKAGE / room.removeprefix("huying.") / f"{name}.py").is_file()
    return list(given or (module,)) if there else []


def room_modules(name: str) -> list[ModuleType]:
    """Module *name* (such as ``urls`` or ``jobs``) of every room that has one, lowest layer first."""
    return [import_module(f"{room}.{name}") for room in rooms() if find_spec(f"{room}.{name}") is not None]
