"""What inspection.yaml says: the office that inspects, and the patterns it looks for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from huying.presets.definition import Words

#: What can be looked for, and what each is about.
FINDS = ("returns", "unchanged", "extensions", "voids", "device")


@dataclass(frozen=True, slots=True)
class Pattern:
    """One pattern. Of those that compare: a unit is told of when at least ``least`` matters and ``hits`` of them are
    there, its share is ``times`` that of all the others, and chance alone would give as much with a probability below
    ``level`` (one-sided binomial, divided by the number of units compared).

    ``days`` looked back. ``unchanged``: closed within ``minutes``, or with a reply that stands under ``same_reply``
    cases of the unit, and without evidence where ``without_evidence``. ``extensions``: asked for with at most ``left``
    work hours left. ``device``: ``hits`` cases rated from one device.
    """

    id: str
    name: Words
    find: str
    days: int = 90
    least: int = 20
    hits: int = 5
    times: float = 2.0
    level: float = 0.01
    minutes: int = 10
    same_reply: int = 3
    without_evidence: bool = True
    left: float = 4.0
    line: int = 0


@dataclass(frozen=True, slots=True)
class Inspection:
    """The whole file. Without one there is no office, and nothing is looked for."""

    office: str = ""
    order: str = ""  # the kind of case that is an instruction
    request: str = ""  # the kind of case by which an organ or town asks the office
    patterns: Mapping[str, Pattern] = field(default_factory=dict)
