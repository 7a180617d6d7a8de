"""An issued report that somebody with the database in hand alters is found by ``ledger verify``."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import connection, transaction

from huying.ledger import jobs as ledger_jobs
from huying.ledger import wording
from huying.ledger.models import Event
from huying.ledger.verify import verify
from huying.reports import actions
from huying.reports.models import Paper, Report
from huying.reports.tests.test_issuing import draft


@contextmanager
def past_the_triggers() -> Iterator[Any]:
    """As whoever knows how an erasure gets past them."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL huying.erasing = 'on'")
        yield cursor
        cursor.execute("SET LOCAL huying.erasing = 'off'")


@pytest.fixture
def issued(settled: Any) -> Report:
    report = actions.issue(settled.actor("desk_head"), draft(settled, "monthly").id)
    ledger_jobs.drain(settled.place_id)
    assert verify(settled.place_id).ok
    return report


@pytest.mark.parametrize(
    ("statement", "code"),
    [
        ("UPDATE reports_report SET title = title || '（修订）' WHERE id = %s", "vouched_altered"),
        (
            'UPDATE reports_report SET content = content || \'{"office": "x"}\' WHERE id = %s',
            "vouched_altered",
        ),
        ('UPDATE reports_report SET edits = \'{"texts": {}, "more": 1}\' WHERE id = %s', "vouched_altered"),
        ("UPDATE reports_paper SET data = 'x' WHERE report_id = %s AND form = 'pdf'", "vouched_altered"),
        ("DELETE FROM reports_paper WHERE report_id = %s AND form = 'docx'", "vouched_missing"),
        ("UPDATE reports_report SET state = 'draft' WHERE id = %s", "vouched_missing"),
    ],
)
def test_what_was_altered_is_found_and_named(issued: Report, statement: str, code: str) -> None:
    with past_the_triggers() as cursor:
        cursor.execute(statement, [issued.id])
        assert cursor.rowcount == 1
    found = verify(issued.place_id)
    event = Event.objects.get(kind="report.issued", data__report=str(issued.id))
    assert {(one.code, one.event_id) for one in found.findings} == {(code, event.id)}
    said = "\n".join(wording.lines(found, None))
    assert str(event.id) in said
    assert wording.lines(found, None)[-1] == "账本本身完好，但它所担保的内容被改动过"


def test_a_report_that_nobody_issued_is_found(issued: Report) -> None:
    Report.objects.create(
        **{
            field.attname: getattr(issued, field.attname)
            for field in Report._meta.concrete_fields
            if field.attname not in ("id", "seq", "number", "pk")
        },
        id=issued.id.__class__(int=issued.id.int + 1), seq=99, number="〔2026〕第99期",
    )  # fmt: skip
    assert [(one.code, one.detail) for one in verify(issued.place_id).findings] == [
        ("vouched_stray", "〔2026〕第99期")
    ]


def test_papers_are_not_opened_where_the_role_may_not_read_them(issued: Report, monkeypatch: Any) -> None:
    from huying.ledger import vouched

    with past_the_triggers():
        Paper.objects.filter(report_id=issued.id, form="pdf").update(data=b"x")
    monkeypatch.setattr(vouched, "_may_read", lambda tables: False)
    found = verify(issued.place_id)
    assert found.ok
    assert found.unread == ["reports", "appraisals"] or found.unread == ["appraisals", "reports"]
