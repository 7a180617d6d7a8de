"""Bulk moves: only what every chosen case offers, each performed by itself, with its own result."""

from __future__ import annotations

import re
from typing import Any

from huying.cases.actions import perform
from huying.cases.models import Case, Leg
from huying.cases.tests.desk_browser import desk, officer, reported, text, unclear
from huying.testing.statements import statements

BULK = "/inbox/bulk/"


def pick(case: Case, leg: Leg | None = None) -> str:
    return f"{case.id}:{leg.id if leg else ''}:{case.version}"


def offered(page: str) -> set[str]:
    return set(re.findall(r'name="move" value="([^"]+)"', page))


def steps(*cases: Case) -> list[str]:
    return [Case.objects.get(id=case.id).step for case in cases]


def test_only_what_all_of_them_offer_is_offered(staff: Any) -> None:
    at_desk, at_organ = unclear(staff), reported(staff)
    both = offered(text(desk(staff).post(BULK, {"pick": [pick(at_desk), pick(at_organ)]})))
    one = offered(text(desk(staff).post(BULK, {"pick": [pick(at_desk)]})))
    assert "six-steps/dispatch" in one
    assert "six-steps/dispatch" not in both
    assert "six-steps/note" in both


def test_each_is_performed_once_however_often_the_form_is_sent(staff: Any) -> None:
    cases = [unclear(staff) for _ in range(3)]
    sent = {"pick": [pick(c) for c in cases], "move": "six-steps/dispatch", "item": "E101", "key": "k"}
    client = desk(staff)
    page = text(client.post(BULK, sent))
    assert steps(*cases) == ["arrive"] * 3
    for case in cases:
        assert case.number in page
    assert "未办成" not in page
    client.post(BULK, sent)
    assert [Case.objects.get(id=c.id).version for c in cases] == [2, 2, 2]


def test_one_that_was_overtaken_stops_no_other_and_stays_chosen(staff: Any) -> None:
    first, second = unclear(staff), unclear(staff)
    picks = [pick(first), pick(second)]
    perform(staff.place.pk, first.id, "note", staff.desk, {"note": "我在看"})
    client = desk(staff)
    answer = client.post(
        BULK, {"pick": picks, "move": "six-steps/dispatch", "item": "E101", "desk_note": "请速办", "key": "k"}
    )
    page = text(answer)
    assert answer.status_code == 422
    assert steps(first, second) == ["take", "arrive"]
    assert "别人已经先办了" in page
    assert "请速办" in page
    again = re.findall(r'name="pick" value="([^"]+)"', page)
    assert set(again) == {f"{first.id}::2"}
    client.post(BULK, {"pick": again[0], "move": "six-steps/dispatch", "item": "E101", "key": "k"})
    assert steps(first) == ["arrive"]


def test_what_is_missing_is_said_and_nothing_is_done(staff: Any) -> None:
    case = unclear(staff)
    answer = desk(staff).post(
        BULK, {"pick": pick(case), "move": "six-steps/answer", "item": "E101", "key": "k"}
    )
    assert answer.status_code == 422
    assert 'aria-invalid="true"' in text(answer)
    assert steps(case) == ["take"]


def test_parts_are_signed_for_together(staff: Any) -> None:
    from huying.cases.tests.desk_browser import browser

    cases, legs = [], []
    for _ in range(2):
        case = unclear(staff)
        data = {"item": "E101", "organs": ["chengguan", "police"], "due": "2099-01-05T17:00"}
        perform(staff.place.pk, case.id, "gather", staff.desk, data)
        case.refresh_from_db()
        cases.append(case)
        police = staff.memory.organ_by_code("police").id
        legs.append(Leg.objects.get(case_id=case.id, organ_id=police))
    head = browser(staff, "head", role="head", organ="police")
    picks = [pick(c, leg) for c, leg in zip(cases, legs, strict=True)]
    assert "organ-leg/sign_in" in offered(text(head.post(BULK, {"pick": picks})))
    head.post(BULK, {"pick": picks, "move": "organ-leg/sign_in", "key": "k"})
    assert [Leg.objects.get(id=leg.id).step for leg in legs] == ["handle", "handle"]


def test_another_organs_case_cannot_be_slipped_in(staff: Any) -> None:
    from huying.cases.tests.desk_browser import browser

    case = reported(staff)
    head = browser(staff, "head-water", role="head", organ="water")
    page = text(head.post(BULK, {"pick": pick(case), "move": "six-steps/sign_in", "key": "k"}))
    assert case.number not in page
    assert steps(case) == ["arrive"]


def test_who_may_not_work_in_bulk_is_turned_away(staff: Any) -> None:
    assert officer(staff).post(BULK, {"pick": pick(reported(staff))}).status_code == 403


def test_nonsense_leads_back_to_the_list(staff: Any) -> None:
    client = desk(staff)
    assert client.post(BULK, {"pick": ["x", "1:2:3", "::"]}).status_code == 303
    assert client.get(BULK).status_code == 303


def test_choosing_costs_the_same_for_two_and_for_twenty(staff: Any) -> None:
    found = []
    client = desk(staff)
    cases = [unclear(staff) for _ in range(20)]
    for some in (cases[:2], cases):
        with statements() as seen:
            client.post(BULK, {"pick": [pick(c) for c in some]})
        found.append(len(seen))
    assert found[0] == found[1]
