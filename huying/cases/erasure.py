"""What erasing a case or a person leaves of this room's rows: codes and times stay, words and contacts go."""

from __future__ import annotations

from uuid import UUID

from huying import clock
from huying.cases.models import Case, Contact, Words
from huying.files import actions as files
from huying.ledger.erasure import on_erase
from huying.ledger.sealing import Subject


def register() -> None:
    """Have the ledger call this room with every erasure; called when the app is ready."""
    on_erase(wipe)


def wipe(place_id: int, subject: Subject, event_id: UUID) -> None:
    """Empty what this room holds of the subject. Doing it twice is harmless."""
    kind, ident = subject
    if kind == "case":
        Case.objects.filter(place_id=place_id, id=ident).update(
            title="", body="", address="", reply="", public=False, public_title="", public_text="", lon=None, lat=None,
            reporter_id=None, track_hash=None, signature=b"", erased_at=clock.now(),
        )  # fmt: skip
        Contact.objects.filter(place_id=place_id, case_id=ident).update(
            sealed=b"", phone_hash=None, person_id=None, track_hash=None
        )
        Words.objects.filter(place_id=place_id, case_id=ident).delete()
        files.erase(place_id, ident)
    elif kind == "person":
        Case.objects.filter(place_id=place_id, reporter_id=ident).update(reporter_id=None)
        Contact.objects.filter(place_id=place_id, person_id=ident).update(
            sealed=b"", phone_hash=None, person_id=None
        )
