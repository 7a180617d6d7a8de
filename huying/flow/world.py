"""What the machine asks of the place it runs in, and how it says no."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Protocol

from .definition import By, Limit, Relation, Span
from .guards import Facts
from .token import Token


class World(Protocol):
    """Given by the caller. All methods are pure look-ups: the machine changes nothing.

    An owner is a key such as ``organ:12``, ``division:34``, ``post:desk@3``, ``pool:…`` or ``person:…``."""

    def resolve(self, relation: Relation, token: Token, facts: Facts, actor: Any) -> str | None:
        """The owner that a relation means for this token now; None if there is none. `actor` is whoever makes
        the move that leads into the step (None for the clock). ``claimant``, ``holder`` and ``owner`` are
        answered by the machine itself; for ``above(owner)`` and the like it asks with that key in
        `relation.args` (``Relation("above", args=("organ:12",))``), else with the relation in `relation.of`."""

    def centre(self) -> str:
        """The desk that gets whatever has no owner."""

    def matches(self, by: By, token: Token, actor: Any, facts: Facts) -> bool:
        """Whether the actor is meant by `by` (owner, role or relation; clock and anyone are not asked)."""

    def claim(self, pool: Relation, token: Token, actor: Any) -> str | None:
        """As whom the actor claims from the pool (their organ, or they themselves)."""

    def span(self, limit: Limit, token: Token, facts: Facts) -> Span | None:
        """The item's limit for the phase `limit.name`; None if the item gives none."""

    # The last three count in the office hours of `owner`, who holds the step; None: of the case as a whole.

    def after(self, start: datetime, span: Span, owner: str | None, share: float = 1.0) -> datetime:
        """`share` of `span` after `start`."""

    def left(self, now: datetime, due: datetime, working: bool, owner: str | None) -> float:
        """Seconds (office hours only if `working`) from `now` until `due`; less than 0 if past."""

    def later(self, now: datetime, left: float, working: bool, owner: str | None) -> datetime:
        """The reverse of `left`, also of what is past."""

    def today(self, now: datetime) -> date:
        """The day of the place's calendar on which `now` lies."""

    def begins(self, day: date) -> datetime:
        """The moment at which a day of the place's calendar begins."""


class FlowError(Exception):
    """The move was not made and nothing has changed. `code` is machine-readable."""

    code = "flow-error"


class UnknownMove(FlowError):
    """There is no such move, or it does not start from the step where the case is."""

    code = "unknown-move"


class NotAllowed(FlowError):
    """The actor may not make this move."""

    code = "not-allowed"


class MissingFields(FlowError):
    """`fields` lists what must be sent with the move."""

    code = "missing-fields"

    def __init__(self, fields: list[str]) -> None:
        super().__init__(", ".join(fields))
        self.fields = fields


class GuardFailed(FlowError):
    """The move's condition does not hold. `guard` is its text."""

    code = "guard-failed"

    def __init__(self, guard: str) -> None:
        super().__init__(guard)
        self.guard = guard


class BadValue(FlowError):
    """A field was sent that the move cannot use (a date that is none, for instance)."""

    code = "bad-value"

    def __init__(self, field: str) -> None:
        super().__init__(field)
        self.field = field


class EndlessAuto(FlowError):
    """More than 20 automatic moves in a row: a defect of the flow that the checker would have found."""

    code = "endless-auto"
