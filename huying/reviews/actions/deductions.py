"""Points taken off units: proposed by the ledger's reader, decided by people, never overwritten.

A deduction is a row with its grounds (case, event, rule, edition); every decision about it is a further row and an
event of the ledger. It counts only once somebody has confirmed it. The appeal is a case of its own kind.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from huying import clock
from huying.cases.actions import Refused, perform
from huying.cases.models import Case
from huying.cases.who import Actor
from huying.ledger import actions as ledger
from huying.ledger.actions import Actor as LedgerActor
from huying.ledger.ids import uuid7
from huying.places import memory as places
from huying.places.info import PlaceMemory
from huying.reviews import telling
from huying.reviews.actions.tasks import open_task
from huying.reviews.models import Deduction, Step, Task
from huying.reviews.rules import Proposal
from huying.worktime import due, parse_limit

APPEAL = "appeal"
RIGHT = "assess"
CONFIRMED, WITHDRAWN, APPEALED, UPHELD, CORRECTED = (
    "confirmed",
    "withdrawn",
    "appealed",
    "upheld",
    "corrected",
)
SHORTEST = 2


def propose(memory: PlaceMemory, found: Sequence[Proposal], now: datetime) -> list[Deduction]:
    """Write what the rules propose, once for each event and rule. Three SQL statements, none without proposals."""
    if not found:
        return []
    place_id = memory.place_id
    known = set(
        Deduction.objects.filter(place_id=place_id, event_id__in=[one.event.id for one in found]).values_list(
            "event_id", "rule"
        )
    )
    rows = [
        Deduction(
            place_id=place_id, id=uuid7(), case_id=one.case.id, event_id=one.event.id, rule=one.rule.id,
            edition_id=memory.edition_id or 0, organ_id=one.organ_id, points=Decimal(str(one.rule.points)),
            at=one.event.at, made_at=now,
        )
        for one in found if (one.event.id, one.rule.id) not in known
    ]  # fmt: skip
    if not rows:
        return []
    with transaction.atomic():
        Deduction.objects.bulk_create(rows)
        ledger.append(
            place_id,
            [
                ledger.Entry(
                    kind="deduction.proposed", at=now,
                    data={
                        "deduction": row.id, "rule": row.rule, "points": float(row.points), "organ": row.organ_id,
                        "event": row.event_id, "edition": row.edition_id,
                    },
                )
                for row in rows
            ],
            LedgerActor(channel="review"),
        )  # fmt: skip
    return rows


def confirm(place_id: int, ident: UUID, actor: Actor, *, now: datetime | None = None) -> Step:
    """Let a proposed deduction count. The unit may appeal within the preset's window, from now. Raises Refused."""
    now = now or clock.now()
    memory = places.of(place_id)
    with transaction.atomic():
        row, steps = _locked(place_id, ident, actor)
        if steps:
            raise Refused("decided")
        reviews = memory.preset.reviews if memory.preset is not None else None
        window = parse_limit(reviews.appeal_window if reviews is not None else "5 workdays")
        until = due(window, now, memory.calendar(row.organ_id))
        return _step(row, CONFIRMED, row.points, actor, now, until=until)


def withdraw(place_id: int, ident: UUID, reason: str, actor: Actor, *, now: datetime | None = None) -> Step:
    """Take a proposal, or a deduction that was confirmed, back, with a reason. Raises Refused."""
    now = now or clock.now()
    _reasoned(reason)
    with transaction.atomic():
        row, steps = _locked(place_id, ident, actor)
        if steps and steps[-1].kind != CONFIRMED:
            raise Refused("decided")
        return _step(row, WITHDRAWN, Decimal(0), actor, now, reason=reason)


def appeal(place_id: int, ident: UUID, reason: str, actor: Actor, *, now: datetime | None = None) -> Task:
    """The unit appeals against points that were taken off it: a case of the appeal's kind. Raises Refused.

    Only somebody who serves in the unit may, once, within the window that began when it was confirmed.
    """
    now = now or clock.now()
    _reasoned(reason)
    memory = places.of(place_id)
    reviews = memory.preset.reviews if memory.preset is not None else None
    if reviews is None or reviews.appeal is None:
        raise Refused("no-appeal")
    with transaction.atomic():
        row, steps = _locked(place_id, ident)
        if actor.sight is None or row.organ_id not in actor.sight.organs:
            raise Refused("not-allowed")
        if not steps or steps[-1].kind != CONFIRMED:
            raise Refused("decided")
        until = steps[-1].until
        if until is not None and now > until:
            raise Refused("too-late")
        case = Case.objects.get(place_id=place_id, id=row.case_id)
        task = open_task(
            memory, case, reviews.appeal, APPEAL, rule=row.rule, mark=row.id.hex, now=now, actor=actor,
            body=reason.strip(), organ_id=row.organ_id, deduction_id=row.id,
        )  # fmt: skip
        if task is None:
            raise Refused("decided")
        _step(row, APPEALED, row.points, actor, now, task_id=task.id)
        return task


