"""The look-back: after every stretch of time its list is drawn by rule, once, and each case on it becomes a task."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from datetime import date, datetime
from uuid import UUID

from django.db import IntegrityError, transaction

from huying import clock
from huying.cases.calls import CallRefused
from huying.cases.models import Case
from huying.ledger import actions as ledger
from huying.places import memory as places
from huying.places.info import PlaceMemory
from huying.presets.review_definition import Draw, Review, Reviews
from huying.reviews.actions.tasks import SYSTEM, open_task
from huying.reviews.days import DAY, later, local_day, name_of, start_of, stretch
from huying.reviews.models import Cycle
from huying.reviews.sampling import drawn

log = logging.getLogger(__name__)

LOOK_BACK = "look_back"
BATCH = 500
LONGEST = {
    "month": 2,
    "quarter": 4,
    "half-year": 12,
    "year": 18,
}  # months before its end in which a case was reported


def due_cycle(memory: PlaceMemory, now: datetime) -> tuple[Reviews, Review, date, date] | None:
    """The stretch that ended last, whose list is to be drawn by now; None where there is no look-back."""
    reviews = memory.preset.reviews if memory.preset is not None else None
    review = reviews.look_back if reviews is not None else None
    if reviews is None or review is None:
        return None
    first, _end = stretch(local_day(memory, now), review.every)
    start, end = stretch(first - DAY, review.every)
    return reviews, review, start, end


def draw(place_id: int, *, now: datetime | None = None) -> Cycle | None:
    """Draw the list of the stretch that ended last, if nobody has; the cycle, or None when there is nothing to do.

    One transaction: the list is whole or not there. Its time grows with the cases closed in the stretch, which it
    reads in batches by their id.
    """
    now = now or clock.now()
    memory = places.of(place_id)
    found = due_cycle(memory, now)
    if found is None:
        return None
    reviews, review, start, end = found
    name = name_of(start, review.every)
    if Cycle.objects.filter(place_id=place_id, name=name).exists():
        return None
    try:
        with transaction.atomic():
            cycle = Cycle(place_id=place_id, name=name, start=start, end=end, at=now)
            cycle.save(force_insert=True)  # two workers: the second waits here and finds it done
            for case in _closed(memory, reviews, start, end):
                cycle.closed += 1
                chosen = drawn(_draws(review, case), case, "closed", name)
                if chosen is not None and _open(memory, case, review, chosen, name, now):
                    cycle.drawn += 1
            cycle.save(force_update=True, update_fields=["closed", "drawn"])
            ledger.append(
                place_id,
                [
                    ledger.Entry(
                        kind="look_back.drawn", at=now,
                        data={
                            "cycle": name, "closed": cycle.closed, "drawn": cycle.drawn, "start": start.isoformat(),
                            "end": end.isoformat(),
                        },
                    )
                ],
                SYSTEM.for_ledger(),
            )  # fmt: skip
    except IntegrityError:
        return None
    return cycle


def _draws(review: Review, case: Case) -> list[Draw]:
    shut = case.confidential or case.call == "report"
    return [one for one in review.draws if not shut or (case.call in one.calls and not case.confidential)]


def _open(memory: PlaceMemory, case: Case, review: Review, chosen: Draw, mark: str, now: datetime) -> bool:
    try:
        task = open_task(
            memory, case, review, LOOK_BACK, rule=chosen.id, mark=mark, share=chosen.share, now=now
        )
    except CallRefused:
        log.exception("case %s could not be drawn for the look-back", case.id)
        return False
    return task is not None


def _closed(memory: PlaceMemory, reviews: Reviews, start: date, end: date) -> Iterator[Case]:
    """The cases that were closed in the stretch, by id, in batches. Ids begin with the time at which they were made, so
    that the search begins no earlier than the longest life of a case before it."""
    every = reviews.look_back.every if reviews.look_back is not None else "half-year"
    since = start_of(memory, later(start.replace(day=1), -LONGEST[every]))
    last = UUID(int=int(since.timestamp() * 1000) << 80)
    while True:
        rows = list(
            Case.objects.filter(
                place_id=memory.place_id, id__gt=last, kind__in=reviews.of, reported_at__lt=start_of(memory, end),
                closed_at__gte=start_of(memory, start), closed_at__lt=start_of(memory, end),
            ).order_by("id")[:BATCH]
        )  # fmt: skip
        yield from rows
        if len(rows) < BATCH:
            return
        last = rows[-1].id
