"""The sketches of the language can be read, stored as plain data and read back."""

import json

import pytest

from huying.flow import Span, flow_from_json, parse_span
from huying.flow.checker import Context, check_flow

from .cast import FLOWS, flow_of, load

NAMES = sorted(path.stem for path in FLOWS.glob("*.yaml"))


@pytest.mark.parametrize("name", NAMES)
def test_every_sketch_is_sound(name):
    flows = {one: load(one) for one in NAMES}
    roles = frozenset({"secretary", "squad", "appraiser", "stand-in"})
    context = Context(flows=flows, roles=roles, kinds=frozenset({"supervision"}))
    assert [str(p) for p in check_flow(flows[name], context)] == []


@pytest.mark.parametrize("name", NAMES)
def test_a_flow_survives_storage(name):
    flow = load(name)
    again = flow_from_json(json.loads(json.dumps(flow.to_json())), name=name)
    assert again.id == flow.id
    assert [m.id for m in again.moves] == [m.id for m in flow.moves]
    assert [m.when.text for m in again.moves] == [m.when.text for m in flow.moves]
    assert {k: (s.owner, s.limit, s.legs) for k, s in again.steps.items()} == {
        k: (s.owner, s.limit, s.legs) for k, s in flow.steps.items()
    }


def test_names_in_both_languages_and_defaults():
    flow = flow_of(
        "flow: t\nname: {zh: 流程, en: Flow}\nsteps:\n"
        "  a: {name: 一, en: One, phase: accept, owner: reporter, limit: 1 day}\n"
        "  z: {phase: archive}\nmoves:\n  - {id: fin, from: a, to: z, closes: 是, tone: danger, hint: 再想想}\n"
    )
    assert (flow.name, flow.en) == ("流程", "Flow")
    assert (flow.steps["a"].name, flow.steps["a"].en, flow.steps["z"].name) == ("一", "One", "z")
    move = flow.by_id["fin"]
    assert (move.name, move.tone, move.hint, move.closes) == ("fin", "danger", "再想想", True)
    assert flow.steps["z"].end
    assert flow.steps["a"].warn == 0.75


@pytest.mark.parametrize(
    ("text", "span"),
    [
        ("2 work hours", Span(2, "work hours")),
        ("1 workday", Span(1, "workdays")),
        ("24 hours", Span(24, "hours")),
        ("10 minutes", Span(10, "minutes")),
        ("5个工作日", Span(5, "workdays")),
        ("2 工作时", Span(2, "work hours")),
        ("1.5 hours", Span(1.5, "hours")),
        ("0 days", None),
        ("soon", None),
        ("-1 days", None),
    ],
)
def test_spans(text, span):
    assert parse_span(text) == span


def test_from_open_and_any_mean_every_such_step():
    flow = load("hotline")
    assert flow.by_id["void"].sources == ("take", "claim", "assign", "handle", "shelf", "verify")
    assert set(flow.by_id["note"].sources) == {
        "take",
        "claim",
        "assign",
        "handle",
        "shelf",
        "verify",
        "rate",
        "done",
    }
