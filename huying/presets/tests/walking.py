"""Walks over a shipped flow: whatever legal moves are made in whatever order, with what the place's forms ask."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from huying.flow.tests import test_any_order as any_order
from huying.presets.definition import Preset

WALK = settings(
    max_examples=20, stateful_step_count=25, deadline=None, derandomize=True, database=None,
    suppress_health_check=list(HealthCheck),
)  # fmt: skip


def walked(preset: Preset, flow: str) -> None:
    """Walk *flow* of *preset*; every walk keeps the promises of the flow language (see test_any_order)."""

    class Walk(any_order.Case):
        name = f"{preset.code}/{flow}"

        def fields(self, move: Any, grade: Any) -> dict[str, Any]:
            made = super().fields(move, grade)
            soon = self.now + timedelta(days=9)
            for one in preset.move_form(flow, move.id).fields:
                if one.type in ("date", "datetime"):
                    made[one.id] = soon.isoformat()
                elif one.type == "number":
                    made[one.id] = "2 workdays"  # as the room sends days that a move extends by
                elif one.type == "choice":
                    made[one.id] = one.choices[len(self.story) % len(one.choices)].id
            return made

    loaded = dict(any_order.LOADED)
    any_order.LOADED.update({**preset.flows, Walk.name: preset.flows[flow]})
    try:
        run_state_machine_as_test(Walk, settings=WALK)
    finally:
        any_order.LOADED.clear()
        any_order.LOADED.update(loaded)
