"""Items take from above what they leave empty."""

from __future__ import annotations

from huying.presets.reader import load
from huying.presets.tests.mini import broken, files


def test_cells_left_empty_come_from_above():
    items = load(files())[0].items
    lamp = items["A2"]
    assert lamp.handler == "works"
    assert lamp.co_handlers == ("green",)
    assert lamp.limits == {"accept": "2 work hours", "arrive": "4 work hours", "handle": "3 workdays"}
    assert (lamp.grade, lamp.auto, lamp.fixed, lamp.grid) == (2, True, False, False)
    assert lamp.kinds == ("help", "complaint")
    assert lamp.path == ("A", "A2")


def test_own_cells_win():
    cover = load(files())[0].items["A1"]
    assert cover.limits == {"accept": "2 work hours", "arrive": "1 hour", "handle": "1 workday"}
    assert (cover.grade, cover.grid, cover.fixed, cover.auto) == (1, True, True, True)


def test_no_said_below_yes_is_no():
    made = broken(
        "catalogue.csv",
        "B1,B,垃圾,,,,,,,,照片,垃圾;脏乱,practice,,,,,,",
        "B1,B,垃圾,,,,,,,,照片,垃圾;脏乱,practice,,,no,,,",
    )
    assert load(made)[0].items["B1"].grid is False


def test_only_leaves_can_be_chosen():
    preset = load(files())[0]
    assert [item.code for item in preset.leaves] == ["A1", "A2", "B1"]
    assert [item.code for item in preset.children()] == ["A", "B"]
    assert [item.code for item in preset.children("A")] == ["A1", "A2"]


def test_the_tree_may_be_deep_and_out_of_order():
    text = files()["catalogue.csv"] + "A1x,A11,更细,,,,,,,,,更细的,,,,,,,\nA11,A1,细,,,,,,,,,,,,,,,,\n"
    text = text.replace("井盖;马葫芦", "")
    item = load({**files(), "catalogue.csv": text})[0].items["A1x"]
    assert item.path == ("A", "A1", "A11", "A1x")
    assert item.limits["handle"] == "1 workday"
    assert item.handler == "works"
