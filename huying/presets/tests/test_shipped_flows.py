"""Every place that is shipped: its files are sound, and its flows hold whatever is done in whatever order."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from huying.flow.checker import leg_results
from huying.flow.states import Explorer
from huying.flow.tests import test_any_order as walk
from huying.presets.reader import load

PRESETS = Path(__file__).parents[3] / "presets"
PLACES = sorted(path.parent.name for path in PRESETS.glob("*/place.yaml"))
LOADED = {place: load(PRESETS / place) for place in PLACES}
FLOWS = sorted((place, flow) for place, (preset, _) in LOADED.items() if preset for flow in preset.flows)


@pytest.mark.parametrize("place", PLACES)
def test_the_check_is_silent(place):
    _preset, problems = LOADED[place]
    assert [str(one) for one in problems] == []


@pytest.mark.parametrize(("place", "name"), FLOWS)
def test_every_step_can_be_reached(place, name):
    preset, _ = LOADED[place]
    flow = preset.flows[name]
    results = {key: leg_results(sub) for key, sub in preset.flows.items()}
    grades = {item.grade for item in preset.leaves}
    choices = {}
    for form in preset.forms.values():
        for field in form.fields:
            if field.type in ("choice", "choices"):
                choices[field.id] = tuple(one.id for one in field.choices)
    graph = Explorer(flow, choices, results, grades).explore()
    assert {state.step for state in graph.states} == set(flow.steps)


class ShippedCase(walk.Case):
    """A case of a shipped flow, filled in with what its forms offer."""

    place = ""

    def fields(self, move, grade):
        made = super().fields(move, grade)
        preset, _ = LOADED[self.place]
        spans = {name for effect in move.does if effect.do in ("extend", "pause") for name in effect.args}
        for form in preset.forms.values():
            for field in form.fields:
                if field.id not in made:
                    continue
                if field.type in ("choice", "choices") and field.choices:
                    made[field.id] = field.choices[-1 if field.id == "satisfaction" else 0].id
                elif field.type in ("date", "datetime"):
                    made[field.id] = (self.now + timedelta(days=9)).isoformat()
                elif field.type == "number":
                    # The room of cases makes a span of a number of workdays before the machine sees it.
                    made[field.id] = "3 workdays" if field.id in spans else 3
                elif field.type == "organs":
                    made[field.id] = ["a", "b"]
        return made


@pytest.mark.parametrize(("place", "name"), FLOWS)
def test_whatever_is_done(place, name, monkeypatch):
    preset, _ = LOADED[place]
    monkeypatch.setattr(walk, "LOADED", dict(preset.flows))
    made = type("Shipped", (ShippedCase,), {"place": place, "name": name})
    quick = settings(
        max_examples=12, stateful_step_count=20, deadline=None, suppress_health_check=list(HealthCheck)
    )
    run_state_machine_as_test(made, settings=quick)
