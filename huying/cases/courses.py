"""How a case went, for counting: what each event tells of it, and what it counts as. Nothing here writes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from huying.cases.counted import CASE_MEASURES, Course, Response
from huying.cases.lists import ZONE
from huying.cases.models import Case
from huying.cases.sight import CLOSED_CALLS
from huying.places.info import DivisionInfo
from huying.presets.queries import compiled

VOID = ("void", "merged")
REPEATED = 5  # voices, the first caller's among them
OUTCOMES = ("solved", "partly", "unsolved")


Divisions = Mapping[int, DivisionInfo]

CALLED = ("satisfied", "fair", "unsatisfied", "unsaid")

# — what an event tells —

_FOLDS: dict[str, Callable[[dict[str, Any], Any], None]] = {}


def told_by(kind: str, fold: Callable[[dict[str, Any], Any], None]) -> None:
    """Have events of a *kind* that another room writes about cases count too: *fold* notes in a course's state what one
    says. For ``called``, how the last call-back went, one of ``CALLED``."""
    _FOLDS[kind] = fold


def tells(kind: str) -> bool:
    """Whether another room said what events of that kind tell."""
    return kind in _FOLDS


def fold(course: Course, responses: dict[UUID, Response], event: Any, case: Case) -> None:
    """Take in one event of the case; *responses* are its dispatches, to which new ones are added."""
    if event.kind in _FOLDS:
        _FOLDS[event.kind](course.state, event)
        return
    if event.leg_id is not None:
        _fold_leg(course, responses, event, case)
        return
    state, data, at = course.state, event.data, event.at
    flow = compiled(case.edition_id).flow_of(case.kind)
    was, now = flow.steps.get(state.get("step", "")), flow.steps.get(data.get("step", ""))
    step, owner, due = data.get("step", ""), data.get("owner", ""), data.get("due")
    fired = event.kind == "case.fired"
    moved = step != state.get("step") or owner != state.get("owner")
    # A default move at the limit (a review date, a deadline for views) is how the step is meant to end.
    expected = fired and moved
    passed = _time(state.get("due"))
    if passed is not None and at > passed and not expected and not (was is not None and was.after_close):
        state["late"] = True
    if any(one.get("event") == "extended" for one in data.get("flow", ())):
        state["extended"] = state.get("extended", 0) + 1
    handled = was is not None and was.phase == "handle" and was.legs is None
    back = now is not None and now.phase in ("accept", "dispatch") and now.legs is None
    if event.kind == "case.moved" and handled and back:
        state["returned"] = state.get("returned", 0) + 1
    _fold_handling(state, event, was, now)
    if moved:
        _fold_errands(responses, state, event, was, now)
    waiting = responses.get(UUID(state["response"])) if state.get("response") else None
    if waiting is not None and moved and not fired:
        _answered(waiting, state, owner, now, back, at)
    elif waiting is not None and data.get("closed"):
        _drop(waiting, state)
    handles = now is not None and now.phase == "handle" and now.legs is None and not now.end
    if not handles and (now is None or now.phase != "handle"):
        state["handler"] = ""
    elif handles and _new_handler(owner, state):
        if state.get("response"):
            _drop(responses[UUID(state["response"])], state)
        _sent(course, responses, event, case, owner, step, due)
    state.update(step=step, owner=owner, due=due if not data.get("closed") else None)


def _fold_handling(state: dict[str, Any], event: Any, was: Any, now: Any) -> None:
    """Whether somebody has to handle it, until when, and when it was handled."""
    data, owner = event.data, event.data.get("owner", "")
    if now is None:
        return
    if now.phase == "handle" and not now.end and not data.get("closed"):
        state["filed"] = True
        if was is not None and was.phase == "verify" and not was.after_close:
            state["rework"] = state.get("rework", 0) + 1
        state.pop("handled", None)
        # While a desk looks at a request for more time, the limit is the desk's and not the handler's.
        if now.legs is not None or not owner.startswith("desk:"):
            state["limit"] = state["until"] = data.get("due")
        else:
            state["until"] = None
        return
    state["until"] = None
    if now.phase in ("accept", "dispatch"):
        state.pop("handled", None)
        state.pop("limit", None)
    elif now.phase == "verify" and was is None:
        state["filed"], state["handled"] = True, event.at.isoformat()  # handled on the spot
    elif was is not None and was.phase == "handle":
        state["handled"] = event.at.isoformat()


def _fold_errands(
    responses: dict[UUID, Response], state: dict[str, Any], event: Any, was: Any, now: Any
) -> None:
    """Whether the last dispatch came back, and whether it had gone to the wrong one."""
    last = responses.get(UUID(state["last"])) if state.get("last") else None
    if last is None or was is None or now is None:
        return
    owner = event.data.get("owner", "")
    handled = was.phase == "handle" and was.legs is None
    if event.kind == "case.moved" and handled and now.phase in ("accept", "dispatch") and now.legs is None:
        last.came_back = True
        state["asked"] = state.get("handler", "")
        return
    others = now.phase == "handle" and not (now.legs is None and owner.startswith("desk:"))
    if "asked" in state:
        if event.data.get("closed"):
            last.wrong = event.data.get("result") not in VOID
            state.pop("asked")
        elif others:
            last.wrong = owner != state.pop("asked")
    elif handled and others and now.legs is None and state.get("handler") not in (None, "", owner):
        last.wrong = True


def _new_handler(owner: str, state: dict[str, Any]) -> bool:
    """Whether somebody else has to work on it now; a desk that looks at a request for more time has not."""
    asked = owner.startswith("desk:") and state.get("handler")
    return bool(owner) and owner != state.get("handler") and not asked


def _answered(
    waiting: Response, state: dict[str, Any], owner: str, now: Any, back: bool, at: datetime
) -> None:
    """Somebody moved the case out of the step in which an answer was awaited: was it the answer?"""
    same = owner == state.get("handler")
    if (
        now is not None
        and (back or same or now.phase in ("handle", "verify"))
        and (same or not _again(owner, now))
    ):
        waiting.arrived_at = at
        state["response"] = ""
    else:
        _drop(waiting, state)


def _again(owner: str, now: Any) -> bool:
    """Whether the move sent the case to another handler."""
    return now.phase == "handle" and now.legs is None and not owner.startswith("desk:")


def _drop(waiting: Response, state: dict[str, Any]) -> None:
    waiting.dropped = True
    state["response"] = ""


def _sent(
    course: Course, responses: dict[UUID, Response], event: Any, case: Case, owner: str, step: str, due: Any
) -> None:
    course.state["handler"] = owner
    course.state["response"] = course.state["last"] = str(event.id)
    responses[event.id] = Response(
        place_id=case.place_id, id=event.id, case_id=case.id, step=step, sent_at=event.at, due_at=_time(due),
        organ_id=_organ(owner),
    )  # fmt: skip


def _fold_leg(course: Course, responses: dict[UUID, Response], event: Any, case: Case) -> None:
    data = event.data
    if event.kind == "leg.opened":
        flow = compiled(case.edition_id).flows.get(data.get("kind", ""))
        first = flow.steps.get(data.get("step", "")) if flow is not None else None
        if first is not None and first.phase == "handle":  # an organ asked for its view only is not whistled
            responses[event.leg_id] = Response(
                place_id=case.place_id, id=event.leg_id, case_id=case.id, step=first.id, sent_at=event.at,
                due_at=_time(data.get("due")), organ_id=data.get("organ") or 0, flow=data.get("kind", ""),
            )  # fmt: skip
        return
    if data.get("closed") and data.get("result") == "returned":
        course.state["returned"] = course.state.get("returned", 0) + 1
    waiting = responses.get(event.leg_id)
    if waiting is not None:
        flow = compiled(case.edition_id).flows.get(waiting.flow)
        now = flow.steps.get(data.get("step", "")) if flow is not None else None
        waiting.came_back |= event.kind == "leg.moved" and now is not None and now.phase == "dispatch"
        waiting.wrong |= bool(data.get("closed")) and data.get("result") == "returned"
    if (
        waiting is None
        or waiting.arrived_at is not None
        or waiting.dropped
        or data.get("step") == waiting.step
    ):
        if waiting is not None and waiting.arrived_at is None and data.get("closed"):
            waiting.dropped = True
        return
    if data.get("result") == "cancelled":
        waiting.dropped = True
    elif event.kind == "leg.moved":
        waiting.arrived_at = event.at


# — what a case counts as —


def is_sealed(case: Case) -> bool:
    """Whether the case is kept out of every figure by town, organ or item."""
    about = case.subject_organ_id is not None or case.subject_person_id is not None
    return case.confidential or case.call in CLOSED_CALLS or about


def counts(case: Case) -> bool:
    """Whether the case is a call of somebody's, rather than a paper or a task about cases."""
    kind = compiled(case.edition_id).kinds.get(case.kind)
    return kind is not None and bool(kind.calls)


