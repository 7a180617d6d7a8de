"""An officer's households on a telephone, and the street that reads how far its communities are covered."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from huying import clock as clocks
from huying.cases.models import Case
from huying.rosters.models import Pairing
from huying.rosters.tests.conftest import Rosters
from huying.testing.browser import DESK, PHONE, signed_in
from huying.ui.build import built

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(not built(), reason="npm run build was not run"),
]


def test_an_officer_visits_a_household_and_the_street_sees_it_counted(
    live_village: Any, open_page: Any
) -> None:
    village, url = live_village
    rosters = Rosters(village)
    for name in ("officer", "other"):
        village.lets_in(name)
    homes = rosters.homes(8)
    rosters.homes(3, "", first=31)
    rosters.homes(4, "other", first=41, grid="220821001002-g01")
    Pairing.objects.filter(household_id=homes[2].id).update(visited_at=clocks.now() - timedelta(days=40))

    page = signed_in(open_page(url, PHONE), "officer")
    page.goto("/households/")
    page.get_by_role("link", name="示例户1").first.click()
    page.wait_for_url("**/households/*/")
    page.get_by_role("link", name="记一次走访").click()
    page.get_by_label("入户走访").check()
    page.get_by_label("家里都好").check()
    page.fill("textarea[name=body]", "老两口身体都好，供暖正常")
    page.locator("main form button.btn-lg").click()
    page.wait_for_selector("text=ZF")
    assert Case.objects.get().result == "done"
    page.goto("/households/?due=1")
    assert "示例户1" not in page.inner_text("main ul.hy-list").split("\n")

    clerk = signed_in(open_page(url, DESK), "clerk")
    clerk.goto("/households/coverage/")
    clerk.get_by_role("link", name="庆生社区").first.click()
    clerk.get_by_role("link", name="第一网格").first.click()
    clerk.wait_for_selector("text=示例户31")
