"""Hot topics: groups of recent messages that speak of the same thing near the same place.

Deliberately simple, so that a desk can see why a group is one: two messages are linked when they were reported within
``days`` of each other, at the same place key (or near one another, when both have a point), and either their
signatures agree or they have the same item and share some wording. Groups are the connected sets of such links; heat
falls by half every ``half_life`` days.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from huying.suggest.likeness import similarity


@dataclass(frozen=True, slots=True)
class TopicMessage:
    """A message as hot topics see it. ``point`` is (longitude, latitude) in WGS 84 degrees; ``weight`` counts joins."""

    key: str
    time: datetime
    signature: tuple[int, ...]
    item: str = ""
    place: str = ""
    point: tuple[float, float] | None = None
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class Cluster:
    """A group of messages, hottest group first; ``keys`` in order of time, ``item`` and ``place`` the commonest."""

    keys: tuple[str, ...]
    item: str
    place: str
    first: datetime
    last: datetime
    heat: float


def _metres(a: tuple[float, float], b: tuple[float, float]) -> float:
    """Distance good enough for a few kilometres (equirectangular)."""
    mean = math.radians((a[1] + b[1]) / 2)
    east = math.radians(b[0] - a[0]) * math.cos(mean)
    north = math.radians(b[1] - a[1])
    return 6371008.8 * math.hypot(east, north)


def _near(a: TopicMessage, b: TopicMessage, metres: float) -> bool:
    if a.point is not None and b.point is not None:
        return _metres(a.point, b.point) <= metres
    return a.place == b.place


def _commonest(values: Iterable[str]) -> str:
    counts: dict[str, int] = defaultdict(int)
    for value in values:
        counts[value] += 1
    return min(counts, key=lambda value: (-counts[value], value))


def hot_topics(
    messages: Sequence[TopicMessage],
    now: datetime,
    *,
    days: float = 14,
    metres: float = 500,
    alike: float = 0.3,
    same_item_alike: float = 0.12,
    at_least: int = 3,
    half_life: float = 7,
) -> list[Cluster]:
    """Groups of at least ``at_least`` messages, hottest first.

    ``alike`` is the similarity that links two messages whatever their items; ``same_item_alike`` the lower one that is
    enough when both have the same item. Cost grows with the pairs within ``days``: give it recent messages of one
    place, some thousands at most.
    """
    ordered = sorted(messages, key=lambda message: (message.time, message.key))
    parent = list(range(len(ordered)))

    def root(index: int) -> int:
        while parent[index] != index:
            parent[index] = parent[parent[index]]
            index = parent[index]
        return index

    for later, message in enumerate(ordered):
        for earlier in range(later - 1, -1, -1):
            other = ordered[earlier]
            if (message.time - other.time).total_seconds() > days * 86400:
                break
            if not _near(message, other, metres):
                continue
            needed = same_item_alike if message.item and message.item == other.item else alike
            if similarity(message.signature, other.signature) >= needed:
                parent[root(later)] = root(earlier)

    groups: dict[int, list[TopicMessage]] = defaultdict(list)
    for index, message in enumerate(ordered):
        groups[root(index)].append(message)
    clusters = []
    for members in groups.values():
        if len(members) < at_least:
            continue
        ages = [(now - member.time).total_seconds() / 86400 for member in members]
        heat = sum(
            m.weight * 0.5 ** (max(age, 0.0) / half_life) for m, age in zip(members, ages, strict=True)
        )
        clusters.append(
            Cluster(
                keys=tuple(member.key for member in members),
                item=_commonest(member.item for member in members),
                place=_commonest(member.place for member in members),
                first=members[0].time,
                last=members[-1].time,
                heat=round(heat, 4),
            )
        )
    clusters.sort(key=lambda cluster: (-cluster.heat, cluster.keys))
    return clusters
