"""What supervision.yaml holds: what an order is prefilled with, what a bulletin is called, and the rules."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field as made

from huying.presets.definition import Words

#: what a rule waits for
WHEN = ("overdue", "returned", "unsatisfied", "similar", "named")
#: what it leads to
DO = ("urge", "order", "suggest")
#: what the texts of rules and bulletins may say in {braces}
PARTS = ("organ", "number", "title", "item", "times", "within", "days", "level", "report", "place")
NOTHING = Words("")
NUMBERING = "TB{yyyy}-{seq3}"


@dataclass(frozen=True, slots=True)
class Rule:
    """*when* something happened for the `times`-th time (`within` so many days), *do* something about the organ.

    `author` and `to` are relations such as ``post(leader)@county``: who issues and accepts an order, and who is asked
    to think about one. `move`: the clock's move by which the organ is urged. `days` are workdays."""

    id: str
    name: Words
    when: str
    do: str
    times: int = 1
    within: int = 0
    kinds: tuple[str, ...] = ()  # empty: every kind of call
    move: str = ""
    level: int = 1
    days: int = 5
    copies: tuple[str, ...] = ()
    author: str = ""
    to: str = ""
    demand: Words = NOTHING
    line: int = 0


@dataclass(frozen=True, slots=True)
class Supervision:
    """supervision.yaml. `rules` by id, in file order; the first that applies to an event and an organ is taken."""

    rules: Mapping[str, Rule] = made(default_factory=dict)
    level: int = 1
    days: int = 5
    copies: tuple[str, ...] = ()
    numbering: str = NUMBERING
    readers: tuple[str, ...] = ()  # organs that get every bulletin
    title: Words = NOTHING
    text: Words = NOTHING
