"""Appraisal: weights over figures less deductions; small samples unranked; frozen once issued."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from huying.cases.actions import Refused
from huying.indicators.periods import quarter
from huying.indicators.queries import Figure
from huying.ledger.models import Event
from huying.ledger.verify import verify
from huying.presets.review_definition import Appraisal as Weights
from huying.presets.review_definition import Part
from huying.reviews import appraising
from huying.reviews.actions import deductions
from huying.reviews.models import Appraisal

WEIGHTS = Weights(
    "organ", (Part("on_time", 60, 0.5, 1.0), Part("returned", 40, 1.0, 0.0)), least=10, deduction=2
)
QUARTER = quarter(2026, 1)


def figure(name: str, numerator: float, denominator: float) -> Figure:
    value = numerator / denominator if denominator else None
    return Figure(name, value, numerator, denominator, {}, "percent", "higher", denominator < 10)


def unit(ident: int, on_time: tuple[float, float], returned: tuple[float, float], off: float = 0) -> Any:
    figures = {"on_time": figure("on_time", *on_time), "returned": figure("returned", *returned)}
    return appraising.marked(ident, f"unit {ident}", figures, WEIGHTS, {}, off)


def test_parts_go_from_worst_to_best_and_deductions_come_off() -> None:
    # on time 18 of 20 = 0.9: (0.9 - 0.5) / 0.5 of 60 = 48; returned 5 of 20 = 0.25, lower is better: 0.75 of 40 = 30.
    row = unit(1, (18, 20), (5, 20), off=1.5)
    assert [part.points for part in row.parts] == [48.0, 30.0]
    assert (row.points, row.taken, row.total, row.sample) == (78.0, 3.0, 75.0, 20)
    assert unit(2, (1, 20), (20, 20)).points == 0
    assert unit(3, (20, 20), (0, 20), off=80).total == 0


def test_what_has_nothing_to_rate_is_left_out_and_the_rest_counts_for_the_whole() -> None:
    row = unit(1, (18, 20), (0, 0))
    assert row.parts[1].rate is None
    assert row.points == 80.0


def test_small_samples_are_shown_and_not_ranked_and_equals_share_a_rank() -> None:
    rows = appraising.ranked(
        [
            unit(1, (9, 9), (0, 9)),
            unit(2, (18, 20), (5, 20)),
            unit(3, (20, 20), (0, 20)),
            unit(4, (36, 40), (10, 40)),
        ]
    )
    assert [(row.unit_id, row.rank) for row in rows] == [(3, 1), (2, 2), (4, 2), (1, None)]
    assert rows[-1].small


@pytest.fixture
def figures(monkeypatch: Any, staff: Any) -> Any:
    """The figures of the period, as the indicators give them for the lead organ."""
    organ = staff.memory.organ_by_code("chengguan")
    held = {organ.id: {name: figure(name, 18, 20) for name in ("answered", "on_time", "solved", "satisfied")}}
    monkeypatch.setattr(appraising.indicators, "figures", lambda *args, **more: held)
    return held


def test_an_issued_appraisal_stays_as_it_was(
    clock: Any,
    staff: Any,
    refused: Any,
    head: Any,
    figures: Any,
) -> None:
    place, row = staff.place.pk, refused()
    deductions.confirm(place, row.id, head)
    with pytest.raises(Refused) as early:
        appraising.issue(place, QUARTER, "organ", head)
    assert early.value.code == "not-over"
    clock.set(clock().replace(month=4, day=2))
    with pytest.raises(Refused) as outside:
        appraising.issue(place, QUARTER, "organ", staff.officer())
    assert outside.value.code == "not-allowed"
    issued = appraising.issue(place, QUARTER, "organ", head)
    [standing] = issued.rows
    assert (standing.unit_id, standing.rank, standing.taken) == (row.organ_id, 1, 0.5)
    figures.clear()
    deductions.withdraw(place, row.id, "查实后撤回", head)
    assert appraising.standings(place, QUARTER, "organ") == issued
    assert Event.objects.get(kind="appraisal.issued").data["units"] == 1
    with pytest.raises(Refused) as twice:
        appraising.issue(place, QUARTER, "organ", head)
    assert twice.value.code in ("nothing", "decided")
    assert Appraisal.objects.count() == 1
    assert verify(place).ok
    Appraisal.objects.update(body=[{**Appraisal.objects.get().body[0], "total": 100}])  # around every action
    assert verify(place).codes() == {"vouched_altered"}


def test_a_towns_deductions_come_off_the_town(staff: Any, monkeypatch: Any) -> None:
    town = staff.memory.by_code("220523001")
    organ = staff.memory.organ_by_code("t220523001")
    monkeypatch.setattr(appraising.indicators, "figures", lambda *args, **more: {})
    monkeypatch.setattr(appraising, "points_of", lambda *args: {organ.id: 3})
    by_town = appraising.standings(staff.place.pk, QUARTER, "town")
    assert [(row.unit_id, row.taken) for row in by_town.rows] == [(town.id, 1.5)]
    assert appraising.standings(staff.place.pk, QUARTER, "organ").rows == ()


def test_all_organs_of_a_town_come_off_it_together(staff: Any, monkeypatch: Any) -> None:
    """A town has a government and stations; what is taken off one must not make the other's points vanish."""
    from huying.places import memory as memories
    from huying.places.models import Organ

    memory = staff.memory
    town = memory.by_code("220523001")
    village = next(one for one in memory.divisions.values() if one.parent_id == town.id and not one.is_grid)
    first = memory.organ_by_code("t220523001")
    more = [
        Organ.objects.create(place_id=staff.place.pk, code=code, name=code, division_id=division.id)
        for code, division in (("t-station", town), ("v-committee", village))
    ]
    memories.forget()
    monkeypatch.setattr(appraising.indicators, "figures", lambda *args, **more: {})
    monkeypatch.setattr(appraising, "points_of", lambda *args: {first.id: 3, more[0].pk: 2, more[1].pk: 1})
    rows = appraising.standings(staff.place.pk, QUARTER, "town").rows
    assert [(row.unit_id, row.taken) for row in rows] == [(town.id, 3.0)]


