"""What a move leads to beyond the token: legs, linked and merged cases, precedents. Within the move's transaction."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from huying.cases import figures
from huying.cases.actions.state import Work, _put_leg, load_work
from huying.cases.models import Case, Leg, Link, Precedent
from huying.cases.values import Given
from huying.cases.who import CLOCK, Actor
from huying.cases.world import CaseWorld, spot_of
from huying.flow import machine
from huying.flow.definition import Move
from huying.flow.machine import Outcome
from huying.flow.token import Token
from huying.ledger.actions import Entry
from huying.ledger.ids import uuid7


def carry_out(
    work: Work, move: Move | None, outcome: Outcome, given: Given, actor: Actor, now: datetime
) -> list[UUID]:
    """Carry out the effects of a move in the order in which they happened. Answers the cases that it opened."""
    opened: list[UUID] = []
    for event in outcome.effects:
        kind = event["event"]
        if kind == "legs":
            _legs(work, event, given, now)
        elif kind == "legs_left":
            _cancel_legs(work, event, now)
        elif kind == "effect":
            done = _DOES.get(event["do"])
            if done is not None:
                opened.extend(done(work, event, given, actor, now) or [])
    return opened


def carry_out_case(work: Work, moved: Outcome, now: datetime) -> None:
    """The effects in the case of what an organ's part led to (its legs were joined or returned)."""
    for event in moved.effects:
        if event["event"] == "legs_left":
            _cancel_legs(work, event, now)


# — legs —


def _legs(work: Work, event: dict[str, Any], given: Given, now: datetime) -> None:
    if event["op"] == "cancel":
        _cancel_legs(work, event, now)
        return
    flow = work.preset.flows[event["flow"]]
    work.token_run = event["run"]
    busy = {leg.organ_id for leg in work.legs if leg.closed_at is None and leg.round == event["run"]}
    for organ_id in event.get("of", ()):
        if organ_id in busy:
            continue  # this organ already works on it in this round
        leg = Leg(
            place_id=work.case.place_id, id=uuid7(), case_id=work.case.id, flow=flow.id,
            part="opinion" if flow.id.startswith("opinion") else "lead" if organ_id == work.case.organ_id else "support",
            organ_id=organ_id, round=event["run"], opened_at=now, fields={},
        )  # fmt: skip
        facts = {**work.facts, **given.for_machine, "organ_id": organ_id}
        world = leg_world(work, organ_id)
        started = machine.start(flow, world, facts, now, given.for_machine, work.actor, tier=work.token.tier)
        _put_leg(leg, started.token, flow, now)
        work.new_legs.append(leg)
        work.more_entries.append(
            Entry(
                kind="leg.opened", at=now, case_id=work.case.id, leg_id=leg.id, subject=("case", work.case.id),
                version=work.case.version + 1,
                data={
                    "organ": organ_id, "owner": leg.owner_key, "step": leg.step, "due": leg.due_at,
                    "flow": started.events, "kind": flow.id,
                },
            )
        )  # fmt: skip


def _cancel_legs(work: Work, event: dict[str, Any], now: datetime) -> None:
    """Legs that still run when their step is left are ended, with the reason on record."""
    for leg in work.legs:
        if leg.closed_at is not None or leg is work.leg or leg.round != event.get("run", leg.round):
            continue
        flow = work.preset.flows[leg.flow]
        why = str(event.get("why", "cancel"))
        ended = machine.cancel(flow, Token.from_json(leg.token), leg_world(work, leg.organ_id), now, why)
        was = leg.owner_key
        _put_leg(leg, ended.token, flow, now)
        work.changed_legs.append(leg)
        work.more_entries.append(
            Entry(
                kind="leg.moved", at=now, case_id=work.case.id, leg_id=leg.id, version=work.case.version + 1,
                subject=("case", work.case.id),
                data={
                    "organ": leg.organ_id, "was": was, "closed": True, "result": "cancelled", "move": why,
                    "step": leg.step, "flow": ended.events,
                },
            )
        )  # fmt: skip


def leg_world(work: Work, organ_id: int) -> CaseWorld:
    """The place as one organ's part of the case sees it."""
    case = work.case
    return CaseWorld(
        memory=work.memory, case_id=case.id,
        division_id=case.division_id, grid_id=case.grid_id, reporter_id=case.reporter_id, organ_id=organ_id,
        parent_key=case.owner_key, point=spot_of(case),
    )  # fmt: skip


# — other cases —


def other_case(work: Work, given: Given) -> Case:
    """The other case that a move names by number; it must be one that the actor may see too."""
    from huying.cases.actions.perform import Refused

    number = str(given.private.get("other") or given.codes.get("other") or "").strip()
    found = Case.objects.filter(place_id=work.case.place_id, number=number).first()
    if found is None or found.id == work.case.id:
        raise Refused("invalid", {"other": given.unusable})
    try:
        load_work(found.place_id, found.id, work.actor, work.now, None)
    except Case.DoesNotExist:
        raise Refused("invalid", {"other": given.unusable}) from None
    return found


def _link_row(work: Work, other: UUID, kind: str, now: datetime) -> None:
    Link.objects.create(
        place_id=work.case.place_id, id=uuid7(), case_id=work.case.id, other_id=other, kind=kind, at=now
    )


