"""Which figures of the overview make sense in a place. Nobody reports in where no indicator of the place counts who
did, and nothing is put off where no move of its flows gives more time: such a figure would always say nothing."""

from __future__ import annotations

from collections.abc import Collection

from huying.presets.definition import Preset

_ANSWERS = {"arrived", "arrived_in_time"}
_ASKED = {"solved": "solved", "satisfied": "satisfaction"}  # rate: the field that somebody has to fill in
_DONE_BY = {"extended": "extend", "paused": "pause", "reopened": "round"}  # figure: what a move has to do


def rated(preset: Preset | None) -> Collection[str]:
    """The rates to show. Who reports in counts where one of the place's indicators says so, or where it has none."""
    if preset is None:
        return ("answered", *_ASKED, "on_time")
    counted = {
        measure
        for one in preset.indicators.indicators.values()
        for part in (one.numerator, one.denominator)
        if part is not None
        for measure in part.measures
    }
    asked = {
        field for flow in preset.flows.values() for move in flow.moves for field in (*move.needs, *move.asks)
    }
    answered = ("answered",) if not counted or counted & _ANSWERS else ()
    return (*answered, *(rate for rate, field in _ASKED.items() if field in asked), "on_time")


def never(preset: Preset | None) -> Collection[str]:
    """The figures that stay nought: no flow by which calls are handled has a move that does such a thing."""
    if preset is None:
        return ()
    flows = [preset.flow_of(code) for code, kind in preset.kinds.items() if kind.calls]
    done = {effect.do for flow in flows for move in flow.moves for effect in move.does}
    return [name for name, effect in _DONE_BY.items() if effect not in done]
