"""What may lie in a preset folder: names, encodings, sizes, links."""

from __future__ import annotations

import os

import pytest

from huying.presets import files as room
from huying.presets.reader import load
from huying.presets.tests.mini import HERE, files


def codes(problems):
    return {(one.file, one.code) for one in problems}


def test_a_folder_and_its_files_give_the_same_preset():
    folder, _ = load(HERE)
    mapping, _ = load(files())
    assert folder is not None
    assert folder.sha256 == mapping.sha256
    assert folder.files == mapping.files


def test_a_missing_folder_is_said(tmp_path):
    preset, problems = load(tmp_path / "nowhere")
    assert preset is None
    assert [one.code for one in problems] == ["no-folder"]


@pytest.mark.parametrize("name", [*room.REQUIRED])
def test_each_required_file_is_missed(name):
    made = files()
    del made[name]
    assert (name, "missing-file") in codes(load(made)[1])


def test_missing_flows_and_forms_are_said():
    made = {name: text for name, text in files().items() if "/" not in name}
    assert {("flows/", "missing-file"), ("forms/", "missing-file")} <= codes(load(made)[1])


@pytest.mark.parametrize(
    "name", ["../place.yaml", "flows/../../x.yaml", "/etc/passwd", "flows\\x.yaml", "C:x.yaml"]
)
def test_names_that_lead_out_of_the_folder_are_refused(name):
    assert (name, "bad-path") in codes(load({**files(), name: "x: 1"})[1])


@pytest.mark.parametrize(
    "name", ["places.yaml", "flows/x.yml", "flows/deep/x.yaml", "run.py", "forms/x y.yaml"]
)
def test_files_that_belong_to_no_preset_are_refused(name):
    problems = load({**files(), name: "x: 1"})[1]
    assert (name, "unknown-file") in codes(problems)


def test_a_link_is_not_followed(tmp_path):
    for name, text in files().items():
        target = tmp_path / name
        target.parent.mkdir(exist_ok=True)
        target.write_text(text, "utf-8")
    os.symlink("/etc/hostname", tmp_path / "demo2.yaml")
    assert ("demo2.yaml", "bad-path") in codes(load(tmp_path)[1])


def test_a_byte_order_mark_is_accepted_in_tables_and_yaml():
    made = {name: "\ufeff".encode() + text.encode() for name, text in files().items()}
    preset, problems = load(made)
    assert problems == []
    assert preset.sha256 == load(files())[0].sha256


def test_other_encodings_are_named_with_their_line():
    made = {**files(), "organs.csv": files()["organs.csv"].encode("gb18030")}
    found = [(one.file, one.line, one.code) for one in load(made)[1] if one.code == "not-utf8"]
    assert found == [("organs.csv", 2, "not-utf8")]


def test_a_file_too_big_is_refused(monkeypatch):
    monkeypatch.setattr(room, "MAX_FILE", 1000)
    assert ("flows/simple.yaml", "too-big") in codes(load(files())[1])


def test_too_many_files_are_refused(monkeypatch):
    monkeypatch.setattr(room, "MAX_FILES", 5)
    assert ("", "too-many-files") in codes(load(files())[1])


def test_line_ends_of_other_systems_keep_the_lines():
    made = {
        **files(),
        "divisions.csv": files()["divisions.csv"].replace("village,t1", "hamlet,t1").replace("\n", "\r\n"),
    }
    assert [(one.line, one.code) for one in load(made)[1]] == [(5, "unknown-tier")]


def test_a_quoted_cell_over_two_lines_keeps_the_lines_after_it():
    text = files()["organs.csv"].replace("受理\n", '"受理\n转办"\n').replace("园林,county", "园林,nowhere")
    assert [(one.line, one.code) for one in load({**files(), "organs.csv": text})[1]] == [(5, "unknown-tier")]


def test_notes_for_people_do_not_change_the_edition():
    assert load({**files(), "README.md": "# 说明"})[0].sha256 == load(files())[0].sha256
