"""flows/*.yaml: read with the flow language; constants of the place are put in first."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from huying.flow import Flow, parse_flow
from huying.flow.source import Problem, Source, parse_yaml
from huying.presets.definition import Place
from huying.presets.problems import problem

#: What a flow may write instead of a limit that the place states once.
REOPEN_WINDOW = "reopen.window"


def read_flows(texts: Mapping[str, str], place: Place, problems: list[Problem]) -> dict[str, Flow]:
    """id → Flow of the files under flows/. A flow with a problem is left out."""
    found: dict[str, Flow] = {}
    files: dict[str, str] = {}
    for file in sorted(name for name in texts if name.startswith("flows/")):
        source, wrong = parse_yaml(texts[file], file)
        problems += wrong
        if source is None:
            continue
        filled = Source(file, _filled(source.data, place), source.lines, source.text)
        flow, wrong = parse_flow(filled, tiers=place.tiers, name=file.split("/")[1].removesuffix(".yaml"))
        problems += wrong
        if flow is None:
            continue
        if flow.id in found:
            problems.append(
                problem("duplicate-code", file, source.line("flow"), code=flow.id, first=files[flow.id])
            )
            continue
        found[flow.id] = flow
        files[flow.id] = file
    return found


def _filled(data: Any, place: Place) -> Any:
    """The data with the place's constants in the limits of steps."""
    steps = data.get("steps") if isinstance(data, dict) else None
    if not isinstance(steps, dict):
        return data
    made = {
        key: {**step, "limit": place.reopen_window}
        if isinstance(step, dict) and step.get("limit") == REOPEN_WINDOW
        else step
        for key, step in steps.items()
    }
    return {**data, "steps": made}
