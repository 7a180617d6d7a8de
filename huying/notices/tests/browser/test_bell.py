"""The bell in a real browser: its figure comes beside the page and goes once the notice is opened."""

from __future__ import annotations

from typing import Any

import pytest

from huying.cases.tests.test_lifecycle import told
from huying.testing.browser import DESK, signed_in
from huying.ui.build import built

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(not built(), reason="npm run build was not run"),
]


def test_the_figure_comes_and_goes(live: Any, open_page: Any, read_on: Any) -> None:
    staff, base = live
    case = told(staff)
    read_on(staff.place.pk)
    page = signed_in(open_page(base, DESK), "officer")
    figure = page.locator(".hy-bell .hy-count")
    figure.wait_for()
    assert "1" in figure.inner_text()
    page.locator(".hy-bell").click()
    page.locator(".hy-notices a", has_text=case.title).click()
    page.wait_for_url(f"**/cases/{case.number}/")
    with page.expect_response("**/notices/bell/"):
        page.goto("/notices/")
    assert page.locator(".hy-notices .unread").count() == 0
    assert figure.count() == 0
