"""Duty lists: when the calendar calls for a duty, and what the checker says of a list that cannot be followed."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from huying.presets.definition import Words
from huying.presets.duty_definition import Duty
from huying.presets.reader import load
from huying.presets.tests.mini import files

GOOD = """
kind: request
classes: {visit: 走访}
duties:
  - {id: a, class: visit, name: 看望, text: 看一看, for: desk_clerk, every: month, day: 5}
"""


def duty(**more: object) -> Duty:
    return Duty("a", "visit", Words("看望"), Words("看一看"), "volunteer", **more)


def days(one: Duty, year: int = 2026) -> list[str]:
    first = date(year, 1, 1)
    return [str(d)[5:] for d in (first + timedelta(days=i) for i in range(365)) if one.falls_on(d)]


@pytest.mark.parametrize(
    ("one", "found"),
    [
        (duty(every="month", day=31), ["01-31", "02-28", "03-31", "04-30", "05-31", "06-30"]),
        (duty(every="quarter", day=10), ["01-10", "04-10", "07-10", "10-10"]),
        (duty(every="half-year", day=1), ["01-01", "07-01"]),
        (duty(every="year", day=60), ["03-01"]),
        (duty(dates=((12, 15), (1, 15))), ["01-15", "12-15"]),
        (duty(event_kind="request"), []),
    ],
)
def test_the_days_of_a_duty(one: Duty, found: list[str]) -> None:
    assert days(one)[: len(found)] == found
    assert found or not days(one)


def test_a_week_begins_on_monday() -> None:
    assert {date.fromisoformat(f"2026-{d}").isoweekday() for d in days(duty(every="week", day=3))} == {3}
    assert len(days(duty(every="week", day=3))) == 52


def codes(text: str, **more: str) -> list[tuple[str, str]]:
    _, problems = load({**files(), "duties.yaml": text, **more})
    return [(one.file, one.code) for one in problems]


@pytest.mark.parametrize(
    ("before", "after", "code"),
    [
        ("for: desk_clerk", "for: nobody", "unknown-role"),
        ("kind: request", "kind: nothing", "unknown-kind"),
        ("every: month, day: 5", "every: fortnight", "bad-choice"),
        ("every: month, day: 5", "on: [13-45]", "bad-choice"),
        ("every: month, day: 5", "day: 5", "empty"),
        ("every: month, day: 5", "every: month, event: {kind: request}", "empty"),
        ("every: month, day: 5", "event: {kind: request}", "bad-choice"),  # it would call for itself for ever
        ("every: month, day: 5", "every: month, due: soon", "bad-limit"),
        ("every: month, day: 5", "every: month, points: risk", "bad-choice"),
        ("class: visit", "class: sleep", "bad-choice"),
    ],
)
def test_every_defect_of_a_list_is_named(before: str, after: str, code: str) -> None:
    kinds = files()["kinds.yaml"]
    assert GOOD.count(before) == 1
    assert codes(GOOD, **{"kinds.yaml": kinds}) == []
    assert ("duties.yaml", code) in codes(GOOD.replace(before, after))


OPENS = """opens:
  - {id: b, kind: request, name: 承诺, text: 写一写, for: desk_clerk, on: ["01-08"]}
"""


@pytest.mark.parametrize(
    ("before", "after", "code"),
    [
        ("kind: request", "kind: nothing", "unknown-kind"),
        (", kind: request", "", "missing"),
        ("id: b", "id: a", "duplicate-code"),
        ("kind: request", "kind: request, points: risk", "unknown-key"),
    ],
)
def test_cases_of_other_kinds_are_opened_by_dates_too(before: str, after: str, code: str) -> None:
    assert codes(GOOD + OPENS) == []
    assert OPENS.count(before) == 1
    assert ("duties.yaml", code) in codes(GOOD + OPENS.replace(before, after))


ROUTED = GOOD.replace("day: 5}", "day: 5, route: [{id: roads, name: 道路}, {id: stairs, name: 楼道}]}")
TICKS = "form: moves\ntitle: x\nfields:\n  - {id: ticked, label: 看过, type: choices, of: route}\n"


def test_a_route_is_ticked_off_in_a_field_that_takes_its_points_from_there() -> None:
    forms = {"forms/moves.yaml": files()["forms/moves.yaml"] + TICKS.split("fields:\n")[1]}
    preset, problems = load({**files(), **forms, "duties.yaml": ROUTED})
    assert problems == []
    assert [one.id for one in preset.forms["moves"]["ticked"].choices] == ["roads", "stairs"]
    assert ("duties.yaml", "route-no-field") in codes(ROUTED)
    twice = ROUTED.replace("id: stairs", "id: roads")
    assert ("duties.yaml", "duplicate-value") in codes(twice, **forms)
    wrong = {"forms/moves.yaml": forms["forms/moves.yaml"].replace("type: choices, of", "type: text, of")}
    assert ("forms/moves.yaml", "bad-choice") in codes(ROUTED, **wrong)
    assert ("forms/moves.yaml", "bad-choice") in codes(
        ROUTED, **{"forms/moves.yaml": forms["forms/moves.yaml"].replace("of: route", "of: path")}
    )


def test_where_a_service_is_done_are_types_of_points() -> None:
    table = {"points.csv": "code,name,type,division,lon,lat,minutes\np,点,station,c1,100,30,5\n"}
    place, items = files()["place.yaml"], files()["catalogue.csv"].splitlines()
    named = place + "\npoint_types: {station: {name: 站, tone: good}}\n"
    assert codes(GOOD, **table, **{"place.yaml": named}) == []
    for broken, code in (("tone: good", "tone: pink"), ("station: {", "stop: {")):
        assert ("place.yaml", "bad-choice") in codes(
            GOOD, **table, **{"place.yaml": named.replace(broken, code)}
        )
    rows = [items[0] + ",at", *(f"{row},{'stop' if n == 0 else ''}" for n, row in enumerate(items[1:]))]
    assert ("catalogue.csv", "bad-choice") in codes(GOOD, **table, **{"catalogue.csv": "\n".join(rows)})
    kinds = files()["kinds.yaml"]
    flagged = kinds.replace("form: request", "form: request, services: perhaps", 1)
    assert flagged != kinds
    assert ("kinds.yaml", "not-yes-no") in codes(GOOD, **{"kinds.yaml": flagged})


def test_points_lie_on_the_earth_and_in_the_place() -> None:
    head = "code,name,type,division,lon,lat,minutes\n"
    assert ("points.csv", "not-number") in codes(GOOD, **{"points.csv": head + "p,点,risk,990000,200,95,\n"})
    assert ("points.csv", "unknown-division") in codes(
        GOOD, **{"points.csv": head + "p,点,risk,nowhere,100,30,5\n"}
    )
    assert ("points.csv", "not-number") in codes(
        GOOD, **{"points.csv": head + "p,点,risk,990000,100,30,500\n"}
    )
