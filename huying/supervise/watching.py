"""What in the ledger a place's rules wait for: limits passed, returns, bad ratings, many similar calls.

Works out which rules apply to the events of a page; nothing is issued here. A rule and what it met make a key, and there
is one trigger for a key, ever: a page that is read twice, or a worker that was down, changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from huying import clock
from huying.cases.models import Case, Leg
from huying.cases.of_page import cases_of, with_case
from huying.cases.sight import CLOSED_CALLS
from huying.cases.tallies import town_of
from huying.ledger import queries as ledger
from huying.ledger.ids import uuid7
from huying.ledger.pages import Event
from huying.places import memory as places
from huying.places.info import PlaceMemory
from huying.presets.queries import compiled
from huying.presets.read_supervision import of as rules_of
from huying.presets.supervision_definition import Rule, Supervision
from huying.supervise.models import NamedOrgan, Trigger

KINDS = ("case.reported", "case.moved", "case.fired", "leg.moved", "leg.fired")
OLD = timedelta(
    days=14
)  # what happened longer ago (an import, a reader that was off) leads to nothing any more
FAILED = ("overdue", "returned", "unsatisfied")


@dataclass(frozen=True, slots=True)
class Happened:
    """Something that rules may wait for: the *count*-th time, to the account of an organ. *mark* tells it from others."""

    when: str
    case: Case
    organ_id: int
    count: int
    mark: str
    at: datetime


def watch(place_id: int, page: int, events: Sequence[Event]) -> None:
    """The ledger's reader: triggers for one page. At most eight SQL statements, and one for each return."""
    memory = places.of(place_id)
    rules = rules_of(memory.preset)
    since = clock.now() - OLD
    told = [event for event in events if event.case_id and event.kind in KINDS and event.at >= since]
    if not rules.rules or not told:
        return
    cases = {ident: case for ident, case in cases_of(place_id, events, told).items() if not _kept_out(case)}
    told = [event for event in told if event.case_id in cases]
    flows = _leg_flows(place_id, told)
    found = [one for event, case in with_case(told, cases) for one in _happened(memory, event, case, flows)]
    found += _similar(memory, rules, told, cases)
    if found:
        _write(memory, rules, found)


def _kept_out(case: Case) -> bool:
    """Papers of the authorities are no calls; confidential cases and reports of wrongdoing have a channel of their own."""
    kind = compiled(case.edition_id).kinds.get(case.kind)
    return kind is None or bool(kind.right) or case.confidential or case.call in CLOSED_CALLS


def _leg_flows(place_id: int, events: Iterable[Event]) -> dict[UUID, str]:
    ids = {event.leg_id for event in events if event.leg_id is not None}
    return dict(Leg.objects.filter(place_id=place_id, id__in=ids).values_list("id", "flow")) if ids else {}


# — what an event tells —


def _happened(
    memory: PlaceMemory, event: Event, case: Case, leg_flows: dict[UUID, str]
) -> Iterator[Happened]:
    preset = compiled(case.edition_id)
    flow = preset.flow_of(case.kind)
    if event.leg_id is not None:
        flow = preset.flows.get(leg_flows.get(event.leg_id, ""), flow)
    data = event.data
    if event.kind in ("case.fired", "leg.fired"):
        count, entry = alarm(flow, data)
        organ = organ_behind(memory, str(data.get("owner") or ""))
        if count and organ is not None:
            yield Happened("overdue", case, organ, count, f"{case.id}|{event.leg_id or ''}|{entry}", event.at)
        return
    if is_return(flow, event):
        organ = organ_behind(memory, str(data.get("was") or ""))
        if organ is not None:
            yield Happened("returned", case, organ, _returns(case), f"{case.id}|{case.round}", event.at)
    fields = data.get("fields")
    if isinstance(fields, dict) and fields.get("satisfaction") == "unsatisfied" and case.organ_id is not None:
        yield Happened("unsatisfied", case, case.organ_id, 1, f"{case.id}|v{event.version}", event.at)


def alarm(flow: Any, data: dict[str, Any]) -> tuple[int, str]:
    """Which alarm after the limit went off (1 is the limit itself; 0 is none of them), and of which entry of a step."""
    fired = next(
        (one for one in data.get("flow", ()) if isinstance(one, dict) and one.get("event") == "fired"), None
    )
    if fired is None:
        return 0, ""
    name = str(fired.get("name", ""))
    entry = ".".join(str(fired.get("key", "")).split(".")[:2])
    if name.partition("+")[0] == "due":
        passed = any(isinstance(one, dict) and one.get("event") == "overdue" for one in data["flow"])
        return int(passed), entry
    ident, _dot, number = name.rpartition(".")
    step = flow.steps.get(str(data.get("step") or ""))
    timers = step.overdue if step is not None else ()
    for place, timer in enumerate(timers):
        if timer.id == ident and number.isdecimal():
            return 1 + (int(number) if len(timers) == 1 else place + 1), entry
    return 0, ""


def is_return(flow: Any, event: Any) -> bool:
    """Whether an organ gave back what it was sent: from handling to where cases are accepted or dispatched."""
    data = event.data
    if event.kind == "leg.moved":
        return bool(data.get("closed")) and data.get("result") == "returned"
    if event.kind != "case.moved" or not str(data.get("was") or "").startswith(("organ:", "division:")):
        return False
    moved = next(
        (one for one in data.get("flow", ()) if isinstance(one, dict) and one.get("event") == "moved"), None
    )
    if moved is None or moved.get("how") != "actor":
        return False
    came, went = flow.steps.get(moved.get("from")), flow.steps.get(str(data.get("step") or ""))
    return (
        came is not None
        and went is not None
        and came.phase == "handle"
        and went.phase in ("accept", "dispatch")
    )


