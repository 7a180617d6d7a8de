"""Every figure is what cases and ledger say, counted again by other means; its lists hold exactly that many rows."""

from __future__ import annotations

import random
import re
from datetime import date, timedelta
from typing import Any

import pytest

from huying import clock as clocks
from huying.cases import overview
from huying.cases.actions import perform
from huying.cases.models import Case
from huying.cases.tests.desk_browser import browser
from huying.cases.tests.test_lifecycle import told
from huying.cases.tests.test_tallies import follow
from huying.indicators import asking, queries
from huying.indicators.periods import Period, month
from huying.indicators.tests.histories import call_back, history
from huying.indicators.tests.independent import OF_CASES, OF_DISPATCHES, lay_out, recomputed
from huying.reviews import sampling
from huying.reviews.actions.answering import called, not_reached
from huying.reviews.models import Task
from huying.reviews.tests.conftest import close
from huying.staff.sight import Sight, sight_of
from huying.testing.statements import assert_statements, statements


# What happens often and what rarely, so that most cases come to an end, each in its own way.
def leader(staff: Any) -> Sight:
    return sight_of(staff.person("leader", role="leader", division="220523"))


def all_exclusions(place_id: int) -> dict[str, tuple[str, ...]]:
    return {one.id: one.exclusions for one in queries.defined(place_id).indicators.values()}


PERIODS = (Period(date(2026, 1, 1), date(2027, 1, 1)), Period(date(2026, 3, 4), date(2026, 3, 9)))


@pytest.fixture(autouse=True)
def everybody_is_called_back(monkeypatch: Any) -> None:
    """The lot falls on every case: what is drawn then does not depend on the key of this run."""
    monkeypatch.setattr(sampling, "lot", lambda *args: 0.0)


@pytest.mark.parametrize("seed", [11, 12, 13])
def test_every_figure_equals_an_independent_recomputation(staff: Any, clock: Any, seed: int) -> None:
    # Chance brings few to their end: these are closed for certain, and their callers called.
    for _n in range(3):
        close(staff, told(staff))
    follow(staff.place)
    call_back(staff, clock, random.Random(seed))
    history(staff, clock, seed)
    place, now = staff.place.pk, clocks.now()
    own = queries.defined(place)
    assert set(OF_CASES) | set(OF_DISPATCHES) == set(own.indicators)
    lay_out(place, now)
    told_of = 0
    for period in PERIODS:
        for by in queries.LEVELS:
            expected = recomputed(place, period.start, period.end, by, all_exclusions(place))
            found = queries.figures(place, period, by)
            for key in expected.keys() | found.keys():
                for name, one in own.indicators.items():
                    if by not in one.levels:
                        continue
                    figure = found.get(key, {}).get(name)
                    got = (
                        (0, 0, {})
                        if figure is None
                        else (figure.numerator, figure.denominator, dict(figure.excluded))
                    )
                    nothing = (0, 0, dict.fromkeys(one.exclusions, 0))
                    wanted = expected.get(key, {}).get(name, nothing)
                    assert got == (wanted if figure is not None else (0, 0, {})), (by, key, name, period)
                    assert figure is not None or wanted == nothing, (by, key, name, period)
                    told_of += got[1] > 0
    assert told_of > 100  # the history is one in which things happen
    the_pages_say_the_same(staff)
    back = queries.figures(place, PERIODS[0])[None]["called_back"]
    assert back.denominator + back.excluded["called_unsaid"] >= 3
    whole = queries.figures(place, PERIODS[0])[None]
    shown = [name for name in own.indicators if whole[name].numerator]
    assert len(shown) >= 14, sorted(set(own.indicators) - set(shown))


def made_of(row: str) -> tuple[int, ...]:
    """The numerator and the denominator that a row of a page shows."""
    cell = row.split('data-label="分子 ÷ 分母">')[1].split("</td>")[0]
    return tuple(int(n) for n in re.findall(r"\d+", re.sub(r"<[^>]+>", " ", cell)))


def the_pages_say_the_same(staff: Any) -> None:
    """What is printed on the pages is what cases and ledger say."""
    place, client = staff.place.pk, browser(staff, "leader", role="leader", division="220523")
    period, _choice = asking.period_of({"p": "d365"})
    own = queries.defined(place).indicators
    page = client.get("/indicators/?p=d365").content.decode()
    expected = recomputed(place, period.start, period.end, "place", {})[None]
    for name, one in own.items():
        [row] = re.findall(rf'<td class="lead"><a href="/indicators/{name}/\?.*?</tr>', page, re.S)
        n, of, _left_out = expected.get(name, (0, 0, {}))
        assert made_of(row) == ((n, of) if one.unit == "percent" else (n,)), name
    for by in ("organ", "town"):
        expected_of = recomputed(place, period.start, period.end, by, {})
        for name in ("answered", "on_time", "handled_on_time", "accurate"):
            page = client.get(f"/indicators/{name}/?p=d365&by={by}").content.decode().split('id="units"')[1]
            for key, found in expected_of.items():
                if name in found:
                    unit = re.escape(asking.key_name(by, key, staff.memory))
                    [row] = re.findall(
                        rf'<td class="lead"><a href="[^"]*">{unit}</a></td>.*?</tr>', page, re.S
                    )
                    assert made_of(row) == found[name][:2], (by, key, name)


