"""People who supervise and are supervised, and the moves they make, through actions only."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from huying.cases.actions import perform
from huying.cases.actions.perform import Performed
from huying.cases.models import Case
from huying.cases.tests.test_lifecycle import told
from huying.cases.who import Actor

DEMAND = "请限期清理该处占道经营，落实早晚巡查，并报送整改情况。"
ACCOUNT = "已清理占道摊位六处，安排每日早晚各巡查一次。"


class World:
    """One place in which the city management is slow."""

    def __init__(self, staff: Any, read_on: Callable[[int], None]) -> None:
        self.staff = staff
        self.place: int = staff.place.pk
        self._read_on = read_on

    def read_on(self) -> None:
        """The worker's turn: pages and readers."""
        self._read_on(self.place)

    @property
    def leader(self) -> Actor:
        return self.staff.leader

    @property
    def centre_head(self) -> Actor:
        return self.staff.actor("centre-head", role="centre_head", organ="centre")

    @property
    def inspector(self) -> Actor:
        return self.staff.actor("inspector", role="inspector", organ="discipline")

    @property
    def officer(self) -> Actor:
        """Of the organ that is supervised."""
        return self.staff.officer("chengguan")

    @property
    def reader(self) -> Actor:
        """Of the office that gets copies."""
        return self.staff.officer("inspection")

    def organ(self, code: str) -> int:
        return int(self.staff.memory.organ_by_code(code).id)

    def case(self, **more: Any) -> Case:
        """A case in the hands of the city management."""
        return told(self.staff, **more)

    def order(self, case: Case, actor: Actor | None = None, **more: Any) -> Case:
        """One key: an order about *case*, by the leader unless somebody else is named."""
        data = {
            "to_organ": "chengguan",
            "demand": DEMAND,
            "level": "1",
            "days": "3",
            "copies": ["inspection"],
            **more,
        }
        done = perform(self.place, case.id, "supervise", actor or self.leader, data)
        (opened,) = done.opened
        return Case.objects.get(place_id=self.place, id=opened)

    def move(self, case: Case, move: str, actor: Actor, **data: Any) -> Performed:
        done = perform(self.place, case.id, move, actor, data)
        case.refresh_from_db()
        return done
