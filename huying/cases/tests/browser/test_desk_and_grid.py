"""The desk and the grid worker in a real browser: what appears while typing, and reports made without network."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from huying.cases.models import Case
from huying.files.models import Attachment
from huying.testing.browser import DESK, PHONE, signed_in
from huying.ui.build import built

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(not built(), reason="npm run build was not run"),
]


def test_typing_shows_where_a_call_goes_and_one_press_sends_it(live: Any, open_page: Any) -> None:
    _staff, url = live
    page = signed_in(open_page(url, DESK), "desk")
    page.goto("/desk/call/")
    page.fill("#f-reporter_phone", "10000000001")
    page.fill("#f-body", "菜市场门口占道经营，流动摊贩把人行道全占了")
    page.locator("#outlook [name=pick_item][value=E101]").wait_for()
    assert "还没有定位" in page.locator("#outlook").inner_text()
    # What was typed is still there after the page was lost.
    page.wait_for_timeout(600)
    page.reload()
    assert page.input_value("#f-body").startswith("菜市场")
    page.locator("button[accesskey=s]").click()
    page.wait_for_url("**/desk/taken/**")
    case = Case.objects.get()
    assert case.number in page.locator("main").inner_text()
    page.locator(".hy-oneline button").first.click()
    page.get_by_text(f"{case.number}：“派发”已完成").wait_for()
    case.refresh_from_db()
    assert case.step == "arrive"


def test_a_report_without_network_is_kept_and_sent_once(live: Any, open_page: Any, tmp_path: Path) -> None:
    staff, url = live
    grid = staff.memory.grids["general"][0]
    staff.lets_in("worker", role="grid_worker", division=grid.code)
    page = signed_in(open_page(url, PHONE), "worker")
    page.goto("/grid/report/")
    page.wait_for_function("document.querySelector('form[data-started-offline]')")
    page.locator("[data-map][data-ready]").wait_for(state="attached")
    picture = tmp_path / "rubbish.jpg"
    Image.new("RGB", (300, 200), "gray").save(picture)
    page.context.set_offline(True)
    page.locator("#f-photos").set_input_files(str(picture))
    page.locator("#grid-report .hy-upload-item[data-state=failed]").wait_for()
    page.fill("#f-body", "路口堆着垃圾，把道挡了一半")
    page.locator("[name=grid]").first.locator("xpath=ancestor::label[1]").click()
    key = page.input_value("#grid-report [name=key]")
    page.locator("#grid-report button[type=submit]").click()
    kept = page.locator("[data-queued-list] li")
    kept.wait_for()
    assert "路口堆着垃圾" in kept.inner_text()
    assert page.input_value("#f-body") == ""
    assert page.input_value("#grid-report [name=key]") != key
    assert not Case.objects.exists()
    page.context.set_offline(False)
    kept.wait_for(state="detached")
    case = Case.objects.get()
    assert (case.channel, case.grid_id) == ("grid", grid.id)
    assert Attachment.objects.filter(case_id=case.id).count() == 1
    page.reload()
    page.wait_for_function("document.querySelector('form[data-started-offline]')")
    page.wait_for_timeout(500)
    assert Case.objects.count() == 1