def decide(
    place_id: int, task_id: UUID, points: Decimal | None, finding: str, actor: Actor, *, now: datetime | None = None,
    seen: int | None = None, key: str | None = None,
) -> Step:  # fmt: skip
    """Decide an appeal: the points stand (None), or are corrected to *points*. Raises Refused, Stale.

    Whoever confirmed the deduction cannot decide about it. The appeal's case is closed in the same transaction.
    """
    now = now or clock.now()
    _reasoned(finding)
    memory = places.of(place_id)
    reviews = memory.preset.reviews if memory.preset is not None else None
    with transaction.atomic():
        task = Task.objects.filter(place_id=place_id, id=task_id, kind=APPEAL).first()
        if task is None or task.deduction_id is None or reviews is None or reviews.appeal is None:
            raise Refused("unknown-task")
        row, steps = _locked(place_id, task.deduction_id, actor)
        if any(step.kind == CONFIRMED and step.person_id == actor.person_id for step in steps):
            raise Refused("same-person")
        if actor.sight is not None and row.organ_id in actor.sight.organs:
            raise Refused("own-unit")
        if not steps or steps[-1].kind != APPEALED:
            raise Refused("decided")
        if points is not None and not 0 <= points <= row.points:
            raise Refused("invalid", {"points_now": _("Between 0 and what was taken off.")})
        done = "upheld" if points is None else "corrected"
        data = {"finding": finding} if points is None else {"finding": finding, "points_now": float(points)}
        perform(
            place_id, task.id, reviews.appeal.done[done], actor, data, now=now, seen=seen, key=key, by_room=True
        )  # fmt: skip
        return _step(
            row, UPHELD if points is None else CORRECTED, row.points if points is None else points, actor, now,
            reason=finding, task_id=task.id,
        )  # fmt: skip


def _locked(place_id: int, ident: UUID, actor: Actor | None = None) -> tuple[Deduction, list[Step]]:
    if actor is not None and not actor.has(RIGHT):
        raise Refused("not-allowed")
    row = Deduction.objects.select_for_update().filter(place_id=place_id, id=ident).first()
    if row is None:
        raise Refused("unknown-deduction")
    return row, list(Step.objects.filter(place_id=place_id, deduction_id=ident).order_by("at", "id"))


def _reasoned(reason: str) -> None:
    if len(reason.strip()) < SHORTEST:
        raise Refused("invalid", {"reason": _("Please give the reasons.")})


def _step(
    row: Deduction, kind: str, points: Decimal, actor: Actor, now: datetime, *, reason: str = "",
    until: datetime | None = None, task_id: UUID | None = None,
) -> Step:  # fmt: skip
    event_id = uuid7()
    step = Step(
        place_id=row.place_id, id=uuid7(), deduction_id=row.id, kind=kind, points=points, at=now,
        person_id=actor.person_id, until=until, task_id=task_id, event_id=event_id if reason else None,
    )  # fmt: skip
    data = {
        "deduction": row.id,
        "rule": row.rule,
        "points": float(points),
        "was": float(row.points),
        "organ": row.organ_id,
        "step": step.id,
    }
    if until is not None:
        data["until"] = until
    if task_id is not None:
        data["task"] = task_id
    try:
        with transaction.atomic():
            step.save(force_insert=True)
    except IntegrityError as error:
        raise Refused("decided") from error
    ledger.append(
        row.place_id,
        [
            ledger.Entry(
                kind=f"deduction.{kind}", data=data, at=now, id=event_id,
                private={"reason": reason.strip()[:2000]} if reason else None,
                subject=("case", row.case_id) if reason else None,
            )
        ],
        actor.for_ledger(),
    )  # fmt: skip
    if kind != APPEALED:  # the unit knows of its own appeal
        telling.unit(row, now)
    return step
