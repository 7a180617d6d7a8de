"""The lists of orders: what waits for me, what I got a copy of, and everything that I may see."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from huying import clock
from huying.cases import looks, naming
from huying.cases.models import Case
from huying.cases.sight import visible
from huying.places.info import PlaceMemory
from huying.presets.queries import compiled
from huying.presets.read_supervision import of as rules_of
from huying.staff.sight import Sight
from huying.supervise.kinds import kinds_at
from huying.supervise.levels import level_look
from huying.supervise.models import Copy, Order, Trigger
from huying.ui.choices import Look

PAGE = 30
MOST = 200  # of what waits for one person
ANSWER, ACCEPT, COPIES, ALL = "answer", "accept", "copies", "all"
TABS = (ANSWER, ACCEPT, COPIES, ALL)


@dataclass(frozen=True, slots=True)
class Line:
    """One order in a list."""

    case: Case
    organ: str
    level: Look
    state: Look
    due_at: datetime | None
    rule: str  # the name of the rule that led to it; empty by hand
    signed: bool = True


def waiting(sight: Sight, phase: str) -> list[Case]:
    """Open orders in the hands of the person: in *phase* ``handle`` to be answered, ``verify`` to be accepted.

    The next limit first, at most MOST. One SQL statement.
    """
    rows = Case.objects.filter(
        place_id=sight.place_id, owner_key__in=sorted(sight.owner_keys), closed_at=None, phase=phase,
        kind__in=kinds_at(sight.place_id),
    )  # fmt: skip
    return list(rows.order_by("due_at", "id")[:MOST])


def copies(sight: Sight, after: UUID | None = None, size: int = PAGE) -> tuple[list[Case], set[UUID]]:
    """Orders of which the person's organs got a copy, newest first, and which of them are not signed for. Two statements."""
    own = Copy.objects.filter(place_id=sight.place_id, organ_id__in=list(sight.organs))
    rows = visible(sight).filter(id__in=own.values("case_id"))
    if after is not None:
        rows = rows.filter(id__lt=after)
    found = list(rows.order_by("-id")[: size + 1])
    unsigned = own.filter(case_id__in=[case.id for case in found], signed_at=None).values_list(
        "case_id", flat=True
    )
    return found, set(unsigned)


def everything(sight: Sight, after: UUID | None = None, size: int = PAGE) -> list[Case]:
    """All orders that the person may see, newest first; one more than *size* where there are more. One statement."""
    ids = Order.objects.filter(place_id=sight.place_id)
    rows = visible(sight).filter(id__in=ids.values("case_id"))
    if after is not None:
        rows = rows.filter(id__lt=after)
    return list(rows.order_by("-id")[: size + 1])


def unsigned(sight: Sight) -> int:
    """How many copies wait to be signed for by the person's organs. One SQL statement."""
    if not sight.organs:
        return 0
    return Copy.objects.filter(
        place_id=sight.place_id, organ_id__in=list(sight.organs), signed_at=None
    ).count()


def suggestions(sight: Sight) -> list[Trigger]:
    """What rules ask the person to think about, newest first. One SQL statement."""
    rows = Trigger.objects.filter(
        place_id=sight.place_id, state=Trigger.State.SUGGESTED, to_key__in=sorted(sight.owner_keys)
    )
    return list(rows.order_by("-id")[:MOST])


def cases_of(sight: Sight, triggers: list[Trigger]) -> dict[UUID, Case]:
    """The cases of suggestions, as far as the person may see them. One SQL statement."""
    rows = visible(sight).filter(id__in={one.case_id for one in triggers})
    return {case.id: case for case in rows}


def lines(
    cases: list[Case], memory: PlaceMemory, not_signed: frozenset[UUID] | set[UUID] = frozenset()
) -> list[Line]:
    """Orders in words. No SQL statement."""
    now = clock.now()
    return [line(case, memory, now, signed=case.id not in not_signed) for case in cases]


def line(case: Case, memory: PlaceMemory, now: datetime, *, signed: bool = True) -> Line:
    """One order in words."""
    flow = compiled(case.edition_id).flow_of(case.kind)
    state = looks.phase_look(case.phase, naming.step_name(flow, case.step))
    if case.closed_at is not None and case.result:
        state = looks.result_look(case.result)
    elif case.due_at is not None and case.due_at < now:
        state = Look(state.label, "bad", "alert-triangle")
    organ = memory.organs.get(case.organ_id) if case.organ_id is not None else None
    return Line(
        case, organ.short or organ.name if organ is not None else "", level_look(case.grade), state,
        case.due_at if case.closed_at is None else None, rule_name(case, memory), signed,
    )  # fmt: skip


def rule_name(case: Case, memory: PlaceMemory) -> str:
    """The name of the rule that led to an order; its code where the rule is no more; empty by hand."""
    code = str(case.fields.get("rule") or "")
    found = called(compiled(case.edition_id), code)
    return found if found != code else called(memory.preset, code)


def called(preset: Any, code: str) -> str:
    """The name of a rule of that preset; its code where there is none such."""
    rule = rules_of(preset).rules.get(code)
    return rule.name.text(looks.lang()) if rule is not None else code
