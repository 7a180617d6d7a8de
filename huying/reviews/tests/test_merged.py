"""Whoever's call was merged into another reads where it went, and rates what became of it: once, shown apart."""

from __future__ import annotations

from typing import Any

from django.test import Client

from huying.cases import tracks
from huying.cases.actions import perform
from huying.cases.models import Case
from huying.cases.tests.test_lifecycle import told
from huying.reviews.models import Answer
from huying.reviews.tests.conftest import close


def merged(staff: Any) -> tuple[Case, Case, Client]:
    """A lead case, a call that was merged into it, and the browser of whoever made that call."""
    lead, case = told(staff), told(staff)
    perform(staff.place.pk, case.id, "merge", staff.desk, {"other": lead.number, "reason": "同一处占道"})
    case.refresh_from_db()
    assert (case.result, case.lead_id) == ("merged", lead.id)
    client = Client()
    client.post("/track/", {"code": tracks.code_of(case.id)})
    return lead, case, client


def test_the_merged_call_says_where_it_went_and_offers_the_rating(clock: Any, staff: Any) -> None:
    lead, case, client = merged(staff)
    page = client.get(f"/track/{case.number}/").content.decode()
    assert lead.number in page
    assert "/rate/merged/" not in page  # it is not over yet
    assert client.get(f"/rate/merged/{case.number}/").status_code == 404
    close(staff, lead)
    assert f"/rate/merged/{case.number}/" in client.get(f"/track/{case.number}/").content.decode()
    there = client.get(f"/rate/merged/{case.number}/")["Location"]
    form = client.get(there).content.decode()
    assert 'name="wish"' not in form  # a new round is the first caller's to ask for
    assert (
        client.post(there, {"satisfaction": "unsatisfied", "wish": "again", "comment": "还在"}).status_code
        == 200
    )
    lead.refresh_from_db()
    assert (lead.satisfaction, lead.round) == (None, 1)
    [answer] = Answer.objects.filter(case_id=lead.id)
    assert (answer.joined, answer.contact_id, answer.satisfaction, answer.wish) == (True, case.id, 1, False)
    again = client.get(f"/rate/merged/{case.number}/")["Location"]
    assert client.post(again, {"satisfaction": "satisfied"}).status_code == 409
    assert Answer.objects.filter(case_id=lead.id).count() == 1


def test_only_the_caller_of_the_merged_call_gets_there(clock: Any, staff: Any) -> None:
    lead, case, _client = merged(staff)
    close(staff, lead)
    assert Client().get(f"/rate/merged/{case.number}/").status_code == 404
    other = Client()
    other.post("/track/", {"code": tracks.code_of(told(staff).id)})
    assert other.get(f"/rate/merged/{case.number}/").status_code == 404


def test_it_is_shown_with_those_who_joined(clock: Any, staff: Any) -> None:
    from huying.cases.tests.desk_browser import browser

    lead, case, client = merged(staff)
    close(staff, lead)
    client.post(client.get(f"/rate/merged/{case.number}/")["Location"], {"satisfaction": "fair"})
    page = (
        browser(staff, "desk", role="centre_desk", organ="centre")
        .get(f"/cases/{lead.number}/")
        .content.decode()
    )
    assert "附议人评价" in page
    assert "基本满意 1" in page
