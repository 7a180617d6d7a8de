"""What erasing a case or a person leaves of this room's rows: nothing private was kept, what is pending goes."""

from __future__ import annotations

from uuid import UUID

from huying.ledger.erasure import on_erase
from huying.ledger.sealing import Subject
from huying.notices.models import Choice, Delivery, Notice, Reminder


def register() -> None:
    """Have the ledger call this room with every erasure; called when the app is ready."""
    on_erase(wipe)


def wipe(place_id: int, subject: Subject, event_id: UUID) -> None:
    """Drop what is still to be sent about the case or to the person. Doing it twice is harmless.

    Notices about an erased case stay: they hold codes only, and the page finds no words for them any more.
    """
    kind, ident = subject
    if kind == "case":
        Delivery.objects.filter(place_id=place_id, case_id=ident).delete()
        Reminder.objects.filter(place_id=place_id, case_id=ident).delete()
    elif kind == "person":
        for model in (Notice, Delivery, Choice):
            model.objects.filter(place_id=place_id, person_id=ident).delete()
