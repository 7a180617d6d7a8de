"""rosters.yaml: read as written, and each mistake named with its line and how to mend it."""

from __future__ import annotations

from pathlib import Path

import pytest

from huying.presets import read_rosters
from huying.presets.reader import load

ZHENLAI = Path(__file__).resolve().parents[3] / "presets" / "zhenlai"
ZHENJIANG = ZHENLAI.parent / "zhenjiang"


def files(old: str = "", new: str = "") -> dict[str, bytes]:
    found = {p.relative_to(ZHENLAI).as_posix(): p.read_bytes() for p in ZHENLAI.rglob("*") if p.is_file()}
    text = found["rosters.yaml"].decode()
    assert old in text
    return found | {"rosters.yaml": text.replace(old, new, 1).encode()}


def test_the_accounts_say_how_many_households_one_person_has() -> None:
    zhenlai, zhenjiang = load(ZHENLAI)[0], load(ZHENJIANG)[0]
    assert {one.id: one.most for one in read_rosters.of(zhenlai).values()} == {"pairing": 10}
    teams = read_rosters.of(zhenjiang)
    assert {one.who: one.most for one in teams.values()} == {
        ("centre_home",): 30, ("volunteer",): 30, ("branch_secretary",): 30,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("old", "new", "line", "code"),
    [
        ("who: [pairing_officer]", "who: [pairing_oficer]", 4, "unknown-role"),
        ("kept_by: [village_secretary", "kept_by: [village_sekretary", 4, "unknown-role"),
        ("visit: [visit]", "visit: [vist]", 4, "unknown-kind"),
        (
            "opens: [visit, bill]",
            "opens: [bill]",
            4,
            "bad-choice",
        ),  # a visit must be one of those that may be opened
        ("most: 10", "most: 0", 9, "not-number"),
        ("period: month", "period: fortnight", 10, "bad-choice"),
        ("    most: 10\n", "", 4, "missing"),
        ("period: month", "perod: month", 10, "unknown-key"),
        ("rosters:\n", "rooster:\n", 3, "unknown-key"),
    ],
)
def test_a_mistake_is_named_at_its_line(old: str, new: str, line: int, code: str) -> None:
    preset, problems = load(files(old, new))
    assert preset is None
    assert (line, code) in [(one.line, one.code) for one in problems if one.file == "rosters.yaml"]


def test_a_paper_of_the_authorities_is_opened_for_no_household() -> None:
    given = files("opens: [visit, bill]", "opens: [visit, order]")
    kinds = given["kinds.yaml"].decode() + (
        '  order:\n    name: 单\n    flow: visit\n    form: visit\n    numbering: "D{seq5}"\n    right: handle\n'
    )
    _preset, problems = load(given | {"kinds.yaml": kinds.encode()})
    assert ("rosters.yaml", "bad-choice") in [(one.file, one.code) for one in problems]
