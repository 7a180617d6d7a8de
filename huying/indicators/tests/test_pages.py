"""The pages: every figure with what it is made of, each number a link to as many cases; each sees their own part."""

from __future__ import annotations

import io
import re
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from openpyxl import load_workbook

from huying import clock as clocks
from huying.cases.actions import perform
from huying.cases.tests.desk_browser import browser
from huying.cases.tests.test_lifecycle import told
from huying.cases.tests.test_tallies import follow
from huying.cases.tests.walking import said
from huying.indicators import queries, wording
from huying.indicators.queries import Figure
from huying.indicators.tests.histories import history
from huying.testing.statements import assert_statements, statements


def leader(staff: Any) -> Any:
    return browser(staff, "leader", role="leader", division="220523")


def rows_of(page: Any) -> int:
    return page.content.decode().count("data-row")


def links(page: Any) -> list[tuple[str, int]]:
    """Every link to cases on a page, with the number that it stands under."""
    found = re.findall(
        r'<a[^>]*href="(/indicators/[a-z_]+/cases/\?[^"]+)"[^>]*>([^<]*?)(\d+)</a>', page.content.decode()
    )
    return [(unescape(url), int(n)) for url, _label, n in found]


def test_every_number_on_the_page_leads_to_as_many_cases(staff: Any, clock: Any) -> None:
    history(staff, clock, 21, cases=8, moves=140)
    client = leader(staff)
    seen = set()
    for by in ("town", "organ"):
        for url, n in links(client.get(f"/indicators/?p=d365&by={by}")):
            if url in seen or n > 50:
                continue
            seen.add(url)
            assert rows_of(client.get(url)) == n, url
    assert len(seen) > 40


def test_the_page_says_what_each_figure_is_made_of(staff: Any, clock: Any) -> None:
    case = told(staff)
    secret = told(staff, body="保密的一件事，菜市场占道经营", confidential=True)
    clock.advance(timedelta(days=3))
    follow(staff.place)
    page = leader(staff).get("/indicators/")
    text = " ".join(said(page).split())
    for word in (
        "响应率",
        "综合评价",
        "派遣准确率",
        "0 ÷ 1",
        "按时报到 ÷ (签收 + 超时未报到)",
        "1 件保密件",
        "环比",
        "同比",
    ):
        assert word in text, word
    assert secret.number not in page.content.decode()
    organ = staff.memory.organ(case.organ_id)
    assert organ.name in said(leader(staff).get("/indicators/?by=organ"))


def test_one_indicator(staff: Any, clock: Any) -> None:
    history(staff, clock, 22, cases=6, moves=80)
    client = leader(staff)
    for ident in queries.defined(staff.place.pk).indicators | queries.defined(staff.place.pk).scores:
        page = client.get(f"/indicators/{ident}/?p=d365&by=organ&sort={ident}&down=1")
        assert page.status_code == 200, ident
    text = said(client.get("/indicators/district/?p=d365"))
    assert "(1 − 返工率) × 20" in text
    assert client.get("/indicators/nothing/").status_code == 404
    assert client.get("/indicators/district/cases/").status_code == 404
    assert client.get("/indicators/on_time/cases/?part=sealed").status_code == 404
    assert client.get("/indicators/on_time/cases/?after=%%%").status_code == 302


def test_a_town_sees_itself_and_its_villages(staff: Any, clock: Any) -> None:
    case = told(staff)
    follow(staff.place)
    towns = [row for row in staff.memory.children(staff.memory.top.id) if not row.layer]
    mine = next(row for row in towns if case.path.startswith(row.path))
    other = next(row for row in towns if row.id != mine.id)
    client = browser(staff, "mine", role="town_clerk", division=mine.code)
    page = client.get("/indicators/reported/")
    assert mine.name in said(page)
    assert next(n for url, n in links(page) if "part=numerator" in url) == 1
    beside = browser(staff, "beside", role="town_clerk", division=other.code)
    # Asking for what lies outside of one's duty gives one's own.
    for asked in (
        "",
        f"?of=town:{mine.id}",
        f"?of=organ:{case.organ_id}",
        "?of=item:E101",
        "?of=town:99999",
        "?of=x",
    ):
        page = beside.get(f"/indicators/reported/{asked}")
        assert other.name in said(page)
        assert links(page) == []


