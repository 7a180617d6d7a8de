"""Sections that no other test looks at closely: refused returns, naming, before and after."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from huying.cases.actions import perform
from huying.cases.calls import Call
from huying.cases.models import Case
from huying.clock import frozen
from huying.indicators import queries as indicators
from huying.indicators.periods import Period
from huying.ledger import jobs as ledger_jobs
from huying.ledger import readers
from huying.reports import access, actions, figures
from huying.reports.making import Making
from huying.reports.models import Refusal
from huying.reports.sections import effect, organs
from huying.reports.tests.conftest import END
from huying.supervise.models import NamedOrgan


def making(lived: Any, code: str, period: Period) -> Making:
    memory = lived.memory
    return Making(memory, memory.preset, access.kinds(memory)[code], memory.top, period, END)


def call(lived: Any, **more: Any) -> Case:
    from huying.cases.actions import report

    grid = lived.memory.grids["general"][0]
    made = report(
        lived.place_id,
        Call(
            body="有件事想请你们来看看",
            lon=grid.centre[0],
            lat=grid.centre[1],
            **more,
        ),
        lived.actor("resident1"),
    )
    return Case.objects.get(place_id=lived.place_id, id=made.case_id)


def refuse(lived: Any, case: Case) -> None:
    """The department returns the case, and the centre does not accept that."""
    if case.step == "take":
        sent = {"item": "E101", "organ": "chengguan"}
        perform(lived.place_id, case.id, "dispatch", lived.actor("desk1"), sent)
    officer, desk = lived.actor("chengguan_officer"), lived.actor("desk1")
    perform(lived.place_id, case.id, "return", officer, {"return_reason": "not_ours", "reason": "不归我们管"})
    perform(lived.place_id, case.id, "return_refused", desk, {"reason": "清单写明由你局承办"})


def read_on(lived: Any) -> None:
    ledger_jobs.drain(lived.place_id)
    while readers.run(lived.place_id, 50):
        pass


def test_refused_returns_lead_to_the_list_and_to_being_named(settled: Any) -> None:
    case = call(settled)
    assert case.step == "take"
    refuse(settled, case)
    case.refresh_from_db()
    refuse(settled, case)
    sealed = call(settled, confidential=True)
    refuse(settled, sealed)
    read_on(settled)
    organ = settled.memory.organ_by_code("chengguan")
    rows = Refusal.objects.filter(place_id=settled.place_id)
    # What is confidential is on no list, not even as a number.
    assert [(one.organ_id, one.case_id) for one in rows] == [(organ.id, case.id)] * 2
    with frozen(END + timedelta(days=30)):
        report = actions.make(settled.actor("desk_head"), "special", settled.top, date(2026, 11, 15))
    sections = {one["id"]: one for one in report.content["sections"]}
    assert sections["shirking"]["blocks"][0]["rows"] == [["1", organ.name, "2", case.number]]
    named = sections["named"]["candidates"]
    assert [(one["id"], one["text"]) for one in named] == [
        (str(organ.id), f"{organ.name}：退单未获认可2次。")
    ]
    assert "点名1个单位" in sections["opening"]["text"]
    # An order that follows refers to the report as papers do.
    with frozen(END + timedelta(days=30)):
        issued = actions.issue(settled.actor("desk_head"), report.id)
    told = NamedOrgan.objects.get(place_id=settled.place_id, organ_id=organ.id).number
    assert told == f"《吹哨报到专报》{issued.number}"
    town = next(row for row in settled.memory.divisions.values() if row.parent_id == settled.top)
    issued.division_id = town.id  # each town counts its own, so that numbers come again
    assert actions._as_told(issued) == f"{town.name}{told}"
    october = making(settled, "special", indicators.month(2026, 10))
    assert organs.shirking(october, october.kind.section("shirking"))["blocks"] == []


def test_before_and_after_pilots_against_the_rest(lived: Any) -> None:
    october, september = indicators.month(2026, 10), indicators.month(2026, 9)
    made = making(lived, "lookback", Period(date(2026, 7, 1), date(2026, 11, 1)))
    section = replace(
        made.kind.section("effect"), cut=date(2026, 10, 1), pilots=("220523001",), indicators=("reported", "answered")
    )  # fmt: skip
    block = effect.effect(made, section)["blocks"][0]
    pilot = lived.memory.by_code("220523001").id
    then, now = (indicators.figures(lived.place_id, one, by="town") for one in (september, october))
    others = {key: held for key, held in now.items() if key and key != pilot}
    counts = block["rows"][0]
    assert counts[1:3] == [figures.value(one[pilot]["reported"]) for one in (then, now)]
    assert counts[5] == str(sum(int(held["reported"].value) for held in others.values()))
    rates = block["rows"][1]
    top = sum(held["answered"].numerator for held in others.values())
    bottom = sum(held["answered"].denominator for held in others.values())
    assert rates[5] == figures.share(top / bottom)
    assert rates[2] == figures.value(now[pilot]["answered"])
    assert block["rows"][0][3] == figures.change(now[pilot]["reported"], then[pilot]["reported"])


def test_as_many_months_before_the_cut_as_after() -> None:
    found = effect.stretches(date(2026, 3, 1), date(2026, 7, 1), 12)
    assert found == (Period(date(2025, 11, 1), date(2026, 3, 1)), Period(date(2026, 3, 1), date(2026, 7, 1)))
    assert effect.stretches(date(2026, 3, 1), date(2027, 7, 1), 6) == (
        Period(date(2025, 9, 1), date(2026, 3, 1)),
        Period(date(2026, 3, 1), date(2026, 9, 1)),
    )
    assert effect.stretches(date(2026, 3, 1), date(2026, 3, 20), 6) is None


def test_figures_in_words() -> None:
    one = indicators.Figure("x", 0.9996, 2499, 2500, {}, "percent", "higher", small=False)
    assert figures.value(one) == "99.9%"  # 100 only when it is whole
    assert figures.change(one, replace(one, value=0.9)) == "+10个百分点"
    assert figures.change(one, replace(one, small=True)) == "—"
    count = indicators.Figure("n", 12.0, 12, 0, {}, "cases", "none", small=False)
    assert figures.told(count, replace(count, value=16.0), "环比") == "环比减少25%"
    assert figures.told(count, replace(count, value=0.0), "同比") == "无同比数据"
    assert figures.told(count, count, "同比") == "同比持平"
