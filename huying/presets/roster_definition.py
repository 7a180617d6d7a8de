"""What rosters.yaml says: which posts have households of their own, how many at most, and what is opened for one."""

from __future__ import annotations

from dataclasses import dataclass

from huying.presets.definition import Words

PERIODS = ("week", "month", "quarter", "half-year", "year")


@dataclass(frozen=True, slots=True)
class Roster:
    """One roster: households, each paired with one person who holds a post of the roles *who*.

    *most*: households of one person at most. *kept_by*: roles that pair households by hand in their own area.
    *period*: within which a household counts as visited. *visit*: the kinds of case that count as a visit.
    *opens*: the kinds that may be opened for a household, visits among them.
    """

    id: str
    name: Words
    hint: Words
    who: tuple[str, ...]
    kept_by: tuple[str, ...]
    most: int
    period: str
    visit: tuple[str, ...]
    opens: tuple[str, ...]
    line: int = 0
