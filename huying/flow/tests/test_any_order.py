"""Whatever legal moves are made in whatever order: one owner for every open token, the story replays to the same
state, no timer fires twice, nothing but the clock stands between a case and its end."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from huying.flow import (
    CLOCK,
    FlowError,
    GuardFailed,
    Token,
    advance,
    apply,
    available,
    cancel,
    fire,
    perform,
    replay,
    start,
)
from huying.flow.checker import leg_results
from huying.flow.states import Explorer

from .cast import FLOWS, MONDAY, PlainWorld, load

NAMES = sorted(path.stem for path in FLOWS.glob("*.yaml"))
LOADED = {name: load(name) for name in NAMES}
GOD = {"organ": "organ:1", "person": "person:1"}


class AllowingWorld(PlainWorld):
    """Anybody may do anything that the flow allows; some owners cannot be found."""

    def matches(self, by, token, actor, facts):
        return True

    def resolve(self, relation, token, facts, actor):
        if relation.args == ("actor",):  # whoever acts has an organ
            return "organ:1"
        return super().resolve(relation, token, facts, actor)


class Case(RuleBasedStateMachine):
    """One case of one flow, moved about at random."""

    name = "bill"

    @initialize(
        tier=st.integers(0, 4),
        grade=st.sampled_from([None, 1, 2, "3"]),
        absent=st.sets(st.sampled_from(["grid", "desk", "division", "organ", "post"])),
        confidence=st.sampled_from([None, 0.3, 0.9]),
        item=st.sampled_from(["5 workdays", "24 hours", None]),
    )
    def begin(self, tier, grade, absent, confidence, item):
        self.flow = LOADED[self.name]
        self.world = AllowingWorld(absent=absent, item=item)
        self.facts = {"handler": "roads", "leg": "water", "subject": "power", "confidence": confidence}
        if self.flow.tiers:
            self.facts["tier"] = self.flow.tiers[tier % len(self.flow.tiers)]
        self.now = MONDAY
        self.story = []
        self.keys = []
        self.grades = [g for g in (1, 2, 3) if g in self.flow.grades] or [None]
        self.take(start(self.flow, self.world, self.facts, self.now, grade=grade))

    def take(self, outcome):
        before = getattr(self, "token", None)
        self.story += outcome.events
        self.token = outcome.token
        self.keys += [e["key"] for e in outcome.events if e["event"] == "fired"]
        if before is not None:
            assert apply(self.flow, before, outcome.events) == outcome.token

    def fields(self, move, grade):
        soon = (self.now + timedelta(days=9)).isoformat()
        values = {
            "due": soon,
            "review_on": soon,
            "organs": ["a", "b"],
            "extension": "2 workdays",
            "item": "i1",
        }
        made = {name: values.get(name, "x") for name in (*move.needs, *move.asks)}
        if "item" in made and grade is not None:
            made["grade"] = grade
        return made

    @rule(data=st.data(), hours=st.integers(0, 60))
    def somebody_moves(self, data, hours):
        self.now += timedelta(hours=hours)
        moves = available(self.flow, self.token, self.world, self.facts, GOD)
        if not moves:
            return
        move = data.draw(st.sampled_from(moves), label="move")
        grade = data.draw(st.sampled_from(self.grades), label="grade")
        try:
            outcome = perform(
                self.flow,
                self.token,
                move.id,
                self.world,
                self.facts,
                self.fields(move, grade),
                self.now,
                GOD,
            )
        except GuardFailed:
            # only the answer given with the move may stand in its way, never the state that it was offered in;
            # whoever chooses the item chooses what is known of it, too (``item.grid``)
            heads = {name.partition(".")[0] for name in move.when.names}
            if not heads & (move.free_names | {"grade"}):
                raise
        else:
            self.take(outcome)

    @rule(hours=st.integers(1, 300))
    def time_passes(self, hours):
        self.now += timedelta(hours=hours)
        for alarm in self.token.due_alarms(self.now):
            self.take(fire(self.flow, self.token, alarm.key, self.world, self.facts, self.now))
            assert fire(self.flow, self.token, alarm.key, self.world, self.facts, self.now).events == []

    @precondition(lambda self: self.flow.steps[self.token.step].legs is not None)
    @rule(data=st.data())
    def legs_report(self, data):
        legs = self.flow.steps[self.token.step].legs
        results = ["open", *leg_results(LOADED[legs.flow])]
        counts = {result: data.draw(st.integers(0, 2), label=result) for result in results}
        self.take(advance(self.flow, self.token, self.world, self.facts, self.now, counts))

    @rule()
    def the_half_year_comes(self):
        for cycle in self.flow.cycles:
            if cycle.move and self.token.closed and self.token.step in self.flow.by_id[cycle.move].sources:
                self.take(
                    perform(self.flow, self.token, cycle.move, self.world, self.facts, {}, self.now, CLOCK)
                )

    @invariant()
    def one_owner_and_one_step(self):
        if not hasattr(self, "token"):
            return
        step = self.flow.steps[self.token.step]
        assert not step.auto
        assert (self.token.owner is None) == step.end
        assert self.token.ended == step.end
        if step.end:
            assert self.token.closed
        if self.token.closed:
            assert step.end or step.after_close
            assert self.token.result

    @invariant()
    def no_timer_fires_twice(self):
        if not hasattr(self, "token"):
            return
        assert len(self.keys) == len(set(self.keys))
        running = [alarm.key for alarm in self.token.alarms]
        assert len(running) == len(set(running))
        assert not set(running) & set(self.keys)
        if self.token.paused:
            assert all(alarm.at is None or alarm.plain for alarm in self.token.alarms)

    def teardown(self):
        """From wherever it was left, the case can still be brought to its end."""
        if not hasattr(self, "token") or not hasattr(self, "flow"):
            return
        last = self.token
        assert replay(self.flow, json.loads(json.dumps(self.story))) == last
        assert Token.from_json(json.loads(json.dumps(last.to_json()))) == last
        assert reaches_end(self), last
        assert cancel(self.flow, last, self.world, self.now, "test").token.ended


def reaches_end(case) -> bool:
    """Search the real machine, breadth first, for a way to an end."""
    flow, seen, queue = case.flow, set(), [case.token]
    for _ in range(400):
        if not queue:
            return False
        token = queue.pop(0)
        if token.ended:
            return True
        for after in ways(case, flow, token):
            mark = (after.step, after.tier, after.grade, after.closed, after.paused, after.round)
            if mark not in seen:
                seen.add(mark)
                queue.append(after)
    return False


def ways(case, flow, token):
    case.token = token
    for move in available(flow, token, case.world, case.facts, GOD):
        for grade in case.grades:
            try:
                fields = case.fields(move, grade)
                yield perform(flow, token, move.id, case.world, case.facts, fields, case.now, GOD).token
            except FlowError:
                continue
    step = flow.steps[token.step]
    if step.legs is not None:
        for result in leg_results(LOADED[step.legs.flow]):
            yield advance(flow, token, case.world, case.facts, case.now, {result: 2, "open": 0}).token
    for alarm in token.alarms:
        if alarm.at is not None:
            yield fire(flow, token, alarm.key, case.world, case.facts, max(case.now, alarm.at)).token


@pytest.mark.parametrize("name", NAMES)
def test_whatever_is_done(name):
    from hypothesis.stateful import run_state_machine_as_test

    made = type(f"Case_{name}", (Case,), {"name": name})
    run_state_machine_as_test(
        made,
        settings=settings(
            max_examples=100, stateful_step_count=25, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )


def test_the_checker_agrees_with_the_machine_about_reachable_steps():
    for name, flow in LOADED.items():
        graph = Explorer(flow, {}, {key: leg_results(sub) for key, sub in LOADED.items()}).explore()
        assert {state.step for state in graph.states} == set(flow.steps), name