def settle(course: Course, responses: Iterable[Response], case: Case, divisions: Divisions) -> None:
    """Work out what the case and its dispatches count as, as they stand now."""
    for name in CASE_MEASURES:
        setattr(course, name, 0)
    course.day = _day(case.reported_at)
    course.waits_until = course.handling_until = course.due_day = course.closed_day = None
    if is_sealed(case):
        course.town_id = course.village_id = course.grid_id = course.organ_id = 0
        course.item, course.channel, course.path, course.call, course.kind = "", "", "", "", ""
        course.sealed = 1
    else:
        course.path, course.item, course.channel = case.path, case.item, case.channel
        course.call, course.kind = case.call, case.kind
        course.town_id, course.village_id = town_of(case.path), village_of(case.path, divisions)
        course.grid_id = grid_of(case.path, divisions)
        course.organ_id = case.organ_id if case.organ_id in case.organ_ids else 0
        for name, value in _counts(course.state, case).items():
            setattr(course, name, value)
        _settle_times(course, case)
    for one in responses:
        for name in ("day", "town_id", "village_id", "grid_id", "path", "item", "channel", "call", "kind"):
            setattr(one, name, getattr(course, name))
        counted = not one.dropped and not course.sealed
        one.organ_id = one.organ_id if not course.sealed else 0
        at = one.arrived_at if counted else None
        one.dispatched, one.arrived = int(counted), int(at is not None)
        one.arrived_in_time = int(at is not None and (one.due_at is None or at <= one.due_at))
        one.handed_back = int(counted and one.came_back)
        one.misdirected = int(counted and one.wrong)


