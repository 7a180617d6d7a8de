"""The hotline's place: complete, true to its account, and every flow can be walked in any order."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from huying.presets.reader import load
from huying.presets.tests.walking import walked

FOLDER = Path(__file__).parents[3] / "presets" / "dashiqiao"


@pytest.fixture(scope="module")
def dashiqiao():
    preset, problems = load(FOLDER)
    assert problems == []
    return preset


def test_three_layers_of_grids_at_the_stated_numbers(dashiqiao):
    layers = Counter(grid.layer for grid in dashiqiao.grids.values())
    assert layers == {"general": 1480, "enterprise": 249, "school": 69}
    assert all("示意" in grid.name for grid in dashiqiao.grids.values())
    low = {row.parent for row in dashiqiao.grids.values() if row.layer == "general"}
    assert {row.code for row in dashiqiao.divisions.values() if row.tier == "village"} == low


def test_seventeen_sub_centres_and_the_organs_that_the_account_names(dashiqiao):
    towns = [row for row in dashiqiao.organs.values() if row.tier == "town"]
    assert sum(row.name.endswith("党群服务分中心") for row in towns) == 17
    assert {"police", "justice", "petitions", "poverty_relief", "court", "transport", "railway", "disease_control",
            "emergency"} <= set(dashiqiao.organs)  # fmt: skip


def test_the_five_steps_bear_the_accounts_names(dashiqiao):
    assert list(dashiqiao.flows["hotline"].stages.values()) == ["接件", "认领", "分派", "办理", "结案"]


def test_every_item_is_written_out_and_cites_nothing(dashiqiao):
    for item in dashiqiao.leaves:
        assert item.handler, item.code
        assert set(item.limits) == {"accept", "arrive", "handle"}, item.code
        assert len(item.keywords) >= 2, item.code
        assert item.evidence, item.code
        assert (item.source, item.grounds) == ("practice", ""), item.code
    themes = {item.field for item in dashiqiao.leaves if item.path[0] == "T"}
    assert themes == {"日常生活需求", "环境卫生治理", "冬季供暖保障", "弱势群体救助", "惠民办事指南"}


def test_demo_people_are_plainly_made_up_and_play_every_role(dashiqiao):
    assert all(person.name.startswith("示例·") for person in dashiqiao.demo)
    assert all(person.phone.startswith("100-0000-") for person in dashiqiao.demo)
    held = {post.role for person in dashiqiao.demo for post in person.posts}
    assert set(dashiqiao.roles) - {"visitor"} <= held


@pytest.mark.parametrize(
    "flow", ["hotline", "patrol", "mediation", "hazard", "errand", "callback", "look-back", "round", "micro"]
)
def test_any_walk_ends_and_replays(dashiqiao, flow):
    walked(dashiqiao, flow)
