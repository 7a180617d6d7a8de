"""What erasing a meeting leaves of this room's rows: who met when and what was decided, without a word of the minutes."""

from __future__ import annotations

from uuid import UUID

from huying.ledger.erasure import on_erase
from huying.ledger.sealing import Subject
from huying.meetings.models import Meeting


def register() -> None:
    """Have the ledger call this room with every erasure; called when the app is ready."""
    on_erase(wipe)


def wipe(place_id: int, subject: Subject, event_id: UUID) -> None:
    """Empty the minutes. Doing it twice is harmless. An erased case needs nothing: points hold codes only."""
    if subject[0] == "meeting":
        Meeting.objects.filter(place_id=place_id, id=subject[1]).update(minutes="")
