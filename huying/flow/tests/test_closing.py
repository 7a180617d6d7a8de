"""Meanings 9, 10, 11: closing stops the clock; what comes after never holds the case open; reopening counts."""

from datetime import timedelta

import pytest

from huying.flow import GuardFailed, perform, start

from .cast import MONDAY, PlainWorld, load

WORLD = PlainWorld()
WALK = [
    ("sorted", {"item": "i"}), ("genuine", {"site_note": "x"}), ("settle", {"plan": "p", "due": "x"}),
    ("solved", {"result": "r", "evidence": [1]}), ("told", {"route": "r"}), ("written_off", {}),
]  # fmt: skip


def written_off():
    flow = load("bill")
    token = start(flow, WORLD, {"tier": "village"}, MONDAY).token
    for move, fields in WALK:
        outcome = perform(flow, token, move, WORLD, {}, fields, MONDAY, "god")
        token = outcome.token
    return flow, outcome


def test_the_move_marked_closes_closes_before_the_last_step():
    _, outcome = written_off()
    token = outcome.token
    assert (token.step, token.closed, token.ended, token.result) == ("inspect", True, False, "done")
    assert token.owner == "post:appraiser@county"
    assert {"event": "closed", "result": "done", "at": MONDAY.isoformat()} in outcome.events


def test_after_closing_the_end_is_reached_by_default():
    flow, outcome = written_off()
    token = perform(flow, outcome.token, "passed", WORLD, {}, {}, MONDAY, "god")
    assert (token.token.step, token.token.ended, token.token.owner) == ("archive", True, None)
    assert token.effects == [{"event": "effect", "do": "score", "args": [], "move": "counted"}]
    assert token.token.next_at is None


def test_a_failed_inspection_is_a_new_round_with_fresh_limits():
    flow = load("bill")
    token = start(flow, WORLD, {"tier": "village"}, MONDAY).token
    now = MONDAY
    for move, fields in WALK:
        now += timedelta(hours=3)  # the secretary uses up a part of the limit in the first round
        outcome = perform(flow, token, move, WORLD, {}, fields, now, "god")
        token = outcome.token
    assert token.past["study"].left < 24 * 3600
    later = MONDAY + timedelta(days=5)
    token = perform(flow, outcome.token, "failed", WORLD, {}, {"reason": "r"}, later, "god").token
    assert (token.step, token.closed, token.round, token.result) == ("study", False, 2, None)
    assert token.due == later + timedelta(hours=24)
    assert all(alarm.key.startswith("2.") for alarm in token.alarms)


def test_a_result_given_early_is_kept_until_the_close():
    flow = load("bill")
    token = start(flow, WORLD, {"tier": "village"}, MONDAY).token
    for move, fields in [
        ("sorted", {"item": "i"}),
        ("unfounded", {"reason": "r"}),
        ("told", {"route": "r"}),
        ("written_off", {}),
    ]:
        token = perform(flow, token, move, WORLD, {}, fields, MONDAY, "god").token
    assert token.result == "unfounded"


def test_merged_closes_as_merged_and_may_still_be_rated():
    flow = load("hotline")
    token = start(flow, WORLD, {}, MONDAY).token
    outcome = perform(flow, token, "merge", WORLD, {}, {"lead": "case-1"}, MONDAY, "god")
    assert (outcome.token.result, outcome.token.ended) == ("merged", True)
    assert outcome.effects[0]["do"] == "merge"
    rated = perform(
        flow, outcome.token, "rated", WORLD, {}, {"score": 5}, MONDAY, {"owns": {"person:reporter"}}
    )
    assert rated.token.step == "done"
    assert rated.token.result == "merged"


def test_reopening_is_counted_and_limited_by_the_flow():
    flow = load("hotline")
    token = start(flow, WORLD, {}, MONDAY).token
    token = perform(flow, token, "void", WORLD, {}, {"reason": "r"}, MONDAY, "god").token
    for expected in (2, 3):
        token = perform(flow, token, "reopen", WORLD, {}, {"reason": "r"}, MONDAY, "god").token
        assert (token.round, token.closed, token.ended) == (expected, False, False)
        token = perform(flow, token, "void", WORLD, {}, {"reason": "r"}, MONDAY, "god").token
    with pytest.raises(GuardFailed):
        perform(flow, token, "reopen", WORLD, {}, {"reason": "r"}, MONDAY, "god")


def test_only_the_author_accepts_a_supervision_order():
    flow = load("supervision")
    facts = {"subject": "roads", "author": "x"}
    token = start(flow, WORLD, facts, MONDAY).token
    assert token.owner == "organ:roads"
    token = perform(flow, token, "answered", WORLD, facts, {"report": "r"}, MONDAY, "god").token
    assert token.owner.startswith("author:")
