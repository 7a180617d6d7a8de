"""The main job in a real browser: a resident reports with a photo, a department handles, the centre verifies, the
resident rates; the whole story is on the case's page."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from PIL import Image, ImageDraw

from huying.cases import jobs
from huying.cases.models import Case
from huying.ledger.models import Event
from huying.testing.browser import DESK, PHONE, signed_in
from huying.ui.build import built

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(not built(), reason="npm run build was not run"),
]


def photo(folder: Path, name: str, colour: tuple[int, int, int]) -> str:
    """A drawn photo, labelled as such."""
    picture = Image.new("RGB", (900, 700), colour)
    ImageDraw.Draw(picture).rectangle((200, 350, 700, 650), fill=(60, 60, 60))
    path = folder / name
    picture.save(path)
    return str(path)


def make_move(page: Any, label: str, **fields: str) -> None:
    """Open a move of the panel, fill it in and send it."""
    box = page.locator(".hy-moves details").filter(has=page.locator("summary", has_text=label)).first
    if box.get_attribute("open") is None:
        box.locator("summary").click()
    for name, value in fields.items():
        field = box.locator(f"[name={name}]").first
        if field.get_attribute("type") in ("radio", "checkbox"):
            box.locator(f"[name={name}][value={value}]").locator("xpath=ancestor::label[1]").click()
        else:
            field.fill(value)
    with page.expect_response(
        lambda answer: "/move/" in answer.url and answer.request.method == "POST"
    ) as caught:
        box.locator("button[type=submit]").last.click()
    assert caught.value.status < 400, caught.value.text()[:400]
    page.wait_for_load_state()


def test_a_call_becomes_a_routed_handled_verified_rated_and_closed_case(
    live: Any, open_page: Any, tmp_path: Path
) -> None:
    _staff, url = live
    resident = open_page(url, PHONE)
    resident.goto("/")
    resident.locator("main").get_by_role("link", name="我要反映").click()
    resident.wait_for_url("**/report/")
    resident.locator("#f-photos").set_input_files(photo(tmp_path, "before.jpg", (120, 140, 170)))
    resident.locator("input[type=hidden][name=photos]").wait_for(state="attached")
    resident.fill("textarea[name=body]", "菜市场门口流动摊贩占道经营，把人行道全占了，走路很不方便")
    resident.locator("[data-centre]").click()
    resident.wait_for_function("document.querySelector('[name=place]').value.includes(',')")
    resident.fill("[name=reporter_name]", "示例·王一")
    resident.fill("[name=reporter_phone]", "13900000000")
    resident.locator("main form button.btn-lg").click()
    resident.wait_for_url("**/report/done/**")
    number = resident.url.rstrip("/").rsplit("/", 1)[1]
    case = Case.objects.get(number=number)
    assert case.step == "arrive"
    assert resident.locator("#code strong").inner_text().count("-") == 3

    officer = signed_in(open_page(url, DESK), "officer")
    officer.locator(f"a[href='/cases/{number}/']").first.click()
    officer.wait_for_url(f"**/cases/{number}/")
    make_move(officer, "报到签收")
    make_move(
        officer, "办结送核", truth="genuine", completion="substantive", solved="solved", contact_how="none",
        internal_account="已劝离三处摊位，安排早晚巡查", public_reply="门口的摊位已经清走，早晚有人巡查，欢迎监督。",
    )  # fmt: skip

    desk = signed_in(open_page(url, DESK), "desk")
    desk.goto(f"/cases/{number}/")
    make_move(desk, "核验通过", public_reply="门口的摊位已经清走，早晚有人巡查，欢迎监督。")
    case.refresh_from_db()
    assert case.closed_at is not None

    resident.goto(f"/track/{number}/")
    assert "门口的摊位已经清走" in resident.locator("main").inner_text()
    assert "已劝离三处摊位" not in resident.content()  # the internal account stays inside
    make_move(resident, "评价", satisfaction="satisfied", comment="办得很快")
    case.refresh_from_db()
    assert (case.step, case.satisfaction) == ("archive", 3)

    desk.goto(f"/cases/{number}/")
    story = desk.locator("main").inner_text()
    for told in ("收到反映", "报到签收", "办结送核", "核验通过", "评价", "已劝离三处摊位"):
        assert told in story
    assert Event.objects.filter(case_id=case.id).count() == 5
    assert jobs.sweep(case.place_id) == 0
