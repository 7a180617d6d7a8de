"""The page of notices, the bell, one's choice, and what the administrator sees."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from huying.cases.actions import perform
from huying.cases.models import Case
from huying.cases.tests.test_lifecycle import told
from huying.clock import now
from huying.ledger.erasure import erase
from huying.ledger.ids import uuid7
from huying.notices import actions, queries
from huying.notices.models import Choice, Delivery, Notice
from huying.testing.access import sign_in
from huying.testing.statements import assert_statements, statements


@pytest.fixture
def noticed(staff: Any, read_on: Any) -> Any:
    """An officer with one new case, and a resident with a message."""
    officer = staff.officer()
    case = told(staff)
    perform(staff.place.pk, case.id, "message", officer, {"message": "我们正在路上"})
    read_on(staff.place.pk)
    return case


def browser(person: Any) -> Client:
    client = Client()
    sign_in(client, person)
    return client


def test_the_page_says_what_it_is_about_and_leads_there(staff: Any, noticed: Case) -> None:
    client = browser(staff.people["officer-chengguan"])
    page = client.get("/notices/").content.decode()
    assert "新任务" in page
    assert noticed.title in page
    notice = Notice.objects.get(kind="work")
    assert reverse("notices:open", args=[notice.id]) in page
    assert "1" in client.get("/notices/bell/").content.decode()
    there = client.get(reverse("notices:open", args=[notice.id]))
    assert there["Location"] == f"/cases/{noticed.number}/"
    assert client.get(there["Location"]).status_code == 200
    assert 'class="hy-count' not in client.get("/notices/bell/").content.decode()


def test_a_resident_is_led_to_their_own_page(staff: Any, noticed: Case) -> None:
    client = browser(staff.people["resident"])
    assert "有消息给您" in client.get("/notices/").content.decode()
    notice = Notice.objects.get(kind="message")
    there = client.get(reverse("notices:open", args=[notice.id]))
    assert there["Location"] == f"/track/{noticed.number}/"
    assert client.get(there["Location"]).status_code == 200


def test_nobody_opens_or_reads_anothers_notices(staff: Any, noticed: Case) -> None:
    client = browser(staff.people["resident"])
    notice = Notice.objects.get(kind="work")
    assert client.get(reverse("notices:open", args=[notice.id])).status_code == 404
    client.post("/notices/read/")
    notice.refresh_from_db()
    assert notice.read_at is None
    assert Notice.objects.get(kind="message").read_at is not None


def test_an_erased_case_has_no_words(staff: Any, noticed: Case, clock: Any) -> None:
    title = noticed.title
    erase(staff.place.pk, ("case", noticed.id), "request", "pipl-47", staff.desk.person_id, now())
    page = browser(staff.people["officer-chengguan"]).get("/notices/").content.decode()
    assert noticed.number in page
    assert title not in page
    assert "已依规删除" in page


def test_a_case_out_of_sight_has_no_words_either(staff: Any, noticed: Case) -> None:
    desk = staff.desk.sight
    Case.objects.filter(id=noticed.id).update(
        owner_key=f"desk:{staff.memory.top.id}", organ_id=None, organ_ids=[], confidential=True
    )
    page = browser(staff.people["officer-chengguan"]).get("/notices/").content.decode()
    assert noticed.title not in page
    assert noticed.number not in page
    assert "已不由您办理" in page
    assert f"desk:{staff.memory.top.id}" in desk.owner_keys


def test_statements_do_not_grow_with_the_notices(staff: Any, noticed: Case, read_on: Any) -> None:
    sight = staff.officer().sight
    with assert_statements(2):
        queries.page(sight)
    with assert_statements(1):
        queries.unread(sight)
    client = browser(staff.people["officer-chengguan"])
    client.get("/notices/")
    with statements() as few:
        client.get("/notices/")
    for n in range(5):
        told(staff, body=f"东凤街道菜市场门口占道经营，流动摊贩把人行道全占了，第{n}处")
    read_on(staff.place.pk)
    with statements() as many:
        client.get("/notices/")
    assert len(many) == len(few) <= 10, many


def test_pages_hang_together(staff: Any, noticed: Case, read_on: Any) -> None:
    for n in range(4):
        told(staff, body=f"东凤街道菜市场门口占道经营，流动摊贩把人行道全占了，第{n}处")
    read_on(staff.place.pk)
    sight, seen, after = staff.officer().sight, [], ""
    while True:
        lines, after = queries.page(sight, after=after, size=2)
        seen += [line.id for line in lines]
        if not after:
            break
    assert len(seen) == len(set(seen)) == 5
    assert len(queries.page(sight, after="nonsense", size=2)[0]) == 2
    assert actions.read_all(sight) == 5
    assert queries.page(sight, only_unread=True) == ([], "")


def test_choosing_how_to_be_told(staff: Any) -> None:
    staff.officer()
    person = staff.people["officer-chengguan"]
    client = browser(person)
    wrong = client.post("/notices/choice/", {"mail": "on", "address": "nowhere"})
    assert wrong.status_code == 422
    assert "邮箱" in wrong.content.decode()
    assert client.post("/notices/choice/", {"mail": "on", "address": "li@example.org"}).status_code == 303
    held = Choice.objects.get(person_id=person.pk)
    assert (held.channels, held.nights) == (["mail"], False)
    assert "li@example.org" in client.get("/notices/choice/").content.decode()


def test_the_administrator_sees_what_failed_and_sends_it_again(staff: Any, noticed: Case, clock: Any) -> None:
    at, place = now(), staff.place.pk
    common = {
        "channel": "sms",
        "state": "failed",
        "problem": "http-503",
        "at": at,
        "due_at": at,
        "changed_at": at,
    }
    failed = Delivery.objects.create(
        place_id=place, id=uuid7(), case_id=noticed.id, template="work", **common
    )
    Delivery.objects.create(place_id=0, id=uuid7(), template="code", **common)
    admin = staff.person("admin", role="admin", division="220523")
    client = browser(admin)
    page = client.get("/admin/messages/").content.decode()
    assert page.count("http-503") == 2
    again = reverse("notices:again", args=[place, failed.id])
    assert page.count("/again/") == 1
    assert client.post(again).status_code == 303
    failed.refresh_from_db()
    assert (failed.state, failed.tries) == ("waiting", 0)
