"""A call-back in a real browser: the seat looks at the number, hears that it was not done, and the case begins again."""

from __future__ import annotations

from typing import Any

import pytest

from huying.cases.models import Case
from huying.cases.tests.test_lifecycle import told
from huying.ledger import jobs, readers
from huying.reviews import sampling
from huying.reviews.models import Answer, Task
from huying.reviews.tests.conftest import close
from huying.testing.browser import DESK, PHONE, signed_in
from huying.ui.build import built

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(not built(), reason="npm run build was not run"),
]


@pytest.fixture
def drawn(live: Any, monkeypatch: Any) -> Any:
    """A closed case that came up for a call-back and a check, and somebody at the seat."""
    monkeypatch.setattr(sampling, "lot", lambda *args: 0.0)
    staff, url = live
    staff.lets_in("seat", role="callback_seat", organ="centre")
    case = close(staff, told(staff))
    jobs.drain(staff.place.pk)
    readers.run(staff.place.pk)
    return staff, url, case


def test_a_call_back_reopens_a_case(drawn: Any, open_page: Any) -> None:
    _staff, url, case = drawn
    page = signed_in(open_page(url, DESK), "seat")
    page.goto("/reviews/calls/")
    page.get_by_text(case.title).first.click()
    page.wait_for_url("**/reviews/calls/*-*/")
    assert "10000000001" not in page.content()
    page.locator("#number button").click()
    page.locator("a[href='tel:10000000001']").wait_for()

    def choose(name: str, value: str) -> None:
        page.locator(f"form [name={name}][value={value}]").first.locator("xpath=ancestor::label[1]").click()

    choose("said_solved", "unsolved")
    assert not page.locator("[name=said_reason]").first.is_visible()
    choose("said_satisfaction", "unsatisfied")
    choose("said_reason", "not_done")
    page.fill("textarea[name=said_words]", "第二天又摆出来了")
    choose("wish", "again")
    page.get_by_role("button", name="记录回访").click()
    page.wait_for_url("**/reviews/calls/")
    page.get_by_text("事项已重新办理").first.wait_for()
    case.refresh_from_db()
    assert (case.step, case.round) == ("take", 2)
    assert Answer.objects.get().wish
    assert Case.objects.get(id=Task.objects.get(kind="call_back").id).result == "answered"


def test_a_caller_rates_by_link_on_the_phone(drawn: Any, open_page: Any) -> None:
    from huying.reviews.actions.links import code_of

    _staff, url, case = drawn
    page = open_page(url, PHONE)
    page.goto(f"/rate/{code_of(case)}/")
    assert not page.locator("[name=wish]").first.is_visible()
    page.locator("[name=satisfaction][value=fair]").first.locator("xpath=ancestor::label[1]").click()
    page.get_by_role("button", name="提交").click()
    page.get_by_text("谢谢您").first.wait_for()
    case.refresh_from_db()
    assert (case.satisfaction, case.step) == (2, "archive")
