"""A case was drawn: the task that follows is a case of its own kind, made by ``report`` like every other."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from huying.cases.actions import report
from huying.cases.actions.state import SATISFACTION
from huying.cases.calls import Call
from huying.cases.models import Case
from huying.cases.who import REVIEW, Actor
from huying.ledger import actions as ledger
from huying.places.info import PlaceMemory
from huying.presets.review_definition import Review
from huying.reviews.models import Task

CALL_BACK = "call_back"
SAID = "said_satisfaction"  # the field of the script
SYSTEM = Actor(channel=REVIEW, system=True)


def open_task(
    memory: PlaceMemory,
    case: Case,
    review: Review,
    kind: str,
    *,
    rule: str,
    mark: str,
    now: datetime,
    share: float = 100,
    actor: Actor = SYSTEM,
    body: str = "",
    organ_id: int | None = None,
    deduction_id: UUID | None = None,
) -> Task | None:
    """Open a task of *kind* about *case*; None when it was opened for that *mark* before.

    Four SQL statements. The task protects its caller as the case does: one about a confidential case is confidential.
    """
    preset = memory.preset
    known = preset is not None and case.item in preset.items and preset.items[case.item].leaf
    with transaction.atomic():
        # Before the case is made: an earlier draw for the same mark leaves nothing behind.
        if Task.objects.filter(place_id=case.place_id, kind=kind, case_id=case.id, mark=mark).exists():
            return None
        made = report(
            case.place_id,
            Call(
                kind=review.kind, title=f"{review.name} {case.number}"[:200], body=body or f"{review.name} {case.number}",
                call=case.call, confidential=case.confidential or case.call == "report",
                division_id=case.grid_id or case.division_id, item=case.item if known else "", anonymous=True,
            ),
            actor, now=now, parent_id=case.id,
        )  # fmt: skip
        held = Case.objects.only("place_id", "id", "due_at").get(place_id=case.place_id, id=made.case_id)
        task = Task(
            place_id=case.place_id, id=made.case_id, case_id=case.id, kind=kind, mark=mark, rule=rule,
            organ_id=organ_id if organ_id is not None else case.organ_id, path=case.path, at=now, due_at=held.due_at,
            deduction_id=deduction_id,
        )  # fmt: skip
        task.save(force_insert=True)
        ledger.append(
            case.place_id,
            [
                ledger.Entry(
                    kind="review.drawn", at=now, case_id=case.id,
                    data={"task": task.id, "kind": kind, "rule": rule, "share": share, "mark": mark, "number": made.number},
                )
            ],
            actor.for_ledger(),
        )  # fmt: skip
    return task


def copy_state(task: Task, held: Case) -> bool:
    """Take over what the task's own case says; whether anything changed. That a call-back is over goes on record with
    what was said, by whichever way its case was closed."""
    before = (task.due_at, task.done_at, task.outcome)
    task.due_at, task.done_at, task.outcome = held.due_at, held.closed_at, held.result
    if task.kind == CALL_BACK and before[1] is None and task.done_at is not None:
        said = {"satisfaction": held.fields[SAID]} if held.fields.get(SAID) else {}
        data = {"task": task.id, "mark": task.mark, **said}
        entry = ledger.Entry(kind="review.called", at=task.done_at, case_id=task.case_id, data=data)
        ledger.append(task.place_id, [entry], SYSTEM.for_ledger())
    return before != (task.due_at, task.done_at, task.outcome)


def fold(state: dict[str, Any], event: Any) -> None:
    """What a call-back that is over tells the figures about its case: the last one counts."""
    said = event.data.get("satisfaction")
    state["called"] = said if said in SATISFACTION else "unsaid"
