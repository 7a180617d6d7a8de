"""rosters.yaml: read and checked, with what it refers to."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from huying.flow.source import KeyPath, Problem, parse_yaml
from huying.presets.definition import Preset, Words
from huying.presets.problems import problem
from huying.presets.roster_definition import PERIODS, Roster
from huying.presets.shape import Doc

FILE = "rosters.yaml"
MOST = 500  # households of one person: beyond that nobody knows them
_KEYS = ("id", "name", "hint", "who", "kept_by", "most", "period", "visit", "opens", "note")


def of(preset: Preset | None) -> Mapping[str, Roster]:
    """The rosters of a preset by id, in the order of the file; none where there is no such file."""
    return _of(preset.files.get(FILE, "")) if preset is not None else {}


@lru_cache(maxsize=16)
def _of(text: str) -> Mapping[str, Roster]:
    return read(text, []) if text else {}


def read(text: str, problems: list[Problem]) -> dict[str, Roster]:
    """The text of rosters.yaml; what is wrong is added to *problems*."""
    source, wrong = parse_yaml(text, FILE)
    problems += wrong
    if source is None:
        return {}
    doc = Doc(source, problems)
    data = doc.mapping(source.data, (), FILE, ("rosters", "note"), ("rosters",))
    found: dict[str, Roster] = {}
    for number, value in enumerate(doc.items(data.get("rosters"), ("rosters",), "rosters")):
        one = _roster(doc, value, ("rosters", number))
        if one.id in found:
            doc.wrong("duplicate-code", ("rosters", number, "id"), code=one.id, first=found[one.id].line)
        elif one.id:
            found[one.id] = one
    return found


def _roster(doc: Doc, value: Any, path: KeyPath) -> Roster:
    one = doc.mapping(value, path, "a roster", _KEYS, ("id", "name", "who", "most", "visit"))
    visit = doc.codes(one.get("visit"), (*path, "visit"), "visit")
    opens = doc.codes(one.get("opens"), (*path, "opens"), "opens")
    return Roster(
        id=doc.code(one.get("id"), (*path, "id"), "id"),
        name=doc.words(one.get("name"), (*path, "name"), "name"),
        hint=doc.words(one.get("hint"), (*path, "hint"), "hint", 200) if one.get("hint") else Words(""),
        who=doc.codes(one.get("who"), (*path, "who"), "who"),
        kept_by=doc.codes(one.get("kept_by"), (*path, "kept_by"), "kept_by"),
        most=int(doc.number(one, "most", path, 10, 1, MOST)),
        period=doc.choice(one.get("period"), (*path, "period"), "period", PERIODS, "month"),
        visit=visit,
        opens=opens or visit,
        line=doc.source.line(*path),
    )


def check_rosters(preset: Preset, broken: frozenset[str]) -> list[Problem]:
    """What the file says wrongly, and what it refers to that is not there."""
    if FILE not in preset.files or FILE in broken:
        return []
    found: list[Problem] = []
    for one in read(preset.files[FILE], found).values():
        where = f"rosters.{one.id}"

        def wrong(code: str, where: str, name: str, known: Any, line: int = one.line) -> None:
            found.append(problem(code, FILE, line, where=where, name=name, like=(name, known)))

        if "roles.yaml" not in broken:
            for key, codes in (("who", one.who), ("kept_by", one.kept_by)):
                for name in codes:
                    if name not in preset.roles:
                        wrong("unknown-role", f"{where}.{key}", name, preset.roles)
        if "kinds.yaml" not in broken:
            for key, codes in (("visit", one.visit), ("opens", one.opens)):
                for name in codes:
                    if name not in preset.kinds:
                        wrong("unknown-kind", f"{where}.{key}", name, preset.kinds)
                    elif preset.kinds[name].right:  # a paper of the authorities is addressed to an organ
                        calls = [code for code, kind in preset.kinds.items() if not kind.right]
                        found.append(
                            problem(
                                "bad-choice",
                                FILE,
                                one.line,
                                text=name,
                                where=f"{where}.{key}",
                                like=(name, calls),
                            )
                        )
        for name in one.visit:
            if name not in one.opens:
                found.append(
                    problem(
                        "bad-choice",
                        FILE,
                        one.line,
                        text=name,
                        where=f"{where}.visit",
                        like=(name, one.opens),
                    )
                )
    return found
