"""The first place: complete, true to its account, and its flow can be walked."""

from __future__ import annotations

import csv
import re
from datetime import timedelta
from pathlib import Path

import pytest
from shapely.geometry import Point, Polygon

from huying.flow import advance, available, fire, perform, start
from huying.flow.tests.cast import MONDAY, PlainWorld
from huying.presets.reader import load
from huying.testing.schematic import grids
from huying.worktime import parse_limit

FOLDER = Path(__file__).parents[3] / "presets" / "huinan"
SHARED = Path(__file__).parents[4] / "shared" / "data" / "divisions" / "divisions.csv"


@pytest.fixture(scope="module")
def huinan():
    preset, problems = load(FOLDER)
    assert problems == []
    return preset


# — the handbook (HN6) —


def test_the_handbook_has_eighty_items_and_twenty_eight_of_enforcement(huinan):
    assert len(huinan.leaves) == 80
    assert sum(item.field == "行政执法" for item in huinan.leaves) == 28
    assert min(len(item.path) for item in huinan.leaves) >= 2


def test_every_item_is_written_out(huinan):
    for item in huinan.leaves:
        assert item.handler, item.code
        assert item.grade in (1, 2, 3), item.code
        assert set(item.limits) == {"accept", "arrive", "handle"}, item.code
        assert item.evidence, item.code
        assert 6 <= len(item.keywords) <= 40, item.code
        assert item.source in ("account", "practice"), item.code
        assert item.grounds == "", item.code  # nothing is cited that was not looked up


def test_the_fields_that_the_account_names_are_there(huinan):
    named = {item.name for item in huinan.leaves if item.source == "account"}
    for part in ("飞线", "油烟", "噪音", "车辆乱停放", "楼宇破损", "管道泄漏", "排污外溢", "井盖丢失破损"):
        assert any(part in name for name in named), part
    assert len(named) == 8


def test_urgent_items_leave_less_time_to_arrive_than_ordinary_ones(huinan):
    minutes = {"work minute": 1, "work hour": 60, "workday": 480, "minute": 1, "hour": 60, "day": 1440}

    def length(text):
        limit = parse_limit(text)
        return limit.amount * minutes[str(limit.unit).replace("_", " ")]

    for item in huinan.leaves:
        assert length(item.limits["arrive"]) <= length(item.limits["handle"]), item.code
    assert huinan.items["L303"].fixed
    assert length(huinan.items["L303"].limits["handle"]) <= 240


def test_keywords_mostly_tell_items_apart(huinan):
    words = [word for item in huinan.leaves for word in item.keywords]
    shared = {word for word in words if words.count(word) > 1}
    assert len(shared) <= len(words) * 0.03, shared


# — places and organs (HN5, HN11) —


def test_divisions_organs_and_seats(huinan):
    tiers = [row.tier for row in huinan.divisions.values()]
    assert (tiers.count("county"), tiers.count("town")) == (1, 15)  # 11 towns, 3 streets, the zone
    county = [row for row in huinan.organs.values() if row.tier == "county"]
    utilities = {"water_supply", "gas_supply", "heat_supply", "power_supply", "telecom", "bus"}
    assert len([row for row in county if row.code not in utilities and row.code != "centre"]) == 32
    assert len([row for row in huinan.organs.values() if row.seat]) == 8
    assert {row.division for row in huinan.organs.values() if row.tier == "town"} == {
        row.code for row in huinan.divisions.values() if row.tier == "town"
    }


@pytest.mark.data
@pytest.mark.skipif(not SHARED.is_file(), reason="the shared code list is not beside the project")
def test_names_and_codes_are_those_of_the_code_list(huinan):
    with SHARED.open(encoding="utf-8-sig", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["county_code"] == "220523"]
    for row in rows:
        village = huinan.divisions[row["village_code"]]
        assert (village.name, village.parent) == (row["village"], row["town_code"])
        assert huinan.divisions[row["town_code"]].name == row["town"]
    ours = {code for code, row in huinan.divisions.items() if row.tier == "village"}
    assert ours == {row["village_code"] for row in rows}


