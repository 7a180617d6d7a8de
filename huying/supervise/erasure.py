"""What erasing a case leaves of this room's rows: numbers, organs and times stay, the words of bulletins go."""

from __future__ import annotations

from uuid import UUID

from huying.ledger.erasure import on_erase
from huying.ledger.sealing import Subject
from huying.supervise.models import Bulletin


def register() -> None:
    """Have the ledger call this room with every erasure; called when the app is ready."""
    on_erase(wipe)


def wipe(place_id: int, subject: Subject, event_id: UUID) -> None:
    """Empty what this room holds of the subject. Doing it twice is harmless."""
    kind, ident = subject
    if kind == "case":
        Bulletin.objects.filter(place_id=place_id, case_id=ident).update(title="", text="")
