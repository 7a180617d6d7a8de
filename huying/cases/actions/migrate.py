"""Moving open cases to another edition of their place's preset, by a mapping that is checked first (law 4).

Who holds a case and by when stay what they were: the mapping renames steps and items, it makes no moves.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from huying import clock
from huying.cases.models import Case, Leg
from huying.cases.who import Actor
from huying.flow.definition import Flow
from huying.flow.draft import Draft
from huying.flow.token import CYCLE, OVERALL, Token, alarm_to_json
from huying.ledger import actions as ledger
from huying.presets.migration import OpenStep, Plan, migration_plan
from huying.presets.queries import compiled

Steps = Mapping[tuple[str, str], tuple[str, str]]


class NotSound(Exception):
    """The mapping has obstacles; nothing was moved. ``plan`` says which."""

    def __init__(self, plan: Plan) -> None:
        super().__init__("; ".join(map(str, plan.obstacles)))
        self.plan = plan


@dataclass(frozen=True, slots=True)
class Migrated:
    """How many cases were moved."""

    plan: Plan
    moved: int


def plan(
    place_id: int,
    old_id: int,
    new_id: int,
    renamed: Steps | None = None,
    items: Mapping[str, str] | None = None,
) -> Plan:
    """Where the unfinished cases of one edition would stand in another, and what is in the way. Two statements."""
    old, new = compiled(old_id), compiled(new_id)
    found: Counter[tuple[str, str, str, str]] = Counter()
    for kind, step, tier, item in _unfinished(place_id, old_id).values_list("kind", "step", "tier", "item"):
        found[old.kinds[kind].flow, step, tier, item] += 1
    legs = Leg.objects.filter(place_id=place_id, case__edition_id=old_id, closed_at=None)
    for flow, step in legs.values_list("flow", "step"):
        found[flow, step, "", ""] += 1
    steps = [OpenStep(flow, step, n, tier, item) for (flow, step, tier, item), n in sorted(found.items())]
    return migration_plan(old, new, steps, renamed, items)


def migrate(
    place_id: int,
    old_id: int,
    new_id: int,
    actor: Actor,
    *,
    renamed: Steps | None = None,
    items: Mapping[str, str] | None = None,
    now: datetime | None = None,
) -> Migrated:
    """Move every unfinished case of the old edition, each in a transaction of its own.

    Stopped half-way, doing it again moves the rest. Raises NotSound.
    """  # fmt: skip
    made = plan(place_id, old_id, new_id, renamed, items)
    if not made.sound:
        raise NotSound(made)
    moved = 0
    for case_id in list(_unfinished(place_id, old_id).values_list("id", flat=True)):
        moved += _one(place_id, case_id, old_id, new_id, made, actor, now or clock.now())
    return Migrated(made, moved)


def _unfinished(place_id: int, edition_id: int) -> Any:
    """Cases that somebody or the clock still has to do something with."""
    return Case.objects.filter(place_id=place_id, edition_id=edition_id).exclude(owner_key="")


@transaction.atomic
def _one(
    place_id: int, case_id: UUID, old_id: int, new_id: int, made: Plan, actor: Actor, now: datetime
) -> int:
    case = Case.objects.select_for_update().get(place_id=place_id, id=case_id)
    if case.edition_id != old_id:
        return 0  # somebody else moved it meanwhile
    old, new = compiled(old_id), compiled(new_id)
    at = (old.kinds[case.kind].flow, case.step)
    goal = made.steps.get(at)
    if goal is None:
        return 0  # it came to a step that the plan did not look at: the next run does
    token, event = _renamed(new.flows[goal[0]], Token.from_json(case.token), goal)
    entries = []
    for leg in Leg.objects.filter(place_id=place_id, case_id=case_id, closed_at=None):
        leg_goal = made.steps.get((leg.flow, leg.step))
        if leg_goal is None:
            return 0
        leg_token, leg_event = _renamed(new.flows[leg_goal[0]], Token.from_json(leg.token), leg_goal)
        leg.flow, leg.step, leg.token, leg.next_at = *leg_goal, leg_token.to_json(), leg_token.next_at
        leg.save(force_update=True)
        entries.append(_entry(case, leg.id, old_id, new_id, leg_event, now))
    before = case.step
    case.edition_id, case.step, case.token, case.next_at = new_id, goal[1], token.to_json(), token.next_at
    case.phase = new.flows[goal[0]].steps[goal[1]].phase
    case.item = made.items.get(case.item, case.item)
    case.version += 1
    case.changed_at = now
    case.save(force_update=True)
    own = _entry(case, None, old_id, new_id, event, now)
    own.data = {**own.data, "from": before, "item": case.item}
    ledger.append(place_id, [own, *entries], actor.for_ledger())
    return 1


def _renamed(flow: Flow, token: Token, goal: tuple[str, str]) -> tuple[Token, dict[str, Any]]:
    """The token under the step's new name, without alarms that the new step has no timer for."""
    step = flow.steps[goal[1]]
    known = {"warn", "due", "join", *(timer.id for timer in (*step.timers, *step.overdue))}
    cycles = {f"{CYCLE}{cycle.id}" for cycle in flow.cycles if cycle.move}
    kept = [
        alarm
        for alarm in token.alarms
        if alarm.name in OVERALL
        or alarm.name.startswith("wake")
        or alarm.name in cycles
        or _base(alarm.name) in known
    ]
    event = {
        "event": "migrated", "flow": goal[0], "step": goal[1], "alarms": [alarm_to_json(alarm) for alarm in kept]
    }  # fmt: skip
    draft = Draft(flow, token)
    draft.apply(event)
    return draft.freeze(), event


def _base(name: str) -> str:
    return name.partition("+")[0].partition(".")[0]


def _entry(
    case: Case, leg_id: UUID | None, old_id: int, new_id: int, event: dict[str, Any], now: datetime
) -> ledger.Entry:
    return ledger.Entry(
        kind="case.migrated", at=now, case_id=case.id, leg_id=leg_id, subject=("case", case.id), version=case.version,
        data={"from_edition": old_id, "edition": new_id, "step": event["step"], "flow": [event]},
    )  # fmt: skip