def test_grids_fill_their_rectangle_without_gaps_or_overlaps(huinan):
    shapes = [Polygon(grid.outline[0]) for grid in huinan.grids.values()]
    assert len(shapes) == 353
    west = min(shape.bounds[0] for shape in shapes)
    south = min(shape.bounds[1] for shape in shapes)
    east = max(shape.bounds[2] for shape in shapes)
    north = max(shape.bounds[3] for shape in shapes)
    assert sum(shape.area for shape in shapes) == pytest.approx((east - west) * (north - south))
    assert sum(shape.contains(Point(126.0512345, 42.6812345)) for shape in shapes) == 1
    assert all("示意" in grid.name for grid in huinan.grids.values())
    with (FOLDER / "divisions.csv").open(encoding="utf-8", newline="") as file:
        made = grids(list(csv.DictReader(file)), (126.05, 42.68), (0.60, 0.44))
    with (FOLDER / "grids.csv").open(encoding="utf-8", newline="") as file:
        assert list(csv.DictReader(file)) == made
    low = {row.parent for row in huinan.grids.values()}
    assert {row.code for row in huinan.divisions.values() if row.tier == "village"} <= low


def test_demo_people_are_plainly_made_up_and_play_every_role(huinan):
    assert all(person.name.startswith("示例·") for person in huinan.demo)
    assert all(re.fullmatch(r"100-0000-\d{4}", person.phone) for person in huinan.demo)
    assert {person.cast for person in huinan.demo if person.cast} >= {
        "resident", "grid_worker", "village_secretary", "town_clerk", "centre_desk", "officer", "head", "inspector",
        "leader", "admin", "delegate",
    }  # fmt: skip
    held = {post.organ for person in huinan.demo for post in person.posts}
    assert {item.handler for item in huinan.leaves if item.handler in huinan.organs} <= held
    bodies = {post.body for person in huinan.demo for post in person.posts if post.body}
    assert bodies == {"party", "congress", "cppcc"}


# — the six steps (HN2, HN4) —


class Walk:
    """A case walked through the flow by somebody who may do everything."""

    def __init__(self, preset, **facts):
        self.preset, self.flow, self.world = preset, preset.flows["six-steps"], PlainWorld()
        self.facts = {
            "sure": False, "channel": "web", "call": "help", "confidential": False, "overdue": False, "joint_work": False,
            "handler": 12, "item": {"code": "L101", "grid": True, "auto": True, "fixed": False}, **facts,
        }  # fmt: skip
        self.now = MONDAY
        made = start(self.flow, self.world, self.facts, self.now, tier="county")
        self.token, self.steps, self.effects = made.token, [made.token.step], []

    def do(self, move, **fields):
        form = self.preset.move_form("six-steps", move)
        needed = {one.id for one in form.fields if one.required and one.when is None}
        assert needed <= set(fields), (move, needed - set(fields))
        return self._took(
            perform(self.flow, self.token, move, self.world, self.facts, fields, self.now, "god"), fields
        )

    def legs(self, **counts):
        return self._took(advance(self.flow, self.token, self.world, self.facts, self.now, counts), {})

    def wait(self, **span):
        self.now += timedelta(**span)
        while (at := self.token.next_at) is not None and at <= self.now:
            alarm = min((one for one in self.token.alarms if one.at is not None), key=lambda one: one.at)
            self._took(fire(self.flow, self.token, alarm.key, self.world, self.facts, at), {})
        return self

    def _took(self, made, fields):
        self.token, self.facts = made.token, {**self.facts, **fields}
        self.effects += made.effects
        if self.steps[-1] != self.token.step:
            self.steps.append(self.token.step)
        return self

    def moves(self):
        return {move.id for move in available(self.flow, self.token, self.world, self.facts, "god")}


DONE = {
    "truth": "genuine", "completion": "substantive", "solved": "solved", "contact_how": "phone",
    "internal_account": "已更换井盖", "public_reply": "井盖已更换，请放心通行。",
}  # fmt: skip
PASS = {"solved": "solved", "public_reply": "井盖已更换，请放心通行。"}
LATER = (MONDAY + timedelta(days=3)).isoformat()


def test_the_simple_way_is_five_steps(huinan):
    walk = Walk(huinan, sure=True)
    walk.do("sign_in").do("done", **DONE).do("pass", **PASS).do("rated", satisfaction="satisfied")
    assert walk.steps == ["arrive", "handle", "verify", "rate", "archive"]
    assert (walk.token.result, walk.token.closed, walk.token.ended) == ("solved", True, True)


@pytest.mark.parametrize(
    "facts",
    [
        {},
        {"sure": True, "confidential": True},
        {"sure": True, "call": "report"},
        {"sure": True, "item": {"auto": False}},
    ],
)
def test_whatever_is_unsure_or_delicate_waits_for_the_desk(huinan, facts):
    assert Walk(huinan, **facts).steps == ["take"]


def test_a_grid_worker_settles_small_things_on_the_spot(huinan):
    assert Walk(huinan, channel="grid", handled_now=True, sure=True).steps == ["verify"]
    assert Walk(huinan, channel="web", handled_now=True).steps == ["take"]
    assert Walk(huinan, channel="grid", handled_now=True, item={"grid": False}).steps == ["take"]


