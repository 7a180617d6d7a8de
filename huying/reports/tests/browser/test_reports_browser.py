"""A monthly bulletin in a real browser: the centre edits and issues it, a leader reads it on a phone and keeps the PDF."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from huying import clock
from huying.reports.models import Report
from huying.reports.tests.conftest import CASES, DAYS, END, SEED, settle
from huying.reports.tests.test_kinds import said
from huying.staff.models import Person
from huying.testing.browser import DESK, PHONE, signed_in
from huying.testing.cast import PASSWORD
from huying.testing.demo.populate import populate
from huying.ui.build import built

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(not built(), reason="npm run build was not run"),
]


def test_edited_issued_read(live_server: Any, settings: Any, open_page: Any, tmp_path: Path) -> None:
    settings.HUYING_DEMO = True  # sign-in without a second factor
    with clock.frozen(END):
        place = settle()
        populate(place.pk, cases=CASES, days=DAYS, seed=SEED)
        for name in ("desk_head", "leader1"):
            person = Person.objects.get(place=place, username=name)
            person.set_password(PASSWORD)
            person.save()
        head = signed_in(open_page(live_server.url, DESK), "desk_head")
        head.goto("/reports/")
        head.screenshot(path=tmp_path / "empty.png")
        head.get_by_role("link", name="生成报告").click()
        head.select_option("[name=which]", f"monthly@{place_top(place)}")
        head.fill("[name=day]", "2026-10-15")
        head.screenshot(path=tmp_path / "new.png")
        head.get_by_role("button", name="生成草稿").click()
        head.locator("[name=remark-figures]").fill("样本较少，比率仅供参考。")
        boxes = head.locator("[name=pick-cases]")
        assert boxes.count() >= 2
        first = boxes.first
        first.uncheck()
        head.screenshot(path=tmp_path / "edit.png", full_page=True)
        head.get_by_role("button", name="保存并查看").click()
        head.wait_for_url("**/reports/*-*/")
        main = head.locator(".report-sheet")
        assert "样本较少，比率仅供参考。" in main.inner_text()
        head.screenshot(path=tmp_path / "draft.png", full_page=True)
        head.once("dialog", lambda asked: asked.accept())
        head.get_by_role("button", name="签发").click()
        head.get_by_text("〔2026〕第1期").first.wait_for()
        head.screenshot(path=tmp_path / "issued.png", full_page=True)
        report = Report.objects.get(kind="monthly")
        assert report.number == "〔2026〕第1期"

        leader = signed_in(open_page(live_server.url, PHONE), "leader1")
        leader.goto("/notices/")
        leader.screenshot(path=tmp_path / "notices.png")
        leader.get_by_role("link", name=report.title).click()
        leader.wait_for_url(f"**/reports/{report.id}/")
        leader.locator("[data-chart] canvas, [data-chart] svg").first.wait_for()
        leader.screenshot(path=tmp_path / "phone.png", full_page=True)
        assert leader.evaluate("document.documentElement.scrollWidth <= innerWidth")
        assert "样本较少，比率仅供参考。" in leader.locator(".report-sheet").inner_text()
        assert leader.get_by_role("button", name="签发").count() == 0
        with leader.expect_download() as coming:
            leader.get_by_role("link", name="PDF").click()
        text = said(Path(coming.value.path()).read_bytes(), tmp_path)
        assert "样本较少，比率仅供参考。" in text
        assert report.number in text
        leader.goto("/reports/")
        leader.screenshot(path=tmp_path / "list.png")

        head.reload()
        assert "示例·吕一" in head.locator("aside.no-print").inner_text()
        head.screenshot(path=tmp_path / "receipts.png", full_page=True)


def place_top(place: Any) -> int:
    from huying.places import memory

    return memory.of(place.pk).top.id
