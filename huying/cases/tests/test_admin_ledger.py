"""The record's screen: verifying, sealing, receipts; erasing with ground and rule."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection

from huying.cases.actions import Refused, perform
from huying.cases.actions.erase import erase_case
from huying.cases.models import Case, Contact
from huying.cases.tests.desk_browser import browser
from huying.cases.tests.test_lifecycle import STALL, told
from huying.cases.tests.test_tallies import follow
from huying.cases.tests.walking import said
from huying.ledger import queries as ledger
from huying.ledger.ledger_kinds import ERASED
from huying.ledger.models import Event
from huying.testing.statements import assert_statements


def admin(staff: Any) -> Any:
    return browser(staff, "admin", role="admin", division="220523")


def head(staff: Any) -> Any:
    return browser(staff, "centre-head", role="centre_head", organ="centre")


def closed(staff: Any) -> Case:
    case = told(staff)
    perform(staff.place.pk, case.id, "void", staff.desk, {"reason": "重复录入"})
    case.refresh_from_db()
    return case


def sent(case: Case, **more: str) -> dict[str, str]:
    return {
        "what": "case",
        "target": case.number,
        "again": case.number,
        "ground": "request",
        "rule": "HN-2026-3",
        **more,
    }


def test_verifying_an_untouched_record_and_an_altered_one(staff: Any) -> None:
    told(staff)
    follow(staff.place)
    client = admin(staff)
    assert client.post("/admin/ledger/check/").context["result"]["ok"] is True
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE ledger_event DISABLE TRIGGER USER")  # what only the tables' owner can do
        cursor.execute(
            "UPDATE ledger_event SET data = jsonb_set(data, '{how}', '\"x\"') WHERE kind = 'case.reported'"
        )
        cursor.execute("ALTER TABLE ledger_event ENABLE TRIGGER USER")
    answer = client.post("/admin/ledger/check/")
    assert answer.context["result"]["ok"] is False
    assert "tone-bad" in answer.content.decode()


def test_a_receipt_is_handed_out_and_the_record_holds_against_it(staff: Any) -> None:
    told(staff)
    client = admin(staff)
    answer = client.post("/admin/ledger/seal/")
    assert answer["Content-Disposition"].startswith("attachment; filename=")
    receipt = json.loads(answer.content)
    told(staff)
    follow(staff.place)
    kept = SimpleUploadedFile("r.json", answer.content)
    checked = client.post("/admin/ledger/check/", {"receipt": kept, "with": "receipt"})
    assert checked.context["result"]["ok"] is True
    assert checked.context["result"]["against"] is True
    forged = SimpleUploadedFile("r.json", json.dumps({**receipt, "chain": "00" * 32}).encode())
    found = client.post("/admin/ledger/check/", {"receipt": forged, "with": "receipt"})
    assert found.context["result"]["ok"] is False


@pytest.mark.parametrize("content", [b"", b"{}", b"\xff\xfe", b"x" * 30_000])
def test_what_is_no_receipt_is_said_so(staff: Any, content: bytes) -> None:
    told(staff)
    follow(staff.place)
    answer = admin(staff).post(
        "/admin/ledger/check/", {"receipt": SimpleUploadedFile("r.json", content), "with": "receipt"}
    )
    assert answer.status_code == 422
    assert answer.context["receipt_error"]


def test_erasing_leaves_the_steps_and_takes_the_words(staff: Any) -> None:
    case = closed(staff)
    follow(staff.place)
    client = head(staff)
    assert client.post("/admin/erasures/", sent(case)).status_code == 303
    case.refresh_from_db()
    assert (case.title, case.body, case.address) == ("", "", "")
    assert bytes(Contact.objects.get(case_id=case.id).sealed) == b""
    story = ledger.history(staff.place.pk, case.id, private=True)
    assert [one.event.data.get("move") for one in story if one.event.kind == "case.moved"] == ["void"]
    assert STALL not in str(story)
    event = Event.objects.get(kind=ERASED)
    assert (event.data["ground"], event.data["rule"]) == ("request", "HN-2026-3")
    assert event.data["approver"] == str(staff.people["centre-head"].pk)
    page = said(client.get("/admin/erasures/"))
    assert case.number in page
    assert "HN-2026-3" in page
    follow(staff.place)
    assert admin(staff).post("/admin/ledger/check/").context["result"]["ok"] is True


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"again": "HN1"}, "again"), ({"ground": "whim"}, "ground"), ({"rule": "因为领导说"}, "rule"),
        ({"target": "HN-none", "again": "HN-none"}, "target"), ({"target": "", "again": ""}, "target"),
        ({"what": "person", "target": "admin", "again": "admin"}, "target"),
    ],
)  # fmt: skip
def test_a_form_that_is_not_right_erases_nothing(staff: Any, change: dict[str, str], field: str) -> None:
    case = closed(staff)
    admin(staff)
    answer = head(staff).post("/admin/erasures/", sent(case, **change))
    assert answer.status_code == 422
    assert field in answer.context["errors"]
    assert Case.objects.get(id=case.id).title != ""
    assert not Event.objects.filter(kind=ERASED).exists()


def test_an_open_case_is_not_erased(staff: Any) -> None:
    case = told(staff)
    assert head(staff).post("/admin/erasures/", sent(case)).status_code == 422
    assert Case.objects.get(id=case.id).title != ""


def test_only_who_has_the_right_erases(staff: Any) -> None:
    case = closed(staff)
    assert admin(staff).post("/admin/erasures/", sent(case)).status_code == 403
    with pytest.raises(Refused) as caught:
        erase_case(staff.place.pk, case.number, "request", "HN-1", staff.desk)
    assert caught.value.code == "not-allowed"


def test_a_resident_is_erased_and_their_cases_are_nobodys(staff: Any) -> None:
    case = closed(staff)
    client = head(staff)
    answer = client.post("/admin/erasures/", sent(case, what="person", target="resident", again="resident"))
    assert answer.status_code == 303
    case.refresh_from_db()
    assert case.reporter_id is None
    assert case.title != ""


def test_the_first_page_shows_what_one_may_manage(staff: Any) -> None:
    client = admin(staff)
    text = said(client.get("/admin/"))
    assert "人员" in text
    assert "PostgreSQL" in text
    inspector = browser(staff, "inspector", role="inspector", organ="discipline")
    assert "/admin/people/" not in inspector.get("/admin/").content.decode()
    with assert_statements(11):
        client.get("/admin/")
    with assert_statements(9):
        client.get("/admin/ledger/")
