"""The meetings' pages: what is to be held, the agenda with its forms, the minutes, and who sees which."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from huying.cases.models import Case
from huying.cases.tests.zhenlai import VILLAGE
from huying.meetings.models import Meeting
from huying.testing.access import sign_in
from huying.testing.statements import statements


def browser(village, name):
    _ = getattr(village, name)  # made when first asked for
    client = Client()
    sign_in(client, village.people[name])
    return client


@pytest.fixture
def opened(village):
    """A bill of the community on today's agenda, and the secretary's browser at the meeting."""
    made = village.bill()
    client = browser(village, "secretary")
    division = village.memory.by_code(VILLAGE)
    answer = client.post(
        "/meetings/open/", {"flow": "bill", "cycle": "daily", "division": division.id}, follow=True
    )
    assert answer.status_code == 200
    return made, client, Meeting.objects.get(), answer.content.decode()


def test_the_list_offers_the_four_rhythms_with_what_comes_up(village):
    village.bill()
    page = browser(village, "secretary").get("/meetings/").content.decode()
    for word in ("日碰头", "周分析", "旬会商", "月恳谈", "有 1 件列入议程", "还没有开过会"):
        assert word in page


def test_the_clerk_above_reads_and_cannot_decide(village, opened):
    made, _client, meeting, _page = opened
    clerk = browser(village, "clerk")
    assert "日碰头" in clerk.get("/meetings/").content.decode()
    page = clerk.get(f"/meetings/{meeting.id}/").content.decode()
    assert made.number in page
    assert "结束会议" not in page
    assert 'name="move"' not in page
    sent = clerk.post(f"/meetings/{meeting.id}/close/", {"minutes": "x"})
    assert sent.status_code == 422
    assert "只有会议主持人" in sent.content.decode()


def test_nobody_of_elsewhere_reads_it(village, opened):
    _made, _client, meeting, _page = opened
    village.person("far", role="town_clerk", division="220821100")
    client = Client()
    sign_in(client, village.people["far"])
    assert client.get(f"/meetings/{meeting.id}/").status_code == 404
    assert "日碰头" not in client.get("/meetings/").content.decode().partition("开过的会")[2]


def test_deciding_moves_the_bill_and_says_so(opened):
    made, client, meeting, page = opened
    assert "梳理归类，转核验" in page
    url = f"/meetings/{meeting.id}/decide/{made.case_id}/"
    empty = client.post(url, {"move": "sorted", "seen": "1", "key": "a"})
    assert empty.status_code == 422
    answer = client.post(url, {"move": "sorted", "seen": "1", "key": "b", "item": "B02"}, follow=True)
    assert "已议定：梳理归类，转核验" in answer.content.decode()
    assert Case.objects.get(id=made.case_id).step == "check"
    stale = client.post(url, {"move": "genuine", "seen": "1", "key": "c", "site_note": "看过了，确实堵着"})
    assert stale.status_code == 409
    assert "看过了，确实堵着" in stale.content.decode()  # nothing typed is lost


def test_a_move_that_the_meeting_does_not_decide_is_refused(opened):
    made, client, meeting, _page = opened
    answer = client.post(
        f"/meetings/{meeting.id}/decide/{made.case_id}/",
        {
            "move": "refuse",
            "seen": "1",
            "key": "a",
            "refuse_reason": "other",
            "reason": "没有",
            "public_reply": "不能办理这件事",
        },
    )
    assert answer.status_code == 422
    assert Case.objects.get(id=made.case_id).step == "sort"


def test_closing_keeps_the_minutes_and_ends_the_deciding(opened):
    _made, client, meeting, _page = opened
    wrong = client.post(f"/meetings/{meeting.id}/close/", {"minutes": "议了一件", "present": "七"})
    assert wrong.status_code == 422
    assert "议了一件" in wrong.content.decode()
    page = client.post(
        f"/meetings/{meeting.id}/close/", {"minutes": "议了一件，先清理。", "present": "7"}, follow=True
    ).content.decode()
    assert "议了一件，先清理。" in page
    assert 'name="move"' not in page


def test_the_story_of_the_bill_names_the_meeting(opened):
    made, client, meeting, _page = opened
    url = f"/meetings/{meeting.id}/decide/{made.case_id}/"
    client.post(url, {"move": "sorted", "seen": "1", "key": "b", "item": "B02"})
    page = client.get(reverse("cases:case", args=[made.number])).content.decode()
    assert "会议作出决定" in page


def test_a_long_agenda_costs_as_many_statements_as_a_short_one(village, opened):
    _made, client, meeting, _page = opened
    client.get(f"/meetings/{meeting.id}/")
    with statements() as short:
        client.get(f"/meetings/{meeting.id}/")
    for n in range(6):
        village.bill(body=f"楼道里又堆了杂物 {n}")
    Meeting.objects.all().delete()
    division = village.memory.by_code(VILLAGE)
    client.post("/meetings/open/", {"flow": "bill", "cycle": "daily", "division": division.id})
    again = Meeting.objects.get()
    with statements() as long:
        client.get(f"/meetings/{again.id}/")
    assert len(long) == len(short)
    with statements() as listed:
        client.get("/meetings/")
    assert len(listed) <= len(short)
