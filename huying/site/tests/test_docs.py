"""What the documents name is there: tests, files, lines of code, pages of the guide, addresses between documents."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
DOCS = ROOT / "docs"
ROWS = {"ZL": 16, "DS": 10, "CY": 8, "JL": 7, "CH": 4, "SG": 5, "WD": 3, "HN": 12, "ZJ": 11, "BX": 11}
STATES = ("works", "partly", "not yet")
NODE = re.compile(r"`(huying/[\w/]+\.py)::([\w:]+)`")
LINE = re.compile(r"line: `([^`]+)`: `` (.+?) ``$", re.MULTILINE)


@cache
def names_in(path: Path) -> frozenset[str]:
    """The tests of a file: `name`, or `Class::name`."""
    found = set()
    for node in ast.parse(path.read_text("utf-8")).body:
        if isinstance(node, ast.FunctionDef):
            found.add(node.name)
        elif isinstance(node, ast.ClassDef):
            found |= {f"{node.name}::{one.name}" for one in node.body if isinstance(one, ast.FunctionDef)}
    return frozenset(found)


def text(name: str) -> str:
    return (DOCS / name).read_text("utf-8")


@pytest.mark.parametrize("name", ["coverage.md", "clauses.md"])
def test_every_test_that_is_named_exists(name: str) -> None:
    named = NODE.findall(text(name))
    assert len(named) > 20
    gone = [
        f"{file}::{test}"
        for file, test in named
        if not (ROOT / file).is_file() or test not in names_in(ROOT / file)
    ]
    assert gone == []


def test_every_line_of_code_that_is_named_exists() -> None:
    named = LINE.findall(text("coverage.md"))
    assert len(named) == text("coverage.md").count("\n- line: ") > 20
    gone = [
        (file, line)
        for file, line in named
        if line not in {one.strip() for one in (ROOT / file).read_text("utf-8").splitlines()}
    ]
    assert gone == []


def test_every_row_has_a_state_and_what_is_claimed_has_its_proof() -> None:
    lines = re.findall(r"^\| ([A-Z]{2}\d+) \| .+ \| (.+?) \| .+ \|$", text("coverage.md"), re.MULTILINE)
    expected = [f"{place}{number + 1}" for place, count in ROWS.items() for number in range(count)]
    assert sorted(row for row, _ in lines) == sorted(expected)
    states = dict(lines)
    assert {row: state for row, state in lines if state not in STATES} == {}
    proofs = {
        row
        for part in re.split(r"^### ", text("coverage.md"), flags=re.MULTILINE)[1:]
        for row in [part.split()[0]]
        if NODE.search(part) and LINE.search(part) and "\n- screen: " in part
    }
    assert proofs == {row for row, state in states.items() if state != "not yet"}


def test_no_link_between_documents_is_dead() -> None:
    dead = []
    for page in [*DOCS.rglob("*.md"), *ROOT.glob("*.md")]:
        for goal in re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", page.read_text("utf-8")):
            if not goal.startswith(("http:", "https:", "mailto:")) and not (page.parent / goal).exists():
                dead.append(f"{page.relative_to(ROOT)}: {goal}")
    assert dead == []


def test_guides_stay_short() -> None:
    assert {page.name for page in (DOCS / "guide").glob("*.md")} >= {
        "resident.md", "grid-worker.md", "desk.md", "department.md", "leader.md", "administrator.md", "api.md",
    }  # fmt: skip
    assert all(len(page.read_text("utf-8").splitlines()) <= 80 for page in (DOCS / "guide").glob("*.md"))
