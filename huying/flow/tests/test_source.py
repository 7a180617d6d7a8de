"""Plain files become data with line marks, and bad ones become problems, never tracebacks."""

import pytest

from huying.flow.source import as_bool, parse_yaml, read_yaml


def codes(text):
    source, problems = parse_yaml(text, "x.yaml")
    assert source is None
    return [(p.code, p.line) for p in problems]


def test_values_follow_yaml_1_2_and_keep_codes_as_text():
    source, problems = parse_yaml(
        "a: yes\nb: true\nc: 12\nd: 0431\ne: 1.5\nf: ~\ng: '12'\nh: 08:30\ni: 2026-01-02\n", "x"
    )
    assert problems == []
    assert source.data == {
        "a": "yes", "b": True, "c": 12, "d": "0431", "e": 1.5, "f": None, "g": "12", "h": "08:30", "i": "2026-01-02",
    }  # fmt: skip
    assert as_bool("yes") is True
    assert as_bool("否") is False
    assert as_bool("maybe") is None


def test_every_value_has_its_line():
    source, _ = parse_yaml(
        "steps:\n  one: {name: 一}\n  two:\n    name: 二\nmoves:\n  - {id: go}\n  - id: back\n", "x"
    )
    assert source.line("steps", "one", "name") == 2
    assert source.line("steps", "two") == 3
    assert source.line("steps", "two", "name") == 4
    assert source.line("moves", 1, "id") == 7
    assert source.line("moves", 1, "nothing", "here") == 7


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a: 1\nb: 2\na: 3\n", [("duplicate-key", 3)]),
        ("a:\n  x: 1\n  x: 2\n", [("duplicate-key", 3)]),
        ("a: [1, 2\nb: 3\n", [("yaml-syntax", 2)]),
        ("a: &x [*x]\n", [("yaml-alias", 1)]),
        ("? [1, 2]\n: 3\n", [("yaml-key", 1)]),
        ("a: \x00\n", [("yaml-syntax", 1)]),
        ("[" * 5000, [("yaml-depth", 1)]),
        ("a: *nobody\n", [("yaml-syntax", 1)]),
        (b"a: \xff\n", [("not-utf8", 1)]),
        ("a: 1\n---\nb: 2\n", [("yaml-syntax", 2)]),
    ],
)
def test_bad_files_are_problems(text, expected):
    assert codes(text) == expected


def test_alias_bomb_is_stopped():
    text = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n"
    for i in range(1, 9):
        text += f"a{i}: &a{i} [" + ", ".join([f"*a{i - 1}"] * 10) + "]\n"
    assert codes(text)[0][0] == "yaml-size"


def test_missing_file_is_a_problem(tmp_path):
    source, problems = read_yaml(tmp_path / "none.yaml", "none.yaml")
    assert source is None
    assert problems[0].code == "unreadable"
    assert "none.yaml" in str(problems[0])
    assert "改法" in problems[0].text("zh-Hans")
