"""What erasing a case takes out of reports: the words that told of it as a typical case, in drafts and in issued papers.

An issued report is otherwise never changed. Here its text and its papers are made anew without those words, and an event
says so with the hashes before and after, so that whoever holds the old paper, or its hash, finds what became of it.
"""

from __future__ import annotations

import contextlib
import hashlib
from typing import Any
from uuid import UUID

from django.db import connection

from huying import clock
from huying.ledger.actions import Actor, Entry, append
from huying.ledger.erasure import on_erase
from huying.ledger.sealing import Subject
from huying.places import memory as places
from huying.reports import compose, ledger_kinds, queries
from huying.reports.models import Paper, Report
from huying.reports.papers.fonts import NoFont

GONE = "（此例已依法抹去。）"


def register() -> None:
    """Have the ledger call this room with every erasure; called when the app is ready."""
    on_erase(wipe)


def wipe(place_id: int, subject: Subject, event_id: UUID) -> None:
    """Take the case's words out of every report that holds them. Doing it twice is harmless.

    Looks through all reports of the place: erasures are rare, and reports few.
    """
    kind, ident = subject
    if kind != "case":
        return
    mark = str(ident)
    told = Report.objects.select_for_update().extra(where=["content::text LIKE %s"], params=[f"%{mark}%"])
    for report in told.filter(place_id=place_id).order_by("id"):
        if not _take_out(report.content, mark):
            continue
        if report.state == Report.State.ISSUED:
            _issue_again(report, event_id)
        else:
            report.version += 1
            report.save(update_fields=["content", "version"])


def _take_out(content: dict[str, Any], mark: str) -> bool:
    """Whether words were taken out."""
    found = False
    for section in content["sections"]:
        for one in section.get("candidates", ()):
            if one.get("id") == mark and one["text"] != GONE:
                one["title"], one["text"], found = "", GONE, True
    return found


def _issue_again(report: Report, cause: UUID) -> None:
    """The report's row and papers without what was taken out, and the event that tells of it."""
    # As when a report is issued: libraries of 20 MB that nothing else needs.
    from huying.reports.papers.pdf import pdf
    from huying.reports.papers.word import docx

    before = queries.papers(report)
    sheet = compose.sheet(places.of(report.place_id), report, queries.corrected(report))
    assert report.issued_at is not None
    made = {"docx": docx(sheet, report.issued_at)}
    with contextlib.suppress(NoFont):  # an erasure does not wait for a font: the paper goes, the page stays
        made["pdf"] = pdf(sheet, report.issued_at)
    sums = {form: hashlib.sha256(data).hexdigest() for form, data in made.items()}
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL huying.erasing = 'on'")
        report.save(update_fields=["content"])
        Paper.objects.filter(place_id=report.place_id, report_id=report.id).delete()
        Paper.objects.bulk_create(
            Paper(place_id=report.place_id, report_id=report.id, form=form, sha256=sums[form], data=data)
            for form, data in made.items()
        )
        cursor.execute("SET LOCAL huying.erasing = 'off'")
    data = {
        "report": report.id, "cause": cause, "content": compose.digest(report), "pdf": sums.get("pdf", ""),
        "docx": sums["docx"], "before": [before.get("pdf", ""), before.get("docx", "")],
    }  # fmt: skip
    append(report.place_id, [Entry(ledger_kinds.REDACTED, data, clock.now())], Actor())
