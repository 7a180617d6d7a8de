"""Lists of services: what residents can look up and order, by theme, by group and by a word; read from the preset."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from huying.places.info import PlaceMemory
from huying.presets.definition import Item, Kind

FOUND_MOST = 60


@dataclass(frozen=True, slots=True)
class Group:
    """A row of the catalogue with the services right below it."""

    row: Item
    items: Sequence[Item]


@dataclass(frozen=True, slots=True)
class Theme:
    """A theme with the groups of its list, and how many services it has."""

    row: Item
    groups: Sequence[Group]
    count: int


def listed(memory: PlaceMemory) -> tuple[Item, ...]:
    """All services of the place; none where it has no lists."""
    return memory.preset.services if memory.preset is not None else ()


def themes(memory: PlaceMemory) -> list[Theme]:
    """The themes in the order of the catalogue: the rows next below the head of a list."""
    preset = memory.preset
    groups: dict[str, dict[str, list[Item]]] = {}
    for item in listed(memory):
        theme = item.path[1] if len(item.path) > 2 else item.path[0]
        groups.setdefault(theme, {}).setdefault(item.parent, []).append(item)
    if preset is None:
        return []
    return [
        Theme(
            preset.items[theme],
            [Group(preset.items[parent], items) for parent, items in below.items()],
            sum(len(items) for items in below.values()),
        )
        for theme, below in groups.items()
    ]


def search(memory: PlaceMemory, words: str) -> list[Item]:
    """Services in whose name or keywords (or in the name of their group) all the words stand; what is called so itself comes
    before what only lies in such a group."""
    wanted = words.lower().split()
    preset = memory.preset
    if not wanted or preset is None:
        return []
    scored = []
    for n, item in enumerate(listed(memory)):
        name, keys = item.name.lower(), [key.lower() for key in item.keywords]
        around = preset.items[item.parent].name.lower()
        if not all(
            word in name or any(word in key or key in word for key in keys) or word in around
            for word in wanted
        ):
            continue
        first = wanted[0]
        own = any(first in key or key in first for key in keys)
        rank = 0 if name.startswith(first) else 1 if first in name else 2 if own else 3
        scored.append((rank, n, item))
    return [item for _rank, _n, item in sorted(scored, key=lambda one: one[:2])[:FOUND_MOST]]


def kind_for(memory: PlaceMemory, item: Item) -> Kind | None:
    """The kind of case by which a service is ordered."""
    preset = memory.preset
    for kind in preset.kinds.values() if preset is not None else ():
        under = (
            {code for one in preset.forms[kind.form].fields for code in one.under}
            if preset is not None
            else set()
        )
        if kind.services and not under.isdisjoint(item.path):
            return kind
    return None
