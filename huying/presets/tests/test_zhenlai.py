"""The county of the twelve steps: complete, true to its account, and plainly made up where the account is silent."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pytest
from shapely import STRtree
from shapely.geometry import Polygon

from huying.presets.reader import load

FOLDER = Path(__file__).parents[3] / "presets" / "zhenlai"
SHARED = Path(__file__).parents[4] / "shared" / "data" / "divisions" / "divisions.csv"


@pytest.fixture(scope="module")
def zhenlai():
    preset, problems = load(FOLDER)
    assert problems == []
    return preset


def test_the_twelve_steps_stand_in_their_five_groups(zhenlai):
    flow = zhenlai.flows["bill"]
    names = {step.name: flow.stages[step.stage] for step in flow.steps.values() if step.stage}
    groups = {
        "民需收集": ("收集", "梳理", "核验"), "民意研判": ("研判",), "民事办理": ("解决", "上交", "受理", "分派"),
        "民声反馈": ("反馈", "销号"), "民情考评": ("验收", "评比"),
    }  # fmt: skip
    assert list(flow.stages.values()) == list(groups)
    for group, steps in groups.items():
        assert {names.get(step) for step in steps} == {group}
    assert flow.tiers == ("village", "town", "county")


def test_rhythms_rules_and_routes_are_those_of_the_account(zhenlai):
    flow = zhenlai.flows["bill"]
    assert [(one.name, one.every) for one in flow.cycles] == [
        ("日碰头", "day"), ("周分析", "week"), ("旬会商", "tenday"), ("月恳谈", "month"),
    ]  # fmt: skip
    assert {one.led_by for one in flow.cycles} == {"village_secretary"}
    fields = {one.id: one for form in zhenlai.forms.values() for one in form.fields}
    assert [str(one.label) for one in fields["route"].choices] == [
        "动态反馈", "专项反馈", "跟踪反馈", "预约反馈", "网络反馈",
    ]  # fmt: skip
    assert [str(one.label)[:2] for one in fields["rule"].choices] == ["小事", "大事", "好事", "难事"]
    assert {str(one.label) for one in fields["campaign"].choices} >= {
        "城市党建联盟",
        "书记一号工程",
        "乡村振兴包保",
    }


def test_people_and_places_are_counted_as_the_account_counts(zhenlai):
    villages = [row for row in zhenlai.divisions.values() if row.tier == "village"]
    urban = [row for row in villages if zhenlai.divisions[row.parent].name.endswith("街道")]
    country = [row for row in villages if row.name.endswith("委会") and not row.name.endswith("居委会")]
    country = [row for row in country if row not in urban]
    assert (len(urban), len(country)) == (10, 141)
    general = [grid for grid in zhenlai.grids.values() if grid.layer == "general"]
    of = {row.code for row in urban}
    assert sum(grid.parent in of for grid in general) == 173
    assert sum(grid.parent in {row.code for row in country} for grid in general) == 719
    areas = [grid for grid in zhenlai.grids.values() if grid.layer == "area"]
    assert len(areas) == 189
    assert {grid.parent for grid in areas} == of
    county = [row for row in zhenlai.organs.values() if row.tier == "county" and row.code != "centre"]
    assert len(county) == 68
    assert {row.parent for row in general} >= {row.code for row in villages}


def test_who_comes_down_to_the_villages_is_there_in_the_account_s_numbers(zhenlai):
    counts = {team.role: team.count for team in zhenlai.full.people}
    assert (counts["first_secretary"], counts["stationed_officer"], counts["revival_member"]) == (
        10,
        246,
        700,
    )
    urban = {grid.parent for grid in zhenlai.grids.values() if grid.layer == "area"}
    first = [
        post.division for person in zhenlai.demo for post in person.posts if post.role == "first_secretary"
    ]
    assert sorted(first) == sorted(urban)  # one for each urban community


def test_outlines_of_a_layer_never_overlap_and_say_that_they_are_schematic(zhenlai):
    for layer in ("general", "area"):
        grids = [grid for grid in zhenlai.grids.values() if grid.layer == layer]
        assert all("示意" in grid.name for grid in grids)
        shapes = [Polygon(grid.outline[0]) for grid in grids]
        tree = STRtree(shapes)
        left, right = tree.query(shapes, predicate="overlaps")
        assert len(left) == len(right) == 0
    urban = {grid.parent for grid in zhenlai.grids.values() if grid.layer == "area"}
    inner = sum(
        Polygon(g.outline[0]).area
        for g in zhenlai.grids.values()
        if g.layer == "general" and g.parent in urban
    )
    cover = sum(Polygon(g.outline[0]).area for g in zhenlai.grids.values() if g.layer == "area")
    assert inner == pytest.approx(cover)  # the areas re-cut the same ground


@pytest.mark.data
@pytest.mark.skipif(not SHARED.is_file(), reason="the shared code list is not beside the project")
def test_names_and_codes_are_those_of_the_code_list(zhenlai):
    with SHARED.open(encoding="utf-8-sig", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["county_code"] == "220821"]
    for row in rows:
        village = zhenlai.divisions[row["village_code"]]
        assert (village.name, village.parent) == (row["village"], row["town_code"])
        assert zhenlai.divisions[row["town_code"]].name == row["town"]
    ours = {code for code, row in zhenlai.divisions.items() if row.tier == "village"}
    assert ours == {row["village_code"] for row in rows}


def test_every_item_is_written_out_and_settled_at_a_tier(zhenlai):
    flow = zhenlai.flows["bill"]
    assert len(zhenlai.leaves) >= 75
    for item in zhenlai.leaves:
        assert item.handler, item.code
        assert str(item.grade) in {str(grade) for grade in flow.settles}, item.code
        assert set(item.limits) == {"accept", "arrive", "handle"}, item.code
        assert item.evidence, item.code
        assert len(item.keywords) >= 6, item.code
        assert item.source in ("account", "practice"), item.code
        assert item.grounds == "", item.code  # nothing is cited that was not looked up
    assert {item.grade for item in zhenlai.leaves} == {1, 2, 3}
    named = {item.name for item in zhenlai.leaves if item.source == "account"}
    for part in ("防返贫", "雨露计划", "饮水", "产业项目", "示范村", "乡风", "驻村", "秸秆"):
        assert any(part in name for name in named), part
    assert all(item.grid for item in zhenlai.leaves if item.grade == 3)  # what stays in the village


def test_demo_people_are_plainly_made_up_and_hold_what_the_flow_asks_for(zhenlai):
    assert all(person.name.startswith("示例·") for person in zhenlai.demo)
    assert all(re.fullmatch(r"100-0000-\d{4}", person.phone) for person in zhenlai.demo)
    assert len({person.name for person in zhenlai.demo}) == len(zhenlai.demo)
    posts = [post for person in zhenlai.demo for post in person.posts]
    assert {post.organ for post in posts} >= {
        row.code for row in zhenlai.organs.values() if row.tier == "county"
    }
    held = {post.division for post in posts}
    assert {grid.code for grid in zhenlai.grids.values()} <= held
    assert {row.code for row in zhenlai.divisions.values()} - held == set()
    pairs = {
        slot: {p.division for p in posts if p.role == "service_post" and p.slot == slot} for slot in "AB"
    }
    assert pairs["A"] == pairs["B"] != set()


def test_the_three_reviews_are_of_units(zhenlai):
    flow = zhenlai.flows["bill"]
    inspect = flow.steps["inspect"]
    assert inspect.after_close
    assert inspect.owner.text == "post(appraiser)@county"
    assert set(zhenlai.reviews.appraisals) == {"organ", "town", "village", "grid"}
    for one in zhenlai.reviews.appraisals.values():
        assert sum(part.weight for part in one.parts) == 100
