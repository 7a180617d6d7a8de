"""Open cases move to a new edition only where every one of them has a sound place in it."""

from __future__ import annotations

import pytest

from huying.presets.migration import OpenStep, migration_plan
from huying.presets.reader import load
from huying.presets.tests.mini import broken, files


@pytest.fixture
def old():
    return load(files())[0]


def renamed_work():
    made = broken("flows/simple.yaml", "  work: {name: 办理, stage: out", "  doing: {name: 办理, stage: out")
    text = str(made["flows/simple.yaml"])
    made["flows/simple.yaml"] = text.replace("to: work", "to: doing").replace("from: work", "from: doing")
    return load(made)[0]


def test_the_same_steps_need_no_mapping(old):
    plan = migration_plan(old, old, [OpenStep("simple", "take", 3), OpenStep("part", "work")])
    assert plan.sound
    assert plan.steps == {("simple", "take"): ("simple", "take"), ("part", "work"): ("part", "work")}
    assert plan.notices == ()


def test_a_step_that_is_gone_stops_the_move_until_it_is_mapped(old):
    new = renamed_work()
    at = [OpenStep("simple", "work", 12)]
    plan = migration_plan(old, new, at)
    assert not plan.sound
    assert "no step work" in str(plan.obstacles[0])
    assert plan.obstacles[0].at.count == 12
    mended = migration_plan(old, new, at, {("simple", "work"): ("simple", "doing")})
    assert mended.sound
    assert mended.steps == {("simple", "work"): ("simple", "doing")}


@pytest.mark.parametrize(
    ("goal", "reason"),
    [
        (("simple", "archive"), "is an end"),
        (("simple", "report"), "is automatic"),
        (("simple", "rate"), "different sides of closing"),
        (("simple", "joint"), "has legs"),
        (("part", "work"), "cannot become a leg"),
        (("simple", "nowhere"), "no step nowhere"),
        (("nowhere", "work"), "no flow nowhere"),
    ],
)
def test_a_mapping_that_makes_no_sense_is_refused(old, goal, reason):
    plan = migration_plan(old, old, [OpenStep("simple", "work")], {("simple", "work"): goal})
    assert [reason in one.what for one in plan.obstacles] == [True]


def test_a_step_the_old_edition_never_had(old):
    assert "no such step" in migration_plan(old, old, [OpenStep("simple", "x")]).obstacles[0].what


def test_items_that_are_gone_stop_the_move_until_they_are_mapped(old):
    new = load(broken("catalogue.csv", "A2,A,路灯", "A9,A,路灯"))[0]
    at = [OpenStep("simple", "work", item="A2"), OpenStep("simple", "work", item="A1")]
    assert [one.at.item for one in migration_plan(old, new, at).obstacles] == ["A2"]
    assert migration_plan(old, new, at, items={"A2": "A9"}).sound
    assert not migration_plan(old, new, at, items={"A2": "A"}).sound


def test_a_tier_that_is_gone_stops_the_move(old):
    assert not migration_plan(old, old, [OpenStep("simple", "work", tier="province")]).sound
    assert migration_plan(old, old, [OpenStep("simple", "work", tier="county")]).sound


def test_what_changes_for_the_cases_is_told(old):
    new = load(broken("flows/simple.yaml", "limit: 5 workdays", "limit: 6 workdays"))[0]
    assert migration_plan(old, new, [OpenStep("simple", "joint")]).notices == (
        "simple.joint: limit 5 workdays → 6 workdays",
    )
