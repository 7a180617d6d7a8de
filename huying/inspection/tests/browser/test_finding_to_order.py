"""The channel in a real browser: an inspector looks at a finding and its cases, orders that it is looked into, and the
organ signs for it."""

from __future__ import annotations

from typing import Any

import pytest

from huying.cases.models import Case
from huying.cases.tests.browser.test_main_job import make_move
from huying.inspection import patterns
from huying.inspection.models import Finding
from huying.inspection.tests.making import a_case, close, facts
from huying.ledger import jobs, readers
from huying.testing.browser import DESK, PHONE, picture, signed_in
from huying.ui.build import built

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(not built(), reason="npm run build was not run"),
]


@pytest.fixture
def found(live: Any) -> Any:
    """A department that hands cases on within minutes, and one that returns most of them."""
    from datetime import timedelta

    from huying import clock

    staff, url = live
    place, ago = staff.place.pk, clock.now() - timedelta(days=3)
    for n in range(5):
        close(
            staff, a_case(staff, ago), ago, timedelta(minutes=5), reply=f"第{n + 1}件：已安排人员到场处理。"
        )
    jobs.drain(place)
    readers.run(place)
    facts(place, f"organ:{staff.memory.organ_by_code('water').id}", "returned", 22, ago)
    for code in ("police", "housing"):
        facts(place, f"organ:{staff.memory.organ_by_code(code).id}", "sent", 40, ago)
    assert patterns.look_for(place) == 2
    for name, role, organ in (
        ("inspector", "inspector", "discipline"),
        ("officer-chengguan", "officer", "chengguan"),
    ):
        staff.lets_in(name, role=role, organ=organ)
    return staff, url


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_a_finding_leads_to_an_order(found: Any, open_page: Any, size: dict[str, int]) -> None:
    _staff, url = found
    kind = "desk" if size is DESK else "phone"
    page = signed_in(open_page(url, size), "inspector")
    page.goto("/inspection/")
    picture(page, f"findings-{kind}")
    page.get_by_text("没有实际办理就办结").first.click()
    page.wait_for_url("**/inspection/findings/*/")
    picture(page, f"finding-{kind}")
    page.get_by_role("link", name="占").first.click()
    page.wait_for_url("**/inspection/cases/*/")
    picture(page, f"case-{kind}")
    page.go_back()
    page.get_by_role("link", name="下达监督指令").click()
    picture(page, f"order-{kind}")
    assert "5分钟" in page.input_value("textarea[name=text]") or "10分钟" in page.input_value(
        "textarea[name=text]"
    )
    page.get_by_role("button", name="下达").click()
    page.wait_for_url("**/inspection/orders/")
    picture(page, f"papers-{kind}")
    assert Finding.objects.get(pattern="unchanged").outcome == "ordered"
    case = Case.objects.get(kind="inspection_order")
    page.goto("/inspection/log/")
    picture(page, f"log-{kind}")
    page.goto("/inspection/?looked=1")
    assert page.get_by_text("已下达监督指令").first.is_visible()

    officer = signed_in(open_page(url, size), "officer-chengguan")
    officer.goto(f"/cases/{case.number}/")
    picture(officer, f"answering-{kind}")
    make_move(officer, "签收")
    case.refresh_from_db()
    assert case.step == "look"
    officer.goto("/inspection/ask/")
    picture(officer, f"ask-{kind}")
