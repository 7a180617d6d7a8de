"""The cycles of a flow, as they are written."""

from __future__ import annotations

import re
from typing import Any

from .definition import EVERY, Cycle
from .fields import ID, FieldReader
from .source import KeyPath

_KEYS = (
    "id", "name", "en", "every", "day", "on", "pick", "when", "move", "meeting", "at", "led_by", "decides", "hint",
)  # fmt: skip
_DATE = re.compile(r"(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])\Z")


class CycleReader(FieldReader):
    """The part of the reader of flows that knows cycles."""

    def cycles(self, data: dict[str, Any], known: set[str]) -> tuple[Cycle, ...]:
        value = data.get("cycles")
        if value is None:
            return ()
        if not isinstance(value, list):
            self.wrong("not-a-list", ("cycles",), where="cycles")
            return ()
        made: list[Cycle] = []
        for i, one in enumerate(value):
            path: tuple[str | int, ...] = ("cycles", i)
            cycle = self.mapping(one, path, "a cycle", _KEYS)
            ident = self.text(cycle.get("id"), (*path, "id"), "id")
            if not ident:
                self.wrong("missing", path, where="a cycle", key="id")
            elif not ID.match(ident):
                self.wrong("bad-id", (*path, "id"), id=ident)
            if any(ident == other.id for other in made):
                first = next(other.line for other in made if other.id == ident)
                self.wrong("duplicate-id", path, id=ident, first=first)
            move = self.text(cycle.get("move"), (*path, "move"), "move") or None
            meeting = self.text(cycle.get("meeting"), (*path, "meeting"), "meeting") or None
            if move is not None and move not in known:
                self.wrong("unknown-move", (*path, "move"), move=move)
            if (move is None) == (meeting is None):
                self.wrong("missing", path, where="a cycle", key="move (or meeting)")
            decides = []
            for word, _line in self.words(cycle, "decides", path):
                if word not in known:
                    self.wrong("unknown-move", (*path, "decides"), move=word)
                decides.append(word)
            at = self.text(cycle.get("at"), (*path, "at"), "at")
            if at and at not in self.tiers:
                self.wrong("unknown-tier", (*path, "at"), tier=at)
            fixed = self.dates(cycle, path)
            if move is None and (fixed or "day" in cycle):
                self.wrong("cycle-dates", path, cycle=ident)
            name, en = self.names(cycle, path, meeting or ident)
            made.append(
                Cycle(
                    ident, self.choice(cycle, "every", path, EVERY, "month"),
                    tuple(word for word, _line in self.words(cycle, "pick", path)) or ("open",),
                    name, self.guard(cycle, path), move, meeting, self.source.line(*path), en, at,
                    self.text(cycle.get("led_by"), (*path, "led_by"), "led_by"), tuple(decides),
                    self.text(cycle.get("hint"), (*path, "hint"), "hint"), self.day(cycle, path), fixed,
                )
            )  # fmt: skip
        return tuple(made)

    def dates(self, cycle: dict[str, Any], path: KeyPath) -> tuple[tuple[int, int], ...]:
        """Fixed days of the year, instead of a period: ``on: ["07-01"]``."""
        made = []
        for word, _line in self.words(cycle, "on", path):
            match = _DATE.match(word)
            if match is None:
                self.wrong("bad-date", (*path, "on"), text=word)
            else:
                made.append((int(match.group(1)), int(match.group(2))))
        if made and ("every" in cycle or "day" in cycle):
            self.wrong("cycle-twice", path, cycle=cycle.get("id"))
        return tuple(made)

    def day(self, cycle: dict[str, Any], path: KeyPath) -> int:
        """The day of the period: its first where nothing is said."""
        value = cycle.get("day", 1)
        if not isinstance(value, int) or not 1 <= value <= 366:
            self.wrong("bad-choice", (*path, "day"), text=value, where="day", known="1–366")
            return 1
        return value
