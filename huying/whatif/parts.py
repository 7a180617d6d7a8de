"""A case, or one organ's part of it, on its way through a simulation."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field


@dataclass(slots=True)
class Part:
    """A case, or one organ's part of it, as it moves."""

    case: int
    leg: int
    flow: str
    step: str = ""
    owner: str = ""
    at: float = 0.0
    due: float | None = None
    working: bool = True
    paused: bool = False
    entry: int = 0
    past: dict[str, tuple[str, float | None]] = field(default_factory=dict)
    seen: Counter[str] = field(default_factory=Counter)
    late: bool = False
    worst: float = 0.0  # how late at worst, in the owner's time
    closed: float | None = None
    result: str = ""
    ended: bool = False
    organ: str = ""
    item: str = ""
    sent: bool = False
    agreed: float | None = None
    legs: list[Part] = field(default_factory=list)
    parent: Part | None = None
