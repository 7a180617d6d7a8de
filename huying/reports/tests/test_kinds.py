"""Every kind of report of the place is made from its life, and says what the indicators say, on paper too."""

from __future__ import annotations

import re
import subprocess
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any

import docx
import pytest

from huying.cases.models import Case
from huying.indicators import queries as indicators
from huying.reports import access, actions, compose, figures, queries
from huying.reports.tests.conftest import OCTOBER

WRITERS = {"weekly": "town1"}


def draft(lived: Any, code: str, day: date = OCTOBER) -> Any:
    kind = access.kinds(lived.memory)[code]
    division = lived.memory.by_code("220523001").id if kind.tier == "town" else lived.top
    return actions.make(lived.actor(WRITERS.get(code, "desk_head")), code, division, day)


def said(data: bytes, folder: Path) -> str:
    """The text of a PDF, without the line ends, gaps and page numbers of its layout."""
    path = folder / "report.pdf"
    path.write_bytes(data)
    done = subprocess.run(["pdftotext", str(path), "-"], stdout=subprocess.PIPE, check=True)
    # A page's number stands between dashes at its foot, in the middle of whatever goes on overleaf.
    return re.sub(r"—[0-9]+—", "", re.sub(r"\s", "", done.stdout.decode()))


@pytest.mark.parametrize("code", ["daily", "weekly", "monthly", "special", "lookback"])
def test_made_and_issued(lived: Any, code: str, tmp_path: Path) -> None:
    report = draft(lived, code, date(2026, 5, 5) if code == "lookback" else OCTOBER)
    sheet = compose.sheet(lived.memory, report)
    assert sheet.draft
    assert sheet.number == "（草稿）"
    issued = actions.issue(lived.actor(WRITERS.get(code, "desk_head")), report.id)
    assert issued.seq == 1
    text = said(bytes(queries.paper(issued, "pdf").data), tmp_path)
    document = docx.Document(BytesIO(bytes(queries.paper(issued, "docx").data)))
    paragraphs = "".join(one.text for one in document.paragraphs)
    for block in compose.blocks(issued.content, issued.edits):
        if block["t"] in ("h", "p"):
            for line in block["text"].splitlines():
                assert re.sub(r"\s", "", line) in text
                assert line.strip() in paragraphs
    assert issued.number in text
    assert "草稿" not in text
    assert re.sub(r"\s", "", issued.title) in text
    tables = [one for one in compose.blocks(issued.content, issued.edits) if one["t"] == "table"]
    drawn = [[[cell.text for cell in row.cells] for row in one.rows] for one in document.tables]
    assert drawn == [[one["heads"], *one["rows"]] for one in tables]
    assert tables


def test_figures_are_those_of_the_indicators(lived: Any) -> None:
    report = draft(lived, "monthly")
    own = indicators.figures(lived.place_id, indicators.month(2026, 10))[None]
    before = indicators.figures(lived.place_id, indicators.month(2026, 9))[None]
    section = next(one for one in report.content["sections"] if one["id"] == "figures")
    kind = access.kind_of(report)
    rows = section["blocks"][0]["rows"]
    assert [row[1].rstrip("*") for row in rows] == [
        figures.value(own[ident]) for ident in kind.section("figures").indicators
    ]
    assert [row[3] for row in rows] == [
        figures.change(own[ident], before.get(ident)) for ident in kind.section("figures").indicators
    ]
    assert own["reported"].value
    assert f"共受理哨事项{figures.value(own['reported'])}件" in report.content["sections"][0]["text"]
    towns = indicators.figures(lived.place_id, indicators.month(2026, 10), by="town")
    ranking = next(one for one in report.content["sections"] if one["id"] == "towns")
    by_name = {lived.memory.division(key).name: held for key, held in towns.items() if key}
    assert ranking["blocks"][0]["rows"]
    for row in ranking["blocks"][0]["rows"]:
        assert row[2] == figures.value(by_name[row[1]]["reported"])
        assert row[4].startswith(figures.value(by_name[row[1]]["on_time"]))


def test_nothing_that_is_to_be_kept(lived: Any) -> None:
    """No name, telephone number or address of a caller, no caller's own words, no confidential case, in any report."""
    texts = str([draft(lived, code).content for code in ("daily", "weekly", "monthly", "special")])
    # Ids are of hexadecimal signs: eleven digits within one are no telephone number.
    assert not re.search(r"(?<![0-9a-f])1[3-9][0-9]{9}(?![0-9a-f])|100-0000-[0-9]{4}|示例·", texts)
    closed = Case.objects.filter(place_id=lived.place_id, confidential=True)
    assert closed.exists()
    for case in Case.objects.filter(place_id=lived.place_id):
        sealed = case.confidential or case.call == "report" or case.subject_organ_id or case.subject_person_id
        assert not sealed or case.number not in texts
        assert not case.body or case.body not in texts
        assert not case.address or case.address not in texts
        # A title is the caller's words until somebody approves one.
        if case.title and not case.public and len(case.title) > 12:
            assert case.title not in texts


def test_what_happens_later_changes_no_report(lived: Any) -> None:
    report = actions.issue(lived.actor("desk_head"), draft(lived, "monthly").id)
    said_then = compose.digest(report)
    Case.objects.filter(place_id=lived.place_id).update(closed_at=None, public=False, public_text="", item="")
    assert compose.digest(queries.one(lived.actor("leader1").sight, report.id)) == said_then
