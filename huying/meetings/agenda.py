"""What comes up at a meeting: the open cases held in the division that the cycle's rule picks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from huying.cases import facts as facts_of
from huying.cases.models import Case
from huying.cases.sight import CLOSED_CALLS, visible
from huying.flow.definition import Cycle, Flow
from huying.flow.draft import Draft
from huying.flow.guards import Env
from huying.flow.token import Token
from huying.places.info import DivisionInfo, PlaceMemory
from huying.presets.queries import compiled
from huying.staff.sight import Sight

MOST = 50  # points on one agenda: more are talked through by nobody


@dataclass(frozen=True, slots=True)
class Led:
    """A meeting that somebody leads: the cycle of a flow, in one division."""

    flow: Flow
    cycle: Cycle
    division: DivisionInfo


def cycles_of(preset: Any) -> Iterator[tuple[Flow, Cycle]]:
    """The cycles of a place that are meetings with a leader, in the order of the files."""
    for flow in preset.flows.values():
        for cycle in flow.cycles:
            if cycle.meeting and cycle.at and cycle.led_by:
                yield flow, cycle


def leads(sight: Sight, cycle: Cycle, division_id: int) -> bool:
    """Whether the person holds the post that leads the cycle's meetings in the division (A or acting B)."""
    return f"post:{cycle.led_by}@{division_id}" in sight.owner_keys


def led_by(sight: Sight, memory: PlaceMemory) -> list[Led]:
    """The meetings that the person leads, division by division. No SQL statement."""
    if memory.preset is None:
        return []
    known = list(cycles_of(memory.preset))
    found = []
    for key in sight.keys_in_order:
        role, at, number = key.removeprefix("post:").partition("@")
        if not key.startswith("post:") or not at or not number.isdigit():
            continue
        division = memory.divisions.get(int(number))
        if division is not None:
            found += [
                Led(flow, cycle, division)
                for flow, cycle in known
                if cycle.led_by == role and cycle.at == division.tier
            ]
    return found


def candidates(sight: Sight, led: Sequence[Led], memory: PlaceMemory, now: datetime) -> list[list[Case]]:
    """For each of *led* (all of one division), the cases that come up now, by their limit. One SQL statement.

    Cases are found by who holds them in the division and below it, so that the cost does not grow with what was
    closed. What is confidential or a report of wrongdoing is never talked over in a meeting.
    """
    if not led:
        return []
    division = led[0].division
    keys = [f"{kind}:{row.id}" for row in memory.below(division.id) for kind in ("desk", "division")]
    kinds = {one.flow.kind for one in led}
    rows = (
        visible(sight)
        .filter(owner_key__in=keys, closed_at=None, confidential=False, kind__in=kinds)
        .exclude(call__in=CLOSED_CALLS)
        .order_by("due_at", "id")[: MOST * 10]
    )
    found: list[list[Case]] = [[] for _ in led]
    for case in rows:
        for one, cases in zip(led, found, strict=True):
            if len(cases) < MOST and comes_up(one.cycle, case, now):
                cases.append(case)
    return found


def comes_up(cycle: Cycle, case: Case, now: datetime) -> bool:
    """Whether the cycle's rule picks the case as it stands."""
    if not cycle.picks(case.step, case.closed_at is not None):
        return False
    if not cycle.when.text:
        return True
    preset = compiled(case.edition_id)
    flow = preset.flow_of(case.kind)
    item = preset.items.get(case.item) if case.item else None
    token = Token.from_json(case.token)
    facts = facts_of.of_case(case, item, now, joint=token.legs_run > 0)
    return bool(cycle.when.holds(Env(Draft(flow, token), {}, facts, flow.settle_index)))
