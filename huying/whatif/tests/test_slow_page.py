"""The page on how cases went: figures, the picture, the very cases, and what is not shown."""

from __future__ import annotations

import re
from html import unescape
from typing import Any
from uuid import UUID

from huying.cases.models import Case
from huying.cases.tests.desk_browser import browser
from huying.cases.tests.walking import said
from huying.testing.statements import statements
from huying.whatif.models import Trace
from huying.whatif.tests.made import traces
from huying.whatif.tests.test_traces import follow, played

QUERY = "?since=2026-02-01&until=2026-03-02"


def leader(staff: Any) -> Any:
    return browser(staff, "leader", role="leader", division="220523")


def test_the_picture_and_the_tables_tell_the_same(staff: Any, clock: Any) -> None:
    traces(staff, 40)
    answer = leader(staff).get(f"/analysis/{QUERY}")
    assert answer.status_code == 200
    page = answer.content.decode()
    assert page.count('<svg class="hy-picture"') == 1
    assert "style=" not in page.split("hy-picture")[1].split("</svg>")[0]
    told = said(answer)
    assert "40 件的实际流转" in told
    assert "报到 → 处置, 40 次" in unescape(page)
    assert "报到 → 退单审核, 5 次" in unescape(page)
    assert re.search(r"报到\s+45\s", told), told  # forty and five again


def test_every_way_of_the_picture_is_a_link(staff: Any, clock: Any) -> None:
    traces(staff, 24)
    page = leader(staff).get(f"/analysis/{QUERY}&detail=all").content.decode()
    links = re.findall(r'<a href="(/analysis/cases/[^"]+)" aria-label="[^"]+"><title>', page)
    assert len(links) == 7
    assert any("from=arrive&amp;to=returning" in link for link in links)


def test_too_few_cases_say_nothing(staff: Any, clock: Any) -> None:
    traces(staff, 9)
    told = said(leader(staff).get(f"/analysis/{QUERY}"))
    assert "件数太少，不足以说明问题" in told
    assert "时间花在哪里" not in told


def test_a_way_lists_its_cases_but_none_that_the_person_may_not_see(staff: Any, clock: Any) -> None:
    open_case, closed_case = played(staff, clock), played(staff, clock, confidential=True)
    follow(staff.place.pk)
    answer = leader(staff).get("/analysis/cases/?days=30&from=take&to=arrive")
    told = said(answer)
    assert open_case.number in told
    assert closed_case.number not in told
    assert Trace.objects.filter(sealed=True).count() == 1
    assert "1 件走过这条路径" in told


def test_filters_narrow_by_item_and_organ(staff: Any, clock: Any) -> None:
    traces(staff, 30)
    page = leader(staff)
    assert "30 件的实际流转" in said(page.get(f"/analysis/{QUERY}&item=E101&organ=chengguan&channel=web"))
    assert "0 件的实际流转" in said(page.get(f"/analysis/{QUERY}&organ=water"))
    assert "0 件的实际流转" in said(page.get(f"/analysis/{QUERY}&channel=grid"))


def test_what_an_address_asks_wrongly_is_left_out(staff: Any, clock: Any) -> None:
    traces(staff, 12)
    page = leader(staff)
    for query in (
        "?days=x&item=%00&organ=no&town=abc&flow=none&detail=q",
        "?since=2026-13-01",
        "?since=2026-03-01&until=2020-01-01",
    ):
        assert page.get(f"/analysis/{query}").status_code == 200
    assert page.get("/analysis/cases/?from=take&to=arrive&after=nonsense").status_code == 302


def test_what_the_page_costs_does_not_grow(staff: Any, clock: Any) -> None:
    page = leader(staff)

    def cost() -> int:
        with statements() as found:
            assert page.get(f"/analysis/{QUERY}").status_code == 200
        return len([one for one in found if "whatif_trace" in one or "cases_case" in one])

    traces(staff, 20)
    few = cost()
    traces(staff, 60, seed=2)
    assert cost() == few == 2


def test_examples_are_links_to_cases_within_sight(staff: Any, clock: Any) -> None:
    case = played(staff, clock)
    rows = traces(staff, 16, ids=[case.id, *[UUID(int=n) for n in range(100, 115)]])
    assert rows[0].case_id == case.id
    page = leader(staff).get(f"/analysis/{QUERY}").content.decode()
    assert f"/cases/{case.number}/" in page or case.number in page
    assert str(UUID(int=108)) not in page
    assert Case.objects.count() == 1
