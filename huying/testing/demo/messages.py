"""Messages for a demonstration: made from a preset's items and the place's divisions, or read from a file.

An item's own keywords are the matter; ``words.yaml`` gives the sentences. Any preset can be used: nothing here knows
an item or a division by its code.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from huying.places import memory as places
from huying.places.info import GENERAL, DivisionInfo, PlaceMemory
from huying.testing.demo.words import words

THINGS = 10  # of an item's keywords, the first ones read best
VAGUE = 0.1  # share of messages that do not say what they are about
CITY = ("11", "121")  # urban-rural classes of towns: others are country
LIT = 0.15  # share of messages that come from where the printed people serve
ROUNDS = 40  # tries to find a point inside an outline


@dataclass(frozen=True, slots=True)
class Message:
    """What somebody says, and where. ``item``: what it is really about ("" when even the sender could not say)."""

    title: str
    body: str
    call: str = "help"
    item: str = ""
    lon: float | None = None
    lat: float | None = None
    division_id: int | None = None
    grid_id: int | None = None  # the grid that the point was drawn in
    address: str = ""
    number: str = ""  # of the source, for messages that come from a file


class Somewhere:
    """Places of a demonstration: a village or grid with a point in it."""

    def __init__(self, memory: PlaceMemory, rng: random.Random, staffed: Sequence[int] = ()) -> None:
        self.memory = memory
        self.rng = rng
        self.grids = [row for row in memory.grids.get(GENERAL, ()) if row.outline]
        held = set(staffed)
        self.staffed = [row for row in self.grids if row.id in held]
        lowest = memory.tiers[0] if memory.tiers else ""
        cast = self._of_the_cast()
        self.lit = [row for row in self.grids if row.id in cast]
        self.villages = [
            r for r in memory.divisions.values() if r.active and not r.layer and r.tier == lowest
        ]

    def _of_the_cast(self) -> set[int]:
        """The grids in and under which those serve whose sign-ins a demonstration prints: they are to find work."""
        preset = self.memory.preset
        codes = {post.division for one in (preset.demo if preset else ()) if one.cast for post in one.posts}
        rows = [row for row in (self.memory.by_code(code) for code in codes if code) if row is not None]
        lowest = self.memory.tiers[0] if self.memory.tiers else ""
        near = [row.path for row in rows if row.tier == lowest or row.layer == GENERAL]
        return {grid.id for grid in self.grids if any(grid.path.startswith(path) for path in near)}

    def pick(self, staffed: bool = False) -> tuple[DivisionInfo | None, float | None, float | None]:
        """A grid with a point inside; a village without a point where there are no outlines; else nothing."""
        rows = self.staffed if staffed and self.staffed else self.grids
        if self.lit and self.rng.random() < LIT:
            rows = self.lit
        if not rows:
            return (self.rng.choice(self.villages) if self.villages else None), None, None
        grid = self.rng.choice(rows)
        point = self._inside(grid)
        return (grid, *point) if point else (grid, None, None)

    def _inside(self, grid: DivisionInfo) -> tuple[float, float] | None:
        outline: Any = grid.outline
        ring = outline["coordinates"][0]
        if outline["type"] == "MultiPolygon":
            ring = ring[0]
        lons, lats = [p[0] for p in ring], [p[1] for p in ring]
        for _ in range(ROUNDS):
            lon = round(self.rng.uniform(min(lons), max(lons)), 6)
            lat = round(self.rng.uniform(min(lats), max(lats)), 6)
            found = self.memory.locate(lon, lat)
            if found.grid is not None and found.grid.id == grid.id:
                return lon, lat
        return None

    def village(self, row: DivisionInfo) -> DivisionInfo:
        """The lowest division (not a grid) that holds *row*."""
        for ident in reversed(row.ancestors):
            found = self.memory.division(ident)
            if not found.layer:
                return found
        return row


class Generator:
    """Made-up messages over the items of a place's preset, different ones for different seeds."""

    def __init__(self, memory: PlaceMemory, rng: random.Random, staffed: Sequence[int] = ()) -> None:
        self.memory = memory
        self.rng = rng
        self.where = Somewhere(memory, rng, staffed)
        preset = memory.preset
        self.items = list(preset.called) if preset is not None else []
        # A few matters come up again and again, as they do; which ones depends on the seed.
        self.weights = [rng.choice((1, 1, 2, 2, 3, 5, 8)) for _ in self.items]

    def one(
        self, *, vague: bool = False, mixed: bool = False, grid_item: bool = False, staffed: bool = False,
        call: str = "",
    ) -> Message:  # fmt: skip
        """One message. *vague*: it does not say what it is about; *mixed*: it is about two things at once.
        *grid_item*: about something a grid worker may handle; *staffed*: where one serves. *call*: of that kind.
        """
        rng = self.rng
        row, lon, lat = self.where.pick(staffed or rng.random() < 0.3)
        village = self.where.village(row) if row is not None else None
        spots = words()["spots"][
            "city" if village is None or village.urban_rural.startswith(CITY) else "village"
        ]
        spot = rng.choice(spots)
        place = village.name if village is not None else ""
        item = self._item(grid_item)
        division = row.id if row is not None else None
        base = Message(
            "", "", division_id=division if lon is None else None, lon=lon, lat=lat, address=place + spot,
            grid_id=division if row is not None and row.layer else None,
        )  # fmt: skip
        if vague or item is None:
            return replace(
                base, title=rng.choice(words()["vague_titles"]), body=rng.choice(words()["vague"]),
                item=item.code if item is not None else "",
            )  # fmt: skip
        call = call or self._call(item)
        title, body = self._text(item, call, place, spot)
        if mixed:
            second = self._item(False)
            thing = rng.choice((second.name, *second.keywords[:THINGS]))
            body += rng.choice(words()["also"]).format(thing=thing)
            title = rng.choice(words()["mixed_titles"]).format(village=place, spot=spot)
        return replace(base, title=title, body=body, call=call, item=item.code)

    def told(self, item: Any, call: str, like: Message) -> tuple[str, str]:
        """Title and text about *item*, at the place of another message."""
        row = self.memory.divisions.get(like.division_id) if like.division_id is not None else None
        village = row.name if row is not None else ""
        return self._text(item, call, "" if village in like.address else village, like.address)

    def _item(self, grid_item: bool) -> Any:
        if not self.items:
            return None
        item = self.rng.choices(self.items, self.weights)[0]
        for _ in range(ROUNDS):
            if not grid_item or item.grid:
                break
            item = self.rng.choices(self.items, self.weights)[0]
        return item

    def _call(self, item: Any) -> str:
        """Mostly trouble, sometimes a question; a report of wrongdoing is rare and protected."""
        odds = {"help": 5.0, "complaint": 4.0, "consult": 1.2, "suggestion": 0.6, "report": 0.35}
        kinds = [kind for kind in (item.kinds or tuple(odds)) if kind in odds] or ["help"]
        chosen: str = self.rng.choices(kinds, [odds[kind] for kind in kinds])[0]
        return chosen

    def _text(self, item: Any, call: str, village: str, spot: str) -> tuple[str, str]:
        rng, held = self.rng, words()
        slots = {
            "village": village, "spot": spot, "thing": rng.choice((item.name, *item.keywords[:THINGS])),
            "since": rng.choice(held["since"]), "why": rng.choice(held["why"]), "ask": rng.choice(held["ask"]),
        }  # fmt: skip
        told = [
            line
            for cue, lines in held.get("sentences", {}).items()
            if cue in _words_of(item)
            for line in lines
        ]
        if told and call in ("help", "complaint") and rng.random() < 0.9:
            body = f"{village}{spot}，{rng.choice(told)}{slots['ask']}"
        else:
            body = rng.choice(held["bodies"][call]).format_map(slots)
        title = rng.choice(held["titles"][call]).format_map(slots)
        return title[:200], body


def _words_of(item: Any) -> str:
    joined: str = ";".join((item.name, *item.keywords))
    return joined


def from_file(path: Path, most: int, scatter: int | None = None, seed: int = 0) -> list[Message]:
    """The last *most* usable messages of a file, in its order; they say no place, so they have none.

    With *scatter*, a place's id, each gets a made-up one for show, and its address says so.
    """
    from huying.exchange.reading import usable

    found = [Message(row.title, row.body, number=row.number) for row in usable(path)][-most:]
    if scatter is None:
        return found
    where = Somewhere(places.of(scatter), random.Random(seed))
    return [_put(one, where) for one in found]


SCATTERED = "（演示位置，非真实地点）"


def _put(message: Message, where: Somewhere) -> Message:
    row, lon, lat = where.pick()
    if row is None:
        return message
    return replace(
        message, lon=lon, lat=lat, division_id=row.id if lon is None else None,
        grid_id=row.id if row.layer else None, address=where.village(row).name + SCATTERED,
    )  # fmt: skip
