"""The reader ``whatif.traces``: keeps one trace for each case, behind the ledger's pages.

An event adds a few numbers to the row of its case; nothing is read that the page does not name, so what a page costs
does not grow with the cases held. A trace may be emptied and filled again by starting the reader anew.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from huying.cases.models import Case
from huying.cases.of_page import cases_of
from huying.cases.tallies import is_sealed, town_of
from huying.ledger.rows import put
from huying.whatif.models import Trace
from huying.whatif.stays import CALLER, FIELDS, Course, read

KINDS = (
    "case.reported", "case.moved", "case.fired", "case.migrated", "leg.opened", "leg.moved", "leg.fired",
)  # fmt: skip
MOST_STAYS = 400  # of one case: a case that goes round and round is cut off here, so that a row has a bound
_AT = {name: n for n, name in enumerate(FIELDS)}
_LEFT, _DUE, _MOVE, _HOW, _TO = (_AT[name] for name in ("left", "due", "move", "how", "to"))


def follow(place_id: int, page: int, events: Sequence[Any]) -> None:
    """Add what happened with this page. Three SQL statements, whatever the page holds."""
    told = [event for event in events if event.case_id is not None and event.kind in KINDS]
    ids = {event.case_id for event in told}
    if not ids:
        return
    cases = cases_of(place_id, events, told)
    traces = {one.case_id: one for one in Trace.objects.filter(place_id=place_id, case_id__in=ids)}
    for event in told:
        case = cases.get(event.case_id)
        if case is None:
            continue
        trace = traces.setdefault(case.id, Trace(place_id=place_id, case_id=case.id, stays=[], state={}))
        if event.kind == "case.reported":
            trace.first_item = event.data.get("item") or ""
        fold(trace, event.leg_id, event.kind, event.at, event.data)
    for trace in traces.values():
        settle(trace, cases[trace.case_id])
    write(traces.values())


def write(traces: Iterable[Trace]) -> None:
    """Store traces, new ones and changed ones. One SQL statement."""
    put(traces, ["place_id", "case_id"])


def settle(trace: Trace, case: Case) -> None:
    """What is known of the case as it stands now; a sealed one tells neither where nor what."""
    trace.kind, trace.edition_id = case.kind, case.edition_id
    trace.reported_at, trace.closed_at = case.reported_at, case.closed_at
    trace.result, trace.sealed = case.result, is_sealed(case)
    if trace.sealed:
        trace.item, trace.first_item, trace.channel, trace.call, trace.path, trace.town_id = (
            "",
            "",
            "",
            "",
            "",
            0,
        )
        trace.state.pop("item", None)
        for stay in trace.stays:
            stay[_AT["item"]] = ""
        return
    trace.item, trace.channel, trace.call = case.item, case.channel, case.call
    trace.path, trace.town_id = case.path, town_of(case.path)


def fold(trace: Trace, leg_id: UUID | None, kind: str, at: datetime, data: dict[str, Any]) -> None:
    """Take one event into the trace (in memory)."""
    state = trace.state
    legs: dict[str, int] = state.setdefault("legs", {})
    number = 0
    if leg_id is not None:
        number = legs.setdefault(str(leg_id), len(legs) + 1)
    flows: dict[str, str] = state.setdefault("flows", {})
    if kind == "leg.opened":
        flows[str(number)] = str(data.get("kind", ""))
    here = str(number)
    if leg_id is None and data.get("item") is not None:
        state["item"] = data["item"]
    for record in data.get("flow") or ():
        _record(trace, number, here, record, at.timestamp(), data)
    if number and data.get("closed"):
        state.setdefault("results", {})[here] = data.get("result") or "done"


def _record(
    trace: Trace, number: int, here: str, record: dict[str, Any], at: float, data: dict[str, Any]
) -> None:
    state = trace.state
    what = record.get("event")
    running: dict[str, int] = state.setdefault("running", {})  # token → which stay is open
    moved: dict[str, list[str]] = state.setdefault("moved", {})  # token → the move under way
    stay = trace.stays[running[here]] if here in running else None
    if what == "started":
        state.setdefault("flows", {})[here] = record.get("flow", "")
    elif what == "moved" and record.get("to") is not None:
        first = moved.get(here)
        # Automatic moves that follow in the same breath belong to the move that set them off.
        moved[here] = first or [record.get("move") or "", record.get("how") or "actor"]
    elif what == "passed":
        if stay is None:
            moved.setdefault(here, ["", "auto"])
    elif what == "entered":
        move, how = moved.pop(here, ["", "auto"])
        if stay is not None:
            stay[_LEFT], stay[_MOVE], stay[_HOW], stay[_TO] = at, move, how, record["step"]
            del running[here]
        if record.get("ended"):
            state.setdefault("ends", {})[here] = record["step"]
        elif len(trace.stays) < MOST_STAYS:
            _enter(trace, number, here, record, at, data)
            if stay is None:
                state.setdefault("begins", {})[here] = move
    elif stay is None:
        return
    elif what == "migrated":
        stay[_AT["step"]] = record.get("step", stay[_AT["step"]])
    elif what == "extended":
        stay[_DUE] = _seconds(record.get("due"))
        fields = data.get("fields") or {}
        stay[_AT["given"]] = next(
            (str(v) for k, v in fields.items() if k.startswith("extend") and k.endswith("days")), ""
        )
    elif what == "paused":
        stay[_DUE], state["paused"] = None, at
    elif what == "resumed":
        stay[_DUE] = _seconds(record.get("due"))
        stay[_AT["paused"]] += max(0.0, at - state.pop("paused", at))


def _enter(
    trace: Trace, number: int, here: str, record: dict[str, Any], at: float, data: dict[str, Any]
) -> None:
    due = _seconds(record.get("due"))
    trace.state["running"][here] = len(trace.stays)
    row: dict[str, Any] = dict.fromkeys(FIELDS, "")
    row.update(
        leg=number, flow=trace.state["flows"].get(here, ""), step=record["step"], owner=_owner(record.get("owner")),
        at=at, left=None, due=due, limit=None, working=record.get("working", True), paused=0.0,
        item=trace.state.get("item") or "",
    )  # fmt: skip
    if due is not None:
        row["limit"] = due - at  # by the clock on the wall; calibration turns it into the office's time
    trace.stays.append([row[name] for name in FIELDS])


def _owner(key: Any) -> str:
    """Whose step it is, without saying which resident's."""
    text = str(key or "")
    return CALLER if text.startswith(("caller:", "person:")) else text


def _seconds(text: Any) -> float | None:
    return datetime.fromisoformat(text).timestamp() if text else None


def course_of(trace: Trace) -> Course:
    """A stored trace as plain values."""
    results = trace.state.get("results") or {}
    numbers = (trace.state.get("legs") or {}).values()
    return Course(
        str(trace.case_id), trace.reported_at.timestamp(),
        trace.closed_at.timestamp() if trace.closed_at is not None else None, trace.kind, trace.item,
        trace.first_item, trace.channel, trace.call, trace.town_id, trace.path, trace.result, trace.sealed,
        read(trace.stays), trace.edition_id, {n: results.get(str(n), "") for n in numbers},
    )  # fmt: skip


def moment(seconds: float) -> datetime:
    """A moment from seconds since 1970."""
    return datetime.fromtimestamp(seconds, UTC)
