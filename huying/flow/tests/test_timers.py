"""Meaning 8: a timer fires once; its key is round, entry and timer. Warnings, reminders, default moves."""

from datetime import timedelta

import pytest

from huying.flow import CLOCK, NotAllowed, Token, fire, perform, start

from .cast import MONDAY, PlainWorld, load

WORLD = PlainWorld()
HOUR = timedelta(hours=1)


def run_until(flow, token, until, facts=None):
    """Let everything fall due, in order; returns the token and the (name, time) of what went off."""
    told = []
    while token.next_at is not None and token.next_at <= until:
        alarm = token.due_alarms(until)[0]
        told.append((alarm.name, alarm.at))
        outcome = fire(flow, token, alarm.key, WORLD, facts or {}, alarm.at)
        assert outcome.events
        token = outcome.token
    return token, told


def test_warning_overdue_and_a_limited_number_of_reminders():
    flow = load("matter")
    token = start(flow, WORLD, {"tier": "village"}, MONDAY).token
    token, told = run_until(flow, token, MONDAY + 1000 * HOUR)
    assert told == [
        ("warn", MONDAY + 3 * HOUR),
        ("due", MONDAY + 4 * HOUR),
        ("late.1", MONDAY + 12 * HOUR),
        ("late.2", MONDAY + 20 * HOUR),
        ("late.3", MONDAY + 28 * HOUR),
    ]
    assert token.next_at is None
    assert token.step == "look"


def test_it_fires_once_and_not_early():
    flow = load("matter")
    token = start(flow, WORLD, {"tier": "village"}, MONDAY).token
    key = token.alarms[0].key
    assert key == "1.2.warn"
    assert fire(flow, token, key, WORLD, {}, MONDAY).events == []
    once = fire(flow, token, key, WORLD, {}, MONDAY + 3 * HOUR)
    assert [e["event"] for e in once.events] == ["fired", "effect"]
    again = fire(flow, once.token, key, WORLD, {}, MONDAY + 3 * HOUR)
    assert again.events == []
    assert again.token == once.token


def test_an_alarm_of_an_earlier_entry_is_gone():
    flow = load("matter")
    token = start(flow, WORLD, {"tier": "village", "grade": 2}, MONDAY).token
    key = token.alarms[1].key
    moved = perform(flow, token, "up", WORLD, {}, {"item": "i"}, MONDAY, "god").token
    assert moved.step == "look"
    assert key not in {a.key for a in moved.alarms}
    assert fire(flow, moved, key, WORLD, {}, MONDAY + 100 * HOUR).events == []


def test_share_span_and_before_timers():
    flow = load("hotline")
    token = start(flow, WORLD, {}, MONDAY).token
    token = perform(flow, token, "offered", WORLD, {}, {"item": "i"}, MONDAY, "god").token
    assert {a.name: a.at for a in token.alarms}["nudge"] == MONDAY + 2 * HOUR
    call = start(load("care-call"), WORLD, {}, MONDAY).token
    assert {a.name: a.at for a in call.alarms} == {
        "ring": MONDAY + timedelta(minutes=3),
        "due": MONDAY + timedelta(minutes=10),
    }


def test_the_default_move_when_the_limit_lapses():
    flow = load("care-call")
    token = start(flow, WORLD, {}, MONDAY).token
    token, told = run_until(flow, token, MONDAY + timedelta(minutes=10))
    assert [name for name, _ in told] == ["ring", "due"]
    assert token.step == "lifted"


def test_a_reminder_can_make_a_move():
    flow = load("care-call")
    token, told = run_until(flow, start(flow, WORLD, {}, MONDAY).token, MONDAY + timedelta(minutes=30))
    assert [name for name, _ in told] == ["ring", "due", "warn", "due", "late1.1", "centre.1"]
    assert token.step == "centre"


def test_the_clock_without_the_default_move_says_overdue():
    flow = load("bill")
    token = start(flow, WORLD, {"tier": "village"}, MONDAY).token
    key = next(a.key for a in token.alarms if a.name == "due")
    outcome = fire(flow, token, key, WORLD, {}, token.due)
    assert [e["event"] for e in outcome.events] == ["fired", "overdue", "effect"]
    assert outcome.effects[0]["args"] == ["overdue"]


def test_a_cycle_move_belongs_to_the_clock():
    flow = load("matter")
    token = Token("matter", "done", tier="village", closed=True, ended=True, result="done")
    with pytest.raises(NotAllowed):
        perform(flow, token, "look_back", WORLD, {}, {}, MONDAY, "god")
    for _ in range(2):  # every half year, and each time with the whole limit
        token = perform(flow, token, "look_back", WORLD, {}, {}, MONDAY, CLOCK).token
        assert token.step == "back"
        assert token.closed
        assert token.due == MONDAY + 160 * HOUR
        token, _ = run_until(flow, token, MONDAY + 1000 * HOUR)
        assert token.step == "done"


def test_timers_of_the_whole_case_tell_once():
    flow = load("hotline")
    token = start(flow, WORLD, {}, MONDAY).token
    token, told = run_until(flow, token, MONDAY + 2000 * HOUR)
    assert [name for name, _ in told if name.startswith("total")] == ["total.warn", "total.due"]
    assert len(told) == len(set(told))


def test_a_look_back_finished_early_does_not_shorten_the_next_one():
    flow = load("matter")
    token = Token("matter", "done", tier="village", closed=True, ended=True, result="done")
    later = MONDAY + 100 * HOUR
    token = perform(flow, token, "look_back", WORLD, {}, {}, MONDAY, CLOCK).token
    token = perform(flow, token, "fine", WORLD, {}, {}, later, "god").token
    token = perform(flow, token, "look_back", WORLD, {}, {}, later, CLOCK).token
    assert token.due == later + 160 * HOUR


def test_after_a_lapse_the_same_pool_has_the_whole_limit_again():
    flow = load("hotline")
    token = start(flow, WORLD, {}, MONDAY).token
    token = perform(flow, token, "offered", WORLD, {}, {"item": "i"}, MONDAY, "god").token
    pool, due = token.owner, token.due
    token, _ = run_until(flow, token, due)
    assert token.step == "take"
    token = perform(flow, token, "offered", WORLD, {}, {"item": "i"}, due, "god").token
    assert (token.owner, token.due) == (pool, due + 4 * HOUR)
