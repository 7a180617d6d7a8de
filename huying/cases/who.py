"""Who acts on a case: a person, the post they act in, on whose behalf, through which channel."""

from __future__ import annotations

from dataclasses import dataclass, field
from uuid import UUID

from huying.ledger.actions import Actor as LedgerActor
from huying.staff.sight import Sight

WEB = "web"
GRID = "grid"
DESK = "hotline"
DELEGATE = "delegate"
IMPORT = "import"
API = "api"
CLOCK = "clock"
REVIEW = "review"  # the platform, looking back at what was closed


@dataclass(frozen=True, slots=True)
class Actor:
    """Somebody who reports or moves a case.

    ``sight`` is None for a visitor without an account and for the clock. ``holds`` are cases that a track code or
    one-time link opened for this visitor: there they count as the reporter. ``system`` is the platform itself
    (the clock, an import), which may make only moves that the flow gives to the clock.
    """

    channel: str
    sight: Sight | None = None
    post_id: int | None = None
    behalf_id: UUID | None = None
    holds: frozenset[UUID] = field(default_factory=frozenset)
    # Seen with the code of somebody who joined: read only.
    joined: frozenset[UUID] = field(default_factory=frozenset)
    system: bool = False

    @property
    def person_id(self) -> UUID | None:
        return self.sight.person_id if self.sight is not None else None

    @property
    def scope(self) -> str:
        """The name under which this actor's idempotency keys are kept apart from everybody else's."""
        if self.sight is not None and self.sight.person_id is not None:
            return f"person:{self.sight.person_id}"
        return f"channel:{self.channel}"

    def has(self, right: str) -> bool:
        return self.sight is not None and right in self.sight.rights

    def owns(self, owner_key: str) -> bool:
        return self.sight is not None and owner_key in self.sight.owner_keys

    def for_ledger(self) -> LedgerActor:
        return LedgerActor(
            person_id=self.person_id,
            post_id=self.post_id
            if self.post_id is not None
            else (self.sight.post_id if self.sight else None),
            behalf_id=self.behalf_id,
            channel=self.channel,
        )


CLOCK_ACTOR = Actor(channel=CLOCK, system=True)
