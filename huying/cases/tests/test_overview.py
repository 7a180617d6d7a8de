"""The overview: rates with what they are made of, links that lead to the very cases, and each one's own part."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from django.utils import translation

from huying.cases import behind, looks, overview
from huying.cases.actions import perform, report
from huying.cases.calls import Call
from huying.cases.counted import CASE_MEASURES, MEASURES
from huying.cases.models import Case
from huying.cases.tests.desk_browser import browser
from huying.cases.tests.test_lifecycle import a_point, told
from huying.cases.tests.test_tallies import follow, play
from huying.cases.tests.walking import said
from huying.staff.sight import sight_of
from huying.testing.statements import assert_statements


def leader(staff: Any) -> Any:
    return browser(staff, "leader", role="leader", division="220523")


def scope(staff: Any, name: str, **query: str) -> Any:
    return overview.scope_of(query, sight_of(staff.people[name]), staff.memory)


def test_rates_show_their_parts_and_what_they_leave_out() -> None:
    sums = dict.fromkeys(MEASURES, 0) | {
        "reported": 40, "dispatched": 33, "arrived": 30, "arrived_in_time": 27, "closed": 20, "closed_in_time": 15,
        "solved": 8, "partly": 3, "unsolved": 1, "untrue": 2, "beyond": 1, "refused": 1, "voided": 3, "satisfied": 5,
        "fair": 2, "unsatisfied": 2, "unrated": 11,
    }  # fmt: skip
    answered, solved, satisfied, on_time = overview.rates(sums, late_answers=2, late_open=5)
    assert (answered.top, answered.bottom, answered.percent) == (27, 32, "84.4")
    assert dict(answered.left_out) == {"unanswered": 1}
    assert (solved.top, solved.bottom, solved.percent) == (8, 12, "66.7")
    assert dict(solved.left_out) == {"untrue": 2, "beyond": 1, "refused": 1, "voided": 3, "no_outcome": 4}
    assert (satisfied.top, satisfied.bottom, satisfied.percent) == (7, 9, "77.8")
    assert dict(satisfied.left_out) == {"unrated": 11}
    assert (on_time.top, on_time.bottom, on_time.percent) == (15, 25, "60.0")
    for rate in (answered, solved, satisfied, on_time):
        assert sum(n for _name, n in rate.made_of) == rate.bottom


def test_nothing_to_rate_is_no_hundred_per_cent() -> None:
    assert all(one.percent == "" for one in overview.rates(dict.fromkeys(MEASURES, 0), 0, 0))


def test_all_but_one_is_not_everything() -> None:
    assert overview.Rate("solved", 9999, 10_000, (), ()).percent == "99.9"
    assert overview.Rate("solved", 10_000, 10_000, (), ()).percent == "100.0"


def test_not_closing_looks_no_better(staff: Any, clock: Any) -> None:
    told(staff)
    clock.advance(timedelta(days=9))
    leader(staff)
    follow(staff.place)
    found, waits = (
        overview.figures(scope(staff, "leader")),
        overview.waiting(scope(staff, "leader")),
    )
    on_time = overview.rates(found.whole, waits.late_answers, waits.late_open)[-1]
    assert (on_time.top, on_time.bottom, on_time.percent) == (0, 1, "0.0")


@pytest.mark.parametrize("seed", [3])
def test_every_figure_leads_to_as_many_cases(staff: Any, clock: Any, seed: int) -> None:
    play(staff, clock, seed, cases=20, moves=250)
    leader(staff)
    own = scope(staff, "leader", days="90")
    sums = overview.figures(own).whole
    sight = sight_of(staff.people["leader"])
    several = ("returned", "extended", "reopened")  # a case may be returned twice
    for name in set(CASE_MEASURES) - {"sealed", *several}:
        assert behind.select(sight, own, name).count() == sums[name], name
    for name in several:
        assert behind.select(sight, own, name).count() <= sums[name]
    by_item = overview.figures(own).by_item
    for code, found in by_item.items():
        seen = behind.select(sight, own, "reported", item=code)
        assert all(case.item == code for case in seen)
        assert seen.count() == found["reported"]


def test_the_parts_of_a_town_add_up_to_the_town(staff: Any, clock: Any) -> None:
    play(staff, clock, 4, cases=12, moves=80)
    leader(staff)
    whole = overview.figures(scope(staff, "leader"))
    towns = {ident: sums for ident, sums in whole.by_part.items() if ident and any(sums.values())}
    assert towns
    for ident, sums in towns.items():
        below = overview.figures(scope(staff, "leader", division=str(ident)))
        assert below.whole == {name: sums[name] for name in MEASURES}
        for name in MEASURES:
            assert sum(part[name] for part in below.by_part.values()) == sums[name]


def test_a_town_sees_itself_and_nothing_beside_it(staff: Any, clock: Any) -> None:
    case = told(staff)
    grid = staff.memory.division(case.grid_id)
    towns = [row for row in staff.memory.children(staff.memory.top.id) if not row.layer]
    mine = next(row for row in towns if grid.path.startswith(row.path))
    other = next(row for row in towns if row.id != mine.id)
    follow(staff.place)
    browser(staff, "mine", role="town_clerk", division=mine.code)
    browser(staff, "beside", role="town_clerk", division=other.code)
    assert overview.figures(scope(staff, "mine")).whole["reported"] == 1
    assert overview.figures(scope(staff, "beside")).whole["reported"] == 0
    # Asking for what lies outside of one's duty gives one's own.
    assert scope(staff, "beside", division=str(mine.id)).division.id == other.id
    assert overview.waiting(scope(staff, "mine")).open == 1
    assert overview.waiting(scope(staff, "beside")).open == 0


def test_a_head_sees_the_organ_wherever_it_works(staff: Any, clock: Any) -> None:
    told(staff)
    report(staff.place.pk, Call(body="有个事想问问你们"), staff.desk)
    follow(staff.place)
    browser(staff, "head", role="head", organ="chengguan")
    found = overview.figures(scope(staff, "head"))
    assert (found.whole["reported"], found.whole["dispatched"]) == (1, 1)
    browser(staff, "other", role="head", organ="water")
    assert overview.figures(scope(staff, "other")).whole["reported"] == 0


def test_the_page_links_each_figure_and_names_no_confidential_case(staff: Any, clock: Any) -> None:
    case = told(staff)
    secret = told(staff, body="保密的一件事，菜市场占道经营", confidential=True)
    clock.advance(timedelta(days=3))
    follow(staff.place)
    client = leader(staff)
    page = client.get("/overview/")
    text = said(page)
    assert "响应率" in text
    assert "0.0 %" in text  # nobody reported in
    assert "1 件保密件" in text
    assert secret.number not in page.content.decode()
    assert secret.title not in text
    assert f"/cases/{case.number}/#m-instruct-instruction" in page.content.decode()
    links = set(re.findall(r'href="(/overview/cases/\?[^"]+)"', page.content.decode()))
    assert len(links) > 5
    for link in links:
        answer = client.get(unescape(link))
        assert answer.status_code == 200
        assert case.number in answer.content.decode()
        assert secret.number not in answer.content.decode()


def test_what_the_clock_opened_came_by_no_channel_and_is_said_so(staff: Any) -> None:
    preset = staff.memory.preset
    with translation.override("zh-hans"):
        assert looks.channel_name(preset, "clock") == "按计划生成"
        assert looks.channel_name(preset, "grid") != "grid"


def test_a_case_that_a_town_opened_is_on_its_map(staff: Any, clock: Any) -> None:
    from huying.cases import spots

    case = told(staff)
    leader(staff)
    sight = sight_of(staff.people["leader"])
    [town] = spots.of_open(sight, scope(staff, "leader"), staff.memory, "?division=")["features"]
    ident = town["properties"]["url"].partition("=")[2]
    assert town["properties"]["count"] == 1
    [point] = spots.of_open(sight, scope(staff, "leader", division=ident), staff.memory, "")["features"]
    assert point["properties"]["url"] == f"/cases/{case.number}/"
    assert point["geometry"]["coordinates"] == [round(one, 5) for one in a_point(staff)]


def test_an_address_that_makes_no_sense_shows_the_usual(staff: Any) -> None:
    client = leader(staff)
    for query in (
        "days=x",
        "since=2026-13-01&until=7",
        "division=999999",
        "division=abc",
        "since=2000-01-01",
    ):
        assert client.get(f"/overview/?{query}").status_code == 200
    assert client.get("/overview/cases/?m=nonsense").status_code == 404
    assert client.get("/overview/cases/?m=reported&after=%%%").status_code == 302


def test_the_page_costs_the_same_however_much_there_is(staff: Any, clock: Any) -> None:
    client = leader(staff)
    told(staff)
    follow(staff.place)
    client.get("/overview/")
    with assert_statements(9):  # four of signing in; figures, open, answers, late, map
        client.get("/overview/")
    for _n in range(4):
        case = told(staff)
        perform(staff.place.pk, case.id, "sign_in", staff.officer(), {})
    follow(staff.place)
    with assert_statements(9):
        client.get("/overview/")
    assert Case.objects.count() == 5
    with assert_statements(7):  # signing in, the page, its reading marks, how many there are
        client.get("/overview/cases/?m=reported")
