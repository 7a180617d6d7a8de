"""Issuing: numbers without gaps, delivery to the readers named and to nobody else, nothing changes afterwards."""

from __future__ import annotations

import hashlib
from typing import Any

import pytest
from django.db import DatabaseError, transaction

from huying.cases.actions.erase import erase_case
from huying.cases.models import Case
from huying.ledger.models import Event
from huying.notices.models import Notice
from huying.reports import actions, compose, erasure, queries
from huying.reports.errors import ReportError
from huying.reports.models import Paper, Report
from huying.reports.tests.conftest import END, OCTOBER
from huying.reports.tests.test_kinds import draft, said


def test_delivered_to_the_readers_named(settled: Any) -> None:
    report = actions.issue(settled.actor("desk_head"), draft(settled, "monthly").id)
    assert report.number == "〔2026〕第1期"
    leader, officer = settled.actor("leader1"), settled.actor("water_officer")
    assert queries.one(leader.sight, report.id).id == report.id
    for name in ("water_officer", "resident1", "grid1", "admin", "delegate1"):
        with pytest.raises(Report.DoesNotExist):
            queries.one(settled.actor(name).sight, report.id)
    told = set(Notice.objects.filter(kind="report", case_id=report.id).values_list("person_id", flat=True))
    assert {
        settled.person("leader1").pk,
        settled.person("leader2").pk,
        settled.person("water_head").pk,
    } <= told
    assert officer.person_id not in told
    assert queries.unread(leader.sight) == 1
    actions.opened(leader, report)
    actions.opened(leader, report)
    assert queries.unread(leader.sight) == 0
    assert not Notice.objects.filter(kind="report", person_id=leader.person_id, read_at=None).exists()
    assert Event.objects.filter(kind="report.read", person_id=leader.person_id).count() == 1
    first, second = queries.receipts(report)[:2]
    assert first == (settled.person("leader1").name, END)
    assert second[1] is None


def test_a_draft_is_for_its_office_only(settled: Any) -> None:
    report = draft(settled, "special")
    for name in ("leader1", "inspector1", "desk1", "chengguan_head"):
        with pytest.raises(Report.DoesNotExist):
            queries.one(settled.actor(name).sight, report.id)
        with pytest.raises((ReportError, Report.DoesNotExist)):
            actions.issue(settled.actor(name), report.id)
    assert queries.one(settled.actor("desk_head").sight, report.id).state == Report.State.DRAFT


def test_who_writes_does_not_always_issue(settled: Any) -> None:
    report = draft(settled, "monthly")
    actions.edit(settled.actor("desk1"), report.id, {"texts": {"next": "请抓紧办理。"}})
    with pytest.raises(ReportError) as refused:
        actions.issue(settled.actor("desk1"), report.id)
    assert refused.value.code == "not-allowed"


def test_nothing_changes_after_issue(settled: Any) -> None:
    report = actions.issue(settled.actor("desk_head"), draft(settled, "monthly").id)
    papers = {one.form: (one.sha256, bytes(one.data)) for one in Paper.objects.filter(report_id=report.id)}
    event = Event.objects.get(kind="report.issued", data__report=str(report.id))
    assert {form: hashlib.sha256(data).hexdigest() for form, (_, data) in papers.items()} == {
        form: event.data[form] for form in ("pdf", "docx")
    }
    again = queries.one(settled.actor("leader1").sight, report.id)
    assert compose.digest(again) == event.data["content"]
    for act in (actions.edit, actions.count_anew, actions.drop, actions.issue):
        with pytest.raises(ReportError):
            act(settled.actor("desk_head"), report.id, *([{}] if act is actions.edit else []))
    for change in (
        lambda: Report.objects.filter(id=report.id).update(title="另一个"),
        lambda: Report.objects.filter(id=report.id).delete(),
        lambda: Paper.objects.filter(report_id=report.id).update(data=b""),
        lambda: Paper.objects.filter(report_id=report.id).delete(),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()
    assert compose.digest(Report.objects.get(id=report.id)) == event.data["content"]


def test_a_correction_is_another_report(settled: Any) -> None:
    head = settled.actor("desk_head")
    first = actions.issue(head, draft(settled, "monthly").id)
    second = actions.make(head, "monthly", settled.top, OCTOBER, corrects=first.id)
    second = actions.issue(head, second.id)
    assert (first.seq, second.seq) == (1, 2)
    assert [one.id for one in queries.corrections(first)] == [second.id]
    with pytest.raises(ReportError):
        actions.make(head, "monthly", settled.top, OCTOBER, corrects=draft(settled, "monthly").id)


def test_the_ledger_says_what_was_left_out(settled: Any) -> None:
    """An organ that could be named and is not stands in the record."""
    report = draft(settled, "special")
    report.content["sections"][1] |= {
        "candidates": [
            {"id": "1", "title": "甲", "text": "甲。"},
            {"id": "2", "title": "乙", "text": "乙。"},
        ],
        "chosen": ["1", "2"],
    }
    organ = settled.memory.organ_by_code("water").id
    report.content["sections"][1]["candidates"][0]["id"] = str(organ)
    report.content["sections"][1]["chosen"][0] = str(organ)
    report.save(update_fields=["content"])
    head = settled.actor("desk_head")
    actions.edit(head, report.id, {"chosen": {"named": [str(organ)]}})
    actions.issue(head, report.id)
    event = Event.objects.get(kind="report.issued", data__report=str(report.id))
    assert (event.data["organs"], event.data["left_out"]) == ([organ], [2])
    named = Event.objects.filter(kind="supervise.named", place_id=settled.place_id)
    assert [one.data["organ"] for one in named] == [organ]


def test_an_erased_case_is_taken_out_of_issued_reports_and_drafts_and_the_record_says_so(
    lived: Any, tmp_path: Any
) -> None:
    head = lived.actor("desk_head")
    report = actions.issue(head, draft(lived, "monthly").id)
    later = draft(lived, "monthly")
    section = next(one for one in report.content["sections"] if one["kind"] == "cases")
    told = compose.chosen(section, report.edits)[0]
    case = Case.objects.get(place_id=lived.place_id, id=told["id"])
    assert case.public_text in told["text"]
    assert case.number in said(bytes(queries.paper(report, "pdf").data), tmp_path)
    issued = Event.objects.get(kind="report.issued", data__report=str(report.id))

    erase_case(lived.place_id, case.number, "request", "HN-1", head)

    again = queries.one(head.sight, report.id)
    assert told["text"] not in str(again.content)
    assert erasure.GONE in str(compose.blocks(again.content, again.edits))
    assert (again.number, again.issued_at) == (report.number, report.issued_at)
    event = Event.objects.get(kind="report.redacted", data__report=str(report.id))
    papers = {form: bytes(queries.paper(again, form).data) for form in ("pdf", "docx")}
    assert {form: hashlib.sha256(data).hexdigest() for form, data in papers.items()} == {
        form: event.data[form] for form in ("pdf", "docx")
    }
    assert case.number not in said(papers["pdf"], tmp_path)
    assert event.data["content"] == compose.digest(again)
    assert event.data["before"] == [issued.data["pdf"], issued.data["docx"]]
    assert told["text"] not in str(Report.objects.get(id=later.id).content)
    # repeated, as after a backup was put back: nothing more happens; and the report is closed again
    erasure.wipe(lived.place_id, ("case", case.id), event.id)
    assert Event.objects.filter(kind="report.redacted").count() == 1
    with pytest.raises(DatabaseError), transaction.atomic():
        Paper.objects.filter(report_id=report.id).delete()
