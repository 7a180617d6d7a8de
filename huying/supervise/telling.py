"""Telling people of what this room does, through the notices room: copies, bulletins, suggestions."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from huying.cases.models import Case
from huying.notices import behind, reader, writing
from huying.notices.drafts import Draft
from huying.notices.kinds import KINDS, Kind
from huying.places.info import PlaceMemory
from huying.ui.choices import Look

COPY, BULLETIN, SUGGESTED = "copy", "bulletin", "suggested"


def register() -> None:
    """Make this room's kinds of notice known; called when the app is ready."""
    KINDS[COPY] = Kind(Look(_("For your information"), "info", "eye"), loud=False, duty=False)
    KINDS[BULLETIN] = Kind(Look(_("Bulletin"), "bad", "speakerphone"), duty=False)
    KINDS[SUGGESTED] = Kind(Look(_("Think about supervising"), "wait", "bulb"), loud=False, duty=False)


def copies(memory: PlaceMemory, case: Case, organs: Iterable[int], now: datetime) -> None:
    """Offices that got a copy of an order. Some five SQL statements."""
    _tell(memory, case, COPY, organs, now)


def bulletin(memory: PlaceMemory, case: Case, organs: Iterable[int], now: datetime) -> None:
    """Everybody in the organs that a bulletin goes to who may see its order."""
    _tell(memory, case, BULLETIN, organs, now)


def suggested(memory: PlaceMemory, case: Case, key: str, now: datetime) -> None:
    """Those whom a rule asks to think about an order."""
    persons = behind.people(memory, {key}, now)[key]
    _write(memory, case, SUGGESTED, persons, now)


def _tell(memory: PlaceMemory, case: Case, kind: str, organs: Iterable[int], now: datetime) -> None:
    # Everybody who sits in the organ, whether or not they handle cases there: a copy is to be read.
    persons = frozenset(person for person, away, *_rest in behind.in_organs(memory, organs, now) if not away)
    _write(memory, case, kind, persons, now)


def _write(memory: PlaceMemory, case: Case, kind: str, persons: frozenset[UUID], now: datetime) -> None:
    hidden = reader.subjects(memory, [case]).get(case.id, frozenset())
    known = frozenset(person for person in persons if person not in hidden)
    if known:
        draft = Draft(kind, case.id, None, now, None)
        writing.tell(memory, {case.id: case}, [writing.Told(draft, known, frozenset())], now)
