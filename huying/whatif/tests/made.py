"""Made-up courses of a place, for tests of screens and studies: quick to make, nothing of the ledger behind them."""

from __future__ import annotations

import random
from typing import Any
from uuid import UUID

from huying.ledger.ids import uuid7
from huying.whatif.models import Trace
from huying.whatif.setting import setting_of
from huying.whatif.traces import moment

MONDAY = 1_770_597_000.0  # 2026-02-09 08:30 in China
DAY, HOUR = 86400.0, 3600.0
ITEM, FLOW = "E101", "six-steps"


class _Walk:
    """One case on its way; each stay takes a share of its limit that is mostly below 1."""

    def __init__(self, setting: Any, rng: random.Random, at: float, slow: float) -> None:
        self.setting, self.rng, self.at, self.slow = setting, rng, at, slow
        self.stays: list[list[Any]] = []

    def stay(self, step: str, owner: str, move: str, to: str, share: float = 0.4) -> None:
        item = "" if step == "take" else ITEM
        hours = self.setting.hours(owner)
        span = self.setting.span(FLOW, self.setting.step(FLOW, step), item)
        due = hours.due(self.at, span)
        took = hours.between(self.at, due) * share * self.slow * self.rng.lognormvariate(0, 0.7)
        left = hours.after(self.at, max(took, 120.0))
        self.stays.append(
            [
                0,
                FLOW,
                step,
                owner,
                self.at,
                left,
                due,
                move,
                "actor",
                to,
                due - self.at,
                span.working,
                item,
                "",
                0.0,
            ]
        )
        self.at = left


def traces(
    staff: Any, count: int, seed: int = 1, *, slow: float = 1.0, ids: list[UUID] | None = None
) -> list[Trace]:
    """*count* cases that came in over two weeks: taken by the desk, sent to an organ, signed for, handled, verified; one
    in eight comes back once. Stored for the place of *staff*."""
    rng = random.Random(seed)
    memory = staff.memory
    setting = setting_of(memory, MONDAY - 10 * DAY, MONDAY + 200 * DAY)
    desk, organ = f"desk:{memory.top.id}", f"organ:{memory.organ_by_code('chengguan').id}"
    made = []
    for n in range(count):
        start = MONDAY + rng.choice((0, 1, 2, 3, 4)) * DAY + rng.uniform(0, 2) * HOUR
        walk = _Walk(setting, rng, start, slow)
        walk.stay("take", desk, "dispatch", "arrive")
        if n % 8 == 0:
            walk.stay("arrive", organ, "return", "returning")
            walk.stay("returning", desk, "return_refused", "arrive")
        walk.stay("arrive", organ, "sign_in", "handle")
        walk.stay("handle", organ, "done", "verify", 0.6)
        walk.stay("verify", desk, "pass", "rate")
        made.append(
            Trace(
                place_id=staff.place.pk, case_id=ids[n] if ids else uuid7(), reported_at=moment(start),
                closed_at=moment(walk.at), kind="request", edition_id=memory.edition_id or 0, item=ITEM, first_item="",
                channel="web", call="help", result="solved", stays=walk.stays, state={},
            )
        )  # fmt: skip
    Trace.objects.bulk_create(made)
    return made
