# A case a line reads better than twelve.
# ruff: noqa: E501
"""Small broken presets: each defect is named with its file, its line and its code, and nothing else is."""

from __future__ import annotations

import pytest

from huying.presets.problems import MESSAGES
from huying.presets.reader import load
from huying.presets.tests.mini import broken, files

# (name, file, what is replaced, by what, [(file, line, code)…])
CASES = [
    # place.yaml
    ("no code", "place.yaml", "code: mini\n", "", [("place.yaml", 1, "missing")]),
    ("code with spaces", "place.yaml", "code: mini", "code: my place", [("place.yaml", 1, "bad-id")]),
    ("mistyped key", "place.yaml", "centre: centre", "centre: centre\nchanels: {}", [("place.yaml", 6, "unknown-key")]),
    ("key twice", "place.yaml", "centre: centre", "centre: centre\ncentre: works", [("place.yaml", 6, "duplicate-key")]),
    ("not YAML", "place.yaml", "tiers: [village, town, county]", "tiers: [village, town", [("place.yaml", 5, "yaml-syntax")]),
    ("a promise cut in two by a comma", "place.yaml", "centre: centre", "centre: centre\npublic: {promise: {zh: 有呼必应, en: You call, we respond}}", [("place.yaml", 6, "unknown-key")]),
    ("what follows is no list", "place.yaml", "centre: centre", "centre: centre\npublic: {after: 马上办}", [("place.yaml", 6, "not-a-list")]),
    ("an empty line of what follows", "place.yaml", "centre: centre", "centre: centre\npublic: {after: [马上给您编号, '']}", [("place.yaml", 6, "empty")]),
    ("region of five digits", "place.yaml", '"999901"', '"99901"', [("place.yaml", 3, "bad-region")]),
    ("unknown centre", "place.yaml", "centre: centre", "centre: center", [("place.yaml", 5, "centre")]),
    ("hours that end before they begin", "place.yaml", '["08:30", "11:30"]', '["11:30", "08:30"]', [("place.yaml", 6, "bad-calendar")]),
    ("number without a running part", "place.yaml", "M{yyyymmdd}-{seq4}", "M{yyyymmdd}", [("place.yaml", 8, "bad-numbering")]),
    ("threshold above one", "place.yaml", "threshold: 0.6", "threshold: 60", [("place.yaml", 9, "not-number")]),
    ("auto maybe", "place.yaml", "auto: yes", "auto: maybe", [("place.yaml", 9, "not-yes-no")]),
    ("window no limit", "place.yaml", "5 workdays", "5 weeks", [("place.yaml", 11, "bad-limit")]),
    ("grade that is none", "place.yaml", "centre: centre", "centre: centre\ngrades: {ten: {handle: 2 workdays}}", [("place.yaml", 6, "unknown-key")]),
    ("limit of a grade that is none", "place.yaml", "centre: centre", "centre: centre\ngrades: {1: {handle: soon}}", [("place.yaml", 6, "bad-limit")]),
    ("phase without a limit", "place.yaml", "centre: centre", "centre: centre\ngrades: {1: {rate: 2 workdays}}", [("place.yaml", 6, "unknown-key")]),
    ("channel of an unknown role", "place.yaml", "who: desk_clerk", "who: clerk", [("place.yaml", 14, "unknown-role")]),
    ("a very long name", "place.yaml", "zh: 示例县", "zh: " + "县" * 61, [("place.yaml", 2, "too-long")]),
    # roles, words, kinds
    ("unknown right", "roles.yaml", "[instruct, see_area]", "[instuct, see_area]", [("roles.yaml", 6, "unknown-right")]),
    ("role at an unknown tier", "roles.yaml", "tier: county", "tier: province", [("roles.yaml", 6, "unknown-tier")]),
    ("role without a name", "roles.yaml", "{name: 经办人, ", "{", [("roles.yaml", 5, "empty"), ("roles.yaml", 5, "missing")]),
    ("nobody may hold the desk", "roles.yaml", "[desk, dispatch", "[dispatch", [("flows/simple.yaml", 7, "no-desk")]),
    ("unknown word", "vocabulary.yaml", "arrive:", "ariive:", [("vocabulary.yaml", 3, "unknown-word")]),
    ("no vocabulary", "vocabulary.yaml", "words:", "word:", [("vocabulary.yaml", 1, "missing"), ("vocabulary.yaml", 1, "unknown-key")]),
    ("kind of an unknown flow", "kinds.yaml", "flow: simple", "flow: simpel", [("kinds.yaml", 2, "unknown-flow")]),
    ("kind without a flow", "kinds.yaml", "flow: simple, ", "", [("kinds.yaml", 2, "missing")]),
    ("kind with a flow of legs", "kinds.yaml", "flow: simple", "flow: part", [("kinds.yaml", 2, "leg-as-kind")]),
    ("kind of an unknown form", "kinds.yaml", "form: request", "form: requests", [("kinds.yaml", 2, "unknown-form")]),
    ("unknown kind of call", "kinds.yaml", "complaint]", "complain]", [("kinds.yaml", 2, "bad-choice")]),
    ("board of a field that there is not", "kinds.yaml", "form: request", "form: request, board: {title: 板, shows: [wat]}", [("kinds.yaml", 2, "board-field")]),
    ("board of a field that is private", "kinds.yaml", "form: request", "form: request, board: {title: 板, shows: [reporter_phone]}", [("kinds.yaml", 2, "board-field")]),
    ("board with a draft of no step", "kinds.yaml", "form: request", "form: request, board: {title: 板, shows: [body], drafts: [wat]}", [("kinds.yaml", 2, "unknown-step-of")]),
    ("board without a title", "kinds.yaml", "form: request", "form: request, board: {shows: [body]}", [("kinds.yaml", 2, "empty"), ("kinds.yaml", 2, "missing")]),
    # divisions, grids
    ("division twice", "divisions.csv", "t2,乙镇", "t1,乙镇", [("divisions.csv", 4, "duplicate-code")]),
    ("unknown tier", "divisions.csv", "一村,village", "一村,hamlet", [("divisions.csv", 5, "unknown-tier")]),
    ("village above a town", "divisions.csv", "v2,二村,village,t2", "v2,二村,village,v1", [("divisions.csv", 6, "parent-tier")]),
    ("village without a parent", "divisions.csv", "village,t1,220", "village,,220", [("divisions.csv", 5, "no-parent")]),
    ("two counties", "divisions.csv", "c1,示例县,county,,\n", "c1,示例县,county,,\nc2,邻县,county,,\n", [("divisions.csv", 3, "no-top")]),
    ("unknown column", "divisions.csv", "urban_rural", "urbanrural", [("divisions.csv", 1, "unknown-column")]),
    ("missing column", "divisions.csv", "code,name,tier,", "code,name,", [("divisions.csv", 1, "missing-column")]),
    ("too many cells", "divisions.csv", "一村,village,t1,220", "一村,village,t1,220,x", [("divisions.csv", 5, "extra-cells")]),
    ("an open quote", "divisions.csv", "v1,一村", 'v1,"一村', [("divisions.csv", 5, "csv-syntax")]),
    ("an empty name", "divisions.csv", "v1,一村", "v1,", [("divisions.csv", 5, "empty")]),
    ("grids over one another", "grids.csv", "100.1 30.0;100.2 30.0;100.2 30.1;100.1 30.1;100.1 30.0", "100.05 30.0;100.2 30.0;100.2 30.1;100.05 30.1;100.05 30.0", [("grids.csv", 3, "overlap")]),
    ("a grid that crosses itself", "grids.csv", "100.2 30.0;100.3 30.0;100.3 30.1;100.2 30.1;100.2 30.0", "100.2 30.0;100.3 30.1;100.3 30.0;100.2 30.1;100.2 30.0", [("grids.csv", 4, "bad-outline")]),
    ("a grid not closed", "grids.csv", "100.2 30.1;100.2 30.0", "100.2 30.1;100.25 30.05", [("grids.csv", 4, "bad-outline")]),
    ("latitude first", "grids.csv", "100.2 30.0;100.3 30.0;", "30.0 100.2;30.0 100.3;", [("grids.csv", 4, "bad-outline")]),
    ("a grid of no village", "grids.csv", "general,v2", "general,v9", [("grids.csv", 4, "unknown-division")]),
    # organs, catalogue
    ("organ at an unknown tier", "organs.csv", "市政,county", "市政,country", [("organs.csv", 3, "unknown-tier")]),
    ("organ of an unknown division", "organs.csv", "园林,county,c1", "园林,county,c9", [("organs.csv", 4, "unknown-division")]),
    ("organ under itself", "organs.csv", "works,no", "green,no", [("organs.csv", 4, "parent-loop")]),
    ("seat maybe", "organs.csv", ",yes,", ",perhaps,", [("organs.csv", 3, "not-yes-no")]),
    ("item of an unknown organ", "catalogue.csv", "A,,市政,市政,works", "A,,市政,市政,work", [("catalogue.csv", 2, "bad-handler")]),
    ("item without a handler", "catalogue.csv", "division@town", "", [("catalogue.csv", 6, "no-handler")]),
    ("item without a limit", "catalogue.csv", "4 work hours,2 workdays", "4 work hours,", [("catalogue.csv", 6, "no-limit")]),
    ("a limit nobody understands", "catalogue.csv", "1 hour,1 workday", "1 hour,soon", [("catalogue.csv", 3, "bad-limit")]),
    ("item twice", "catalogue.csv", "A2,A,路灯", "A1,A,路灯", [("catalogue.csv", 4, "duplicate-code")]),
    ("item under nothing", "catalogue.csv", "B1,B,", "B1,C,", [("catalogue.csv", 6, "no-handler"), ("catalogue.csv", 6, "no-limit"), ("catalogue.csv", 6, "unknown-parent")]),
    ("item under itself", "catalogue.csv", "B,,小事", "B,B1,小事", [("catalogue.csv", 5, "parent-loop")]),
    ("grade nine", "catalogue.csv", "井盖,,,,1", "井盖,,,,9", [("catalogue.csv", 3, "not-number")]),
    ("an invented source", "catalogue.csv", "井盖;马葫芦,practice", "井盖;马葫芦,rumour", [("catalogue.csv", 3, "bad-choice")]),
    ("keyword of one letter", "catalogue.csv", "垃圾;脏乱", "垃圾;z", [("catalogue.csv", 6, "ambiguous-keyword")]),
    ("co-handler is the handler", "catalogue.csv", "A2,A,路灯,,,green", "A2,A,路灯,,,works", [("catalogue.csv", 4, "duplicate-value")]),
    # flows
    ("move to an unknown step", "flows/simple.yaml", "{id: dispatch, name: 派发, from: take, to: work", "{id: dispatch, name: 派发, from: take, to: wrok", [("flows/simple.yaml", 15, "unknown-step")]),
    ("owner nobody knows", "flows/simple.yaml", "owner: organ(item), limit: item.handle", "owner: department, limit: item.handle", [("flows/simple.yaml", 8, "bad-owner")]),
    ("step without a limit", "flows/simple.yaml", ", limit: item.handle}", "}", [("flows/simple.yaml", 8, "no-limit")]),
    ("step nobody reaches", "flows/simple.yaml", "  archive:", "  attic: {name: 阁楼, phase: handle, owner: desk@county, limit: 1 workday}\n  archive:", [("flows/simple.yaml", 11, "unreachable")]),
    ("a step that nothing leaves", "flows/simple.yaml", "{id: done, name: 办结, from: work, to: rate", "{id: done, name: 办结, from: take, to: rate", [("flows/simple.yaml", 8, "dead-end")]),
    ("nothing closes", "flows/part.yaml", ", closes: yes, result: done", "", [("flows/part.yaml", 5, "no-close"), ("flows/part.yaml", 6, "end-open"), ("flows/simple.yaml", 9, "leg-cannot-end")]),
    ("no default after closing", "flows/simple.yaml", ", after: limit}", "}", [("flows/simple.yaml", 10, "no-default")]),
    ("automatic moves that always go first", "flows/simple.yaml", ", when: sure and item.auto", "", [("flows/simple.yaml", 14, "auto-ambiguous")]),
    ("field of no form", "flows/simple.yaml", "needs: [solved, reply]", "needs: [solved, answer]", [("flows/simple.yaml", 18, "unknown-field")]),
    ("role of no place", "flows/simple.yaml", "post(chief)@county", "post(cheif)@county", [("flows/simple.yaml", 19, "unknown-role")]),
    ("guard on an unknown name", "flows/simple.yaml", "when: sure and item.auto", "when: certain and item.auto", [("flows/simple.yaml", 13, "unknown-name")]),
    ("legs in an unknown flow", "flows/simple.yaml", "flow: part, join", "flow: parts, join", [("flows/simple.yaml", 9, "unknown-flow")]),
    ("move id twice", "flows/simple.yaml", "{id: unrated,", "{id: rated,", [("flows/simple.yaml", 22, "duplicate-id")]),
    ("flow of an unknown kind", "flows/simple.yaml", "kind: request", "kind: requests", [("flows/simple.yaml", 2, "unknown-kind"), ("kinds.yaml", 2, "kind-mismatch")]),
    ("nobody holds the post", "demo.yaml", "posts: [{role: chief, division: c1}]", "posts: []", [("flows/simple.yaml", 19, "nobody-holds")]),
    # forms, templates, demo
    ("unknown type of field", "forms/request.yaml", "type: point", "type: map", [("forms/request.yaml", 7, "bad-choice")]),
    ("field twice", "forms/request.yaml", "{id: place,", "{id: body,", [("forms/request.yaml", 7, "duplicate-code")]),
    ("nothing to choose", "forms/request.yaml", ", choices: [{id: help, label: 求助}, {id: complaint, label: 投诉}]", "", [("forms/request.yaml", 5, "no-choices")]),
    ("condition nobody can read", "forms/request.yaml", "when: call = complaint", "when: call = = complaint", [("forms/request.yaml", 6, "bad-guard")]),
    ("least above most", "forms/moves.yaml", "type: long, min: 2", "type: long, min: 20, max: 10", [("forms/moves.yaml", 8, "bad-range")]),
    ("mistyped key of a field", "forms/moves.yaml", "max: 3", "mx: 3", [("forms/moves.yaml", 5, "unknown-key")]),
    ("template of no move", "templates.yaml", "done:", "dnoe:", [("templates.yaml", 2, "unknown-move")]),
    ("template with an unknown value", "templates.yaml", "{item}已", "{itme}已", [("templates.yaml", 3, "unknown-value")]),
    ("template for an unknown field", "templates.yaml", "field: reply", "field: replay", [("templates.yaml", 3, "unknown-field")]),
    ("a phone that may be real", "demo.yaml", "100-0000-0001", "138 0000 0001", [("demo.yaml", 2, "real-phone")]),
    ("post at an unknown grid", "demo.yaml", "division: g1", "division: g9", [("demo.yaml", 3, "unknown-grid")]),
    ("post nowhere", "demo.yaml", "{role: officer, organ: works}", "{role: officer}", [("demo.yaml", 5, "post-place")]),
    ("post of an unknown role", "demo.yaml", "{role: desk_clerk, organ: centre}", "{role: clerk, organ: centre}", [("demo.yaml", 4, "unknown-role")]),
    ("volume without cases", "demo.yaml", "people:\n", "full: {days: 30}\npeople:\n", [("demo.yaml", 1, "missing")]),
    ("volume of an unknown kind", "demo.yaml", "people:\n", "full: {cases: {requests: 5}}\npeople:\n", [("demo.yaml", 1, "unknown-kind")]),
    ("team of an unknown role", "demo.yaml", "people:\n", "full: {cases: {}, people: [{role: ofificer, count: 2}]}\npeople:\n", [("demo.yaml", 1, "unknown-role")]),
    ("team beside an unknown role", "demo.yaml", "people:\n", "full: {cases: {}, people: [{role: officer, count: 2, beside: clerk}]}\npeople:\n", [("demo.yaml", 1, "unknown-role")]),
    ("team of nobody", "demo.yaml", "people:\n", "full: {cases: {}, people: [{role: officer, count: 0}]}\npeople:\n", [("demo.yaml", 1, "not-number")]),
    ("person twice", "demo.yaml", "id: off1", "id: desk1", [("demo.yaml", 5, "duplicate-code")]),
]  # fmt: skip


