"""Whether issued reports and their papers are still those of which the ledger keeps the hashes."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import Any
from uuid import UUID

from huying.ledger.models import Event
from huying.ledger.vouched import ALTERED, MISSING, STRAY, Broken
from huying.reports import compose, ledger_kinds
from huying.reports.models import Paper, Report

TABLES = ("reports_report", "reports_paper")
FORMS = ("pdf", "docx")


def check(place_id: int) -> Iterator[Broken]:
    """Every issued report against the last event that tells what it says (it was issued, or an erasure reached it).

    Three SQL statements for each report; one paper at a time is in memory.
    """
    last: dict[UUID, Event] = {}
    told = Event.objects.filter(place_id=place_id, kind__in=(ledger_kinds.ISSUED, ledger_kinds.REDACTED))
    for event in told.order_by("id"):
        last[UUID(str(event.data["report"]))] = event
    for ident, event in last.items():
        report = Report.objects.filter(place_id=place_id, id=ident).first()
        if report is None or report.state != Report.State.ISSUED:
            yield Broken(MISSING, event.id, str(ident))
            continue
        if compose.digest(report) != event.data["content"]:
            yield Broken(ALTERED, event.id, report.number)
        yield from _papers(report, event.id, event.data)
    there = Report.objects.filter(place_id=place_id, state=Report.State.ISSUED).exclude(id__in=last)
    for number in there.values_list("number", flat=True):
        yield Broken(STRAY, None, number)


def _papers(report: Report, event_id: UUID, said: dict[str, Any]) -> Iterator[Broken]:
    for form in FORMS:
        paper = Paper.objects.filter(place_id=report.place_id, report_id=report.id, form=form).first()
        name = f"{report.number} {form}"
        if paper is None:
            if said.get(form):
                yield Broken(MISSING, event_id, name)
        elif hashlib.sha256(bytes(paper.data)).hexdigest() != said.get(form):
            yield Broken(ALTERED, event_id, name)
