"""Meaning 6: a limit starts on entry; a pause stops all clocks; the same owner resumes, a new one starts afresh;
the overall limit never restarts. And extensions."""

from datetime import timedelta

import pytest

from huying.flow import BadValue, fire, perform, start

from .cast import MONDAY, PlainWorld, load

WORLD = PlainWorld()
HOUR = timedelta(hours=1)
FLOW = load("hotline")


def handling(now=MONDAY, flow=FLOW):
    token = start(flow, WORLD, {}, now).token
    actor = {"organ": "organ:9", "owns": set()}
    for move, fields in [("offered", {"item": "i"}), ("claimed", {}), ("assigned", {})]:
        actor["owns"].add(token.owner)
        actor["owns"].add("desk:@city")
        token = perform(flow, token, move, WORLD, {}, fields, now, actor).token
    return token


def do(token, move, at, world=WORLD, **fields):
    return perform(FLOW, token, move, world, {}, fields, at, "god").token


def test_a_limit_starts_on_entry():
    token = handling()
    assert token.due == MONDAY + 40 * HOUR  # 5 workdays of 8 hours
    assert token.warn == MONDAY + 32 * HOUR  # the flow warns at 80 %
    assert token.next_at == token.warn


def test_a_pause_stops_the_step_and_the_whole_case():
    token = handling()
    paused = do(token, "wait", MONDAY + 10 * HOUR, reason="r")
    assert paused.paused
    assert paused.due is None
    assert paused.total_due is None
    assert paused.next_at is None
    again = do(paused, "go_on", MONDAY + 110 * HOUR)
    assert again.due == token.due + 100 * HOUR
    assert again.total_due == token.total_due + 100 * HOUR
    assert {a.name: a.at for a in again.alarms} == {a.name: a.at + 100 * HOUR for a in token.alarms}
    assert {a.key for a in again.alarms} == {a.key for a in token.alarms}


def test_leaving_a_paused_step_lets_the_clocks_go_on():
    token = do(handling(), "wait", MONDAY + 10 * HOUR, reason="r")
    token = do(token, "handled", MONDAY + 20 * HOUR, result="r", evidence=[1])
    assert not token.paused
    assert token.total_due == MONDAY + (120 + 10) * HOUR


def test_the_shelf_wakes_by_itself_on_its_review_date():
    review = MONDAY + 500 * HOUR
    token = do(handling(), "shelve", MONDAY + 10 * HOUR, reason="r", review_on=review.isoformat())
    assert token.step == "shelf"
    assert token.paused
    assert token.next_at == review
    alarm = token.due_alarms(review)[0]
    woken = fire(FLOW, token, alarm.key, WORLD, {}, review)
    assert not woken.token.paused
    assert woken.effects[0]["args"] == ["resumed"]
    back = do(woken.token, "unshelve", review)
    assert back.due == review + 30 * HOUR  # ten of forty hours were used before


def test_a_review_date_in_the_past_is_refused():
    with pytest.raises(BadValue) as caught:
        do(handling(), "shelve", MONDAY, reason="r", review_on=(MONDAY - HOUR).isoformat())
    assert caught.value.field == "review_on"


def test_the_same_owner_resumes_the_limit():
    token = do(handling(), "handled", MONDAY + 10 * HOUR, result="r", evidence=[1])
    token = do(token, "redo", MONDAY + 20 * HOUR, reason="r")
    assert token.owner == "organ:9"
    assert token.due == MONDAY + 50 * HOUR
    assert token.warn == MONDAY + 42 * HOUR


def test_a_new_owner_starts_afresh():
    token = do(handling(), "returned", MONDAY + 10 * HOUR, reason="r")
    token = do(token, "offered", MONDAY + 10 * HOUR, item="i")
    other = {"organ": "organ:5", "owns": {token.owner}}
    token = perform(FLOW, token, "claimed", WORLD, {}, {}, MONDAY + 10 * HOUR, other).token
    token = do(token, "assigned", MONDAY + 10 * HOUR)
    assert token.owner == "organ:5"
    assert token.due == MONDAY + 50 * HOUR


def test_what_was_overdue_stays_overdue_for_the_same_owner():
    token = handling()
    late = MONDAY + 60 * HOUR
    for alarm in token.due_alarms(late):
        token = fire(FLOW, token, alarm.key, WORLD, {}, late).token
    token = do(token, "handled", late, result="r", evidence=[1])
    token = do(token, "redo", late + HOUR, reason="r")
    assert (
        token.due == MONDAY + 41 * HOUR
    )  # overdue by twenty hours, as when it was handed in: the desk had it for one
    assert "due" in token.fired
    assert {a.name for a in token.alarms} == {"late.1", "total.due", "total.warn"}


