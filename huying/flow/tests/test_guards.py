"""Guards: what they mean, that null compares false, and that nonsense is refused."""

import pytest

from huying.flow import GuardError, Token, parse_guard
from huying.flow.draft import Draft
from huying.flow.guards import Env

from .cast import load

FLOW = load("matter")
TIERS = FLOW.tiers


def env(fields=None, facts=None, **token):
    return Env(
        Draft(FLOW, Token(**{"flow": "matter", "step": "look", **token})),
        fields or {},
        facts or {},
        FLOW.settle_index,
    )


@pytest.mark.parametrize(
    ("text", "token", "fields", "facts", "holds"),
    [
        ("tier < zone", {"tier": "town"}, {}, {}, True),
        ("tier < zone", {"tier": "zone"}, {}, {}, False),
        ("tier >= village and tier <= town", {"tier": "town"}, {}, {}, True),
        ("tier in [village, town]", {"tier": "town"}, {}, {}, True),
        ("tier not in [village, town]", {"tier": "town"}, {}, {}, False),
        ("zone > tier", {"tier": "town"}, {}, {}, True),
        ("tier < settles(grade)", {"tier": "village", "grade": 2}, {}, {}, True),
        ("tier = settles(grade)", {"tier": "town", "grade": 2}, {}, {}, True),
        ("tier = settles(grade)", {"tier": "town", "grade": "2"}, {}, {}, True),
        ("tier < settles(grade)", {"tier": "village", "grade": None}, {}, {}, False),
        ("grade = 3", {"grade": 3}, {}, {}, True),
        ("grade = 3", {"grade": "3"}, {}, {}, True),
        ("call = complaint", {}, {}, {"call": "complaint"}, True),
        ("call != complaint", {}, {}, {"call": "help"}, True),
        ("call != complaint", {}, {}, {}, False),  # null compares false
        ("not call = complaint", {}, {}, {}, True),
        ("call = complaint", {}, {"call": "help"}, {"call": "complaint"}, False),  # fields come first
        ("amount > 100", {}, {"amount": 200}, {}, True),
        ("amount > 100", {}, {"amount": "many"}, {}, False),
        ("item.field = 城建", {}, {}, {"item": {"field": "城建"}}, True),
        ("item.field = '城建'", {}, {}, {"item.field": "城建"}, True),
        ("solved", {}, {"solved": "yes"}, {}, True),
        ("solved", {}, {"solved": "no"}, {}, False),
        ("solved = yes", {}, {"solved": True}, {}, True),
        ("round < 3 or closed", {"round": 3, "closed": True}, {}, {}, True),
        ("not (paused or closed)", {"paused": True}, {}, {}, False),
        ("legs all done", {"legs": {"done": 2}}, {}, {}, True),
        ("legs all done", {"legs": {"done": 2, "cancelled": 1}}, {}, {}, True),
        ("legs all done", {"legs": {"done": 2, "open": 1}}, {}, {}, False),
        ("legs all done", {"legs": {}}, {}, {}, False),
        ("legs any returned", {"legs": {"open": 1, "returned": 1}}, {}, {}, True),
        ("legs none open", {"legs": {"done": 1}}, {}, {}, True),
        ("result = unfounded", {"result": "unfounded"}, {}, {}, True),
        ("extensions < 2", {"extensions": 2}, {}, {}, False),
    ],
)
def test_meaning(text, token, fields, facts, holds):
    assert parse_guard(text, TIERS).holds(env(fields, facts, **token)) is holds


@pytest.mark.parametrize(
    "text",
    ["", "tier <", "tier < nowhere", "and", "(tier < zone", "a = = b", "legs most done", "legs all", "f(x) = 1", "a in []",
     "import os; x", "a" * 600, "(" * 200 + "a"],
)  # fmt: skip
def test_nonsense_is_refused(text):
    with pytest.raises(GuardError):
        parse_guard(text, TIERS)


def test_possible_answers():
    guard = parse_guard("tier < zone and solved = no", TIERS)
    free = frozenset({"solved"})
    assert guard.mask(env(tier="town"), free) == 3
    assert guard.mask(env(tier="zone"), free) == 2
    assert parse_guard("tier < zone or solved = no", TIERS).mask(env(tier="town"), free) == 1
    assert parse_guard("not solved = no", TIERS).mask(env(), free) == 3


def test_names_used_are_known():
    assert parse_guard("a = b and c.d > 1 and tier < zone and legs all done", TIERS).names == {
        "a",
        "c.d",
        "tier",
        "legs",
    }
