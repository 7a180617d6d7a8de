"""Cycles that make a move: on their dates, once for each, whatever else happens to the case."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from huying.flow import machine
from huying.flow.checker import Context, check_flow
from huying.flow.tests.cast import PlainWorld, flow_of, problems_of

TEXT = """
flow: f
tiers: [village, town]
steps:
  run:  {name: 做, phase: handle, owner: desk@village, limit: none, because: 一年之内}
  rest: {name: 放一放, phase: handle, owner: desk@village, limit: none, because: 等}
  look: {name: 看, phase: verify, owner: desk@town, limit: 10 days}
  done: {name: 完, phase: archive}
moves:
  - {id: ask, from: run, to: look, by: clock, when: not (grade = 9)}
  - {id: remind, from: [run, done], by: clock, does: [notice urge]}
  - {id: back, from: look, to: run}
  - {id: sleep, from: run, by: owner, does: [pause]}
  - {id: aside, from: run, to: rest}
  - {id: again, from: rest, to: run}
  - {id: finish, from: run, to: done, closes: yes}
grades: [1, 9]
cycles:
  - CYCLE
"""
HALF = '{id: mid, on: ["07-01", "01-05"], pick: [run], move: ask}'
MONTHLY = "{id: monthly, every: month, day: 5, pick: [open, closed], move: remind}"
LINE = TEXT[: TEXT.index("CYCLE")].count("\n") + 1
WORLD, START = PlainWorld(), datetime(2026, 3, 2, 9, tzinfo=UTC)
DESK = {"owns": {"desk:@village", "desk:@town"}}


def flow(cycle=HALF):
    return flow_of(TEXT.replace("CYCLE", cycle))


def go(found, token, until):
    """Let the clock act until then, each alarm when it falls due; the moves that it made, with their moments."""
    made, events = [], []
    while ripe := token.due_alarms(until):
        moment = ripe[0].at
        outcome = machine.fire(found, token, ripe[0].key, WORLD, {}, moment)
        token = outcome.token
        events += outcome.events
        made += [(e["move"], f"{moment:%m-%d}") for e in outcome.events if e["event"] == "moved"]
    return token, made, events


def test_the_move_is_made_on_the_date_and_the_next_date_waits_for_the_case_to_come_back():
    found = flow()
    started = machine.start(found, WORLD, {}, START)
    token, made, events = go(found, started.token, datetime(2026, 12, 31, tzinfo=UTC))
    assert (made, token.step, token.owner) == ([("ask", "07-01")], "look", "desk:@town")
    assert machine.replay(found, [*started.events, *events]) == token
    late = datetime(2026, 9, 1, tzinfo=UTC)
    token = machine.perform(found, token, "back", WORLD, {}, {}, late, DESK).token
    assert token.next_at == datetime(2027, 1, 5, tzinfo=UTC)


def test_each_date_comes_once_also_when_several_were_missed():
    found = flow(MONTHLY)
    token = machine.start(found, WORLD, {}, START).token
    now = datetime(2026, 5, 20, tzinfo=UTC)  # the clock stood from March to May
    dates = []
    while ripe := token.due_alarms(now):
        outcome = machine.fire(found, token, ripe[0].key, WORLD, {}, now)
        assert (
            machine.fire(found, outcome.token, ripe[0].key, WORLD, {}, now).events == []
        )  # twice is harmless
        token = outcome.token
        dates += [e["date"] for e in outcome.events if e["event"] == "cycled"]
    assert dates == ["2026-03-05", "2026-04-05", "2026-05-05"]
    assert (token.step, token.fired, token.next_at) == ("run", (), datetime(2026, 6, 5, tzinfo=UTC))


def test_what_is_closed_takes_part_where_the_cycle_and_the_move_say_so():
    found = flow(MONTHLY)
    token = machine.start(found, WORLD, {}, START).token
    token = machine.perform(found, token, "finish", WORLD, {}, {}, START, DESK).token
    assert token.ended
    assert go(found, token, START + timedelta(days=40))[1] == [("remind", "03-05"), ("remind", "04-05")]
    rested = flow(HALF)
    token = machine.start(rested, WORLD, {}, START).token
    token = machine.perform(rested, token, "finish", WORLD, {}, {}, START, DESK).token
    assert token.next_at is None


def test_a_case_that_is_paused_elsewhere_or_for_which_the_guard_fails_is_passed_over():
    found = flow()
    token = machine.start(found, WORLD, {}, START).token
    after = datetime(2026, 7, 2, tzinfo=UTC)
    slept = machine.perform(found, token, "sleep", WORLD, {}, {}, START, DESK).token
    slept, made, events = go(found, slept, after)
    assert (made, slept.step, slept.paused) == ([], "run", True)
    assert "held" in [e["event"] for e in events]
    assert slept.next_at == datetime(2027, 1, 5, tzinfo=UTC)  # the date of July is over, the next is set
    grave = machine.start(found, WORLD, {}, START, grade=9).token
    assert go(found, grave, after)[1] == []
    aside = machine.perform(found, token, "aside", WORLD, {}, {}, START, DESK).token
    assert aside.next_at is None
    back = machine.perform(found, aside, "again", WORLD, {}, {}, START, DESK).token
    assert go(found, back, after)[1] == [("ask", "07-01")]


@pytest.mark.parametrize(
    ("cycle", "code"),
    [
        (HALF.replace("07-01", "7/1"), "bad-date"),
        (HALF.replace("on:", "every: year, on:"), "cycle-twice"),
        (MONTHLY.replace("day: 5", "day: 0"), "bad-choice"),
        (
            "{id: m, every: month, day: 5, meeting: 会, at: village, led_by: chair, pick: [run], decides: [aside]}",
            "cycle-dates",
        ),
        (HALF.replace("id: mid", "id: a.b"), "bad-id"),
    ],
)
def test_what_cannot_be_read_is_named_with_its_line(cycle, code):
    assert (code, LINE) in [(p.code, p.line) for p in problems_of(TEXT.replace("CYCLE", cycle))]


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("pick: [run]", "pick: [look]", "cycle-idle"),
        ("pick: [run]", "pick: [closed]", "cycle-idle"),
        ("move: ask", "move: finish", "cycle-clock"),
    ],
)
def test_what_would_never_happen_is_named(old, new, code):
    sound = TEXT.replace("CYCLE", f"{HALF}\n  - {MONTHLY}")
    assert check_flow(flow_of(sound), Context()) == []
    assert code in {p.code for p in check_flow(flow(HALF.replace(old, new)), Context()) if p.line == LINE}
