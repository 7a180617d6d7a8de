"""What a call-back, a check, a look-back or a link for rating comes to, each in one transaction.

The task's own case is closed, the answer is kept with an event of the ledger, and where it was not good a new round
begins: by the flow's own move while its window is open, else as a new case linked to the old one.
"""

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from huying import clock
from huying.cases.actions import Refused, Stale, perform, report
from huying.cases.actions.state import SATISFACTION
from huying.cases.calls import Call, Reporter
from huying.cases.models import Case, Contact, Link
from huying.cases.who import REVIEW, Actor
from huying.ledger import actions as ledger
from huying.ledger import keys as ledger_keys
from huying.ledger.ids import uuid7
from huying.ledger.sealing import open_sealed
from huying.places import memory as places
from huying.presets.review_definition import Review, Reviews
from huying.reviews.actions.tasks import copy_state
from huying.reviews.models import Answer, Task

SEAT, CHECK, LOOK_BACK = "seat", "check", "look_back"
CHANNEL = "callback"
RIGHTS = {"call_back": "call_back", "check": "review", "look_back": "review"}


@dataclass(frozen=True, slots=True)
class CameTo:
    """What followed: ``reopened``, ``rated``, ``new_case`` (then *number* is its number), or "" for nothing more."""

    what: str = ""
    number: str = ""


def called(
    place_id: int, task_id: UUID, data: Mapping[str, Any], actor: Actor, *, key: str | None = None,
    seen: int | None = None, now: datetime | None = None,
) -> CameTo:  # fmt: skip
    """A call-back reached the caller: *data* holds the answers to the script. Raises Refused, Stale, Case.DoesNotExist.

    Unsatisfied and asked for again → a new round on the caller's behalf; else the rating that the caller has not
    given yet is taken from what they said.
    """
    now = now or clock.now()
    with transaction.atomic():
        task, case, reviews, review = _at_work(place_id, task_id, "call_back", actor)
        done = perform(
            place_id, task.id, review.done["answered"], actor, data, key=key, seen=seen, now=now, by_room=True
        )  # fmt: skip
        if done.again:
            raise Refused("done")
        said, wish = str(data.get("said_satisfaction", "")), data.get("wish") == "again"
        words = str(data.get("said_words") or "").strip() or _(
            "The caller asked for it again when called back."
        )
        behalf = _behalf(actor, case)
        came = CameTo()
        if wish:
            came = again(case, reviews, behalf, words, now)
        elif _rate(case, reviews, behalf, said, now):
            came = CameTo("rated")
        _put(task, case, actor, now, SEAT, came, solved=str(data.get("said_solved", "")), satisfaction=SATISFACTION.get(said),
             reason=str(data.get("said_reason") or ""), wish=wish)  # fmt: skip
        _finish(task)
        return came


def not_reached(
    place_id: int, task_id: UUID, data: Mapping[str, Any], actor: Actor, *, key: str | None = None,
    seen: int | None = None, now: datetime | None = None,
) -> bool:  # fmt: skip
    """An attempt reached nobody; whether there will be another. Raises Refused, Stale, Case.DoesNotExist."""
    now = now or clock.now()
    with transaction.atomic():
        task, _case, _reviews, review = _at_work(place_id, task_id, "call_back", actor)
        held = Case.objects.get(place_id=place_id, id=task.id)
        preset = places.of(place_id).preset
        assert preset is not None  # there is a task of its reviews
        flow = preset.flow_of(review.kind)
        moves = (*review.again, review.done["given_up"])
        move = next(
            (code for code in moves if held.step in flow.by_id[code].sources), review.done["given_up"]
        )
        done = perform(place_id, task.id, move, actor, data, key=key, seen=seen, now=now, by_room=True)
        if not done.again:
            task.tries += 1
            task.try_at = _moment(data.get("try_at"), places.of(place_id)) if not done.closed else None
            _finish(task)
        return not done.closed


def looked(
    place_id: int, task_id: UUID, good: bool, data: Mapping[str, Any], actor: Actor, *, key: str | None = None,
    seen: int | None = None, now: datetime | None = None, files_key: str | None = None,
) -> CameTo:  # fmt: skip
    """A check or a look-back found that it is good (or still is), or not: then it begins again. Raises as ``called``."""
    now = now or clock.now()
    with transaction.atomic():
        task, case, reviews, review = _at_work(place_id, task_id, "", actor)
        if task.kind not in (CHECK, LOOK_BACK):
            raise Refused("unknown-task")
        names = ("passed", "failed") if task.kind == CHECK else ("holds", "came_back")
        outcome = names[0] if good else names[1]
        done = perform(
            place_id,
            task.id,
            review.done[outcome],
            actor,
            data,
            key=key,
            seen=seen,
            now=now,
            files_key=files_key,
            by_room=True,
        )
        if done.again:
            raise Refused("done")
        came = CameTo()
        if not good:
            came = _not_good(task, case, reviews, actor, str(data.get("finding") or ""), now)
        _put(task, case, actor, now, task.kind, came, reason=outcome)
        _finish(task)
        return came


def _not_good(task: Task, case: Case, reviews: Reviews, actor: Actor, finding: str, now: datetime) -> CameTo:
    if task.kind == CHECK and reviews.reopen:
        who = replace(actor, holds=actor.holds | {case.id})
        with contextlib.suppress(Refused, Stale):
            perform(case.place_id, case.id, reviews.reopen, who, {"reason": finding}, now=now)
            return CameTo("reopened")
    return _as_new(case, actor, finding, now)


