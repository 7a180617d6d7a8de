"""What ``indicators.yaml`` says: indicators, and scores that weigh them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from huying.presets.definition import Words
from huying.presets.measures import Expression

LEVELS = ("place", "organ", "town", "village", "grid", "item", "channel")
UNITS = ("percent", "cases")
DIRECTIONS = ("higher", "lower", "none")


@dataclass(frozen=True, slots=True)
class Indicator:
    """A share (numerator ÷ denominator) or, without a denominator, a number of cases.

    ``of``: what is counted, "case" or "dispatch". ``basis``: by which day a case falls into the period
    (``measures.BASES``). ``exclusions``: measures that are shown as left out. ``good`` and ``fair`` are the thresholds of
    the colours, as shares (or numbers of cases)."""

    id: str
    name: Words
    meaning: Words
    numerator: Expression
    denominator: Expression | None
    of: str
    basis: str
    unit: str
    direction: str
    exclusions: tuple[str, ...] = ()
    levels: tuple[str, ...] = LEVELS
    good: float | None = None
    fair: float | None = None
    main: bool = False
    line: int = 0


@dataclass(frozen=True, slots=True)
class Score:
    """Points out of a hundred: shares by weight, those for which lower is better counted as what they lack to one."""

    id: str
    name: Words
    meaning: Words
    weights: Mapping[str, float]
    levels: tuple[str, ...] = LEVELS
    good: float | None = None
    fair: float | None = None
    line: int = 0


@dataclass(frozen=True, slots=True)
class Indicators:
    """All of them, in the order of the file. ``small``: with fewer cases a share is shown but neither coloured nor
    compared."""

    small: int = 10
    indicators: Mapping[str, Indicator] = field(default_factory=dict)
    scores: Mapping[str, Score] = field(default_factory=dict)