def test_the_score_is_the_weighted_sum(staff: Any, clock: Any) -> None:
    history(staff, clock, 12)
    whole = queries.figures(staff.place.pk, PERIODS[0])[None]
    value = {
        name: whole[name].value
        for name in ("handled", "handled_on_time", "reworked", "waiting_late", "extended")
    }
    assert None not in value.values()
    expected = (
        value["handled"] * 30 + value["handled_on_time"] * 20 + (1 - value["reworked"]) * 20
        + (1 - value["waiting_late"]) * 20 + (1 - value["extended"]) * 10
    )  # fmt: skip
    assert whole["district"].value == pytest.approx(expected)
    assert sum(whole["district"].parts.values()) == pytest.approx(expected)


def test_a_score_leaves_out_what_has_no_data(staff: Any, clock: Any) -> None:
    case = told(staff)
    perform(staff.place.pk, case.id, "sign_in", staff.officer(), {})
    clock.advance(timedelta(days=20))  # nothing closed, so that nothing can be said of rework
    follow(staff.place)
    score = queries.figures(staff.place.pk, month(2026, 3))[None]["district"]
    assert set(score.parts) == {"handled", "handled_on_time", "waiting_late", "extended"}
    assert score.denominator == 80
    assert score.value == pytest.approx(100 * 10 / 80)  # nothing handled, nothing extended
    assert score.small
    assert score.tone == ""


@pytest.mark.parametrize("seed", [14])
def test_lists_hold_exactly_as_many_rows_as_the_figure(staff: Any, clock: Any, seed: int) -> None:
    history(staff, clock, seed)
    place, sight, period = staff.place.pk, leader(staff), PERIODS[0]
    own, seen = queries.defined(place), 0
    for by in ("place", "organ", "town", "item"):
        for key, found in queries.figures(place, period, by).items():
            for name, figure in found.items():
                if name in own.scores:
                    continue
                parts = {"numerator": figure.numerator, "denominator": figure.denominator, **figure.excluded}
                for part, n in parts.items():
                    rows = queries.cases(place, name, period, by, key, part, sight, size=500).rows
                    assert len(rows) == n, (by, key, name, part)
                    assert len({row.id for row in rows}) == n
                    seen += len(rows)
                    if by == "item":
                        assert all(row.case.item == key for row in rows)
    assert seen > 200


def test_a_list_goes_on_page_by_page(staff: Any, clock: Any) -> None:
    for _n in range(5):
        told(staff)
    follow(staff.place)
    place, sight = staff.place.pk, leader(staff)
    found, after = [], ""
    for _page in range(3):
        with assert_statements(2):
            rows = queries.cases(
                place, "reported", month(2026, 3), "place", None, "numerator", sight, after, 2
            )
        found += [row.case.number for row in rows.rows]
        after = rows.after
    assert after == ""
    assert found == sorted(Case.objects.values_list("number", flat=True), reverse=True)


def test_a_list_shows_only_what_one_may_see(staff: Any, clock: Any) -> None:
    case = told(staff)
    follow(staff.place)
    towns = [row for row in staff.memory.children(staff.memory.top.id) if not row.layer]
    other = next(row for row in towns if not case.path.startswith(row.path))
    beside = sight_of(staff.person("beside", role="town_clerk", division=other.code))
    asked = (staff.place.pk, "reported", month(2026, 3), "place", None, "numerator")
    assert len(queries.cases(*asked, leader(staff)).rows) == 1
    assert queries.cases(*asked, beside).rows == []


def test_what_is_sealed_is_in_no_figure(staff: Any, clock: Any) -> None:
    told(staff, confidential=True)
    told(staff, call="report")
    follow(staff.place)
    for by in queries.LEVELS:
        found = queries.figures(staff.place.pk, month(2026, 3), by)
        assert all(figure.denominator == 0 for one in found.values() for figure in one.values()), by


def test_time_alone_makes_a_case_late(staff: Any, clock: Any) -> None:
    told(staff)
    follow(staff.place)
    place, period = staff.place.pk, month(2026, 3)
    before = queries.figures(place, period)[None]
    clock.advance(timedelta(days=9))  # nobody does anything, and no reader runs
    after = queries.figures(place, period)[None]
    assert [(one["answered"].numerator, one["answered"].denominator) for one in (before, after)] == [
        (0, 0),
        (0, 1),
    ]
    assert [one["on_time"].value for one in (before, after)] == [None, 0]
    assert [one["waiting_late"].value for one in (before, after)] == [None, 1]


