"""Putting the pieces together: learn from a period, play what follows or play it again under other rules."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from huying.whatif.calibrate import Model, calibrate
from huying.whatif.outcomes import measured
from huying.whatif.setting import Setting
from huying.whatif.simulate import Play
from huying.whatif.stays import Course, cut
from huying.whatif.survival import interval

REPLICATIONS = 40


def parted(courses: Sequence[Course], moment: float) -> tuple[list[Course], list[Course]]:
    """The cases as they were known at a moment, and those that came in after it."""
    known = [found for course in courses if (found := cut(course, moment)) is not None]
    return known, [course for course in courses if course.reported > moment]


@dataclass(frozen=True, slots=True)
class Checked:
    """How a forecast of the last part of a period compares with what happened."""

    predicted: float
    low: float
    high: float
    actual: float
    closed: int
    overdue: int
    model: Model

    @property
    def error(self) -> float:
        """Percentage points by which the forecast was off."""
        return 100 * (self.predicted - self.actual)


def backtest(
    courses: Sequence[Course], setting: Setting, start: float, end: float, *, share: float = 0.75,
    replications: int = REPLICATIONS,
) -> Checked:  # fmt: skip
    """Learn from the first *share* of a period and forecast the rest.

    Of the rest only the calls themselves are given: when each came in, and where the platform put it by itself. What
    was done with them, and with what was open, is not looked at.
    """
    moment = start + share * (end - start)
    known, later = parted(courses, moment)
    model = calibrate(known, setting, moment)
    arriving = [bare(course) for course in later if course.reported <= end]
    outs = [
        Play(model, setting, known, arriving, moment, end, seed).run() for seed in range(1, replications + 1)
    ]
    rates = [out.rate or 0.0 for out in outs]
    actual = measured(
        [one for course in courses if (one := cut(course, end)) is not None], setting, moment, end
    )
    low, high = interval(rates)
    return Checked(
        sum(rates) / len(rates), low, high, actual.rate or 0.0, actual.closed, actual.overdue, model,
    )  # fmt: skip


def bare(course: Course) -> Course:
    """A call without what became of it: its first step and owner, as the platform chose them, and nothing after."""
    own = course.own
    first = (
        own[0]._replace(left=None, due=None, limit=None, move="", how="", to="", given="", paused=0.0)
        if own
        else None
    )
    return Course(
        course.case_id, course.reported, None, course.kind, course.first_item, course.first_item, course.channel,
        course.call, course.town, course.path, "", course.sealed, [first] if first else [], course.edition, {},
    )  # fmt: skip
