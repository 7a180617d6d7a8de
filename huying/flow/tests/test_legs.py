"""Meaning 7, and legs altogether: started, counted, joined when all, any or at a deadline, cancelled on leaving."""

from datetime import timedelta

import pytest

from huying.flow import BadValue, advance, cancel, fire, perform, start

from .cast import MONDAY, PlainWorld, load

WORLD = PlainWorld()
LATER = MONDAY + timedelta(hours=5)


def whistled():
    flow = load("six-steps")
    token = start(flow, WORLD, {}, MONDAY).token
    fields = {"organs": ["roads", "water", "roads"], "due": (MONDAY + timedelta(days=9)).isoformat()}
    return flow, perform(flow, token, "whistle", WORLD, {}, fields, MONDAY, "god")


def test_legs_start_is_handed_to_the_caller_with_organs_once_each():
    _, outcome = whistled()
    assert outcome.effects == [
        {"event": "legs", "op": "start", "step": "joint", "flow": "organ-leg", "move": "whistle",
         "of": ["roads", "water"], "run": 1}
    ]  # fmt: skip
    assert outcome.token.step == "joint"


def test_joined_when_all_are_done():
    flow, outcome = whistled()
    waiting = advance(flow, outcome.token, WORLD, {}, LATER, {"open": 1, "done": 1})
    assert waiting.token.step == "joint"
    done = advance(flow, waiting.token, WORLD, {}, LATER, {"open": 0, "done": 2})
    assert done.token.step == "verify"
    assert done.effects[0] == {
        "event": "legs_left",
        "step": "joint",
        "how": "joined",
        "why": "joined",
        "run": 1,
    }
    assert done.token.legs == {}


def test_one_returned_calls_the_others_off():
    flow, outcome = whistled()
    back = advance(flow, outcome.token, WORLD, {}, LATER, {"open": 1, "returned": 1})
    assert back.token.step == "take"
    assert back.effects[0]["how"] == "cancelled"
    assert back.effects[0]["why"] == "back"


def test_nobody_to_whistle_at_is_refused():
    flow = load("bill")
    token = start(flow, WORLD, {"tier": "county"}, MONDAY).token._replace(step="assign")
    with pytest.raises(BadValue):
        perform(flow, token, "whistle", WORLD, {}, {"organs": 5.5, "due": LATER.isoformat()}, MONDAY, "god")


def test_an_organ_added_midway():
    flow, outcome = whistled()
    added = perform(flow, outcome.token, "add", WORLD, {}, {"organs": ["power"]}, LATER, "god")
    assert added.effects[0]["op"] == "add"
    assert added.effects[0]["of"] == ["power"]
    assert added.token.legs_run == 1
    assert added.token.due == outcome.token.due


def test_opinions_are_joined_at_the_deadline():
    flow = load("six-steps")
    token = start(flow, WORLD, {}, MONDAY).token
    token = perform(flow, token, "convene", WORLD, {}, {"organs": ["a", "b", "c"]}, MONDAY, "god").token
    token = advance(flow, token, WORLD, {}, LATER, {"open": 2, "ours": 1}).token
    assert token.step == "settle"
    join = next(a for a in token.alarms if a.name == "join")
    assert join.at == MONDAY + timedelta(hours=8)
    outcome = fire(flow, token, join.key, WORLD, {}, join.at)
    assert outcome.token.step == "ruling"
    assert outcome.effects[-1]["how"] == "cancelled"
    ruled = perform(
        flow, outcome.token, "ruled", WORLD, {"handler": "a"}, {"item": "i", "reason": "r"}, LATER, "god"
    )
    assert ruled.effects[0] == {"event": "effect", "do": "precedent", "args": [], "move": "ruled"}
    assert ruled.token.owner == "organ:a"


def test_opinions_all_in_before_the_deadline():
    flow = load("six-steps")
    token = start(flow, WORLD, {}, MONDAY).token
    token = perform(flow, token, "convene", WORLD, {}, {"organs": ["a", "b"]}, MONDAY, "god").token
    assert advance(flow, token, WORLD, {}, LATER, {"open": 0, "ours": 1, "others": 1}).token.step == "ruling"


def test_a_leg_is_a_token_with_its_own_owner_limit_and_end():
    flow = load("squad-leg")
    facts = {"leg": "roads"}
    token = start(flow, WORLD, facts, MONDAY).token
    assert (token.owner, token.step) == ("organ:roads", "arrive")
    token = perform(flow, token, "arrived", WORLD, facts, {}, MONDAY, {"owns": {"organ:roads"}}).token
    token = perform(flow, token, "finished", WORLD, facts, {"result": "r"}, MONDAY, "god").token
    assert (token.closed, token.result, token.step, token.ended) == (True, "done", "rate", False)
    assert fire(flow, token, token.alarms[-1].key, WORLD, facts, token.due).token.ended


def test_a_leg_is_cancelled_from_outside_with_a_reason():
    flow = load("squad-leg")
    token = start(flow, WORLD, {"leg": "roads"}, MONDAY).token
    outcome = cancel(flow, token, WORLD, LATER, "back")
    assert (outcome.token.closed, outcome.token.ended, outcome.token.result) == (True, True, "cancelled")
    assert outcome.token.owner is None
    assert outcome.token.next_at is None
    assert outcome.events[0]["why"] == "back"
    assert cancel(flow, outcome.token, WORLD, LATER, "again").events == []


def test_the_squad_that_claims_is_the_only_leg():
    flow = load("bill")
    token = start(flow, WORLD, {"tier": "village"}, MONDAY).token._replace(step="study")
    squad = {"roles": {"squad"}, "organ": "organ:3"}
    assert perform(flow, token, "claim", WORLD, {}, {}, MONDAY, squad).effects[0]["of"] == ["organ:3"]
