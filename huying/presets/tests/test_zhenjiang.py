"""The zone of seven layers: complete, true to its account, and every flow can be walked in any order."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from huying.presets.reader import load
from huying.presets.tests.walking import walked

FOLDER = Path(__file__).parents[3] / "presets" / "zhenjiang"


@pytest.fixture(scope="module")
def zhenjiang():
    preset, problems = load(FOLDER)
    assert problems == []
    return preset


def test_seventy_items_in_five_fields_and_three_grades(zhenjiang):
    assert len(zhenjiang.leaves) == 70
    assert Counter(item.grade for item in zhenjiang.leaves) == {1: 22, 2: 22, 3: 26}
    assert {item.field for item in zhenjiang.leaves} == {
        "综合执法",
        "安全生产",
        "社会治安",
        "民生服务",
        "生态环保",
    }
    for item in zhenjiang.leaves:
        assert set(item.limits) == {"accept", "arrive", "handle"}, item.code
        assert (item.source, item.grounds) == ("practice", ""), item.code
        assert len(item.keywords) >= 2, item.code


def test_each_grade_is_settled_at_its_own_tier_and_handled_there(zhenjiang):
    assert dict(zhenjiang.flows["three-tiers"].settles) == {3: "village", 2: "town", 1: "zone"}
    for item in zhenjiang.leaves:
        tier = {1: "zone", 2: "town", 3: "village"}[item.grade]
        if item.grade == 1:
            assert zhenjiang.organs[item.handler].tier == tier, item.code
        else:
            assert item.handler.endswith(f"@{tier}"), item.code


def test_layers_grids_stations_and_pairs(zhenjiang):
    assert Counter(grid.layer for grid in zhenjiang.grids.values()) == {"general": 283, "enterprise": 88}
    assert Counter(point.type for point in zhenjiang.points.values())["station"] == 136
    tiers = Counter(row.tier for row in zhenjiang.divisions.values())
    assert (tiers["zone"], tiers["town"], tiers["village"]) == (1, 5, 61)
    paired = [code for organ in zhenjiang.organs.values() for code in organ.paired]
    villages = {row.code for row in zhenjiang.divisions.values() if row.tier == "village"}
    assert sorted(paired) == sorted(villages)  # one to one
    chain = (
        "volunteer",
        "centre_home",
        "group_leader",
        "branch_secretary",
        "village_desk",
        "town_desk",
        "centre_desk",
    )
    held = {post.role for person in zhenjiang.demo for post in person.posts}
    assert set(chain) <= held


def test_twenty_duties_in_five_classes_with_two_four_and_six(zhenjiang):
    duties = zhenjiang.duties
    assert (len(duties.duties), len(duties.classes)) == (20, 5)
    rules = Counter(duty.rule for duty in duties.duties if duty.rule)
    assert rules == {"must_arrive": 2, "must_visit": 4, "must_check": 6}
    assert {duty.klass for duty in duties.duties} == set(duties.classes)
    assert {duty.points for duty in duties.duties if duty.points} == {"risk", "key", "information"}


@pytest.mark.parametrize("flow", ["three-tiers", "notebook", "order", "duty", "promise"])
def test_any_walk_ends_and_replays(zhenjiang, flow):
    walked(zhenjiang, flow)
