"""The ledger reader: draws closed cases for call-backs and checks, proposes deductions, follows the tasks.

It runs in the transaction that moves the reader's cursor, so that a case is drawn, and points are proposed, exactly
once. A page costs seven SQL statements, and five more for each case that comes up.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Count, Q

from huying import clock
from huying.cases.calls import CallRefused
from huying.cases.models import Case, Contact
from huying.cases.of_page import cases_of, with_case
from huying.ledger.pages import Event
from huying.places import memory as places
from huying.places.info import PlaceMemory
from huying.presets.review_definition import Draw, Review, Reviews
from huying.reviews import rules
from huying.reviews.actions.deductions import propose
from huying.reviews.actions.tasks import copy_state, open_task
from huying.reviews.days import local_day, start_of
from huying.reviews.models import Task
from huying.reviews.sampling import drawn

log = logging.getLogger(__name__)

FRESH = timedelta(days=3)
"""Nobody is called back for what was closed longer ago (an import, a reader that was off)."""
NEVER = ("void", "merged")
CALL_BACK, CHECK = "call_back", "check"
LEAST = "least"
_EVENTS = frozenset({*rules.MOVED, *rules.FIRED, "case.reported", rules.ANSWERED})


def follow(place_id: int, page: int, events: Sequence[Event]) -> None:
    """Work one page of a place off. Called by the ledger, in the transaction that moves the cursor."""
    told = [event for event in events if event.case_id is not None and event.kind in _EVENTS]
    if not told:
        return
    memory = places.of(place_id)
    reviews = memory.preset.reviews if memory.preset is not None else None
    if reviews is None:
        return
    cases = cases_of(place_id, events, told)
    _follow_tasks(place_id, cases)
    now = clock.now()
    found = [
        one for event, case in with_case(told, cases)
        for one in rules.proposals(memory, reviews, event, case)
    ]  # fmt: skip
    propose(memory, found, now)
    wanted = []
    for event, case in with_case(told, cases):
        if case.kind not in reviews.of or event.at < now - FRESH:
            continue
        when = occasion(reviews, event, case)
        if when:
            wanted.append((case, when, str(event.data.get("round", 1))))
    if wanted:
        _draw(memory, reviews, wanted, now)


def _follow_tasks(place_id: int, cases: Mapping[UUID, Case]) -> None:
    tasks = [
        task
        for task in Task.objects.filter(place_id=place_id, id__in=list(cases))
        if copy_state(task, cases[task.id])
    ]
    if tasks:
        Task.objects.bulk_update(tasks, ["due_at", "done_at", "outcome"])


def occasion(reviews: Reviews, event: Event, case: Case) -> str:
    """On which occasion the event is one to draw the case; "" for none."""
    data = event.data
    if (
        event.leg_id is not None
        or not data.get("closed")
        or case.closed_at is None
        or data.get("result") in NEVER
    ):
        return ""
    if rules.closes(event):
        return "closed"
    if event.kind == "case.moved" and data.get("move") == reviews.rated:
        return "unsatisfied" if (data.get("fields") or {}).get("satisfaction") == "unsatisfied" else ""
    if event.kind == "case.fired" and case.satisfaction is None and case.owner_key == "":
        return "unrated"
    return ""


def _draw(
    memory: PlaceMemory, reviews: Reviews, wanted: Sequence[tuple[Case, str, str]], now: datetime
) -> None:
    reachable = _reachable(memory.place_id, [case.id for case, _, _ in wanted])
    called = _called(memory, reviews, [case for case, _, _ in wanted], now)
    for case, when, mark in wanted:
        if reviews.call_back is not None and case.id in reachable:
            chosen = drawn(_open_to(reviews.call_back, case), case, when, mark)
            rule, share = (chosen.id, chosen.share) if chosen is not None else ("", 0.0)
            organ = case.organ_id
            missing = organ is not None and called[organ] < reviews.call_back.least
            if not rule and when == "closed" and missing and not _protected(case):
                rule, share = LEAST, 100.0
            opened = bool(rule) and _open(memory, case, reviews.call_back, CALL_BACK, rule, mark, share, now)
            if opened and organ is not None:
                called[organ] += 1
        if reviews.check is not None:
            chosen = drawn(_open_to(reviews.check, case), case, when, mark)
            if chosen is not None:
                _open(memory, case, reviews.check, CHECK, chosen.id, mark, chosen.share, now)


def _open(
    memory: PlaceMemory,
    case: Case,
    review: Review,
    kind: str,
    rule: str,
    mark: str,
    share: float,
    now: datetime,
) -> bool:
    try:
        return open_task(memory, case, review, kind, rule=rule, mark=mark, share=share, now=now) is not None
    except CallRefused:
        # A reader that fails stops; one case without a task is told of and does not hold up the others.
        log.exception("case %s could not be drawn for %s", case.id, kind)
        return False


def _protected(case: Case) -> bool:
    return case.confidential or case.call == "report"


def _open_to(review: Review, case: Case) -> list[Draw]:
    """The draws that may bring the case up: one that is protected only by a draw that names its kind of call."""
    return [
        draw
        for draw in review.draws
        if not _protected(case) or (case.call in draw.calls and not case.confidential)
    ]


def _reachable(place_id: int, ids: Sequence[UUID]) -> set[UUID]:
    """Cases whose caller left a way to be reached. One SQL statement."""
    there = Q(phone_hash__isnull=False) | Q(person_id__isnull=False)
    rows = Contact.objects.filter(there, place_id=place_id, case_id__in=ids, join=False)
    return set(rows.values_list("case_id", flat=True))


def _called(memory: PlaceMemory, reviews: Reviews, cases: Sequence[Case], now: datetime) -> Counter[int]:
    """How many call-backs each of the cases' organs has had this month. One SQL statement."""
    if reviews.call_back is None or not reviews.call_back.least:
        return Counter()
    organs = {case.organ_id for case in cases if case.organ_id is not None}
    month = local_day(memory, now).replace(day=1)
    rows = (
        Task.objects.filter(
            place_id=memory.place_id, kind=CALL_BACK, organ_id__in=organs, at__gte=start_of(memory, month)
        )
        .values_list("organ_id")
        .annotate(n=Count("id"))
    )
    return Counter({int(organ): n for organ, n in rows if organ is not None})