def test_the_mini_preset_is_sound():
    preset, problems = load(files())
    assert problems == []
    assert preset is not None


@pytest.mark.parametrize(
    ("name", "file", "before", "after", "expected"), CASES, ids=[case[0] for case in CASES]
)
def test_each_defect_is_named(name, file, before, after, expected):
    preset, problems = load(broken(file, before, after))
    assert preset is None
    found = sorted((one.file, one.line, one.code) for one in problems)
    assert found == sorted(expected), "\n".join(map(str, problems))


def test_there_are_enough_of_them():
    assert len(CASES) >= 40
    assert len({case[0] for case in CASES}) == len(CASES)


@pytest.mark.parametrize(
    ("name", "file", "before", "after", "expected"), CASES[:12], ids=[c[0] for c in CASES[:12]]
)
def test_every_message_says_how_to_mend_it_in_both_languages(name, file, before, after, expected):
    for one in load(broken(file, before, after))[1]:
        assert one.what
        assert one.mend
        assert one.zh_what
        assert one.zh_mend
        assert "{" not in one.what.replace("{yyyymmdd}", "").replace("{seq5}", "")


def test_a_likely_name_is_suggested():
    _, problems = load(broken("vocabulary.yaml", "arrive:", "ariive:"))
    assert "perhaps “arrive”" in problems[0].what
    assert "是不是“arrive”" in problems[0].zh_what


def test_every_message_can_be_filled_in():
    for code, texts in MESSAGES.items():
        assert len(texts) == 4, code
        assert all(texts), code