def _link(work: Work, event: dict[str, Any], given: Given, actor: Actor, now: datetime) -> list[UUID]:
    other = other_case(work, given)
    _link_row(work, other.id, "related", now)
    for case, far in ((work.case, other), (other, work.case)):
        work.more_entries.append(
            Entry(kind="case.linked", at=now, case_id=case.id, data={"other": far.id, "kind": "related"})
        )
    return []


def _merge(work: Work, event: dict[str, Any], given: Given, actor: Actor, now: datetime) -> list[UUID]:
    """This case closes as merged; its caller gets the lead case's result and may rate it."""
    from huying.cases.actions.perform import Refused

    lead = other_case(work, given)
    if lead.closed_at is not None or lead.lead_id is not None:
        raise Refused("invalid", {"other": given.unusable})
    work.case.lead_id = lead.id
    Case.objects.filter(place_id=lead.place_id, id=lead.id).update(joins=lead.joins + 1 + work.case.joins)
    _link_row(work, lead.id, "merged", now)
    work.more_entries.append(
        Entry(
            kind="case.merged",
            at=now,
            case_id=lead.id,
            data={"other": work.case.id},
            subject=("case", lead.id),
        )
    )
    return []


def _call_for(work: Work, kind: str) -> str:
    """The kind of call that the new case counts as: the same, where that kind of case takes it."""
    taken = work.preset.kinds[kind].calls if kind in work.preset.kinds else ()
    return work.case.call if not taken or work.case.call in taken else str(taken[0])


def pass_on(work: Work, move: Move, given: Given) -> None:
    """Photos that a move takes for the case of another kind that it opens become that case's, not its own."""
    kinds = {one.args[0] for one in move.does if one.do == "open" and one.args}
    if not kinds - {work.case.kind}:
        return
    taken = given.for_machine.pop("photos", None)
    given.passed_on = [token for token in given.tokens if token in (taken or ())]
    given.tokens = [token for token in given.tokens if token not in given.passed_on]


def _open(work: Work, event: dict[str, Any], given: Given, actor: Actor, now: datetime) -> list[UUID]:
    """Open a linked case of the kind that the effect names (a split, or a case of another kind)."""
    from huying.cases.actions.opening import open_paper
    from huying.cases.actions.report import report
    from huying.cases.calls import Call, Reporter

    case = work.case
    kind = event["args"][0] if event["args"] else case.kind
    now_kinds = work.memory.preset.kinds if work.memory.preset is not None else {}
    if kind in now_kinds and now_kinds[kind].right:
        # What was filled in belongs to the paper; the case that it is about keeps the fields that it had.
        case.fields = dict(work.had)
        made, entries = open_paper(case.place_id, kind, given.codes, given.private, actor, now, about=case)
        work.more_entries.extend(entries)
        return [made.case_id]
    # What came of a task that nobody asked for (a duty, a round) was found by whoever does it.
    found_by = actor.person_id if case.channel == CLOCK else case.reporter_id
    words = str(given.private.get("body") or given.private.get("content") or "")
    made = report(
        case.place_id,
        Call(
            body=words or case.body, title=str(given.private.get("title") or ("" if words else case.title)),
            kind=kind, call=_call_for(work, kind), lon=case.lon, lat=case.lat, address=case.address,
            division_id=(case.grid_id or case.division_id) if case.lon is None else None, item=str(given.codes.get("item") or ""),
            confidential=case.confidential, urgency=case.urgency,
            # A part split off has no caller of its own; what is continued as another kind keeps whoever reported it.
            anonymous=kind == case.kind or found_by is None or (case.anonymous and case.channel != CLOCK),
            reporter=Reporter(person_id=found_by), photos=tuple(given.passed_on),
        ),
        actor, now=now, parent_id=case.id, files_key=work.files_key,
    )  # fmt: skip
    _link_row(work, made.case_id, "split" if kind == case.kind else "opened", now)
    work.more_entries.append(
        Entry(kind="case.linked", at=now, case_id=case.id, data={"other": made.case_id, "kind": "split"})
    )
    return [made.case_id]


def _precedent(work: Work, event: dict[str, Any], given: Given, actor: Actor, now: datetime) -> list[UUID]:
    """The ruling becomes a precedent, which later routing cites."""
    case = work.case
    organ_id = work.organ_id or (given.for_machine.get("organs") or [None])[0]
    if organ_id is None or not case.item:
        return []
    Precedent.objects.create(
        place_id=case.place_id, id=uuid7(), case_id=case.id, number=case.number, item=case.item,
        path="", organ_id=organ_id, signature=bytes(case.signature), ruled_at=now,
    )  # fmt: skip
    work.more_entries.append(
        Entry(
            kind="case.precedent", at=now, case_id=case.id,
            data={"item": case.item, "organ": organ_id, "number": case.number},
        )
    )  # fmt: skip
    figures.forget()
    return []


Doer = Callable[[Work, dict[str, Any], Given, Actor, datetime], "list[UUID] | None"]


def register(do: str, doer: Doer) -> None:
    """Let a higher room carry out an effect; called when its app is ready. It works within the move's transaction."""
    _DOES[do] = doer


_DOES: dict[str, Doer] = {"link": _link, "merge": _merge, "open": _open, "precedent": _precedent}
