"""inspection.yaml: read as written, and each mistake named with its line and how to mend it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from huying.presets import read_inspection
from huying.presets.reader import load

HUINAN = Path(__file__).resolve().parents[3] / "presets" / "huinan"


def changed(**more: Any) -> dict[str, bytes]:
    files = {p.relative_to(HUINAN).as_posix(): p.read_bytes() for p in HUINAN.rglob("*") if p.is_file()}
    old, new = more["old"], more["new"]
    text = files["inspection.yaml"].decode()
    assert old in text
    return files | {"inspection.yaml": text.replace(old, new, 1).encode()}


def test_huinan_says_what_it_looks_for() -> None:
    preset, problems = load(HUINAN)
    assert problems == []
    assert preset is not None
    found = read_inspection.of(preset)
    assert (found.office, found.order, found.request) == (
        "discipline",
        "inspection_order",
        "inspection_request",
    )
    assert set(found.patterns) == {"returns", "unchanged", "extensions", "voids", "device"}
    assert (found.patterns["extensions"].left, found.patterns["unchanged"].minutes) == (4, 10)


@pytest.mark.parametrize(
    ("old", "new", "line", "code"),
    [
        ("office: discipline", "office: dicsipline", 5, "unknown-organ"),
        ("order: inspection_order", "order: inspektion", 6, "unknown-kind"),
        ("request: inspection_request", "reqest: inspection_request", 7, "unknown-key"),
        ("find: returns", "find: return", 9, "bad-choice"),
        ("level: 0.01}", "level: 5}", 9, "not-number"),
        ("minutes: 10", "minuets: 10", 10, "unknown-key"),
        ("find: device, days: 90", "find: device, days: 900", 13, "not-number"),
        ("find: device, days: 90, hits: 3", "find: device, days: 90, hits: 3, times: 2", 13, "unknown-key"),
        ("{id: voids, ", "{id: returns, ", 12, "duplicate-code"),
        ("without_evidence: yes", "without_evidence: perhaps", 10, "not-yes-no"),
    ],
)
def test_a_mistake_is_named_at_its_line(old: str, new: str, line: int, code: str) -> None:
    preset, problems = load(changed(old=old, new=new))
    assert preset is None
    assert (problems[0].file, problems[0].line, problems[0].code) == ("inspection.yaml", line, code)
    assert problems[0].text("zh") != problems[0].text("en")


def test_a_place_without_the_file_has_no_channel() -> None:
    files = {p.relative_to(HUINAN).as_posix(): p.read_bytes() for p in HUINAN.rglob("*") if p.is_file()}
    del files["inspection.yaml"]
    preset, problems = load(files)
    assert problems == []
    assert preset is not None
    assert read_inspection.of(preset).office == ""
    assert read_inspection.of(preset).patterns == {}
