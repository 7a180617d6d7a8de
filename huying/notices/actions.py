"""Changing notices: read, all read."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from huying import clock
from huying.ledger.ids import uuid7
from huying.notices.models import Notice
from huying.staff.sight import Sight


def mine(sight: Sight) -> QuerySet[Notice]:
    """The person's own notices; none for a visitor."""
    if sight.person_id is None:
        return Notice.objects.none()
    return Notice.objects.filter(place_id=sight.place_id, person_id=sight.person_id)


def read(sight: Sight, ident: UUID) -> Notice | None:
    """Mark a notice of the person, and all others of theirs about the same case, as read. Two SQL statements.

    None when it is not theirs.
    """
    found = mine(sight).filter(id=ident).first()
    if found is not None:
        mine(sight).filter(case_id=found.case_id, read_at=None).update(read_at=clock.now())
    return found


def tell(place_id: int, kind: str, about: UUID, persons: Iterable[UUID], at: datetime) -> None:
    """Tell people, in the caller's transaction, of something that is no case (``kinds.register``). One SQL statement."""
    rows = [
        Notice(place_id=place_id, id=uuid7(), person_id=person, kind=kind, case_id=about, at=at)
        for person in sorted(persons)
    ]
    Notice.objects.bulk_create(rows, ignore_conflicts=True)


def over(place_id: int, kind: str, about: UUID, person: UUID, at: datetime) -> None:
    """A person has seen what they were told of. One SQL statement."""
    rows = Notice.objects.filter(place_id=place_id, person_id=person, case_id=about, kind=kind, read_at=None)
    rows.update(read_at=at)


def read_all(sight: Sight) -> int:
    """Mark all of the person's notices as read; how many were not. One SQL statement."""
    return mine(sight).filter(read_at=None).update(read_at=clock.now())