def again(case: Case, reviews: Reviews, behalf: Actor, words: str, now: datetime) -> CameTo:
    """A new round for the caller: the flow's own move while it may be made, else a new case linked to the old one."""
    with contextlib.suppress(Refused, Stale):
        if reviews.again:
            perform(
                case.place_id,
                case.id,
                reviews.again,
                behalf,
                {"satisfaction": "unsatisfied", "reason": words},
                now=now,
            )
            return CameTo("reopened")
    return _as_new(case, behalf, words, now)


def _rate(case: Case, reviews: Reviews, behalf: Actor, said: str, now: datetime) -> bool:
    """Give the rating that the caller said, if they have not rated themselves; whether it was taken."""
    if not reviews.rated or case.satisfaction is not None or said not in SATISFACTION:
        return False
    try:
        perform(case.place_id, case.id, reviews.rated, behalf, {"satisfaction": said}, now=now)
    except (Refused, Stale):
        return False
    return True


def _as_new(case: Case, actor: Actor, words: str, now: datetime) -> CameTo:
    """The window is over: a new case says it again, linked to the old one."""
    made = report(
        case.place_id,
        Call(
            kind=case.kind, title=case.title, body=f"{words}\n\n{case.body}"[:4000], call=case.call, lon=case.lon, lat=case.lat,
            address=case.address, division_id=None if case.lon is not None else case.grid_id or case.division_id,
            item=case.item if _leaf(case) else "", reporter=_caller(case), anonymous=case.anonymous,
            confidential=case.confidential, subject_organ_id=case.subject_organ_id, source=REVIEW,
            source_number=case.number,
        ),
        actor, now=now, parent_id=case.id,
    )  # fmt: skip
    Link.objects.create(
        place_id=case.place_id, id=uuid7(), case_id=case.id, other_id=made.case_id, kind="again", at=now
    )
    ledger.append(
        case.place_id,
        [
            ledger.Entry(
                kind="case.linked", at=now, case_id=case.id, data={"other": made.case_id, "kind": "again"}
            )
        ],
        actor.for_ledger(),
    )
    return CameTo("new_case", made.number)


def _leaf(case: Case) -> bool:
    preset = places.of(case.place_id).preset
    return preset is not None and case.item in preset.items and preset.items[case.item].leaf


def _caller(case: Case) -> Reporter:
    """Who called, taken over sealed to sealed: nobody sees it on the way."""
    row = Contact.objects.filter(place_id=case.place_id, case_id=case.id, join=False).order_by("id").first()
    if row is None:
        return Reporter(person_id=case.reporter_id)
    payload: dict[str, Any] = {}
    key = ledger_keys.find(case.place_id, [("case", case.id)]).get(("case", case.id))
    if key is not None and row.sealed:
        payload = open_sealed(case.place_id, key, bytes(row.sealed), f"contact:{row.id}")
    return Reporter(
        row.person_id,
        str(payload.get("name", "")),
        str(payload.get("phone", "")),
        str(payload.get("address", "")),
    )


def _behalf(actor: Actor, case: Case) -> Actor:
    """The seat, speaking for the caller of this one case."""
    return replace(actor, channel=CHANNEL, behalf_id=case.reporter_id, holds=actor.holds | {case.id})


def _at_work(place_id: int, task_id: UUID, kind: str, actor: Actor) -> tuple[Task, Case, Reviews, Review]:
    task = Task.objects.filter(place_id=place_id, id=task_id).first()
    if task is None or (kind and task.kind != kind):
        raise Case.DoesNotExist("no such task")
    if not actor.has(RIGHTS.get(task.kind, "assess")):
        raise Refused("not-allowed")
    if task.done_at is not None:  # sent twice, or a colleague was faster
        raise Refused("done")
    preset = places.of(place_id).preset
    reviews = preset.reviews if preset is not None else None
    review = getattr(reviews, task.kind, None)
    if reviews is None or review is None:
        raise Refused("unknown-task")
    return task, Case.objects.get(place_id=place_id, id=task.case_id), reviews, review


def _put(
    task: Task, case: Case, actor: Actor, now: datetime, source: str, came: CameTo, *, solved: str = "",
    satisfaction: int | None = None, reason: str = "", wish: bool = False,
) -> None:  # fmt: skip
    keep(
        Answer(
            place_id=task.place_id, id=uuid7(), case_id=task.case_id, source=source, task_id=task.id, round=case.round,
            organ_id=task.organ_id, at=now, solved=solved, satisfaction=satisfaction, reason=reason, wish=wish,
        ),
        actor, came,
    )  # fmt: skip


def keep(answer: Answer, actor: Actor, came: CameTo) -> None:
    """Write an answer with its event. Two SQL statements. Raises IntegrityError when it was given before."""
    answer.save(force_insert=True)
    data: dict[str, Any] = {"source": answer.source, "round": answer.round}
    for name in ("solved", "satisfaction", "reason"):
        if getattr(answer, name) not in ("", None):
            data[name] = getattr(answer, name)
    more = {
        "task": answer.task_id, "organ": answer.organ_id, "contact": answer.contact_id, "wish": answer.wish or None,
        "joined": answer.joined or None, "came_to": came.what or None,
    }  # fmt: skip
    data |= {name: value for name, value in more.items() if value is not None}
    ledger.append(
        answer.place_id,
        [ledger.Entry(kind="review.answered", at=answer.at, case_id=answer.case_id, data=data)],
        actor.for_ledger(),
    )


def _finish(task: Task) -> None:
    copy_state(task, Case.objects.get(place_id=task.place_id, id=task.id))
    task.save(force_update=True, update_fields=["due_at", "done_at", "outcome", "tries", "try_at"])


def _moment(value: Any, memory: Any) -> datetime | None:
    if not value:
        return None
    try:
        at = datetime.fromisoformat(str(value))
    except ValueError:
        return None
    return at if at.tzinfo else at.replace(tzinfo=memory.calendar().zone)
