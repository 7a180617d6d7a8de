"""What is left to do of a closed case stands in the inbox of whoever has to do it: it holds no case open, nor is it lost."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from huying.cases import lists
from huying.cases.lists import Filter
from huying.cases.models import Case
from huying.cases.tests.walking import in_place, signed_in
from huying.cases.tests.zhenlai import Village, move, to_written_off
from huying.staff import sight as sights


def tabs(browser: Any, **query: str) -> dict[str, str]:
    """The tabs of the inbox with what stands beside them."""
    return {tab["label"]: tab["count"] for tab in browser.get("/inbox/", query).context["tabs"]}


def test_the_appraiser_finds_what_is_to_be_inspected_with_its_limit(village: Village) -> None:
    made = village.bill()
    case = Case.objects.get(id=made.case_id)
    appraiser = village.browser("appraiser")
    assert tabs(appraiser).get("办结后") == "0"
    to_written_off(village, case)
    assert tabs(appraiser)["办结后"] == "1"
    assert tabs(appraiser)["待办"] == "0"  # it holds no work open
    page = appraiser.get("/inbox/", {"scope": "after"}).content.decode()
    assert case.number in page
    assert "验收" in page
    assert "还剩" in page
    move(appraiser, case, "passed")
    assert tabs(appraiser)["办结后"] == "0"
    assert case.number not in appraiser.get("/inbox/", {"scope": "after"}).content.decode()


def test_nobody_else_is_shown_it(village: Village) -> None:
    made = village.bill()
    to_written_off(village, Case.objects.get(id=made.case_id))
    village.browser("appraiser")
    for name in ("worker", "chengguan"):
        browser = village.browser(name)
        sight = sights.sight_of(village.people[name])
        assert lists.count_work(sight, Filter(scope="after")) == 0
        assert made.number not in browser.get("/inbox/", {"scope": "after"}).content.decode()


def test_the_next_limit_comes_first_and_filters_narrow_it(village: Village, clock: Any) -> None:
    first = Case.objects.get(id=village.bill().case_id)
    to_written_off(village, first)
    clock.advance(timedelta(days=1))
    second = Case.objects.get(id=village.bill("楼道里又堆了柜子").case_id)
    to_written_off(village, second)
    village.browser("appraiser")
    sight = sights.sight_of(village.people["appraiser"])
    rows = lists.work(sight, wanted=Filter(scope="after"), memory=village.memory).rows
    assert [row.case.id for row in rows] == [first.id, second.id]
    page = lists.work(sight, size=1, wanted=Filter(scope="after"), memory=village.memory)
    rest = lists.work(sight, page.after, wanted=Filter(scope="after"), memory=village.memory)
    assert [row.case.id for row in (*page.rows, *rest.rows)] == [first.id, second.id]
    found = lists.work(sight, wanted=Filter(scope="after", item="A01"), memory=village.memory).rows
    assert not found


def test_who_never_has_anything_to_do_afterwards_has_no_such_tab(db: Any, settings: Any) -> None:
    with in_place("zhenlai", settings) as staff:
        squad = signed_in(staff, "squad", role="squad_member", organ="housing")
        assert "办结后" not in tabs(squad)
