"""Reading indicators: figures of a period by level, how they went, and the very cases behind each.

What an indicator is stands in the place's ``indicators.yaml`` (``huying.presets.indicators``); what is counted is kept up
behind the ledger's pages (``huying.cases.tallies``).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from huying.cases.models import Case
from huying.indicators.periods import Period, day, half, month, quarter, week, year
from huying.staff.sight import Sight

LEVELS = ("place", "organ", "town", "village", "item", "channel")
Key = int | str | None
"""None for the place, the id of an organ or of a division, an item's code, a channel's code."""


@dataclass(frozen=True, slots=True)
class Figure:
    """One indicator's figure.

    ``value`` is a share (0.0–1.0) for unit "percent", points (0–100) for "points", a number for "cases"; None when there
    is nothing to rate. ``excluded`` says, by measure, how many cases were left out. ``small``: too few to compare or
    rank by. ``parts`` (scores only): the points that each indicator brought.
    """

    indicator: str
    value: float | None
    numerator: float
    denominator: float
    excluded: Mapping[str, int]
    unit: str  # percent, points, cases
    direction: str  # higher or lower: which is better; "" for neither
    small: bool
    tone: str = ""  # good, wait, bad by the thresholds; "" without
    parts: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Row:
    """A case behind a figure; ``organ_id`` when what is counted are dispatches."""

    id: Any
    case: Case
    organ_id: int | None = None


@dataclass(frozen=True, slots=True)
class Rows:
    """A page of them; ``after`` leads to the next one, "" on the last."""

    rows: Sequence[Row]
    after: str = ""


def figures(
    place_id: int,
    period: Period,
    by: str = "place",
    ids: Iterable[Key] | None = None,
    now: datetime | None = None,
) -> dict[Key, dict[str, Figure]]:
    """All indicators of a level, by key; *ids* narrows to some keys. Keys without any case are not there, but for
    the place (None), which always is.
    """
    raise NotImplementedError


def series(
    place_id: int, indicator: str, period: Period, step: str = "day", by: str = "place", key: Key = None
) -> list[tuple[Period, Figure]]:
    """How one indicator of one key went, by "day", "week" or "month" of the period. For charts."""
    raise NotImplementedError


def compared(
    place_id: int, period: Period, by: str = "place", ids: Iterable[Key] | None = None
) -> dict[Key, dict[str, tuple[Figure, Figure | None, Figure | None]]]:
    """As ``figures``, each with the period before (环比) and the same period a year before (同比)."""
    raise NotImplementedError


def cases(
    place_id: int, indicator: str, period: Period, by: str, key: Key, part: str, sight: Sight, after: str = "",
    size: int = 50,
) -> Rows:  # fmt: skip
    """The cases (or dispatches) behind a figure, newest first, within a person's sight.

    *part* is "numerator", "denominator", or the name of an exclusion's measure. Raises KeyError for what there is not,
    ``huying.cases.lists.BadCursor`` for an *after* that is none.
    """
    raise NotImplementedError


__all__ = [
    "LEVELS", "Figure", "Key", "Period", "Row", "Rows", "cases", "compared", "day", "figures", "half", "month", "quarter",
    "series", "week", "year",
]  # fmt: skip
