"""What the leaders' figures are counted from, kept up behind the ledger's pages by the reader ``cases.tally``.

A case counts on the local day on which it came in, so that every figure is a sum of cases that can be listed
(``overview_cases``). The reader keeps one row for each case and one for each dispatch, and adds the difference between
what they were and what they are to the sums; its cursor moves in the same transaction, so nothing is counted twice.

Confidential cases, reports of wrongdoing and complaints about a person or an organ are counted as ``sealed`` and nothing
else: with small numbers a figure by town and organ would tell on them.

What the words mean
    dispatched      a step of handling began with a new owner, or an organ was whistled; taken back ones do not count
    arrived         the owner's first move out of that step (a return with reasons is an answer too)
    in time         not later than the limit of that step
    closed in time  closed, and no step of the case was left after its limit had passed
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection

from huying.cases.counted import CASE_MEASURES, MEASURES, RESPONSE_MEASURES, Course, Response
from huying.cases.lists import ZONE
from huying.cases.models import Case
from huying.cases.sight import CLOSED_CALLS
from huying.presets.queries import compiled

KINDS = ("case.reported", "case.moved", "case.fired", "leg.opened", "leg.moved", "leg.fired")
VOID = ("void", "merged")
OUTCOMES = ("solved", "partly", "unsolved")
Key = tuple[Any, ...]  # day, town, organ, item, channel


def tally(place_id: int, page: int, events: Sequence[Any]) -> None:
    """Count what happened with this page. Six SQL statements, whatever the page holds."""
    told = [event for event in events if event.case_id is not None and event.kind in KINDS]
    ids = {event.case_id for event in told}
    if not ids:
        return
    cases = {case.id: case for case in Case.objects.filter(place_id=place_id, id__in=ids)}
    courses = {one.case_id: one for one in Course.objects.filter(place_id=place_id, case_id__in=ids)}
    responses: dict[UUID, dict[UUID, Response]] = defaultdict(dict)
    for one in Response.objects.filter(place_id=place_id, case_id__in=ids):
        responses[one.case_id][one.id] = one
    change: dict[Key, list[int]] = defaultdict(lambda: [0] * len(MEASURES))
    for course in courses.values():
        _add(change, course, CASE_MEASURES, -1)
    for found in responses.values():
        for response in found.values():
            _add(change, response, RESPONSE_MEASURES, -1)
    for event in told:
        case = cases.get(event.case_id)
        if case is None:
            continue
        course = courses.setdefault(case.id, Course(place_id=place_id, case_id=case.id, state={}))
        _fold(course, responses[case.id], event, case)
    for case_id, course in courses.items():
        settle(course, responses[case_id].values(), cases[case_id])
        _add(change, course, CASE_MEASURES, 1)
        for response in responses[case_id].values():
            _add(change, response, RESPONSE_MEASURES, 1)
    _write(Course, courses.values(), "case_id")
    _write(Response, [one for found in responses.values() for one in found.values()], "id")
    _add_up(place_id, change)


# — what an event tells —


def _fold(course: Course, responses: dict[UUID, Response], event: Any, case: Case) -> None:
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
    course.state["response"] = str(event.id)
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
                due_at=_time(data.get("due")), organ_id=data.get("organ") or 0,
            )  # fmt: skip
        return
    if data.get("closed") and data.get("result") == "returned":
        course.state["returned"] = course.state.get("returned", 0) + 1
    waiting = responses.get(event.leg_id)
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


def settle(course: Course, responses: Iterable[Response], case: Case) -> None:
    """Work out what the case and its dispatches count as, as they stand now."""
    for name in CASE_MEASURES:
        setattr(course, name, 0)
    course.day = case.reported_at.astimezone(ZONE).date()
    if is_sealed(case):
        course.town_id, course.organ_id, course.item, course.channel, course.path = 0, 0, "", "", ""
        course.sealed = 1  # type: ignore[attr-defined]
    else:
        course.path, course.item, course.channel = case.path, case.item, case.channel
        course.town_id = town_of(case.path)
        course.organ_id = case.organ_id if case.organ_id in case.organ_ids else 0
        for name, value in _counts(course.state, case).items():
            setattr(course, name, value)
    for one in responses:
        one.day, one.town_id, one.path = course.day, course.town_id, course.path
        one.item, one.channel = course.item, course.channel
        counts = not one.dropped and not course.sealed  # type: ignore[attr-defined]
        one.organ_id = one.organ_id if not course.sealed else 0  # type: ignore[attr-defined]
        arrived = counts and one.arrived_at is not None
        on_time = arrived and (one.due_at is None or one.arrived_at <= one.due_at)  # type: ignore[operator]
        one.dispatched, one.arrived, one.arrived_in_time = int(counts), int(arrived), int(on_time)  # type: ignore[attr-defined]


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
    }  # fmt: skip
    valid = fine and not (found["untrue"] or found["beyond"] or found["refused"])
    for outcome in OUTCOMES:
        found[outcome] = valid and case.fields.get("solved") == outcome
    for name, value in (("satisfied", 3), ("fair", 2), ("unsatisfied", 1)):
        found[name] = not void and case.satisfaction == value
    found["unrated"] = fine and case.satisfaction is None
    return {name: int(value) for name, value in found.items()}


def town_of(path: str) -> int:
    """The division directly below the top in a path; 0 for a case that lies in none."""
    parts = [part for part in path.split("/") if part]
    return int(parts[1]) if len(parts) > 1 else 0


def _organ(owner: str) -> int:
    kind, _sep, rest = owner.partition(":")
    return int(rest) if kind == "organ" and rest.isdigit() else 0


def _time(text: Any) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


# — writing —


def _add(change: dict[Key, list[int]], row: Any, names: Sequence[str], sign: int) -> None:
    sums = change[row.day, row.town_id, row.organ_id, row.item, row.channel]
    start = MEASURES.index(names[0])
    for i, name in enumerate(names, start):
        sums[i] += sign * getattr(row, name)


def _write(model: Any, rows: Iterable[Any], key: str) -> None:
    keys = {"place_id", key, "pk"}
    model.objects.bulk_create(
        list(rows), update_conflicts=True, unique_fields=["place_id", key],
        update_fields=[one.name for one in model._meta.concrete_fields if one.name not in keys],
    )  # fmt: skip


_COLUMNS = ", ".join(MEASURES)
_ADD_UP = (
    f"INSERT INTO cases_tally (place_id, day, town_id, organ_id, item, channel, {_COLUMNS}) "  # noqa: S608
    f"SELECT %s, t.* FROM unnest(%s::date[], %s::bigint[], %s::bigint[], %s::text[], %s::text[]"
    f"{', %s::int[]' * len(MEASURES)}) AS t "
    "ON CONFLICT (place_id, day, town_id, organ_id, item, channel) DO UPDATE SET "
    + ", ".join(f"{name} = cases_tally.{name} + EXCLUDED.{name}" for name in MEASURES)
)


def _add_up(place_id: int, change: dict[Key, list[int]]) -> None:
    rows = [(key, sums) for key, sums in sorted(change.items()) if any(sums)]
    if not rows:
        return
    keys = [[key[i] for key, _ in rows] for i in range(5)]
    sums = [[values[i] for _, values in rows] for i in range(len(MEASURES))]
    with connection.cursor() as cursor:
        cursor.execute(_ADD_UP, [place_id, *keys, *sums])