def _settle_times(course: Course, case: Case) -> None:
    state = course.state
    if case.closed_at is not None:
        course.closed_day = _day(case.closed_at)
    elif case.paused_at is None:
        course.waits_until = case.due_at
        course.handling_until = _time(state.get("until"))
    limit = _time(state.get("limit")) or _time(state.get("handled"))
    course.due_day = _day(limit) if limit is not None else None


def _counts(state: dict[str, Any], case: Case) -> dict[str, int]:
    closed = case.closed_at is not None
    void = closed and case.result in VOID
    fine = closed and not void
    found = {
        "reported": 1, "closed": fine, "closed_in_time": fine and not state.get("late"), "voided": void,
        "untrue": closed and case.result == "unfounded", "beyond": closed and case.result == "beyond_powers",
        "refused": closed and case.result == "refused", "returned": state.get("returned", 0),
        "reopened": max(case.round - 1, 0), "extended": state.get("extended", 0),
        "contacted": case.fields.get("contact_how") not in (None, "", "none"),
        "merged": closed and case.result == "merged", "repeated": not void and case.joins >= REPEATED - 1,
    }  # fmt: skip
    invalid = void or found["untrue"] or found["beyond"] or found["refused"]
    valid = fine and not invalid
    filed = bool(state.get("filed"))
    found |= {
        "direct": valid and not filed, "undecided": not closed and not filed, "filed": filed and not void,
        "reworked": valid and state.get("rework", 0) > 0, "redone": valid and case.round > 1,
    }  # fmt: skip
    at, limit = _time(state.get("handled")), _time(state.get("limit"))
    found["handled"] = handled = at is not None and not invalid
    found["handled_in_time"] = at is not None and not invalid and (limit is None or at <= limit)
    found["handled_extended"] = handled and state.get("extended", 0) > 0
    for outcome in OUTCOMES:
        found[outcome] = valid and case.fields.get("solved") == outcome
    for name, value in (("satisfied", 3), ("fair", 2), ("unsatisfied", 1)):
        found[name] = not void and case.satisfaction == value
    found["unrated"] = fine and case.satisfaction is None
    for name in CALLED:
        found[f"called_{name}"] = not void and state.get("called") == name
    return {name: int(value) for name, value in found.items()}


def town_of(path: str) -> int:
    """The division directly below the top in a path; 0 for a case that lies in none."""
    parts = [part for part in path.split("/") if part]
    return int(parts[1]) if len(parts) > 1 else 0


def village_of(path: str, divisions: Divisions) -> int:
    """The village (not a grid) in a path; 0 for a case that lies in none."""
    parts = [part for part in path.split("/") if part]
    found = divisions.get(int(parts[2])) if len(parts) > 2 else None
    return found.id if found is not None and not found.is_grid else 0


def grid_of(path: str, divisions: Divisions) -> int:
    """The grid at the end of a path (of grids within grids the innermost); 0 for a case that lies in none."""
    parts = [part for part in path.split("/") if part]
    found = divisions.get(int(parts[-1])) if parts else None
    return found.id if found is not None and found.is_grid else 0


def _day(at: datetime) -> date:
    return at.astimezone(ZONE).date()


def _organ(owner: str) -> int:
    kind, _sep, rest = owner.partition(":")
    return int(rest) if kind == "organ" and rest.isdigit() else 0


def _time(text: Any) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
