"""What erasing a case leaves of this room's rows: codes and times. No words are kept here; those of a task lie with the
task's own case, which is about the same person and is named in the request for erasing like any other.
"""

from __future__ import annotations

from uuid import UUID

from huying.ledger.erasure import on_erase
from huying.ledger.sealing import Subject
from huying.reviews.models import RatingMark


def register() -> None:
    """Have the ledger call this room with every erasure; called when the app is ready."""
    on_erase(wipe)


def wipe(place_id: int, subject: Subject, event_id: UUID) -> None:
    """Drop device marks of the case. Doing it twice is harmless."""
    kind, ident = subject
    if kind == "case":
        RatingMark.objects.filter(place_id=place_id, case_id=ident).delete()
