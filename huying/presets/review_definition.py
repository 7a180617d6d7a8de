"""What reviews.yaml says: whom to call back, what to check and look back at, what points are taken off, how units are
appraised. Frozen, as everything of an edition is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field as made

from huying.presets.definition import Words

#: When a draw looks at a case: it was closed, its caller said “unsatisfied”, or the time to rate ran out unused.
OCCASIONS = ("closed", "unsatisfied", "unrated")
#: Whose points a rule takes off: who should have acted, or who whistled.
UNITS = ("handler", "whistler")
#: Levels at which units are compared; at "grid" it is the teams of grids.
LEVELS = ("organ", "town", "village", "grid")
#: A team of fewer people is never compared: its mark would be a person's.
LEAST_PEOPLE = 2
#: How often a look-back is held.
NOTHING = Words("")
PERIODS = ("month", "quarter", "half-year", "year")


@dataclass(frozen=True, slots=True)
class Draw:
    """Which cases are drawn: *share* in per cent of those that the rest describes; empty means all."""

    id: str
    name: Words
    when: str = "closed"
    share: float = 100
    items: tuple[str, ...] = ()
    calls: tuple[str, ...] = ()
    grades: tuple[int, ...] = ()
    results: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Review:
    """A kind of task that is drawn for closed cases. *done* names its closing moves by what they mean; *again* the
    moves of an attempt that reached nobody, in the order in which they are tried. *least*: so many a month for each
    organ, whatever the draws say. *every* (look-backs): how often the list is drawn."""

    kind: str
    name: Words
    draws: tuple[Draw, ...] = ()
    done: Mapping[str, str] = made(default_factory=dict)
    again: tuple[str, ...] = ()
    least: int = 0
    every: str = ""
    opening: Words = NOTHING
    closing: Words = NOTHING


@dataclass(frozen=True, slots=True)
class Rule:
    """For what points are taken off. Exactly one of *moves*, *overdue* (steps whose limit lapsed), *results* (how the
    case was closed), *answers* (what was said or found afterwards) and *scored* (a move of a flow says so itself: ``does:
    [score ID]``) is given. *times*: only from that lapse on."""

    id: str
    name: Words
    points: float
    unit: str = "handler"
    moves: tuple[str, ...] = ()
    overdue: tuple[str, ...] = ()
    results: tuple[str, ...] = ()
    answers: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()
    times: int = 0
    scored: bool = False


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a unit's mark: an indicator and its weight. *worst* and *best* are the rates that give no point and
    all points."""

    indicator: str
    weight: float
    worst: float = 0.0
    best: float = 1.0


@dataclass(frozen=True, slots=True)
class Appraisal:
    """How units of a level are compared: parts out of their weights' sum, less *deduction* for each point taken off.
    A unit with fewer than *least* cases is shown but not ranked. Of grids only those with a team of at least *people*
    are compared."""

    level: str
    parts: tuple[Part, ...]
    least: int = 5
    deduction: float = 1.0
    people: int = 3


@dataclass(frozen=True, slots=True)
class Reviews:
    """reviews.yaml of a place. *of*: the kinds of case that are reviewed."""

    of: tuple[str, ...] = ()
    call_back: Review | None = None
    check: Review | None = None
    look_back: Review | None = None
    appeal: Review | None = None
    appeal_window: str = "5 workdays"
    rules: tuple[Rule, ...] = ()
    appraisals: Mapping[str, Appraisal] = made(default_factory=dict)
    reopen: str = ""  # the move by which a review starts a new round
    rated: str = ""  # the caller's moves: rating, and asking again
    again: str = ""
    link_days: int = 30

    def tasks(self) -> tuple[Review, ...]:
        """The kinds of task, those that there are."""
        return tuple(
            one for one in (self.call_back, self.check, self.look_back, self.appeal) if one is not None
        )

    def kept(self, kind: str) -> frozenset[str]:
        """The moves of a kind of task that only the reviews' own screens make, because more follows from them than the
        task's flow says: an answer is kept, the case begins again, the points stand or not."""
        return frozenset(
            move for one in self.tasks() if one.kind == kind for move in (*one.done.values(), *one.again)
        )

    def rule(self, ident: str) -> Rule | None:
        """The rule of that id."""
        return next((one for one in self.rules if one.id == ident), None)


NONE = Reviews()
