"""``huying whatif``: the same study on the command line, and how well a place's own last quarter is foretold."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from huying.whatif import commands
from huying.whatif.actions import StudyRefused
from huying.whatif.changes import ChangesRefused
from huying.whatif.tests.made import traces


def test_a_file_of_changes_gives_figures_by_organ(staff: Any, clock: Any, tmp_path: Path) -> None:
    traces(staff, 60)
    change = tmp_path / "change.yaml"
    change.write_text("name: 加人\nstaff: {chengguan: {factor: 2, effect: full}}\n", encoding="utf-8")
    found = commands.whatif("220523", "2026-02-09", "2026-02-27", change, 4, 1)
    assert found == commands.whatif(
        "220523", "2026-02-09", "2026-02-27", change, 4, 1
    )  # the same seed, the same answer
    assert found["name"] == "加人"
    assert found["replications"] == 4
    name = staff.memory.organ_by_code("chengguan").name
    lines = commands.told(found).splitlines()
    assert "60 calls" in lines[0]
    assert any(line.startswith(name[:22]) for line in lines)
    assert found["rate"]["before"][0] <= found["rate"]["after"][0]


def test_a_bad_file_or_period_is_refused(staff: Any, clock: Any, tmp_path: Path) -> None:
    change = tmp_path / "change.yaml"
    change.write_text("staff: {nobody: 2}\n", encoding="utf-8")
    with pytest.raises(ChangesRefused, match=r"change.yaml:1: there is no organ “nobody”"):
        commands.whatif("220523", "2026-02-09", "2026-02-27", change, 4, 1)
    change.write_text("arrivals: 2\n", encoding="utf-8")
    with pytest.raises(StudyRefused, match="history"):
        commands.whatif("220523", "2026-02-09", "2026-02-27", change, 4, 1)
    with pytest.raises(StudyRefused, match="period"):
        commands.whatif("220523", "2026-02-09", "2026-02-09", change, 4, 1)


def test_the_forecast_is_compared_with_what_was(staff: Any, clock: Any) -> None:
    traces(staff, 120)
    found = commands.check("220523", "2026-02-09", "2026-02-14", 0.75, 4)
    assert 0 < found["actual"] <= 100
    assert found["low"] <= found["predicted"] <= found["high"]
    assert found["points_off"] == pytest.approx(found["predicted"] - found["actual"], abs=0.11)