def test_a_head_sees_the_organ(staff: Any, clock: Any) -> None:
    case = told(staff)
    follow(staff.place)
    head = browser(staff, "head", role="head", organ="chengguan")
    page = head.get("/indicators/reported/")
    assert staff.memory.organ(case.organ_id).name in said(page)
    assert [n for _url, n in links(page)] == [1]
    other = browser(staff, "other", role="head", organ="water")
    assert links(other.get("/indicators/reported/")) == []


def test_every_number_leads_to_as_many_cases_for_whoever_sees_less(staff: Any, clock: Any) -> None:
    """Cases that were handed on, put together or sealed meanwhile must neither be missing nor be too many."""
    history(staff, clock, 5, cases=8, moves=140)
    town = staff.memory.by_code("220523001")
    village = next(
        one for one in staff.memory.divisions.values() if one.parent_id == town.id and not one.is_grid
    )
    people = [
        browser(staff, f"head-{code}", role="head", organ=code) for code in ("chengguan", "police", "housing")
    ]
    people.append(browser(staff, "town-clerk", role="town_clerk", division=town.code))
    people.append(browser(staff, "secretary", role="village_secretary", division=village.code))
    seen = []
    for client in people:
        for url, n in links(client.get("/indicators/?p=d365")):
            if n <= 50:
                assert rows_of(client.get(url)) == n, url
                seen.append(n)
    assert len(seen) > 40
    assert max(seen) > 2


def test_an_address_that_makes_no_sense_shows_the_usual(staff: Any) -> None:
    client = leader(staff)
    for query in (
        "p=x",
        "since=2026-13-01&until=7",
        "since=2030-01-01",
        "since=1999-01-01",
        "by=street",
        "sort=x&down=7",
    ):
        assert client.get(f"/indicators/?{query}").status_code == 200, query


def test_sorting_puts_small_samples_last(staff: Any, clock: Any) -> None:
    few = Figure("x", 1.0, 2, 2, {}, "percent", "higher", True)
    many, more = (Figure("x", v, 10 * v, 10, {}, "percent", "higher", False) for v in (0.5, 0.9))
    order = sorted([None, few, more, many], key=wording.sort_value)
    assert order == [many, more, few, None]


@pytest.mark.parametrize(("value", "top", "bottom", "text"), [
    (None, 0, 0, ""), (1.0, 5, 5, "100.0"), (0.99999, 99_999, 100_000, "99.9"), (0.00001, 1, 100_000, "0.1"), (0.0, 0, 9, "0.0"),
])  # fmt: skip
def test_all_but_one_is_not_everything(value: float | None, top: int, bottom: int, text: str) -> None:
    assert wording.value(Figure("x", value, top, bottom, {}, "percent", "higher", False)) == text


def test_the_sheet_holds_the_same_numbers(staff: Any, clock: Any) -> None:
    history(staff, clock, 23, cases=6, moves=80)
    answer = leader(staff).get("/indicators/export.xlsx?p=d365&by=organ")
    book = load_workbook(io.BytesIO(answer.content))
    first, units = book.worksheets
    period = queries.Period(
        clocks.now().date() - timedelta(days=400), clocks.now().date() + timedelta(days=2)
    )
    expected = queries.figures(staff.place.pk, period)[None]
    names = {one.name.zh: one.id for one in queries.defined(staff.place.pk).indicators.values()}
    compared = 0
    for row in first.iter_rows(min_row=3, values_only=True):
        if row[0] in names:
            figure = expected[names[row[0]]]
            assert (row[3], row[4]) == (figure.numerator, figure.denominator), row[0]
            compared += 1
    assert compared == len(names)
    assert units.max_row == 1 + len(queries.figures(staff.place.pk, period, "organ"))


def test_the_page_costs_the_same_however_much_there_is(staff: Any, clock: Any) -> None:
    client = leader(staff)
    told(staff)
    follow(staff.place)
    client.get("/indicators/")
    counts = []
    for _n in range(2):
        with statements() as seen:
            client.get("/indicators/")
        counts.append(len(seen))
        for _k in range(3):
            case = told(staff)
            perform(staff.place.pk, case.id, "sign_in", staff.officer(), {})
        follow(staff.place)
    assert counts[0] == counts[1] <= 30
    with assert_statements(7):  # four of signing in; the page, its cases, reading marks
        client.get("/indicators/reported/cases/")
