"""What erasing a household leaves of this room's rows: that there was one in the grid, without its address or label."""

from __future__ import annotations

from uuid import UUID

from huying.ledger.erasure import on_erase
from huying.ledger.sealing import Subject
from huying.rosters.models import Household


def register() -> None:
    """Have the ledger call this room with every erasure; called when the app is ready."""
    on_erase(wipe)


def wipe(place_id: int, subject: Subject, event_id: UUID) -> None:
    """Empty the address and the label. Doing it twice is harmless. An erased case needs nothing: entries hold ids only."""
    if subject[0] == "household":
        Household.objects.filter(place_id=place_id, id=subject[1]).update(address="", label="")
