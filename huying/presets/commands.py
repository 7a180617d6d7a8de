"""What the `huying` command does with presets. Nothing is printed here: lines are handed back."""

from __future__ import annotations

from pathlib import Path

from huying.flow.source import Problem
from huying.presets.definition import Preset
from huying.presets.diff import diff as differences
from huying.presets.reader import load


def _shown(problems: list[Problem], lang: str) -> list[str]:
    return [one.text(lang) for one in problems]


def check(path: Path | str, lang: str = "en") -> tuple[int, list[str]]:
    """(exit code, lines): 0 and a summary, or 1 and every problem with file, line and how to mend it."""
    preset, problems = load(path)
    if preset is None:
        count = len(problems)
        last = (
            f"共 {count} 处问题" if lang.startswith("zh") else f"{count} problem{'s' if count != 1 else ''}"
        )
        return 1, [*_shown(problems, lang), last]
    counts = (
        len(preset.divisions), len(preset.grids), len(preset.organs), len(preset.leaves), len(preset.flows),
        len(preset.forms),
    )  # fmt: skip
    if lang.startswith("zh"):
        summary = "{}：没有问题（区划 {}、网格 {}、单位 {}、事项 {}、流程 {}、表单 {}）"
    else:
        summary = "{}: no problems ({} divisions, {} grids, {} organs, {} items, {} flows, {} forms)"
    return 0, [summary.format(preset.place.name.text(lang), *counts)]


def diff(old: Path | str, new: Path | str, lang: str = "en") -> tuple[int, list[str]]:
    """(exit code, lines) of the differences between two preset folders; 1 if one of them has problems."""
    before, wrong = load(old)
    if before is None:
        return 1, _shown(wrong, lang)
    after, wrong = load(new)
    if after is None:
        return 1, _shown(wrong, lang)
    found = [one.text(lang) for one in differences(before, after)]
    return 0, found or ["没有差别" if lang.startswith("zh") else "no differences"]


def draw(preset: Preset | Path | str, flow: str, out: Path | str, lang: str = "zh") -> tuple[int, list[str]]:
    """Draw one flow as SVG into the file `out`: (exit code, lines)."""
    from huying.flow.picture import draw as picture

    if not isinstance(preset, Preset):
        found, problems = load(preset)
        if found is None:
            return 1, _shown(problems, lang)
        preset = found
    if flow not in preset.flows:
        known = ", ".join(preset.flows)
        return 1, [
            f"没有流程 {flow}：有 {known}"
            if lang.startswith("zh")
            else f"there is no flow {flow}: there are {known}"
        ]
    Path(out).write_text(picture(preset.flows[flow]), encoding="utf-8")
    return 0, [str(out)]