def the_overview_says_the_same(staff: Any) -> None:
    """The leaders' overview and the indicators are two ways to read one count."""
    scope = overview.scope_of({"days": "365"}, leader(staff), staff.memory)
    waits = overview.waiting(scope)
    rates = overview.rates(overview.figures(scope).whole, waits.late_answers, waits.late_open)
    own = queries.figures(staff.place.pk, Period(scope.since, scope.until + timedelta(days=1)))[None]
    assert [one.code for one in rates] == ["answered", "solved", "satisfied", "on_time"]
    for rate in rates:
        assert (rate.top, rate.bottom) == (own[rate.code].numerator, own[rate.code].denominator), rate.code


def test_a_series_adds_up_to_the_period(staff: Any, clock: Any) -> None:
    history(staff, clock, 15, cases=8, moves=120)
    place, period = staff.place.pk, Period(date(2026, 3, 1), date(2026, 5, 1))
    the_overview_says_the_same(staff)
    for step in ("day", "week", "month"):
        whole = queries.figures(place, period)[None]
        for name, points in queries.all_series(place, period, step).items():
            if name == "district":
                continue
            assert sum(figure.numerator for _part, figure in points) == whole[name].numerator, (name, step)
            assert sum(figure.denominator for _part, figure in points) == whole[name].denominator, (
                name,
                step,
            )
            assert (points[0][0].start, points[-1][0].end) == (period.start, period.end)


def test_compared_with_the_month_before_and_the_year_before(staff: Any, clock: Any) -> None:
    told(staff)
    clock.advance(timedelta(days=31))
    told(staff)
    told(staff)
    follow(staff.place)
    now, before, year_before = queries.compared(staff.place.pk, month(2026, 4))[None]["reported"]
    assert before is not None
    assert year_before is not None
    assert (now.value, before.value, year_before.value) == (2, 1, 0)
    assert queries.change(now, before) == 1.0
    assert queries.change(now, year_before) is None


def test_figures_cost_the_same_however_much_there_is(staff: Any, clock: Any) -> None:
    place = staff.place.pk
    told(staff)
    follow(staff.place)
    queries.figures(place, month(2026, 3), "organ")
    counts = []
    for _n in range(2):
        with statements() as seen:
            queries.figures(place, month(2026, 3), "organ")
        counts.append(len(seen))
        for _k in range(3):
            told(staff)
        follow(staff.place)
    assert counts == [4, 4]  # sums, late cases, late dispatches, what is narrowed


def test_a_figure_that_there_is_not(staff: Any, clock: Any) -> None:
    place, sight = staff.place.pk, leader(staff)
    with pytest.raises(KeyError):
        queries.figures(place, month(2026, 3), "street")
    for name, part in (("nothing", "numerator"), ("district", "numerator"), ("answered", "voided")):
        with pytest.raises(KeyError):
            queries.cases(place, name, month(2026, 3), "place", None, part, sight)


def test_the_last_call_back_counts_and_leads_to_its_case(staff: Any, clock: Any) -> None:
    seat = staff.actor("seat", "hotline", role="callback_seat", organ="centre")
    place, sight = staff.place.pk, leader(staff)
    cases = [close(staff, told(staff)) for _n in range(3)]
    follow(staff.place)
    tasks = {task.case_id: task for task in Task.objects.filter(place_id=place, kind="call_back")}
    said = {"said_solved": "unsolved", "said_reason": "not_done"}
    again = {"said_satisfaction": "unsatisfied", "wish": "again", "said_words": "又摆出来了", **said}
    called(place, tasks[cases[0].id].id, again, seat)
    called(place, tasks[cases[1].id].id, {**again, "wish": "leave"}, seat)
    while not_reached(place, tasks[cases[2].id].id, {"not_reached": "busy"}, seat):
        pass
    follow(staff.place)
    of = queries.figures(place, PERIODS[0])[None]["called_back"]
    assert (of.numerator, of.denominator, of.excluded) == (0, 2, {"called_unsaid": 1})
    cases[0].refresh_from_db()
    assert cases[0].round == 2
    perform(place, cases[0].id, "dispatch", staff.desk, {"item": "E110", "organ": "chengguan"})
    close(staff, cases[0])
    follow(staff.place)
    second = Task.objects.get(place_id=place, kind="call_back", case_id=cases[0].id, mark="2")
    happy = {"said_solved": "solved", "said_satisfaction": "fair", "wish": "leave"}
    called(place, second.id, happy, seat)
    follow(staff.place)
    of = queries.figures(place, PERIODS[0])[None]["called_back"]
    assert (of.numerator, of.denominator) == (1, 2)
    listed = {
        part: {
            row.case.id
            for row in queries.cases(place, "called_back", PERIODS[0], "place", None, part, sight).rows
        }
        for part in ("numerator", "denominator", "called_unsaid")
    }
    assert listed == {
        "numerator": {cases[0].id}, "denominator": {cases[0].id, cases[1].id}, "called_unsaid": {cases[2].id},
    }  # fmt: skip
