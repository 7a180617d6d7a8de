"""From events to what should be told to whom: pure working out, nothing is written here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from huying.cases.models import Case
from huying.flow.definition import RELATIONS, Flow, Step
from huying.flow.world import FlowError
from huying.ledger.pages import Event
from huying.notices.kinds import FLOW_CODES
from huying.presets.queries import compiled

EVENTS = frozenset({"case.reported", "case.moved", "case.fired", "leg.opened", "leg.moved", "leg.fired"})
# In which order the phases usually come: a step of an earlier one than where the case was means it came back.
ORDER = ("report", "accept", "dispatch", "handle", "verify", "close", "rate", "archive")
OWNER, REPORTER, LEGS = "owner", "reporter", "legs"
POOL = "pool:"


@dataclass(slots=True)
class Draft:
    """Something to tell. *to*: owner keys; *callers*: also (or only) those who called."""

    kind: str
    case_id: UUID
    leg_id: UUID | None
    at: datetime
    actor_id: UUID | None
    to: set[str] = field(default_factory=set)
    words: set[str] = field(default_factory=set)  # relations and roles as a flow wrote them
    callers: bool = False
    joined: bool = False  # also those who joined the call
    legs: bool = False  # also the owners of the parts that are open
    data: dict[str, Any] = field(default_factory=dict)


@dataclass(slots=True)
class Worked:
    """What a page of events comes to, in order."""

    drafts: list[Draft] = field(default_factory=list)
    over: set[tuple[UUID, UUID | None]] = field(default_factory=set)  # (case, leg) that went on
    sent: list[Draft] = field(default_factory=list)  # work to be reported in for
    filled: dict[str, datetime] = field(default_factory=dict)  # pool → when something first came to lie in it
    left: set[str] = field(default_factory=set)  # pools that something was taken from


def work_out(
    events: Iterable[Event], cases: Mapping[UUID, Case], leg_flows: Mapping[UUID, str], since: datetime
) -> Worked:
    """What *events* come to; those before *since* only end what was told earlier."""
    worked = Worked()
    for event in events:
        case = cases.get(event.case_id) if event.case_id else None
        if case is None or event.kind not in EVENTS:
            continue
        flow = _flow(case, event, leg_flows)
        if flow is not None:
            _one(worked, event, case, flow, fresh=event.at >= since)
    return worked


def _flow(case: Case, event: Event, leg_flows: Mapping[UUID, str]) -> Flow | None:
    preset = compiled(case.edition_id)
    if event.leg_id is None:
        return preset.flow_of(case.kind)
    found: Flow | None = preset.flows.get(leg_flows.get(event.leg_id, ""))
    return found


def _one(worked: Worked, event: Event, case: Case, flow: Flow, *, fresh: bool) -> None:
    data = event.data
    happened: list[dict[str, Any]] = [one for one in data.get("flow", ()) if isinstance(one, dict)]
    names = {str(one.get("event")) for one in happened}
    went_on = bool(names & {"entered", "closed"})
    if went_on:
        _pooled(worked, event, fresh=fresh)
    if went_on and event.kind != "case.reported":
        _end(worked, case.id, event.leg_id)
        if event.leg_id is None and data.get("closed"):
            worked.over.add((case.id, None))
    if not fresh:
        return
    if went_on:
        _arrived(worked, event, case, flow, happened, names)
    for one in happened:
        if one.get("event") == "effect" and one.get("do") == "notice":
            worked.drafts.append(_noticed(event, case, flow, one))


def _pooled(worked: Worked, event: Event, *, fresh: bool) -> None:
    """Into a pool or out of one: who may claim is told of a pool as a whole, not of each case (``pools``)."""
    was, owner = str(event.data.get("was") or ""), str(event.data.get("owner") or "")
    if was.startswith(POOL) and was != owner:
        worked.left.add(was)
    if owner.startswith(POOL) and fresh and not event.data.get("closed"):
        worked.filled.setdefault(owner, event.at)


def _end(worked: Worked, case_id: UUID, leg_id: UUID | None) -> None:
    """The case (or part) went on: what was told of its work before is over."""
    worked.over.add((case_id, leg_id))
    for rows in (worked.drafts, worked.sent):
        rows[:] = [one for one in rows if one.callers or (one.case_id, one.leg_id) != (case_id, leg_id)]


def _draft(kind: str, event: Event, case: Case, **more: Any) -> Draft:
    data = {
        name: event.data[name] for name in ("step", "move", "owner", "due", "result") if event.data.get(name)
    }
    return Draft(kind, case.id, event.leg_id, event.at, event.person_id, data=data, **more)


def _arrived(
    worked: Worked, event: Event, case: Case, flow: Flow, happened: Sequence[dict[str, Any]], names: set[str]
) -> None:
    data = event.data
    owner, step = str(data.get("owner") or ""), flow.steps.get(str(data.get("step") or ""))
    if "closed" in names and event.leg_id is None:
        rates = step is not None and step.owner is not None and step.owner.kind == "reporter"
        worked.drafts.append(_draft("rate" if rates else "closed", event, case, callers=True, joined=True))
        return
    if step is None or step.end or not owner or data.get("closed") or owner.startswith(("caller:", POOL)):
        return
    if step.owner is not None and step.owner.kind == "reporter":
        return
    # Whoever made the move knows; where nobody made it (a limit lapsed, the parts are in) its owner is told.
    if owner == data.get("was") and data.get("move"):
        return
    kind = "reopened" if "round" in names else "returned" if _back(flow, happened, step) else "work"
    draft = _draft(kind, event, case, to={owner})
    worked.drafts.append(draft)
    if data.get("due") and awaits_arrival(flow, step) and (not step.warn or step.warn > 0.5):
        worked.sent.append(draft)


def _back(flow: Flow, happened: Sequence[dict[str, Any]], step: Step) -> bool:
    """Whether the case came back to an earlier phase than where it was; handed up to a higher tier it is new there."""
    moves = [flow.by_id.get(str(one.get("move") or "")) for one in happened if one.get("event") == "moved"]
    if any(e.do == "tier" and e.args[:1] == ("up",) for move in moves if move is not None for e in move.does):
        return False
    came = next((str(one["from"]) for one in happened if one.get("event") == "moved"), "")
    before = flow.steps.get(came)
    if before is None or before.phase not in ORDER or step.phase not in ORDER:
        return False
    return ORDER.index(step.phase) < ORDER.index(before.phase)


def awaits_arrival(flow: Flow, step: Step) -> bool:
    """Whether at *step* its owner is only asked to report in: a move of theirs goes on to work of the same owner."""
    if step.owner is None or step.phase != "handle":
        return False
    for move in flow.moves:
        to = flow.steps.get(move.to or "")
        if (
            step.id in move.sources
            and to is not None
            and to.id != step.id
            and to.phase == "handle"
            and to.owner == step.owner
            and not move.auto
            and any(by.kind == "owner" for by in move.by)
        ):
            return True
    return False


def _noticed(event: Event, case: Case, flow: Flow, effect: Mapping[str, Any]) -> Draft:
    """A notice that the flow itself asks for: of a timer (a code and whom), or of a move (whom)."""
    words = [str(one) for one in effect.get("args", ())]
    parties = [one for one in words if _is_party(one)]
    codes = [one for one in words if one not in parties]
    parties = parties or [str(effect.get("to") or OWNER)]
    step = flow.steps.get(str(event.data.get("step") or ""))
    kind = _kind(event, case, flow, effect, codes, REPORTER in parties)
    if kind == "near" and step is not None and awaits_arrival(flow, step):
        kind = "sign"
    draft = _draft(kind, event, case)
    for party in parties:
        if party == REPORTER:
            draft.callers = draft.joined = True
        elif party == OWNER:
            draft.to.add(str(event.data.get("owner") or case.owner_key))
            draft.legs = event.leg_id is None and step is not None and step.legs is not None
        else:
            draft.words.add(party)
    return draft


def _is_party(word: str) -> bool:
    head = word.partition("(")[0].partition("@")[0].strip()
    return head in RELATIONS or head in (OWNER, REPORTER)


def _kind(
    event: Event, case: Case, flow: Flow, effect: Mapping[str, Any], codes: Sequence[str], caller: bool
) -> str:
    if caller:
        return "message"
    if codes:
        return FLOW_CODES.get(codes[0], "reminder")
    move = str(effect.get("move") or "")
    try:
        asked = compiled(case.edition_id).move_form(flow.id, move).ids
    except (KeyError, FlowError):
        asked = ()
    return "instruction" if "instruction" in asked else "urged"