def test_a_pause_does_not_make_an_overdue_case_less_overdue():
    token = handling()
    late = MONDAY + 130 * HOUR  # ninety hours past the step's limit, ten past that of the whole
    for alarm in token.due_alarms(late):
        token = fire(FLOW, token, alarm.key, WORLD, {}, late).token
    gone = set(token.fired)
    token = do(token, "wait", late, reason="r")
    assert (token.left, token.total_left) == (-90 * 3600, -10 * 3600)
    again = do(token, "go_on", late + 48 * HOUR)
    assert (again.due, again.total_due) == (late + (48 - 90) * HOUR, late + (48 - 10) * HOUR)
    assert set(again.fired) == gone  # nothing that went off goes off again
    assert not {alarm.name for alarm in again.alarms} & {"due", "warn", "total.due", "total.warn"}
    # More time while it stands begins at nothing: what was overdue does not eat it up.
    more = do(token, "extend", late + HOUR, extension="2 days", reason="r")
    assert (more.left, more.total_left) == (48 * 3600, 48 * 3600)


def test_the_overall_limit_never_restarts():
    token = handling()
    total = token.total_due
    assert total == MONDAY + 120 * HOUR
    token = do(token, "handled", MONDAY + 10 * HOUR, result="r", evidence=[1])
    assert token.total_due == total
    closed = do(token, "close", MONDAY + 20 * HOUR)
    assert closed.total_due is None
    reopened = do(closed, "reopen", MONDAY + 220 * HOUR, reason="r")
    assert reopened.total_due == total + 200 * HOUR  # it stood still while the case was closed


def test_a_date_field_is_a_limit():
    flow = load("six-steps")
    token = start(flow, WORLD, {}, MONDAY).token
    due = MONDAY + timedelta(days=10)
    fields = {"organs": ["a", "b"], "due": due.isoformat()}
    token = perform(flow, token, "whistle", WORLD, {}, fields, MONDAY, "god").token
    assert token.due == due
    assert token.warn == MONDAY + timedelta(days=7.5)
    for bad in ("tomorrow", (MONDAY - HOUR).isoformat(), "2026-04-01"):
        with pytest.raises(BadValue):
            perform(
                flow,
                start(flow, WORLD, {}, MONDAY).token,
                "whistle",
                WORLD,
                {},
                {**fields, "due": bad},
                MONDAY,
                "god",
            )


def test_an_item_without_limit_takes_the_other_or_none():
    world = PlainWorld(item=None)
    token = do(handling(), "handled", MONDAY, result="r", evidence=[1])
    token = token._replace(past={})
    assert do(token, "redo", MONDAY, world, reason="r").due == MONDAY + 40 * HOUR
    flow = load("matter")
    token = start(flow, world, {"tier": "village", "grade": 3}, MONDAY).token
    token = perform(flow, token, "own", world, {}, {"item": "i"}, MONDAY, "god").token
    assert token.due is None
    assert token.next_at is None


def test_an_extension_moves_limit_warning_and_the_whole():
    token = handling()
    longer = do(token, "extend", MONDAY + 10 * HOUR, extension="2 workdays")
    assert longer.extensions == 1
    assert longer.due == token.due + 16 * HOUR
    assert longer.total_due == token.total_due + 16 * HOUR
    assert {a.name for a in longer.alarms} == {"warn", "due+1", "eve", "total.due", "total.warn"}
    eve = {a.name: a.at for a in token.alarms}["eve"]
    assert {a.name: a.at for a in longer.alarms}["eve"] == eve + 16 * HOUR
    for bad in ("much", ""):
        with pytest.raises((BadValue, Exception)):
            do(token, "extend", MONDAY, extension=bad)


def test_an_extension_after_the_limit_can_be_overdue_again():
    token = handling()
    late = MONDAY + 41 * HOUR
    for alarm in token.due_alarms(late):
        token = fire(FLOW, token, alarm.key, WORLD, {}, late).token
    token = do(token, "extend", late, extension=(late + 10 * HOUR).isoformat())
    assert token.due == late + 10 * HOUR
    alarm = next(a for a in token.alarms if a.name == "due+1")
    again = fire(FLOW, token, alarm.key, WORLD, {}, alarm.at)
    assert "overdue" in [e["event"] for e in again.events]


def test_an_extension_while_paused_adds_to_what_is_left():
    token = do(handling(), "wait", MONDAY + 10 * HOUR, reason="r")
    token = do(token, "extend", MONDAY + 20 * HOUR, extension="1 workday")
    token = do(token, "go_on", MONDAY + 20 * HOUR)
    assert token.due == MONDAY + (40 + 10 + 8) * HOUR