def test_the_page_says_what_each_figure_is_made_of(clock: Any, staff: Any, figures: Any) -> None:
    from huying.cases.tests.desk_browser import browser, text

    clock.set(clock().replace(month=4, day=2))
    client = browser(staff, "centre-head", role="centre_head", organ="centre")
    page = text(client.get("/reviews/appraisal/?level=organ&period=2026-Q1"))
    assert "18 / 20" in page
    assert "权重 30" in page
    done = client.post("/reviews/appraisal/", {"level": "organ", "period": "2026-Q1"}, follow=True)
    assert "已发布" in text(done)
    assert Appraisal.objects.get().start == date(2026, 1, 1)
    for period in ("nothing", "9998", "0001-Q1", "9" * 30, "2026-Q9", "²"):
        assert client.get("/reviews/appraisal/", {"period": period}).status_code == 404


def test_real_figures_lead_to_a_standing(clock: Any, staff: Any, closed: Any, read_on: Any) -> None:
    from huying.cases.actions import perform

    place = staff.place.pk
    for _ in range(2):
        perform(place, closed().id, "rated", staff.resident, {"satisfaction": "satisfied"})
    read_on(place)
    [row] = appraising.standings(place, QUARTER, "organ").rows
    assert row.unit_id == staff.memory.organ_by_code("chengguan").id
    assert {part.indicator: (part.numerator, part.denominator) for part in row.parts}["satisfied"] == (2, 2)
    assert (row.points, row.rank, row.small) == (100.0, None, True)
    towns = appraising.standings(place, QUARTER, "town").rows
    assert [(one.sample, one.name) for one in towns] == [(2, "东凤街道")]