def _returns(case: Case) -> int:
    """How often the case was given back so far. One SQL statement."""
    preset = compiled(case.edition_id)
    flow = preset.flow_of(case.kind)
    return sum(is_return(flow, one.event) for one in ledger.history(case.place_id, case.id))


def organ_behind(memory: PlaceMemory, key: str) -> int | None:
    """The organ that answers for an owner: itself, the centre for its desk, the town's for its divisions and grids."""
    kind, _colon, rest = key.partition(":")
    number = rest.rpartition("@")[2]
    if kind == "organ" and rest.isdecimal():
        return int(rest) if int(rest) in memory.organs else None
    if (
        kind not in ("desk", "division", "post")
        or not number.isdecimal()
        or int(number) not in memory.divisions
    ):
        return None
    top, centre = memory.top, memory.centre
    if top is not None and int(number) == top.id:
        return centre.id if centre is not None else None
    serving = {organ.division_id: organ.id for organ in memory.organs.values() if organ.active}
    for division in reversed(memory.division(int(number)).ancestors):
        if top is not None and division == top.id:
            return None
        if division in serving:
            return serving[division]
    return None


# — many similar calls —


def _similar(
    memory: PlaceMemory, rules: Supervision, events: Sequence[Event], cases: dict[UUID, Case]
) -> list[Happened]:
    """Calls about the same item in the same town within a rule's days. One SQL statement for each such rule."""
    found = []
    chosen = [
        event
        for event in events
        if event.kind == "case.reported" or "item" in (event.data.get("fields") or ())
    ]
    for rule in rules.rules.values():
        if rule.when != "similar":
            continue
        latest: dict[tuple[str, int], tuple[Case, datetime]] = {}
        for event, case in with_case(chosen, cases):
            if case.item and case.organ_id is not None and town_of(case.path):
                latest[case.item, town_of(case.path)] = (case, event.at)
        if not latest:
            continue
        counts = _counts(
            memory.place_id, {item for item, _ in latest}, clock.now() - timedelta(days=rule.within)
        )
        for (item, town), (case, at) in latest.items():
            if counts.get((item, town), 0) >= rule.times:
                mark = f"{item}|{town}|{at:%Y%m%d}"
                found.append(Happened("similar", case, case.organ_id or 0, counts[item, town], mark, at))
    return found


def _counts(place_id: int, items: set[str], since: datetime) -> dict[tuple[str, int], int]:
    """How many calls there were by item and town. Reads the days in question only: ids are in the order of time."""
    first = UUID(int=(int(since.timestamp() * 1000) << 80))
    rows = (
        Case.objects.filter(
            place_id=place_id, id__gte=first, reported_at__gte=since, item__in=items, confidential=False
        )
        .exclude(call__in=CLOSED_CALLS)
        .values_list("item", "path")
    )
    found: dict[tuple[str, int], int] = {}
    for item, path in rows:
        key = (item, town_of(path))
        found[key] = found.get(key, 0) + 1
    return found


# — writing —


def _write(memory: PlaceMemory, rules: Supervision, found: Sequence[Happened]) -> None:
    """For each event and organ the first rule that applies and has not been used on it. Three SQL statements."""
    place_id = memory.place_id
    named = _named(place_id, found)
    wanted = [(one, list(_applying(rules, one, named))) for one in found]
    keys = {key for _one, applying in wanted for _rule, key, _report in applying}
    if not keys:
        return
    used = set(Trigger.objects.filter(place_id=place_id, key__in=keys).values_list("key", flat=True))
    new = []
    for one, applying in wanted:
        for rule, key, report in applying:
            if key in used or (rule.when == "similar" and _lately(place_id, rule, key, one.at)):
                continue
            used.add(key)
            new.append(
                Trigger(
                    place_id=place_id, id=uuid7(), key=key, rule=rule.id, edition_id=memory.edition_id or 0,
                    case_id=one.case.id, organ_id=one.organ_id, report=report, count=one.count, happened_at=one.at,
                )
            )  # fmt: skip
            break
    Trigger.objects.bulk_create(new, ignore_conflicts=True)


def _applying(
    rules: Supervision, one: Happened, named: dict[int, list[NamedOrgan]]
) -> Iterator[tuple[Rule, str, str]]:
    for rule in rules.rules.values():
        if rule.kinds and one.case.kind not in rule.kinds:
            continue
        if rule.when == "named" and one.when in FAILED:
            for row in named.get(one.organ_id, ()):
                if row.at <= one.at <= min(row.until, row.at + timedelta(days=rule.within)):
                    yield rule, f"{rule.id}|{row.number}|{one.organ_id}", row.number
        elif rule.when == one.when and one.count >= rule.times:
            yield rule, f"{rule.id}|{one.mark}", ""


def _named(place_id: int, found: Iterable[Happened]) -> dict[int, list[NamedOrgan]]:
    organs = {one.organ_id for one in found}
    rows = NamedOrgan.objects.filter(place_id=place_id, organ_id__in=organs, until__gte=clock.now() - OLD)
    by_organ: dict[int, list[NamedOrgan]] = {}
    for row in rows.order_by("at"):
        by_organ.setdefault(row.organ_id, []).append(row)
    return by_organ


def _lately(place_id: int, rule: Rule, key: str, at: datetime) -> bool:
    """Whether the rule met the same item and town within its own days."""
    same = key.rpartition("|")[0] + "|"
    since = at - timedelta(days=rule.within)
    return Trigger.objects.filter(
        place_id=place_id, key__startswith=same, happened_at__gt=since, happened_at__lt=at
    ).exists()
