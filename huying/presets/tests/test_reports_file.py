# A case a line reads better than twelve.
# ruff: noqa: E501
"""reports.yaml: a sound one is read as it stands, and each defect is named with its line and its code."""

from __future__ import annotations

from datetime import time

import pytest

from huying.presets import read_reports
from huying.presets.reader import load
from huying.presets.tests.mini import files

SOUND = """\
reports:
  weekly:
    name: {zh: 每周分析, en: Weekly analysis}
    period: week
    make: {workday: 1, at: "08:00"}
    office: centre
    head: 每周分析
    number: "〔{yyyy}〕第{seq}期"
    title: "{place}{period}分析"
    issue: [desk_clerk]
    readers: {roles: [chief], organs: [works]}
    sections:
      - {kind: text, id: opening, text: "{period}，{place}，点名{organs}个单位。"}
      - {kind: overdue, title: 超期未办结, most: 5}
      - {kind: named, title: 点名单位, overdue: 3}
"""
CASES = [
    ("no title", '    title: "{place}{period}分析"\n', "", [(2, "missing")]),
    ("a title that is always the same", "{place}{period}分析", "{place}分析", [(9, "report-without")]),
    ("a number without a running part", "第{seq}期", "第期", [(8, "report-without")]),
    ("a part that nothing fills", "{yyyy}", "{yy}", [(8, "report-part")]),
    ("an unknown period", "period: week", "period: weak", [(4, "bad-choice")]),
    ("no time of the day", '"08:00"', '"25:00"', [(5, "bad-time")]),
    ("an unknown key", "head: 每周分析", "haed: 每周分析", [(2, "missing"), (7, "unknown-key")]),
    ("an unknown section", "kind: overdue", "kind: overdo", [(14, "bad-choice")]),
    ("a section without a title", "kind: overdue, title: 超期未办结", "kind: overdue", [(14, "missing")]),
    ("an option of another section", "most: 5}", "pilots: [t1]}", [(14, "unknown-key")]),
    ("the same section twice", "kind: overdue, title", "kind: overdue, id: opening, title", [(14, "duplicate-code")]),
    ("named for nothing", ", overdue: 3}", "}", [(15, "named-why")]),
    ("a chart without an axis", "kind: overdue, title: 超期未办结, most: 5", "kind: chart, title: 走势, indicator: x", [(14, "chart-axis")]),
    ("an unknown office", "office: centre", "office: center", [(2, "unknown-organ")]),
    ("an unknown role", "roles: [chief]", "roles: [reader]", [(2, "unknown-role")]),
    ("an unknown organ", "organs: [works]", "organs: [work]", [(2, "unknown-organ")]),
    ("who issues has not the right", "issue: [desk_clerk]", "issue: [chief]", [(2, "role-lacks-right")]),
    ("an unknown move", "kind: overdue, title: 超期未办结, most: 5", "kind: shirking, title: 退单, moves: [nothing]", [(14, "unknown-move")]),
    ("of a village, with what is known of the whole place only", "    office: centre", "    tier: village\n    office: centre", [(16, "report-wide")]),
]  # fmt: skip


def problems(text: str) -> list[tuple[int, str]]:
    held = {name: body if isinstance(body, str) else body.decode() for name, body in files().items()}
    held["roles.yaml"] = held["roles.yaml"].replace("[desk, ", "[desk, edit_reports, issue_reports, ")
    held["reports.yaml"] = text
    preset, found = load(held)
    if preset is not None:
        kind = read_reports.of(preset).kinds["weekly"]
        assert kind.schedule is not None
        assert (kind.schedule.workday, kind.schedule.at) == (1, time(8))
        assert [one.kind for one in kind.sections] == ["text", "overdue", "named"]
    assert all(one.file == "reports.yaml" and one.mend for one in found), found
    return [(one.line, one.code) for one in found]


def test_a_sound_one() -> None:
    assert problems(SOUND) == []


@pytest.mark.parametrize(("name", "old", "new", "wanted"), CASES, ids=[one[0] for one in CASES])
def test_a_broken_one(name: str, old: str, new: str, wanted: list[tuple[int, str]]) -> None:
    assert SOUND.count(old) == 1, name
    assert problems(SOUND.replace(old, new)) == wanted
