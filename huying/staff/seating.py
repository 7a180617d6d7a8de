"""Which seat of a post somebody takes: the first that nobody has in the same stretch."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from django.db.models import Q, QuerySet

if TYPE_CHECKING:
    from huying.staff.models import Holding


def first_free(held: QuerySet[Holding], new: Sequence[Holding]) -> None:
    """Give each of *new*, all of one stretch and each of another post, its seat among those *held*. One SQL statement."""
    since, until = new[0].since, new[0].until
    overlap = Q(until=None) | Q(until__gt=since)
    if until is not None:
        overlap &= Q(since__lt=until)
    others = held.filter(overlap, post_id__in=[one.post_id for one in new])
    known = [one.pk for one in new if one.pk is not None]
    taken: dict[int, set[int | None]] = {}
    for post, seat in others.exclude(pk__in=known).values_list("post_id", "seat"):
        taken.setdefault(post, set()).add(seat)
    for one in new:
        seats = taken.get(one.post_id, set())
        one.seat = next(number for number in range(1, len(seats) + 2) if number not in seats)
