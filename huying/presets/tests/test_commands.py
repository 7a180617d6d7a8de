"""What the command line says."""

from __future__ import annotations

import json
from xml.etree import ElementTree

import pytest

from huying.presets import commands, queries
from huying.presets.actions import publish
from huying.presets.tests.mini import HERE, broken


def write(folder, contents):
    for name, text in contents.items():
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, "utf-8")
    return folder


def test_a_sound_preset():
    assert commands.check_lines(HERE) == (
        0,
        ["Sample County: no problems (5 divisions, 3 grids, 3 organs, 3 items, 2 flows, 2 forms)"],
    )
    assert commands.check_lines(HERE, "zh")[1][0].startswith("示例县：没有问题")


def test_problems_with_file_line_and_mending(tmp_path):
    folder = write(tmp_path, broken("organs.csv", "市政,county", "市政,country"))
    code, lines = commands.check_lines(folder)
    assert code == 1
    assert lines[0].startswith("organs.csv:3: works: there is no tier “country”")
    assert lines[0].endswith("[unknown-tier]")
    assert lines[-1] == "1 problem"
    assert commands.check_lines(folder, "zh")[1][0].startswith("organs.csv:3：works：没有层级“country”")


def test_differences(tmp_path):
    folder = write(tmp_path, broken("place.yaml", "5 workdays", "7 workdays"))
    code, lines = commands.diff_lines(HERE, folder)
    assert code == 0
    assert "place mini: reopen_window 5 workdays → 7 workdays" in lines
    assert commands.diff_lines(HERE, HERE) == (0, ["no differences"])
    assert commands.diff_lines(tmp_path / "none", HERE)[0] == 1
    assert commands.diff_lines(HERE, tmp_path / "none")[0] == 1


def test_exit_codes_and_streams(tmp_path, capsys, monkeypatch):
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    assert commands.check(HERE) == 0
    assert "no problems" in capsys.readouterr().out
    folder = write(tmp_path, broken("organs.csv", "市政,county", "市政,country"))
    assert commands.check(folder) == 1
    assert "[unknown-tier]" in capsys.readouterr().err
    assert commands.check(folder, as_json=True) == 1
    told = json.loads(capsys.readouterr().out)
    assert [(one["file"], one["line"], one["code"]) for one in told["problems"]] == [
        ("organs.csv", 3, "unknown-tier")
    ]


def test_the_terminal_chooses_the_language(monkeypatch, capsys):
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    commands.check(HERE)
    assert "没有问题" in capsys.readouterr().out


def test_differences_say_what_they_mean_for_open_cases(tmp_path):
    made = broken("flows/simple.yaml", "  work: {name: 办理, stage: out", "  doing: {name: 办理, stage: out")
    text = made["flows/simple.yaml"].replace("to: work", "to: doing").replace("from: work", "from: doing")
    folder = write(tmp_path, {**made, "flows/simple.yaml": text})
    lines = commands.diff_lines(HERE, folder)[1]
    assert lines[-2:] == [
        "For open cases:",
        "  simple.work: the new edition has no step work. Say which step takes its place",
    ]


@pytest.mark.django_db
def test_editions_are_compared_by_place_and_number():
    queries.forget()
    publish("mini", HERE)
    publish("mini", broken("place.yaml", "5 workdays", "7 workdays"))
    assert "place mini: reopen_window 5 workdays → 7 workdays" in commands.diff_lines("mini:1", "mini")[1]
    assert commands.diff_lines("mini:1", "mini:1") == (0, ["no differences"])
    assert commands.diff_lines("mini:1", "mini:9")[0] == 1
    queries.forget()


def test_a_flow_is_drawn(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    assert commands.draw(HERE, "simple", tmp_path / "simple.svg") == 0
    drawn = (tmp_path / "simple.svg").read_text("utf-8")
    assert ElementTree.fromstring(drawn).tag.endswith("svg")
    assert all(word in drawn for word in ("受理", "办理", "评价", "县专席"))
    assert commands.draw(HERE, "simpel") == 1
    assert "没有流程 simpel" in capsys.readouterr().err
    assert commands.draw(HERE, "simple") == 0
    assert capsys.readouterr().out.startswith("<svg")


def test_a_flow_is_drawn_in_chinese_unless_asked_otherwise(tmp_path, monkeypatch, capsys):
    """A picture is for the people of the place, whatever the terminal of whoever runs the server speaks."""
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    assert commands.draw(HERE, "simple") == 0
    assert "评价" in capsys.readouterr().out
    assert commands.draw(HERE, "simple", lang="en") == 0
    assert "评价" not in capsys.readouterr().out
    assert commands.draw(HERE, "simpel") == 1
    assert "there is no flow simpel" in capsys.readouterr().err
