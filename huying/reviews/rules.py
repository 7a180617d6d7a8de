"""Which events take points off whom: the preset's rules held against what happened. Pure: nothing is read or written."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from huying.cases.models import Case
from huying.cases.routing import organ_of
from huying.ledger.pages import Event
from huying.places.info import PlaceMemory
from huying.presets.review_definition import Reviews, Rule

MOVED, FIRED = ("case.moved", "leg.moved"), ("case.fired", "leg.fired")
ANSWERED = "review.answered"


@dataclass(frozen=True, slots=True)
class Proposal:
    """Points to be taken off a unit."""

    rule: Rule
    organ_id: int
    case: Case
    event: Event


def proposals(memory: PlaceMemory, reviews: Reviews, event: Event, case: Case) -> Iterator[Proposal]:
    """What *event* of *case* takes off, by each rule that it meets."""
    for rule in reviews.rules:
        if case.kind not in reviews.of and not rule.scored:  # what a flow says itself counts for any kind
            continue
        if rule.channels and case.channel not in rule.channels:
            continue
        if meets(rule, event):
            organ = _unit(memory, rule, event, case)
            if organ is not None:
                yield Proposal(rule, organ, case, event)


def meets(rule: Rule, event: Event) -> bool:
    """Whether the event is what the rule is about."""
    data = event.data
    if rule.scored:
        return any(
            one.get("event") == "effect" and one.get("do") == "score" and one.get("args") == [rule.id]
            for one in data.get("flow", ()) if isinstance(one, dict)
        )  # fmt: skip
    if rule.moves:
        return event.kind in MOVED and data.get("move") in rule.moves
    if rule.overdue:
        timer = str(data.get("timer", ""))
        wanted = timer == "due" if not rule.times else timer.endswith(f".{rule.times}")
        return event.kind in FIRED and wanted and data.get("step") in rule.overdue
    if rule.results:
        return data.get("result") in rule.results and closes(event)
    if rule.answers:
        return event.kind == ANSWERED and bool(_said(data) & set(rule.answers))
    return False


def closes(event: Event) -> bool:
    """Whether the case was closed by this very event."""
    return event.leg_id is None and any(
        isinstance(one, dict) and one.get("event") == "closed" for one in event.data.get("flow", ())
    )


def _said(data: dict[str, Any]) -> set[str]:
    found = set()
    if data.get("source") == "seat":  # points follow from a call by lot, not from who happens to open a link
        if data.get("satisfaction") == 1:
            found.add("unsatisfied")
        if data.get("solved") == "unsolved":
            found.add("unsolved")
    elif data.get("source") in ("check", "look_back"):
        found.add(str(data.get("reason", "")))
    return found


def _unit(memory: PlaceMemory, rule: Rule, event: Event, case: Case) -> int | None:
    if rule.unit == "whistler":
        return _whistler(memory, case)
    organ = _handler(memory, event, case)
    if organ is None and rule.scored and (number := _divided(event.data.get("was"))) is not None:
        return _organ_above(memory, number)  # a desk or a post let it come to this: the organ of its division
    return organ


def _divided(key: object) -> int | None:
    """The division in an owner key such as ``desk:7`` or ``post:secretary@7``."""
    kind, _, rest = str(key or "").partition(":")
    number = rest.rpartition("@")[2]
    return int(number) if kind in ("desk", "division", "post") and number.isdecimal() else None


def _handler(memory: PlaceMemory, event: Event, case: Case) -> int | None:
    """The organ that should have acted; where a village or grid should have, the organ of its town."""
    organ = event.data.get("organ")
    if organ is None and event.kind not in (*MOVED, *FIRED, ANSWERED):
        organ = case.organ_id
    for key in (event.data.get("owner"), event.data.get("was")):
        kind, _, number = str(key or "").partition(":")
        if kind == "division" and number.isdecimal() and event.kind in FIRED:
            return _organ_above(memory, int(number))
    return int(organ) if organ is not None and organ in memory.organs else None


def _whistler(memory: PlaceMemory, case: Case) -> int | None:
    return None if case.division_id is None else _organ_above(memory, case.division_id)


def _organ_above(memory: PlaceMemory, division_id: int) -> int | None:
    """The organ of the division, or of the nearest one above it that has one; the place as a whole has none."""
    if division_id not in memory.divisions:
        return None
    for ident in reversed(memory.division(division_id).ancestors):
        division = memory.division(ident)
        if memory.top is not None and ident == memory.top.id:
            return None
        found = organ_of(memory, f"division@{division.tier}", division_id)
        if found is not None and not division.is_grid:
            return found
    return None
