"""The twelve steps in a real browser: a bill goes from a resident's telephone through a study meeting to the county's
squad and back, by people who sign in."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from huying import clock as clocks
from huying.cases.models import Case
from huying.cases.tests.browser.test_main_job import make_move
from huying.testing.browser import DESK, PHONE, signed_in
from huying.ui.build import built

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(not built(), reason="npm run build was not run"),
]
REPLY = "外墙已经加固好了，有松动请再告诉我们。"


def at(open_page: Any, url: str, name: str, case: Case) -> Any:
    page = signed_in(open_page(url, DESK), name)
    page.goto(f"/cases/{case.number}/")
    return page


def test_a_bill_goes_through_a_meeting_to_the_county_and_back(live_village: Any, open_page: Any) -> None:
    village, url = live_village
    resident = open_page(url, PHONE)
    resident.goto("/report/")
    resident.fill("textarea[name=body]", "三单元外墙瓷砖往下掉，差点砸到人")
    division = village.memory.by_code("220821001001")
    resident.select_option("[name=division]", str(division.id), force=True)
    resident.fill("[name=reporter_name]", "示例·王一")
    resident.fill("[name=reporter_phone]", "13900000000")
    resident.locator("main form button.btn-lg").click()
    resident.wait_for_url("**/report/done/**")
    case = Case.objects.get()
    assert case.step == "sort"

    # The secretary opens the day's meeting; sorting the bill is decided there.
    secretary = signed_in(open_page(url, DESK), "secretary")
    secretary.goto("/meetings/")
    secretary.locator("#due form button").first.click()
    secretary.locator("#agenda").wait_for()
    secretary.locator("#agenda details summary").first.click()
    box = secretary.locator(".hy-moves details").filter(has_text="梳理归类").first
    box.locator("summary").click()
    box.locator("[name=item]").first.select_option("B04", force=True)
    box.locator("button[type=submit]").click()
    secretary.get_by_text("已议定：梳理归类").wait_for()
    case.refresh_from_db()
    assert case.step == "check"
    secretary.fill("#minutes", "外墙的事当天去看，看完再议。")
    secretary.fill("#present", "6")
    secretary.get_by_role("button", name="结束会议").click()
    secretary.locator("#minutes-kept").wait_for()

    secretary.goto(f"/cases/{case.number}/")
    make_move(secretary, "核验属实", site_note="三处松动，已拉警戒线")
    make_move(secretary, "上交账单", reason="需要高空作业")
    clerk = at(open_page, url, "clerk", case)
    make_move(clerk, "受理，转研判")
    make_move(clerk, "上交账单", reason="街道没有队伍")
    desk = at(open_page, url, "desk", case)
    make_move(desk, "受理，转分派")
    make_move(desk, "晾单待领")

    squad = signed_in(open_page(url, DESK), "housing")
    squad.locator(f"a[href='/cases/{case.number}/']").first.click()  # it lies in the squad's inbox
    squad.wait_for_url(f"**/cases/{case.number}/")
    make_move(squad, "认单领单", campaign="alliance")
    make_move(squad, "办结并填反馈账单", solved="solved", internal_account="加固三处", public_reply=REPLY)

    for page in (desk, clerk):
        page.goto(f"/cases/{case.number}/")
        make_move(page, "下达反馈账单")
    secretary.goto(f"/cases/{case.number}/")
    make_move(secretary, "已反馈群众", route="tracking", public_reply=REPLY)
    make_move(secretary, "销号")
    case.refresh_from_db()
    assert (case.step, case.result) == ("inspect", "solved")
    resident.goto(f"/track/{case.number}/")
    assert REPLY in resident.locator("main").inner_text()
    assert clocks.now() - case.reported_at < timedelta(minutes=10)
