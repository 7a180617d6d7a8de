"""Meanings 1, 2, 3, 5: one step and one owner; automatic moves; who may move and what must be sent."""

import pytest

from huying.flow import (
    EndlessAuto,
    GuardFailed,
    MissingFields,
    NotAllowed,
    UnknownMove,
    available,
    perform,
    start,
)

from .cast import MONDAY, PlainWorld, flow_of, load

WORLD = PlainWorld()


def begin(flow, world=WORLD, **facts):
    return start(flow, world, facts, MONDAY).token


def test_it_starts_at_the_first_human_step_with_its_owner_and_limit():
    outcome = start(load("bill"), WORLD, {"tier": "village"}, MONDAY)
    token = outcome.token
    assert (token.step, token.owner, token.tier, token.round) == ("sort", "desk:@village", "village", 1)
    assert token.due is not None
    assert token.warn < token.due
    assert [e["event"] for e in outcome.events] == ["started", "passed", "moved", "entered"]


def test_the_lowest_tier_is_the_default():
    assert begin(load("matter")).tier == "household"


def test_automatic_moves_run_in_file_order_with_effects():
    flow = load("bill")
    token = begin(flow, tier="village")
    for move, fields in [
        ("sorted", {"item": "i"}),
        ("genuine", {"site_note": "x"}),
        ("raise", {"reason": "r"}),
    ]:
        outcome = perform(flow, token, move, WORLD, {}, fields, MONDAY, "god")
        token = outcome.token
    assert (token.step, token.tier, token.owner) == ("accept", "town", "desk:@town")
    assert [e["how"] for e in outcome.events if e["event"] == "moved"] == ["actor", "auto"]


def test_the_first_automatic_move_whose_guard_holds_goes():
    flow = load("six-steps")
    assert begin(flow, confidence=0.9, handler="roads").step == "arrive"
    assert begin(flow, confidence=0.4, handler="roads").step == "take"
    assert begin(flow).step == "take"


def test_at_most_twenty_automatic_moves():
    flow = flow_of(
        "flow: t\ntiers: [a]\nsteps:\n  x: {phase: accept, auto: yes}\n  y: {phase: accept, auto: yes}\nmoves:\n"
        "  - {id: go, from: x, to: y, auto: yes}\n  - {id: back, from: y, to: x, auto: yes}\n"
    )
    with pytest.raises(EndlessAuto):
        begin(flow)


@pytest.mark.parametrize(("length", "fine"), [(20, True), (21, False)])
def test_twenty_automatic_moves_are_the_most(length, fine):
    steps = "".join(f"  s{i}: {{phase: accept, auto: yes}}\n" for i in range(length))
    moves = "".join(f"  - {{id: m{i}, from: s{i}, to: s{i + 1}, auto: yes}}\n" for i in range(length - 1))
    last = f"  - {{id: last, from: s{length - 1}, to: z, auto: yes, closes: yes}}\n"
    flow = flow_of(f"flow: t\nsteps:\n{steps}  z: {{phase: archive}}\nmoves:\n{moves}{last}")
    if fine:
        assert begin(flow).ended
    else:
        with pytest.raises(EndlessAuto):
            begin(flow)


def test_an_automatic_step_that_nothing_leaves_goes_to_the_centre():
    flow = flow_of(
        "flow: t\nsteps:\n  x: {phase: accept, auto: yes}\n  y: {phase: archive}\nmoves:\n"
        "  - {id: go, from: x, to: y, auto: yes, when: call = help}\n"
    )
    outcome = start(flow, WORLD, {}, MONDAY)
    assert outcome.token.owner == WORLD.centre()
    assert outcome.events[-1]["event"] == "stuck"


def test_an_owner_that_cannot_be_found_is_the_centres_desk_with_an_event():
    world = PlainWorld(absent={"grid"})
    flow = load("bill")
    outcome = perform(flow, begin(flow, tier="village"), "sorted", world, {}, {"item": "i"}, MONDAY, "god")
    assert outcome.token.owner == "post:desk@county"
    assert {
        "event": "unresolved",
        "step": "check",
        "relation": "grid",
        "owner": "post:desk@county",
    } in outcome.events


