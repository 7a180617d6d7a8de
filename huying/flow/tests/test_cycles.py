"""Cycles that make a meeting's agenda: read, and checked against the flow and the place."""

from __future__ import annotations

import pytest

from huying.flow.checker import Context, check_flow
from huying.flow.tests.cast import flow_of, problems_of

TEXT = """
flow: f
tiers: [village, town]
steps:
  look: {name: 看, phase: accept, owner: desk@village, limit: 1 workday}
  work: {name: 办, phase: handle, owner: desk@town, limit: 1 workday}
  done: {name: 完, phase: archive}
moves:
  - {id: take, from: look, to: work}
  - {id: fine, from: work, to: done, closes: yes, needs: [reason]}
  - {id: late, from: work, to: done, closes: yes, by: clock, after: limit}
cycles:
  - CYCLE
"""
GOOD = "{id: c, every: week, meeting: 周分析, en: Weekly, at: village, led_by: chair, pick: [look], decides: [take]}"


def test_a_meeting_says_where_by_whom_about_what_and_by_which_moves():
    [cycle] = flow_of(TEXT.replace("CYCLE", GOOD)).cycles
    assert (cycle.name, cycle.en, cycle.at, cycle.led_by) == ("周分析", "Weekly", "village", "chair")
    assert cycle.decides == ("take",)
    assert [cycle.picks(step, False) for step in ("look", "work")] == [True, False]


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("at: village", "at: province", "unknown-tier"),
        ("decides: [take]", "decides: [nothing]", "unknown-move"),
        ("every: week", "every: fortnight", "bad-choice"),
    ],
)
def test_what_cannot_be_read_is_named_with_its_line(old, new, code):
    [problem] = problems_of(TEXT.replace("CYCLE", GOOD.replace(old, new)))
    assert (problem.code, problem.line) == (code, 13)


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("pick: [look]", "pick: [nowhere]", "unknown-step"),
        ("led_by: chair", "led_by: nobody", "unknown-role"),
        (", led_by: chair", "", "cycle-half"),
        ("decides: [take]", "decides: [fine]", "cycle-never"),
        ("decides: [take]", "decides: [late]", "cycle-move"),
    ],
)
def test_what_makes_no_sense_is_named(old, new, code):
    flow = flow_of(TEXT.replace("CYCLE", GOOD.replace(old, new)))
    found = check_flow(flow, Context(roles=frozenset({"chair"}), fields={"reason": None}))
    assert code in {p.code for p in found if p.line == 13}
    sound = flow_of(TEXT.replace("CYCLE", GOOD))
    assert check_flow(sound, Context(roles=frozenset({"chair"}), fields={"reason": None})) == []
