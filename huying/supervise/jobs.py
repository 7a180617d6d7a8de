"""What the worker does for this room: carry out what the rules call for, each once, in its own transaction."""

from __future__ import annotations

import logging
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from huying import clock
from huying.cases import naming
from huying.cases.actions import Refused, Stale, perform
from huying.cases.calls import CallRefused
from huying.cases.models import Case, Leg, Link
from huying.cases.who import CLOCK_ACTOR
from huying.cases.world import NOBODY, CaseWorld
from huying.flow.token import Token
from huying.flow.words import parse_relation
from huying.ledger import actions as ledger
from huying.places import memory as places
from huying.presets.read_supervision import of as rules_of
from huying.presets.supervision_definition import Rule
from huying.supervise import actions, telling, watching
from huying.supervise.kinds import kinds_at
from huying.supervise.models import Trigger
from huying.supervise.words import fill, values_of

log = logging.getLogger(__name__)
BATCH = 200


class _Failed(Exception):
    """Of one trigger; its cause says why."""

    def __init__(self, trigger: UUID) -> None:
        super().__init__(str(trigger))
        self.trigger = trigger


def work(now: datetime | None = None) -> int:
    """Carry out the triggers that wait; how many were dealt with. One that fails is left for the next time."""
    done = 0
    failed: set[Any] = set()
    while done + len(failed) < BATCH:
        try:
            ident = _one(now or clock.now(), failed)
        except _Failed as error:
            log.exception("the rule could not be carried out")
            failed.add(error.trigger)
            continue
        except Exception:
            log.exception("the rules that wait could not be read")
            return done
        if ident is None:
            break
        done += 1
    return done


@transaction.atomic
def _one(now: datetime, but: set[Any]) -> Any:
    """Lock one trigger, do what its rule says, and note it, all in one transaction."""
    rows = Trigger.objects.select_for_update(skip_locked=True).filter(state=Trigger.State.PENDING)
    trigger = rows.exclude(id__in=but).order_by("id").first()
    if trigger is None:
        return None
    try:
        with transaction.atomic():
            _carry_out(trigger, now)
    except Exception as error:
        raise _Failed(trigger.id) from error
    trigger.at = now
    trigger.save()
    return trigger.id


def _carry_out(trigger: Trigger, now: datetime) -> None:
    memory = places.of(trigger.place_id)
    rule = rules_of(memory.preset).rules.get(trigger.rule)
    case = Case.objects.filter(place_id=trigger.place_id, id=trigger.case_id).first()
    trigger.state = Trigger.State.VOID
    if rule is None or case is None:
        trigger.why = "gone"
    elif rule.when == "overdue" and case.closed_at is not None:
        trigger.why = "closed"
    elif rule.when == "overdue" and not _still_with(trigger, case, memory):
        trigger.why = "handed_on"
    elif rule.do == "urge":
        _urge(trigger, rule, case, now)
    elif _open_already(trigger):
        trigger.why = "ordered"
    elif rule.do == "order":
        _order(trigger, rule, case, memory, now)
    else:
        _suggest(trigger, rule, case, memory, now)


def _still_with(trigger: Trigger, case: Case, memory: Any) -> bool:
    """Whether the organ still has the case, or its part of it: one that handed it in meanwhile is not told to finish it."""
    if watching.organ_behind(memory, case.owner_key) == trigger.organ_id:
        return True
    parts = Leg.objects.filter(place_id=case.place_id, case_id=case.id, organ_id=trigger.organ_id)
    return parts.filter(closed_at=None).exists()


def _open_already(trigger: Trigger) -> bool:
    """Whether the organ answers an order about the case, or is suggested for one, already. Asked of the cases themselves:
    an order that somebody issued a second ago is in no list yet."""
    place_id = trigger.place_id
    kinds = [kind[:20] for kind in kinds_at(place_id)]  # as links say it
    orders = Link.objects.filter(place_id=place_id, case_id=trigger.case_id, kind__in=kinds)
    same = Case.objects.filter(place_id=place_id, id__in=orders.values("other_id"), organ_id=trigger.organ_id)
    if same.filter(closed_at=None).exists():
        return True
    waiting = Trigger.objects.filter(
        place_id=place_id, organ_id=trigger.organ_id, case_id=trigger.case_id, state=Trigger.State.SUGGESTED
    )
    return waiting.exists()


def _urge(trigger: Trigger, rule: Rule, case: Case, now: datetime) -> None:
    try:
        perform(case.place_id, case.id, rule.move, CLOCK_ACTOR, {}, key=f"rule:{trigger.id}", now=now)
    except (Refused, Stale) as error:
        trigger.why = getattr(error, "code", "stale")[:40]
    else:
        trigger.state = Trigger.State.DONE


def _order(trigger: Trigger, rule: Rule, case: Case, memory: Any, now: datetime) -> None:
    copies = [organ.id for organ in map(memory.organ_by_code, rule.copies) if organ is not None]
    codes = {"to_organ": trigger.organ_id, "level": str(rule.level), "days": rule.days, "copies": copies}
    extra = {"rule": rule.id, "times": trigger.count}
    if trigger.report:
        extra["report"] = trigger.report
    try:
        made = actions.issue(
            case.place_id, CLOCK_ACTOR, codes, {"demand": demand(rule, trigger, case, memory)}, about=case,
            author_key=relation_key(rule.author, memory), extra=extra, key=f"rule:{trigger.id}", now=now,
        )  # fmt: skip
    except CallRefused as error:
        log.warning("rule %s could not issue an order: %s", rule.id, sorted(error.errors))
        trigger.why = "refused"
    else:
        trigger.state, trigger.order_id = Trigger.State.DONE, made.case_id


def _suggest(trigger: Trigger, rule: Rule, case: Case, memory: Any, now: datetime) -> None:
    trigger.state, trigger.to_key = Trigger.State.SUGGESTED, relation_key(rule.to, memory)
    told = {"rule": rule.id, "organ": trigger.organ_id, "to": trigger.to_key, "times": trigger.count}
    entry = ledger.Entry(kind="supervise.suggested", data=told, at=now, case_id=case.id)
    ledger.append(case.place_id, [entry], CLOCK_ACTOR.for_ledger())
    telling.suggested(memory, case, trigger.to_key, now)


def demand(rule: Rule, trigger: Trigger, case: Case, memory: Any) -> str:
    """What the rule demands, filled in for this case and organ."""
    values = values_of(case, memory, trigger.organ_id)
    more = {"times": trigger.count, "within": rule.within, "days": rule.days, "report": trigger.report}
    return fill(rule.demand, {**values, **more}, "en" if naming.english() else "zh")


def relation_key(text: str, memory: Any) -> str:
    """The owner key that a rule's post or desk means in the place."""
    relation = parse_relation(text, memory.preset.place.tiers)
    top = memory.top
    world = CaseWorld(
        memory=memory, case_id=NOBODY, division_id=top.id if top is not None else None
    )  # fmt: skip
    key = world.resolve(relation, Token("", "", tier=relation.tier), {}, None)
    return key or world.centre()


TICKS = [("supervise.work", 2.0, work)]