def test_items_off_the_admitted_list_cannot_go_to_the_grid(huinan):
    assert "to_grid" in Walk(huinan).moves()
    from huying.flow import GuardFailed

    with pytest.raises(GuardFailed):
        Walk(huinan, item={"grid": False}).do("to_grid", item="E302")


def test_unclear_duty_is_settled_and_becomes_a_precedent(huinan):
    walk = Walk(huinan).do("convene", organs=[1, 2, 3], question="线缆归谁管", due=LATER)
    walk.legs(open=1, done=2)
    assert walk.token.step == "settle"
    walk.legs(done=2, silent=1)
    assert walk.token.step == "rule"
    walk.do("ruled", item="L107", organ=2, ruling="由线缆产权单位处置，城管配合")
    assert walk.steps == ["take", "settle", "rule", "arrive"]
    assert "precedent" in [effect.get("do") for effect in walk.effects]


def test_the_deadline_for_views_ends_the_asking(huinan):
    walk = Walk(huinan).do("convene", organs=[1, 2], question="线缆归谁管", due=LATER).legs(open=2)
    walk.wait(days=4)
    assert walk.token.step == "rule"


def test_several_organs_whistled_at_once(huinan):
    walk = Walk(huinan).do("gather", item="L104", organs=[1, 2], due=LATER)
    walk.do("add_leg", organs=[3], due=LATER, reason="需要环保到场").legs(open=1, done=1, returned=1)
    assert walk.token.step == "joint"
    walk.legs(done=2, returned=1)
    assert walk.token.step == "verify"


def test_when_every_organ_returns_it_the_desk_has_it_again(huinan):
    walk = Walk(huinan).do("gather", item="L104", organs=[1, 2], due=LATER).legs(returned=2)
    assert walk.token.step == "returning"


def test_a_return_is_decided_by_the_desk(huinan):
    walk = Walk(huinan, sure=True).do("return", return_reason="not_ours", reason="不在职责内")
    assert walk.token.owner.startswith("desk")
    assert {"dispatch", "convene", "return_refused", "beyond"} <= walk.moves()
    walk.do("return_refused", reason="清单中由贵单位承办")
    assert walk.token.step == "arrive"


def test_an_extension_adds_to_what_was_left(huinan):
    walk = Walk(huinan, sure=True).do("sign_in")
    due = walk.token.due
    walk.do("ask_time", extend_reason="weather", extend_days=3, reason="连续降雨")
    walk.do("extend", extend_days="3 workdays", public_reply="因降雨延期三天")
    assert walk.token.step == "handle"
    assert walk.token.due > due
    assert walk.token.extensions == 1


def test_items_with_a_fixed_limit_cannot_be_extended(huinan):
    walk = Walk(huinan, sure=True, item={"auto": True, "fixed": True}).do("sign_in")
    assert "ask_time" not in walk.moves()


def test_the_shelf_stands_still_until_its_review(huinan):
    walk = Walk(huinan, sure=True).do("sign_in")
    walk.do("ask_shelf", shelf_reason="season", reason="冬季不能施工", review_on=LATER)
    walk.do("shelve", review_on=LATER, public_reply="开春后施工")
    assert walk.token.paused
    walk.wait(days=2)
    assert (walk.token.step, walk.token.paused) == ("shelf", True)
    walk.wait(days=1, hours=1)
    assert (walk.token.step, walk.token.paused) == ("shelf", False)
    walk.wait(days=3)
    assert walk.token.step == "handle"


def test_not_satisfied_means_a_new_round(huinan):
    walk = Walk(huinan, sure=True).do("sign_in").do("done", **DONE).do("pass", **PASS)
    walk.do("reopen", satisfaction="unsatisfied", reason="又塌了")
    assert (walk.token.step, walk.token.round, walk.token.closed) == ("take", 2, False)


def test_silence_ends_the_rating_and_holds_nothing_open(huinan):
    walk = Walk(huinan, sure=True).do("sign_in").do("done", **DONE).do("pass", **PASS)
    assert walk.token.closed
    walk.wait(days=30)
    assert walk.token.step == "archive"
    assert walk.flow.steps["rate"].limit.text == huinan.place.reopen_window


def test_the_clock_chases_whoever_is_late(huinan):
    walk = Walk(huinan, sure=True).wait(days=20)
    chased = [effect for effect in walk.effects if effect.get("move") == "chased"]
    assert len(chased) == 5
