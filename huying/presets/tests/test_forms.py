"""Cleaning what was filled in: types, conditions, what is required, what is private."""

from __future__ import annotations

import pytest

from huying.presets.definition import Words
from huying.presets.fields import Choice, FormField
from huying.presets.forms import FormSchema, Lookups
from huying.presets.reader import load
from huying.presets.tests.mini import files


def form(**field):
    return FormSchema(
        "f",
        Words("表"),
        (FormField("x", Words("x"), **field),),
        Lookups(frozenset({"works"}), frozenset({"A1"})),
    )


@pytest.fixture(scope="module")
def preset():
    return load(files())[0]


GOOD = [
    ({"type": "text"}, "  两  个\n字 ", "两 个 字"),
    ({"type": "long"}, " a\r\nb ", "a\nb"),
    ({"type": "number", "min": 1, "max": 5}, "3", 3),
    ({"type": "number"}, 2.5, 2.5),
    ({"type": "number"}, 0, 0),
    ({"type": "money"}, "1,234.5", "1234.50"),
    ({"type": "date"}, "2026-02-28", "2026-02-28"),
    ({"type": "datetime"}, "2026-02-28T09:30", "2026-02-28T09:30:00+08:00"),
    ({"type": "datetime"}, "2026-02-28T09:30:00+00:00", "2026-02-28T09:30:00+00:00"),
    ({"type": "choice", "choices": (Choice("a", Words("甲")),)}, "a", "a"),
    (
        {"type": "choices", "choices": (Choice("a", Words("甲")), Choice("b", Words("乙")))},
        ["b", "a", "b"],
        ["b", "a"],
    ),
    ({"type": "yesno"}, "no", False),
    ({"type": "yesno"}, False, False),
    ({"type": "yesno"}, "on", True),
    ({"type": "photo"}, "tok-1", ["tok-1"]),
    ({"type": "point"}, "126.05, 42.68", {"lon": 126.05, "lat": 42.68}),
    ({"type": "point"}, {"lon": 1, "lat": 2}, {"lon": 1.0, "lat": 2.0}),
    ({"type": "organ"}, "works", "works"),
    ({"type": "organs"}, ["works"], ["works"]),
    ({"type": "item"}, "A1", "A1"),
    ({"type": "duration"}, "3个工作日", "3 workdays"),
]


@pytest.mark.parametrize(("field", "given", "wanted"), GOOD, ids=str)
def test_values_come_out_plain(field, given, wanted):
    cleaned, errors = form(**field).clean({"x": given})
    assert errors == {}
    assert cleaned.public == {"x": wanted}


BAD = [
    ({"type": "text", "max": 3}, "四个字了"),
    ({"type": "long", "min": 5}, "短"),
    ({"type": "text"}, "a\x00b"),
    ({"type": "text"}, "a\u202eb"),
    ({"type": "text"}, ["a"]),
    ({"type": "number"}, "many"),
    ({"type": "number"}, "NaN"),
    ({"type": "number"}, "1e400"),
    ({"type": "number"}, True),
    ({"type": "number", "max": 5}, 6),
    ({"type": "money"}, "1.005"),
    ({"type": "date"}, "2026-02-30"),
    ({"type": "datetime"}, "yesterday"),
    ({"type": "choice", "choices": (Choice("a", Words("甲")),)}, "b"),
    ({"type": "choices", "choices": (Choice("a", Words("甲")),)}, ["a", "b"]),
    ({"type": "yesno"}, "perhaps"),
    ({"type": "photo", "max": 1}, ["a", "b"]),
    ({"type": "files"}, ["../../etc/passwd"]),
    ({"type": "point"}, "42.68"),
    ({"type": "point"}, {"lon": 200, "lat": 0}),
    ({"type": "point"}, {"lon": 1, "lat": 2, "alt": 3}),
    ({"type": "organ"}, "nobody"),
    ({"type": "organs"}, ["works", "nobody"]),
    ({"type": "item"}, "A"),
    ({"type": "duration"}, "a while"),
]


@pytest.mark.parametrize(("field", "given"), BAD, ids=str)
def test_values_that_make_no_sense_are_refused(field, given):
    cleaned, errors = form(**field).clean({"x": given})
    assert list(errors) == ["x"]
    assert cleaned.all == {}


def test_required_fields_are_missed_and_unknown_ones_refused(preset):
    cleaned, errors = preset.forms["request"].clean({"body": "   ", "colour": "red"})
    assert set(errors) == {"body", "colour"}
    assert cleaned.all == {}


def test_a_conditional_field_is_required_only_where_it_is_asked(preset):
    schema = preset.forms["request"]
    assert schema.clean({"body": "灯不亮", "call": "help"})[1] == {}
    assert set(schema.clean({"body": "灯不亮", "call": "complaint"})[1]) == {"against"}
    assert set(schema.clean({"body": "灯不亮", "call": "help", "against": "某单位"})[1]) == {"against"}
    assert schema.clean({"body": "灯不亮", "call": "help", "against": ""})[1] == {}


def test_private_values_are_kept_apart(preset):
    cleaned, errors = preset.forms["request"].clean(
        {"body": "灯不亮", "call": "complaint", "against": "某单位"}
    )
    assert errors == {}
    assert cleaned.public == {"body": "灯不亮", "call": "complaint"}
    assert cleaned.private == {"against": "某单位"}
    assert {one.id for one in preset.forms["request"].fields if one.private} == {"against"}


def test_messages_follow_the_language(preset):
    schema = preset.forms["request"]
    assert schema.clean({}, "en")[1] == {"body": "Please fill this in."}
    assert schema.clean({}, "zh-hans")[1] == {"body": "请填写。"}


def test_a_move_asks_what_its_flow_says(preset):
    schema = preset.move_form("simple", "done")
    assert schema.ids == ("solved", "reply", "why")
    assert [one.required for one in schema.fields] == [True, True, True]
    assert set(schema.clean({})[1]) == {"solved", "reply"}
    assert schema.clean({"solved": "yes_all", "reply": "已修好"})[1] == {}
    assert set(schema.clean({"solved": "partly", "reply": "修了一半"})[1]) == {"why"}


def test_what_a_move_only_asks_may_be_left_out(preset):
    schema = preset.move_form("simple", "dispatch")
    assert schema.ids == ("note",)
    assert schema.clean({})[1] == {}


def test_facts_reach_conditions():
    from huying.flow import parse_guard

    schema = form(type="text", required=True, when=parse_guard("channel = grid"))
    assert schema.clean({}, facts={"channel": "web"})[1] == {}
    assert set(schema.clean({}, facts={"channel": "grid"})[1]) == {"x"}


def test_the_schema_for_other_programs(preset):
    schema = preset.forms["request"].json_schema("en")
    assert schema["required"] == ["body"]
    assert schema["additionalProperties"] is False
    assert schema["properties"]["call"]["enum"] == ["help", "complaint"]
    assert schema["properties"]["body"]["maxLength"] == 500
    assert schema["properties"]["against"]["x-private"] is True
    assert "call = complaint" in schema["properties"]["against"]["description"]
