"""Orders down and requests up are cases that only the two sides see; every look is on the log; outcomes are kept."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.urls import reverse

from huying.cases.actions import perform
from huying.cases.models import Case
from huying.cases.tests.desk_browser import browser, desk, officer, text
from huying.inspection import patterns
from huying.inspection.models import Finding, Look, Paper
from huying.inspection.tests.making import a_case, close, facts, inspector
from huying.ledger.models import Event
from huying.ledger.verify import verify
from huying.testing.statements import statements

AGO = datetime(2026, 2, 20, 1, 0, tzinfo=UTC)


def watching(staff: Any, name: str = "inspector") -> Any:
    return browser(staff, name, role="inspector", organ="discipline")


def a_finding(staff: Any) -> Finding:
    organ = staff.memory.organ_by_code("chengguan").id
    facts(staff.place.pk, f"organ:{organ}", "returned", 20, AGO)
    facts(staff.place.pk, "organ:999", "sent", 100, AGO)
    assert patterns.look_for(staff.place.pk) == 1
    return Finding.objects.get(place_id=staff.place.pk)


def test_an_order_from_a_finding_to_its_end(staff: Any, clock: Any) -> None:
    found, who = a_finding(staff), watching(staff)
    form = text(who.get(reverse("inspection:order"), {"finding": str(found.id)}))
    assert "退单明显多于其他单位" in form
    sent = {
        "organ": "chengguan",
        "text": "请核查退单偏多的原因并报送情况。",
        "days": "3",
        "finding": str(found.id),
        "key": "k1",
    }
    assert who.post(reverse("inspection:order"), sent).status_code == 302
    case = Case.objects.get(place_id=staff.place.pk, kind="inspection_order")
    assert (case.confidential, case.step) == (True, "sign")
    assert case.number.startswith("HNJD2026-")
    found.refresh_from_db()
    assert (found.outcome, found.order_id, found.note) == ("ordered", case.id, case.number)
    # The same form again issues no second one.
    who.post(reverse("inspection:order"), sent)
    assert Case.objects.filter(place_id=staff.place.pk, kind="inspection_order").count() == 1

    page = reverse("cases:case", args=[case.number])
    assert officer(staff).get(page).status_code == 200
    for other in (
        officer(staff, "water"),
        desk(staff),
        browser(staff, "leader", role="leader", division="220523"),
    ):
        assert other.get(page).status_code == 404
    place = staff.place.pk
    perform(place, case.id, "signed", staff.officer(), {})
    case.refresh_from_db()
    assert case.due_at is not None
    assert case.due_at.date() == datetime(2026, 3, 5, tzinfo=UTC).date()  # three workdays
    perform(place, case.id, "answered", staff.officer(), {"account": "职责清单更新后未同步，已更正。"})
    with pytest.raises(Case.DoesNotExist):  # it is with the office now
        perform(place, case.id, "accepted", staff.officer(), {"finding": "同意"})
    perform(place, case.id, "accepted", inspector(staff), {"finding": "情况属实，同意办结"})
    case.refresh_from_db()
    assert (case.result, case.closed_at is not None) == ("accepted", True)
    assert verify(place).ok


def test_an_organ_asks_and_only_the_office_reads_it(staff: Any, clock: Any) -> None:
    who = officer(staff)
    answer = who.post(
        reverse("inspection:ask"), {"text": "某项目三方职责不清，请派员列席协调会。", "key": "a1"}
    )
    assert answer.status_code == 302
    case = Case.objects.get(place_id=staff.place.pk, kind="inspection_request")
    page = reverse("cases:case", args=[case.number])
    assert who.get(page).status_code == 200
    assert watching(staff).get(page).status_code == 200
    for other in (officer(staff, "water"), desk(staff), officer(staff, role="head")):
        assert other.get(page).status_code == 404
    assert case.number in text(watching(staff).get(reverse("inspection:papers")))
    perform(staff.place.pk, case.id, "answer", inspector(staff), {"answer": "将派员列席。"})
    case.refresh_from_db()
    assert case.result == "answered"
    assert [(p.down, p.id) for p in Paper.objects.filter(place_id=staff.place.pk)] == [(False, case.id)]


def test_every_look_is_on_the_log_and_on_the_ledger(staff: Any, read_on: Any, clock: Any) -> None:
    found, who = a_finding(staff), watching(staff)
    case = a_case(staff, AGO)
    Finding.objects.filter(id=found.id).update(case_ids=[case.id])
    who.get(reverse("inspection:findings"))
    who.get(reverse("inspection:finding", args=[found.id]))
    assert "已到现场" not in text(who.get(reverse("inspection:case", args=[case.number])))
    page = text(who.get(reverse("inspection:log")))
    assert page.count('<td class="lead"><b>inspector</b>') == 4
    assert case.number in page
    events = Event.objects.filter(place_id=staff.place.pk, kind="inspection.looked").order_by("id")
    assert [event.data["page"] for event in events] == ["findings", "finding", "case", "log"]
    assert events[2].data["case"] == str(case.id)
    assert events[2].person_id == staff.person("inspector").id
    assert events[2].case_id is None  # and so not on the case's own story
    looks = Look.objects.filter(place_id=staff.place.pk).order_by("id")
    assert [one.page for one in looks] == ["findings", "finding", "case", "log"]


def test_a_page_that_is_refused_shows_nothing(staff: Any, clock: Any) -> None:
    a_finding(staff)
    for other in (officer(staff), desk(staff), browser(staff, "admin", role="admin", division="220523")):
        for name in ("findings", "papers", "order", "log"):
            assert other.get(reverse(f"inspection:{name}")).status_code == 404
        assert 'href="/inspection/"' not in text(other.get(reverse("cases:work")))
    assert not Look.objects.exists()


def test_complaints_stay_invisible_to_whom_they_are_about(staff: Any, clock: Any) -> None:
    """Also to inspectors, when it is about their own office or themselves; and a closed circle stays closed."""
    office = staff.memory.organ_by_code("discipline").id
    about = a_case(staff, AGO, call="complaint", subject_organ_id=office)
    closed = a_case(staff, AGO, call="report")
    found = a_finding(staff)
    Finding.objects.filter(id=found.id).update(case_ids=[about.id, closed.id])
    who = watching(staff)
    page = text(who.get(reverse("inspection:finding", args=[found.id])))
    for case in (about, closed):
        assert case.number not in page
        assert who.get(reverse("inspection:case", args=[case.number])).status_code == 404
    assert "另有 2 件不向你列出" in page


def test_an_outcome_is_noted_once_with_words(staff: Any, clock: Any) -> None:
    found, who = a_finding(staff), watching(staff)
    where = reverse("inspection:conclude", args=[found.id])
    assert who.post(where, {"outcome": "nothing", "note": " "}).status_code == 422
    assert who.post(where, {"outcome": "ordered", "note": "不能这样"}).status_code == 422
    assert who.post(where, {"outcome": "nothing", "note": "新职责清单刚下发，属磨合期"}).status_code == 302
    assert watching(staff, "second").post(where, {"outcome": "asked", "note": "我也看了"}).status_code == 302
    found.refresh_from_db()
    assert (found.outcome, found.note) == ("nothing", "新职责清单刚下发，属磨合期")
    [event] = Event.objects.filter(place_id=staff.place.pk, kind="inspection.concluded")
    assert event.data == {"finding": str(found.id), "outcome": "nothing"}
    assert "新职责清单" in text(who.get(reverse("inspection:finding", args=[found.id])))
    assert "退单明显多于其他单位" in text(who.get(reverse("inspection:findings"), {"looked": "1"}))


def test_numbers_and_test_are_told_in_words(staff: Any, read_on: Any, clock: Any) -> None:
    found = a_finding(staff)
    page = text(watching(staff).get(reverse("inspection:finding", args=[found.id])))
    assert "90天内20件中有20件（100%）；其余单位合计100件中有0件（0.0%）" in page
    assert "单侧二项检验" in page
    for _ in range(5):
        close(staff, a_case(staff, AGO), AGO, timedelta(minutes=4))
    read_on(staff.place.pk)
    patterns.look_for(staff.place.pk)
    assert "办理的5件中有5件" in text(watching(staff).get(reverse("inspection:findings")))


def test_stated_numbers_of_statements(staff: Any, clock: Any) -> None:
    found, who = a_finding(staff), watching(staff)
    pages = {
        "findings": reverse("inspection:findings"), "finding": reverse("inspection:finding", args=[found.id]),
        "papers": reverse("inspection:papers"), "log": reverse("inspection:log"),
    }  # fmt: skip
    counted = {}
    for name, where in pages.items():
        who.get(where)
        with statements() as seen:
            who.get(where)
        counted[name] = len(seen)
    for _ in range(3):
        who.get(pages["log"])
    with statements() as seen:
        who.get(pages["log"])
    assert len(seen) == counted["log"]
    assert max(counted.values()) <= 14, counted
