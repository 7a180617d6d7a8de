"""An export or a printed file goes on record before the first byte leaves."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from huying import clock
from huying.cases.models import Case
from huying.cases.who import Actor
from huying.ledger import actions as ledger


def exported(place_id: int, actor: Actor, rows: int, form: str, *, now: datetime | None = None) -> None:
    """Record that *actor* exports *rows* cases as *form* (csv or xlsx)."""
    entry = ledger.Entry(kind="case.exported", data={"rows": rows, "form": form}, at=now or clock.now())
    with transaction.atomic():
        ledger.append(place_id, [entry], actor.for_ledger())


def printed(case: Case, actor: Actor, form: str, *, now: datetime | None = None) -> None:
    """Record that *actor* takes out the file of a case as *form* (docx, pdf or page)."""
    entry = ledger.Entry(
        kind="case.printed", data={"form": form}, at=now or clock.now(), case_id=case.id, version=case.version
    )
    with transaction.atomic():
        ledger.append(case.place_id, [entry], actor.for_ledger())
