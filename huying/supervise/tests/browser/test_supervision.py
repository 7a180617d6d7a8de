"""Supervision in a real browser: one key on the page of a case, the organ answers on its telephone, the author accepts."""

from __future__ import annotations

from typing import Any

import pytest

from huying.cases.models import Case
from huying.cases.tests.browser.test_main_job import make_move
from huying.cases.tests.test_lifecycle import told
from huying.ledger import jobs as pages
from huying.ledger import readers
from huying.supervise.models import Bulletin
from huying.testing.browser import DESK, PHONE, signed_in
from huying.ui.build import built

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(not built(), reason="npm run build was not run"),
]
ACCOUNT = "已清理占道摊位六处，安排每日早晚各巡查一次。"


@pytest.fixture
def supervised(live: Any) -> Any:
    """The place behind a real server, a slow case, and who supervises it."""
    staff, url = live
    for name, post in {
        "leader": {"role": "leader", "division": "220523"},
        "reader": {"role": "officer", "organ": "inspection"},
    }.items():
        staff.lets_in(name, **post)
    return staff, url, told(staff)


def test_one_key_supervision_from_the_order_to_the_accepted_answer(supervised: Any, open_page: Any) -> None:
    staff, url, case = supervised
    leader = signed_in(open_page(url, DESK), "leader")
    leader.goto(f"/cases/{case.number}/")
    leader.get_by_role("link", name="一键督办").click()
    leader.wait_for_url("**/supervise/new/**")
    assert case.number in leader.input_value("textarea[name=demand]")
    leader.locator("[name=level][value='2']").locator("xpath=ancestor::label[1]").click()
    leader.get_by_role("button", name="下达").click()
    leader.wait_for_url("**/cases/HNDB*/")
    order = Case.objects.get(place_id=staff.place.pk, kind="supervision")
    head = leader.locator("main").inner_text()
    for words in (order.number, "黄牌督办", "待签收", "督查室"):
        assert words in head

    officer = signed_in(open_page(url, PHONE), "officer")
    officer.goto("/supervise/")
    officer.locator(f"a[href='/cases/{order.number}/']").first.click()
    officer.wait_for_url(f"**/cases/{order.number}/")
    assert officer.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    make_move(officer, "签收")
    make_move(officer, "报送整改情况", account=ACCOUNT)

    leader.goto("/supervise/?tab=accept")
    leader.locator(f"a[href='/cases/{order.number}/']").first.click()
    assert ACCOUNT in leader.locator("main").inner_text()
    leader.once("dialog", lambda dialog: dialog.accept())  # a bulletin cannot be taken back
    leader.locator(".hy-others > summary").click()
    make_move(
        leader,
        "通报",
        bulletin_title="关于占道经营整改不力的通报",
        bulletin_text="城管局首次整改不到位，现予通报，请引以为戒。",
    )
    make_move(leader, "验收通过")
    order.refresh_from_db()
    assert (order.step, order.result) == ("done", "rectified")

    pages.drain(staff.place.pk)
    readers.run(staff.place.pk)
    reader = signed_in(open_page(url, DESK), "reader")
    reader.goto("/supervise/")
    reader.locator(f"a[href='/cases/{order.number}/']").first.click()
    reader.get_by_role("button", name="签收").click()
    reader.locator("main", has_text="抄送已签收").wait_for()
    reader.goto("/supervise/bulletins/")
    bulletin = Bulletin.objects.get(place_id=staff.place.pk)
    reader.locator(f"a[href='/supervise/bulletins/{bulletin.number}/']").click()
    assert "请引以为戒" in reader.locator("main").inner_text()
