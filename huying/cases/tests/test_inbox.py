"""The inbox: what waits, by limit; scopes, filters, search, marks, saved filters; the same cost at any length."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse

from huying.cases.actions import perform
from huying.cases.models import Case, SavedFilter
from huying.cases.readers import index_words
from huying.cases.tests.desk_browser import browser, desk, officer, reported, text, unclear
from huying.ledger import actions as ledger
from huying.testing.statements import assert_statements, statements

WORK = "/inbox/"


def test_what_waits_is_listed_with_the_next_limit_first(staff: Any) -> None:
    first, second = reported(staff), reported(staff)
    soon = first.due_at - timedelta(hours=2)
    Case.objects.filter(id=second.id).update(due_at=soon)
    page = text(officer(staff).get(WORK))
    assert page.index(second.number) < page.index(first.number)


def test_a_part_of_a_case_waits_for_its_organ(staff: Any) -> None:
    case = unclear(staff)
    data = {"item": "E101", "organs": ["chengguan", "police"], "due": "2099-01-05T17:00"}
    perform(staff.place.pk, case.id, "gather", staff.desk, data)
    page = text(officer(staff, "police").get(WORK))
    assert case.number in page
    assert "报到任务" in page
    assert case.number in text(officer(staff, "police").get(WORK, {"step": "joint"}))
    assert case.number not in text(officer(staff, "police").get(WORK, {"step": "take"}))
    assert case.number not in text(officer(staff, "water").get(WORK))


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ({"state": "overdue"}, False), ({"state": "open"}, True), ({"call": "help"}, True), ({"call": "consult"}, False),
        ({"item": "E101"}, True), ({"item": "E102"}, False), ({"channel": "web"}, True), ({"channel": "api"}, False),
        ({"step": "arrive"}, True), ({"since": "2099-01-01"}, False), ({"until": "2099-01-01"}, True),
        ({"urgent": "1"}, False), ({"state": "nonsense", "since": "x", "division": "y", "organ": "z"}, True),
    ],
)  # fmt: skip
def test_filters_narrow_what_waits(staff: Any, query: dict[str, str], shown: bool) -> None:
    case = reported(staff)
    assert (case.number in text(officer(staff).get(WORK, query))) is shown


def test_a_division_holds_what_lies_under_it(staff: Any) -> None:
    case = reported(staff)
    own = staff.memory.division(case.division_id)
    other = next(
        row for row in staff.memory.children(staff.memory.top.id) if not own.path.startswith(row.path)
    )
    client = desk(staff)
    assert case.number in text(client.get(WORK, {"scope": "area", "division": own.parent_id}))
    assert case.number not in text(client.get(WORK, {"scope": "area", "division": other.id}))


def test_words_in_chinese_are_found_behind_the_ledgers_pages(staff: Any) -> None:
    case, other = reported(staff), unclear(staff)
    events = [ledger_event(one) for one in (case, other)]
    index_words(staff.place.pk, 1, events)
    for scope in ("area", "all"):
        page = text(desk(staff).get(WORK, {"scope": scope, "q": "流动摊贩"}))
        assert case.number in page
        assert other.number not in page
    assert case.number in text(officer(staff).get(WORK, {"q": case.number[-5:]}))
    assert "没有符合的件" in text(officer(staff).get(WORK, {"q": "外星人"}))


def ledger_event(case: Case) -> Any:
    class Event:
        case_id = case.id
        kind = "case.reported"

    return Event


def test_what_was_read_is_marked_until_it_moves_on(staff: Any) -> None:
    case = reported(staff)
    client = officer(staff)
    assert 'class="unread"' in text(client.get(WORK))
    client.get(reverse("cases:case", args=[case.number]))
    assert 'class="unread"' not in text(client.get(WORK))
    perform(staff.place.pk, case.id, "urge", staff.desk, {"message": "请尽快"})
    assert 'class="unread"' in text(client.get(WORK))


def test_text_of_callers_is_shown_as_text(staff: Any) -> None:
    unclear(staff, title="<script>alert(1)</script>")
    page = text(desk(staff).get(WORK))
    assert "<script>alert(1)" not in page
    assert "&lt;script&gt;alert(1)" in page


def test_a_made_up_cursor_begins_again(staff: Any) -> None:
    client = officer(staff)
    for cursor in ("x", "W10", "eyJ9", "bnVsbA"):
        assert client.get(WORK, {"after": cursor}).status_code == 302


def test_a_town_clerk_sees_the_town_and_not_the_next_one(staff: Any) -> None:
    case = reported(staff)
    town = staff.memory.ancestor(case.division_id, "town")
    next_town = next(row for row in staff.memory.children(staff.memory.top.id) if row.id != town.id)
    here = browser(staff, "here", role="town_clerk", division=town.code)
    there = browser(staff, "there", role="town_clerk", division=next_town.code)
    for scope in ("area", "all"):
        assert case.number in text(here.get(WORK, {"scope": scope}))
        assert case.number not in text(there.get(WORK, {"scope": scope}))


def test_an_organ_without_an_area_has_no_such_tab(staff: Any) -> None:
    page = text(officer(staff).get(WORK, {"scope": "area"}))
    assert 'href="?scope=area"' not in page
    assert 'href="?scope=organ"' in page


def test_a_filter_is_kept_for_its_person_only(staff: Any) -> None:
    mine, other = officer(staff), officer(staff, "police")
    sent = {"name": "超期的", "query": "scope=organ&state=overdue&evil=1"}
    assert mine.post("/inbox/filters/", sent).status_code == 303
    kept = SavedFilter.objects.get()
    assert kept.query == "scope=organ&state=overdue"
    assert "超期的" in text(mine.get(WORK))
    assert "超期的" not in text(other.get(WORK))
    other.post("/inbox/filters/", {"drop": str(kept.id)})
    assert SavedFilter.objects.count() == 1
    mine.post("/inbox/filters/", {"drop": str(kept.id)})
    assert SavedFilter.objects.count() == 0


def test_there_is_an_end_to_kept_filters(staff: Any) -> None:
    client = officer(staff)
    for n in range(14):
        client.post("/inbox/filters/", {"name": f"f{n}", "query": "state=open"})
    assert SavedFilter.objects.count() == 12


@pytest.mark.parametrize("query", [{}, {"scope": "organ"}, {"state": "open"}])
def test_a_page_costs_the_same_at_ten_and_at_sixty_cases(staff: Any, query: dict[str, str]) -> None:
    client = officer(staff)
    for _ in range(10):
        reported(staff)
    client.get(WORK, query)
    with statements() as few:
        assert text(client.get(WORK, query)).count("data-row") == 10
    for _ in range(50):
        reported(staff)
    with assert_statements(len(few)):
        page = text(client.get(WORK, query))
    assert page.count("data-row") == 50
    assert 'rel="next"' in page
    # Session, person, posts, delegations; then the list, its cases, what was read, counts, saved filters.
    assert len(few) <= 11


def test_the_ledger_is_not_written_by_looking(staff: Any, monkeypatch: Any) -> None:
    reported(staff)
    monkeypatch.setattr(ledger, "append", None)
    assert officer(staff).get(WORK).status_code == 200