def test_only_the_owner_moves_by_default_and_named_parties_otherwise():
    flow = load("bill")
    token = begin(flow, tier="village")
    with pytest.raises(NotAllowed):
        perform(flow, token, "sorted", WORLD, {}, {"item": "i"}, MONDAY, {"owns": {"desk:@town"}})
    owner = {"owns": {"desk:@village"}}
    token = perform(flow, token, "sorted", WORLD, {}, {"item": "i"}, MONDAY, owner).token
    token = perform(
        flow, token, "genuine", WORLD, {}, {"site_note": "x"}, MONDAY, {"owns": {token.owner}}
    ).token
    squad = {"owns": set(), "roles": {"squad"}, "organ": "organ:7"}
    assert [m.id for m in available(flow, token, WORLD, {}, squad)] == ["claim"]
    assert perform(flow, token, "claim", WORLD, {}, {}, MONDAY, squad).effects[0]["of"] == ["organ:7"]


def test_moves_offered_are_those_that_can_be_made():
    flow = load("matter")
    token = begin(flow, tier="village")
    owner = {"owns": {token.owner}}
    # nothing is known of the item yet: whatever it turns out to be, one of these can be made
    assert [m.id for m in available(flow, token, WORLD, {}, owner)] == ["on_spot", "up", "own"]
    bill = load("bill")
    token = begin(bill, tier="village")._replace(step="feedback", tier="village")
    offered = [m.id for m in available(bill, token, WORLD, {}, "god")]
    assert offered == ["told", "note"]


def test_missing_fields_are_listed_and_a_known_item_need_not_be_sent_again():
    flow = load("matter")
    token = begin(flow, tier="village", grade=3)
    with pytest.raises(MissingFields) as caught:
        perform(flow, token, "on_spot", WORLD, {}, {"evidence": []}, MONDAY, "god")
    assert caught.value.fields == ["item", "evidence"]
    assert (
        perform(flow, token, "on_spot", WORLD, {"item": "i"}, {"evidence": [1]}, MONDAY, "god").token.step
        == "reply"
    )


def test_guards_see_the_fields_sent_with_the_move():
    flow = load("matter")
    token = begin(flow, tier="village")
    with pytest.raises(GuardFailed) as caught:
        perform(flow, token, "own", WORLD, {}, {"item": "i", "grade": 1}, MONDAY, "god")
    assert caught.value.guard == "tier >= settles(grade)"
    token = perform(flow, token, "own", WORLD, {}, {"item": "i", "grade": "3"}, MONDAY, "god").token
    assert (token.step, token.grade) == ("work", 3)
    token = perform(flow, token, "harder", WORLD, {}, {"reason": "r"}, MONDAY, "god").token
    assert (token.step, token.grade, token.tier) == ("look", 2, "town")


def test_unknown_automatic_and_misplaced_moves_are_refused():
    flow = load("bill")
    token = begin(flow, tier="village")
    for move in ("nonsense", "listed", "solved"):
        with pytest.raises(UnknownMove):
            perform(flow, token, move, WORLD, {}, {}, MONDAY, "god")


def test_a_move_without_to_leaves_step_entry_and_limit():
    flow = load("bill")
    token = begin(flow, tier="village")
    later = perform(flow, token, "note", WORLD, {}, {"text": "x"}, MONDAY, "god").token
    assert later == token


def test_a_pool_is_claimed_and_the_claimant_holds_the_next_steps():
    flow = load("hotline")
    token = perform(flow, begin(flow), "offered", WORLD, {}, {"item": "i"}, MONDAY, "god").token
    assert token.owner.startswith("pool:organs")
    token = perform(
        flow, token, "claimed", WORLD, {}, {}, MONDAY, {"organ": "organ:9", "owns": {token.owner}}
    ).token
    assert token.owner == "organ:9"
    token = perform(flow, token, "assigned", WORLD, {}, {}, MONDAY, "god").token
    token = perform(flow, token, "handled", WORLD, {}, {"result": "r", "evidence": [1]}, MONDAY, "god").token
    assert token.owner == "desk:@city"
    token = perform(flow, token, "redo", WORLD, {}, {"reason": "r"}, MONDAY, "god").token
    assert token.owner == "organ:9"


def test_above_and_holder():
    from huying.flow import fire

    flow = load("care-call")
    token = begin(flow)
    held = token.owner
    due = next(a for a in token.alarms if a.name == "due")
    token = fire(flow, token, due.key, WORLD, {}, due.at).token
    assert (token.step, token.owner) == ("lifted", f"above:{held}")
    token = perform(flow, token, "answered", WORLD, {}, {}, due.at, "god").token
    assert (token.step, token.owner) == ("serve", held)
