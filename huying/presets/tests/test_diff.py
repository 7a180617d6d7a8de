# ruff: noqa: E501
"""What changed between two editions, in words."""

from __future__ import annotations

import pytest

from huying.presets.diff import ADDED, CHANGED, REMOVED, diff
from huying.presets.reader import load
from huying.presets.tests.mini import broken, files

CASES = [
    ("catalogue.csv", "1 hour,1 workday", "1 hour,2 workdays", (CHANGED, "item", "A1", "handle limit", "1 workday", "2 workdays")),
    ("catalogue.csv", "井盖;马葫芦", "井盖;马葫芦;窨井", (CHANGED, "item", "A1", "keywords", "井盖, 马葫芦", "井盖, 马葫芦, 窨井")),
    ("catalogue.csv", "B1,B,垃圾,,,,,,,,照片,垃圾;脏乱,practice,,,,,,\n", "", (REMOVED, "item", "B1", "", "垃圾", "")),
    ("flows/simple.yaml", "limit: 5 workdays", "limit: 6 workdays", (CHANGED, "step", "simple.joint", "limit", "5 workdays", "6 workdays")),
    ("flows/simple.yaml", "by: post(chief)@county", "by: owner", (CHANGED, "move", "simple.instruct", "by", "post(chief)@county", "owner")),
    ("roles.yaml", "[handle, reply]", "[handle]", (CHANGED, "role", "officer", "rights", "handle, reply", "handle")),
    ("organs.csv", "示例县园林所", "示例县园林处", (CHANGED, "organ", "green", "name", "示例县园林所", "示例县园林处")),
    ("place.yaml", "5 workdays", "7 workdays", (CHANGED, "place", "mini", "reopen_window", "5 workdays", "7 workdays")),
    ("vocabulary.yaml", "zh: 签收", "zh: 报到", (CHANGED, "word", "arrive", "zh", "签收", "报到")),
    ("forms/moves.yaml", "type: long, max: 200", "type: long, max: 300", (CHANGED, "field", "moves.note", "max", "200", "300")),
    ("divisions.csv", "v2,二村,village,t2,220\n", "v2,二村,village,t2,220\nv3,三村,village,t2,220\n", (ADDED, "division", "v3", "", "", "三村")),
]  # fmt: skip


@pytest.mark.parametrize(
    ("file", "before", "after", "expected"), CASES, ids=[case[3][2] + case[3][3] for case in CASES]
)
def test_each_change_is_told(file, before, after, expected):
    old, new = load(files())[0], load(broken(file, before, after))[0]
    found = [(one.how, one.area, one.key, one.what, one.before, one.after) for one in diff(old, new)]
    # The window stands once in place.yaml and is used by the flow.
    assert expected in found
    assert len(found) == (2 if expected[3] == "reopen_window" else 1)


def test_nothing_changed():
    assert diff(load(files())[0], load(files())[0]) == []


def test_lines_in_both_languages():
    old, new = load(files())[0], load(broken("catalogue.csv", "1 hour,1 workday", "1 hour,2 workdays"))[0]
    (one,) = diff(old, new)
    assert one.text("en") == "item A1: handle limit 1 workday → 2 workdays"
    assert one.text("zh") == "事项 A1：handle limit 1 workday → 2 workdays"
