"""supervision.yaml: what is wrong in it is said with file, line and how to mend it."""

from __future__ import annotations

from pathlib import Path

import pytest

from huying.presets.read_supervision import of
from huying.presets.reader import load

HUINAN = Path(__file__).resolve().parents[3] / "presets" / "huinan"
FILE = "supervision.yaml"
SUGGEST = "when: unsatisfied\n    kinds: [request]\n    do: suggest"
URGE = SUGGEST.replace("suggest", "urge")


@pytest.fixture(scope="module")
def files() -> dict[str, bytes]:
    return {
        path.relative_to(HUINAN).as_posix(): path.read_bytes()
        for path in HUINAN.rglob("*")
        if path.suffix in (".yaml", ".csv")
    }


def problems(files: dict[str, bytes], old: str, new: str, file: str = FILE) -> list[tuple[str, str, int]]:
    text = files[file].decode()
    assert old in text
    _preset, found = load({**files, file: text.replace(old, new, 1).encode()})
    return [(one.code, one.file, one.line) for one in found]


def line(files: dict[str, bytes], part: str) -> int:
    lines = files[FILE].decode().splitlines()
    return next(number for number, one in enumerate(lines, 1) if part in one)


def test_the_rules_of_huinan_in_file_order(files: dict[str, bytes]) -> None:
    preset, found = load(files)
    assert found == []
    whole = of(preset)
    assert list(whole.rules) == ["named_again", "overdue_long", "returned_twice", "unsatisfied", "hot_topic"]
    rule = whole.rules["overdue_long"]
    assert (rule.when, rule.times, rule.do, rule.level, rule.days) == ("overdue", 4, "order", 1, 3)
    assert (rule.author, rule.copies) == ("post(centre_head)@county", ("inspection",))


def test_a_place_without_the_file_has_no_rules(files: dict[str, bytes]) -> None:
    preset, found = load({name: text for name, text in files.items() if name != FILE})
    assert found == []
    assert of(preset).rules == {}


@pytest.mark.parametrize(
    ("old", "new", "code", "part"),
    [
        ("when: overdue", "when: late", "bad-choice", "when: overdue"),
        ("do: order", "do: punish", "bad-choice", "do: order"),
        ("    author: post(centre_head)@county\n", "", "missing", "- id: named_again"),
        ("author: post(centre_head)@county", "author: post(centre_head)@here", "rule-post", "author: post"),
        ("author: post(centre_head)@county", "author: reporter", "rule-post", "author: post"),
        ("author: post(centre_head)@county", "author: post(chief)@county", "unknown-role", "- id: named_again"),
        ("to: post(centre_head)@county", "to: post(officer)@county", "role-lacks-right", "- id: returned_twice"),
        ("copies: [inspection, discipline]", "copies: [inspektion]", "unknown-organ", "- id: named_again"),
        ("kinds: [request]", "kinds: [requests]", "unknown-kind", "- id: overdue_long"),
        ("{number}", "{nummer}", "report-part", "number"),
        ("    within: 7\n", "", "missing", "- id: hot_topic"),
        ("level: 2", "level: 4", "not-number", "level: 2"),
        ("- id: unsatisfied", "- id: hot_topic", "duplicate-code", "- id: hot_topic"),
        (SUGGEST, URGE, "missing", "- id: unsatisfied"),
        (SUGGEST, URGE.replace("do:", "move: sign_in\n    do:"), "not-by-clock", "- id: unsatisfied"),
        (SUGGEST, URGE.replace("do:", "move: chase\n    do:"), "unknown-move", "- id: unsatisfied"),
        ('numbering: "HNTB{yyyy}-{seq3}"', 'numbering: "HNTB{year}"', "bad-numbering", "numbering"),
    ],
)  # fmt: skip
def test_each_mistake_is_named_where_it_stands(
    files: dict[str, bytes], old: str, new: str, code: str, part: str
) -> None:
    found = problems(files, old, new)
    assert (code, FILE) in {(one, file) for one, file, _line in found}
    if part != "number":
        assert line(files, part) in {at for one, _file, at in found if one == code}


def test_an_order_needs_a_kind_of_case_that_is_one(files: dict[str, bytes]) -> None:
    found = problems(files, "rooms: [supervise]", "rooms: [cases]", "kinds.yaml")
    assert "no-order-kind" in {code for code, _file, _line in found}


def test_the_limit_of_a_kind_is_a_number_of_its_form(files: dict[str, bytes]) -> None:
    assert ("due-field", "kinds.yaml") in {
        (code, file) for code, file, _line in problems(files, "due: days", "due: demand", "kinds.yaml")
    }


def test_a_right_that_opens_a_kind_or_makes_a_move_is_one_that_there_is(files: dict[str, bytes]) -> None:
    found = problems(files, "right: supervise", "right: supervision", "kinds.yaml")
    assert ("unknown-right", "kinds.yaml") in {(code, file) for code, file, _line in found}
    file = "flows/six-steps.yaml"
    found = problems(files, "by: right(supervise)", "by: right(superwise)", file)
    assert ("unknown-right", file) in {(code, at) for code, at, _line in found}


def test_the_form_of_an_order_asks_what_orders_are_issued_by(files: dict[str, bytes]) -> None:
    found = problems(files, "{id: to_organ,", "{id: organ_in_charge,", "forms/supervision.yaml")
    assert ("order-field", "forms/supervision.yaml", 1) in found
