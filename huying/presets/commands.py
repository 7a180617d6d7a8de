"""What ``huying preset …`` and ``huying flow draw`` do. Functions ending in `_lines` hand back an exit code and lines;
the others print them and give the exit code."""

from __future__ import annotations

import json
import os
import re
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from huying.flow.source import Problem
from huying.presets.definition import Preset
from huying.presets.diff import diff as differences
from huying.presets.migration import OpenStep, migration_plan
from huying.presets.reader import load

_EDITION = re.compile(r"([A-Za-z0-9][\w.-]*)(?::([0-9]+))?\Z")


def language() -> str:
    """The language of the terminal: zh or en."""
    wished = next(
        (os.environ[name] for name in ("LC_ALL", "LC_MESSAGES", "LANG") if os.environ.get(name)), ""
    )
    return "zh" if wished.lower().startswith("zh") else "en"


def check_lines(path: Path | str, lang: str = "en") -> tuple[int, list[str]]:
    """(exit code, lines): 0 and a summary, or 1 and every problem with file, line and how to mend it."""
    preset, problems = load(path)
    zh = lang.startswith("zh")
    if preset is None:
        count = len(problems)
        last = f"共 {count} 处问题" if zh else f"{count} problem{'s' if count != 1 else ''}"
        return 1, [*(one.text(lang) for one in problems), last]
    counts = (
        len(preset.divisions), len(preset.grids), len(preset.organs), len(preset.leaves), len(preset.flows),
        len(preset.forms),
    )  # fmt: skip
    if zh:
        summary = "{}：没有问题（区划 {}、网格 {}、单位 {}、事项 {}、流程 {}、表单 {}）"
    else:
        summary = "{}: no problems ({} divisions, {} grids, {} organs, {} items, {} flows, {} forms)"
    return 0, [summary.format(preset.place.name.text(lang), *counts)]


def diff_lines(old: Path | str, new: Path | str, lang: str = "en") -> tuple[int, list[str]]:
    """(exit code, lines) of what differs, then what it means for open cases; 1 if one of the two has problems."""
    pair: list[Preset] = []
    for source in (old, new):
        found, problems = _preset(source)
        if found is None:
            return 1, [one.text(lang) for one in problems]
        pair.append(found)
    zh = lang.startswith("zh")
    lines = [one.text(lang) for one in differences(*pair)]
    if not lines:
        return 0, ["没有差别" if zh else "no differences"]
    plan = migration_plan(pair[0], pair[1], _held_steps(pair[0]))
    if plan.obstacles:
        lines.append("对未办结事项：" if zh else "For open cases:")
        lines += [
            f"  {one.at.flow}.{one.at.step}：{one.zh}"
            if zh
            else f"  {one.at.flow}.{one.at.step}: {one.what}. {one.mend}"
            for one in plan.obstacles
        ]
    return 0, lines


def _held_steps(preset: Preset) -> list[OpenStep]:
    return [
        OpenStep(flow.id, step.id)
        for flow in preset.flows.values()
        for step in flow.steps.values()
        if step.owner is not None
    ]


def _preset(source: Path | str) -> tuple[Preset | None, list[Problem]]:
    """The preset of a folder, or of an edition in the database: ``place`` (its newest) or ``place:3``."""
    match = _EDITION.match(str(source))
    if Path(source).is_dir() or match is None:
        return load(source)
    from huying.presets.models import Edition
    from huying.presets.queries import current, edition

    code, number = match.groups()
    row = Edition.objects.filter(place_code=code, number=number).first() if number else current(code)
    if row is None:
        return None, [
            Problem(
                str(source), 0, "there is no such folder or edition", "Write a folder, a place, or place:number",
                "no-edition", "没有这个文件夹或版本", "写文件夹、地方代码，或 地方代码:版本号",
            )
        ]  # fmt: skip
    return edition(row.pk), []


def draw_svg(preset: Preset | Path | str, flow: str, lang: str = "zh") -> tuple[int, str]:
    """(0, the picture of one flow as SVG) or (1, why there is none)."""
    from huying.flow.picture import draw as picture

    if not isinstance(preset, Preset):
        found, problems = load(preset)
        if found is None:
            return 1, "\n".join(one.text(lang) for one in problems)
        preset = found
    if flow not in preset.flows:
        known = ", ".join(preset.flows)
        zh = lang.startswith("zh")
        return 1, f"没有流程 {flow}，有：{known}" if zh else f"there is no flow {flow}; there are: {known}"
    return 0, picture(preset.flows[flow], "zh-Hans" if lang.startswith("zh") else "en", names(preset, lang))


def names(preset: Preset, lang: str = "zh") -> dict[str, str]:
    """Code → name of the tiers, roles and organs that a flow may speak of."""
    found = {tier: preset.word(tier, lang) for tier in preset.place.tiers}
    found |= {code: role.name.text(lang) for code, role in preset.roles.items()}
    for role in preset.roles.values():  # who answers for a layer of grids: whoever has a post in it
        if role.tier == "grid" and role.layer:
            known = found.get(f"grid:{role.layer}")
            said = role.name.text(lang)
            found[f"grid:{role.layer}"] = said if known is None else f"{known}／{said}"
    return found | {code: organ.short for code, organ in preset.organs.items()}


# — for the command line —


def _say(code: int, lines: list[str], as_json: bool, about: Mapping[str, Any]) -> int:
    if as_json:
        sys.stdout.write(json.dumps(dict(about), ensure_ascii=False) + "\n")
    else:
        (sys.stderr if code else sys.stdout).write("\n".join(lines) + "\n")
    return code


def check(path: Path | str, *, as_json: bool = False) -> int:
    """Print every problem of a preset; 0 when there is none, else 1."""
    if as_json:
        problems = load(path)[1]
        listed = [
            {"file": one.file, "line": one.line, "code": one.code, "what": one.what, "mend": one.mend}
            for one in problems
        ]
        return _say(1 if problems else 0, [], True, {"sound": not problems, "problems": listed})
    return _say(*check_lines(path, language()), False, {})


def diff(old: Path | str, new: Path | str, *, as_json: bool = False) -> int:
    """Print what differs between two folders or editions (``place`` or ``place:3``)."""
    code, lines = diff_lines(old, new, "en" if as_json else language())
    return _say(code, lines, as_json, {"lines": lines})


def draw(preset: Path | str, flow: str, out: Path | str | None = None, lang: str = "zh") -> int:
    """Write the picture of a flow into the file *out*, or to standard output; 0, or 1 when there is none.

    The picture is for the people of the place, so it speaks Chinese whatever the terminal speaks; problems are told in
    the terminal's language.
    """
    code, text = draw_svg(preset, flow, lang)
    if code:
        return _say(code, [draw_svg(preset, flow, language())[1]], False, {})
    if out is None:
        sys.stdout.write(text)
    else:
        Path(out).write_text(text, encoding="utf-8")
    return 0
