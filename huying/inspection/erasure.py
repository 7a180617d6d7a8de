"""What erasing a case leaves here: nothing that was made of its words, and no list that names it."""

from __future__ import annotations

from uuid import UUID

from django.db import connection

from huying.inspection.models import Fact
from huying.ledger.erasure import on_erase
from huying.ledger.sealing import Subject


def register() -> None:
    """Have the ledger call this room with every erasure; called when the app is ready."""
    on_erase(wipe)


def wipe(place_id: int, subject: Subject, event_id: UUID) -> None:
    """Drop the facts of an erased case and take it out of findings; their numbers stay. Twice is harmless."""
    kind, ident = subject
    if kind != "case":
        return
    Fact.objects.filter(place_id=place_id, case_id=ident).delete()
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE inspection_finding SET case_ids = array_remove(case_ids, %s)"
            " WHERE place_id = %s AND case_ids @> ARRAY[%s]::uuid[]",
            [ident, place_id, ident],
        )
