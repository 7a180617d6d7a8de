"""Small broken flows: each gives exactly the expected problems, at the expected lines."""

import pytest

from huying.flow import parse_flow, parse_yaml
from huying.flow.checker import Context, check_flow

from .cast import load

SOUND = [
    "flow: t",
    "tiers: [low, high]",
    "steps:",
    "  a: {name: A, phase: accept, owner: desk@here, limit: 1 workday}",
    "  b: {name: B, phase: handle, owner: desk@high, limit: 2 workdays}",
    "  end: {name: E, phase: archive}",
    "moves:",
    "  - {id: go, from: a, to: b}",
    "  - {id: fin, from: b, to: end, closes: yes}",
]
LEGS = "  b: {name: B, phase: handle, owner: desk@high, limit: 2 workdays, legs: {of: organs, flow: %s}}"
START = "  - {id: go, from: a, to: b, needs: [organs], does: [legs start]}"
CONTEXT = Context(
    roles=frozenset({"clerk"}),
    organs=frozenset({"roads"}),
    forms=frozenset({"long"}),
    items=frozenset({"i1"}),
    kinds=frozenset({"bill"}),
    fields={"reason": None, "organs": None, "solved": ("yes", "part", "no"), "due": None, "text": None},
    grades=(1, 2),
    flows={
        "leg": load("opinion-leg"),
        "t": load("wish"),
        "endless": parse_flow(
            parse_yaml(
                "leg: yes\nsteps:\n  v: {name: V, phase: handle, owner: organ(leg), limit: 1 day}\n"
                "  w: {name: W, phase: archive}\nmoves:\n  - {id: x, from: v, to: v}\n",
                "",
            )[0],
            name="endless",
        )[0],
    },
    words=frozenset({"urge"}),
    notices=frozenset({"urge"}),
)


def found(changes, added=(), context=CONTEXT):
    lines = list(SOUND)
    for number, text in changes.items():
        lines[number - 1] = text
    text = "\n".join(line for line in [*lines, *added]) + "\n"
    source, problems = parse_yaml(text, "t.yaml")
    if source is not None:
        flow, problems = parse_flow(source)
        if flow is not None:
            problems = check_flow(flow, context)
    for problem in problems:
        assert problem.file == "t.yaml"
        assert problem.what
        assert problem.mend
        assert "{" not in problem.zh_what, problem.zh_what
    return [(p.code, p.line) for p in problems]


def test_the_unbroken_flow_is_sound():
    assert found({}) == []


CASES = {
    # what is written
    "duplicate key": ({5: SOUND[3]}, (), [("duplicate-key", 5)]),
    "unknown step in to": ({8: "  - {id: go, from: a, to: nowhere}"}, (), [("unknown-step", 8)]),
    "unknown step in from": ({8: "  - {id: go, from: [a, x], to: b}"}, (), [("unknown-step", 8)]),
    "two moves of one id": ({}, ["  - {id: go, from: b, to: a}"], [("duplicate-id", 10)]),
    "move without id": ({8: "  - {from: a, to: b}"}, (), [("missing", 8)]),
    "move without from": ({8: "  - {id: go, to: b}"}, (), [("missing", 8)]),
    "unknown key": ({8: "  - {id: go, from: a, to: b, form: long, colour: red}"}, (), [("unknown-key", 8)]),
    "bad yes": ({9: "  - {id: fin, from: b, to: end, closes: perhaps}"}, (), [("not-yes-no", 9)]),
    "bad limit": ({4: SOUND[3].replace("1 workday", "soon or so")}, (), [("bad-limit", 4)]),
    "no limit without reason": ({4: SOUND[3].replace("1 workday", "none")}, (), [("none-because", 4)]),
    "bad owner": ({4: SOUND[3].replace("desk@here", "boss")}, (), [("bad-owner", 4)]),
    "desk without tier": ({4: SOUND[3].replace("desk@here", "desk")}, (), [("owner-tier", 4)]),
    "unknown tier": ({5: SOUND[4].replace("@high", "@top")}, (), [("unknown-tier", 5)]),
    "owner cut by a comma": (
        {4: SOUND[3].replace("desk@here", "pool(grid, clerk)")},
        (),
        [("owner-quotes", 4), ("unknown-key", 4)],
    ),
    "bad effect": ({8: "  - {id: go, from: a, to: b, does: [dance]}"}, (), [("bad-effect", 8)]),
    "bad guard": ({8: '  - {id: go, from: a, to: b, when: "tier <"}'}, (), [("bad-guard", 8)]),
    "guard with unknown tier": (
        {8: "  - {id: go, from: a, to: b, when: tier < top}"},
        (),
        [("bad-guard", 8)],
    ),
    "bad share": ({4: SOUND[3].replace("}", ", warn: 300%}")}, (), [("bad-share", 4)]),
    "timer without time": (
        {4: SOUND[3].replace("}", ", timers: [{id: x, notice: urge}]}")},
        (),
        [("bad-timer", 4)],
    ),
    "timer of unknown move": (
        {4: SOUND[3].replace("}", ", timers: [{id: x, at: 50%, move: fly}]}")},
        (),
        [("unknown-move", 4)],
    ),
    "no tiers": ({2: "name: T"}, (), [("no-tiers", 5)]),
    # what is named
    "unknown phase": ({5: SOUND[4].replace("handle", "work")}, (), [("unknown-phase", 5)]),
    "unknown stage": ({4: SOUND[3].replace("name: A", "name: A, stage: s")}, (), [("unknown-stage", 4)]),
    "unknown role in owner": ({4: SOUND[3].replace("desk@", "post(chief)@")}, (), [("unknown-role", 4)]),
    "unknown role in by": ({8: "  - {id: go, from: a, to: b, by: chief}"}, (), [("unknown-role", 8)]),
    "unknown role in pool": ({4: SOUND[3].replace("desk@here", "pool(chief)")}, (), [("unknown-role", 4)]),
    "unknown organ": ({4: SOUND[3].replace("desk@here", "organ(lakes)")}, (), [("unknown-organ", 4)]),
    "unknown field": ({8: "  - {id: go, from: a, to: b, needs: [colour]}"}, (), [("unknown-field", 8)]),
    "unknown field as limit": ({4: SOUND[3].replace("1 workday", "until")}, (), [("unknown-field", 4)]),
    "unknown name in guard": (
        {8: "  - {id: go, from: a, to: b, when: colour = red}"},
        ["  - {id: on, from: a, to: b}"],
        [("unknown-name", 8)],
    ),
    "unknown choice": (
        {8: "  - {id: go, from: a, to: b, needs: [solved], when: solved = maybe}"},
        ["  - {id: on, from: a, to: b}"],
        [("never-made", 8), ("unknown-choice", 8)],
    ),
    "unknown form": ({8: "  - {id: go, from: a, to: b, form: short}"}, (), [("unknown-form", 8)]),
    "unknown item": (
        {8: "  - {id: go, from: a, to: b, when: item = i9}"},
        ["  - {id: on, from: a, to: b}"],
        [("unknown-item", 8)],
    ),
    "unknown kind": ({8: "  - {id: go, from: a, to: b, does: [open order]}"}, (), [("unknown-kind", 8)]),
    "unknown notice": ({8: "  - {id: go, from: a, to: b, does: [notice x]}"}, (), [("unknown-word", 8)]),
    "unknown holder": ({4: SOUND[3].replace("desk@here", "holder(x)")}, (), [("unknown-step", 4)]),
    "nothing to claim": ({5: SOUND[4].replace("desk@high", "claimant")}, (), [("no-pool", 5)]),
    # who and until when
    "step without owner": ({4: SOUND[3].replace("owner: desk@here, ", "")}, (), [("no-owner", 4)]),
    "step without limit": ({4: SOUND[3].replace(", limit: 1 workday", "")}, (), [("no-limit", 4)]),
    "automatic step with owner": (
        {4: SOUND[3].replace("}", ", auto: yes}"), 8: "  - {id: go, from: a, to: b, auto: yes}"},
        (),
        [("auto-owner", 4)],
    ),
    "clock without occasion": (
        {},
        ["  - {id: tick, from: a, to: b, by: clock}"],
        [("clock-idle", 10)],
    ),
    "nobody can make it": ({}, ["  - {id: re, from: end, to: a, does: [round new]}"], [("nobody", 10)]),
    "default move without limit": (
        {4: SOUND[3].replace("1 workday", "none, because: it waits")},
        ["  - {id: lapse, from: a, to: b, after: limit}"],
        [("lapse-without-limit", 10)],
    ),
    "timer without limit": (
        {
            4: SOUND[3].replace(
                "1 workday", "none, because: it waits, timers: [{id: x, at: 50%, notice: urge}]"
            )
        },
        (),
        [("timer-without-limit", 4)],
    ),
    "timer with a move of somebody else": (
        {4: SOUND[3].replace("}", ", timers: [{id: x, at: 50%, move: fin}]}")},
        (),
        [("timer-move", 4)],
    ),
    "the clock sends no fields": (
        {},
        ["  - {id: lapse, from: a, to: b, after: limit, needs: [reason]}"],
        [("auto-needs", 10)],
    ),
    # where it leads
    "unreachable step": (
        {5: "  c: {name: C, phase: handle, owner: desk@here, limit: 1 day}\n" + SOUND[4]},
        ["  - {id: out, from: c, to: b}"],
        [("unreachable", 5)],
    ),
    "dead end": ({9: "  - {id: fin, from: a, to: end, closes: yes}"}, (), [("dead-end", 5)]),
    "dead end in one tier": (
        {8: "  - {id: go, from: a, to: b, when: tier = high}"},
        (),
        [("dead-end", 4)],
    ),
    "dead end for one answer": (
        {8: "  - {id: go, from: a, to: b, when: call = complaint}"},
        (),
        [("dead-end", 4)],
    ),
    "going round without end": (
        {9: "  - {id: back, from: b, to: a}"},
        (),
        [("no-end", 4), ("no-end", 5), ("unreachable", 6)],
    ),
    "no closing move": (
        {9: "  - {id: fin, from: b, to: end}"},
        (),
        [("no-close", 4), ("no-close", 5), ("end-open", 6)],
    ),
    "one way ends without closing": (
        {},
        ["  - {id: drop, from: a, to: end}"],
        [("end-open", 6)],
    ),
    "guard that cannot hold": (
        {},
        ["  - {id: odd, from: a, to: b, when: tier < high and tier > low}"],
        [("never-made", 10)],
    ),
    "contradiction about a fact": (
        {},
        ["  - {id: odd, from: a, to: b, when: call = help and call = complaint}"],
        [("never-made", 10)],
    ),
    "rising above the top": (
        {},
        ["  - {id: up, from: a, to: a, does: [tier up]}"],
        [("tier-edge", 10)],
    ),
    "closed but not after_close": (
        {8: "  - {id: go, from: a, to: b, closes: yes}", 9: "  - {id: fin, from: b, to: end}"},
        (),
        [("not-after-close", 5)],
    ),
    "after_close but open": (
        {5: SOUND[4].replace("}", ", after_close: yes}")},
        ["  - {id: lapse, from: b, to: end, after: limit, closes: yes}"],
        [("before-close", 5)],
    ),
    "after_close without default": (
        {
            5: SOUND[4].replace("}", ", after_close: yes}"),
            8: "  - {id: go, from: a, to: b, closes: yes}",
            9: "  - {id: fin, from: b, to: end}",
        },
        (),
        [("no-default", 5)],
    ),
    "merging without closing": (
        {8: "  - {id: go, from: a, to: b, does: [merge]}"},
        (),
        [("merge-result", 8)],
    ),
    "new round that goes nowhere": (
        {},
        ["  - {id: again, from: b, does: [round new]}"],
        [("round-open", 10)],
    ),
    # automatic moves
    "automatic moves without end": (
        {
            4: "  a: {name: A, phase: accept, auto: yes}",
            6: "  c: {name: C, phase: accept, auto: yes}\n" + SOUND[5],
            8: "  - {id: go, from: a, to: c, auto: yes, when: call = help}\n"
            "  - {id: back, from: c, to: a, auto: yes, when: call = help}\n"
            "  - {id: out, from: [a, c], to: b, auto: yes}",
        },
        (),
        [("auto-endless", 9)],
    ),
    "shadowed automatic move": (
        {4: "  a: {name: A, phase: accept, auto: yes}", 8: "  - {id: go, from: a, to: b, auto: yes}"},
        ["  - {id: never, from: a, to: end, auto: yes, closes: yes}"],
        [("auto-ambiguous", 10)],
    ),
    "automatic step without a way": (
        {
            4: "  a: {name: A, phase: accept, auto: yes}",
            8: "  - {id: go, from: a, to: b, auto: yes, when: tier = low}",
        },
        (),
        [("auto-stuck", 4)],
    ),
    # grades
    "grade without tier": ({2: "tiers: [low, high]\nsettles: {1: high}"}, (), [("grade-unsettled", 1)]),
    "grade settled nowhere": (
        {2: "tiers: [low, high]\nsettles: {1: high, 2: sky}"},
        (),
        [("settles-tier", 3)],
    ),
    "settles without settles": (
        {8: "  - {id: go, from: a, to: b, when: tier = settles(grade)}"},
        ["  - {id: on, from: a, to: b}"],
        [("never-made", 8), ("no-settles", 8)],
    ),
    # legs
    "unknown flow of legs": (
        {5: LEGS % "none", 8: START, 9: "  - {id: fin, from: b, to: end, closes: yes, when: legs joined}"},
        (),
        [("unknown-flow", 5)],
    ),
    "flow that is not for legs": (
        {5: LEGS % "t", 8: START, 9: "  - {id: fin, from: b, to: end, closes: yes, when: legs joined}"},
        (),
        [("not-a-leg", 5)],
    ),
    "legs that cannot end": (
        {
            5: LEGS % "endless",
            8: START,
            9: "  - {id: fin, from: b, to: end, closes: yes, auto: yes, when: legs joined}",
        },
        (),
        [("leg-cannot-end", 5)],
    ),
    "legs never started": (
        {5: LEGS % "leg", 9: "  - {id: fin, from: b, to: end, closes: yes, auto: yes, when: legs joined}"},
        ["  - {id: note, from: a, needs: [organs]}"],
        [("legs-not-started", 5)],
    ),
    "legs never joined": ({5: LEGS % "leg", 8: START}, (), [("legs-never-joined", 5)]),
    "legs of an outcome that no leg has": (
        {
            5: LEGS % "leg",
            8: START,
            9: "  - {id: fin, from: b, to: end, closes: yes, auto: yes, when: legs all done}",
        },
        (),
        [("legs-stuck", 5), ("legs-outcome", 9)],
    ),
    "legs whose outcome nothing answers": (
        {
            5: LEGS % "leg",
            8: START,
            9: "  - {id: fin, from: b, to: end, closes: yes, auto: yes, when: legs all ours}",
        },
        (),
        [("legs-stuck", 5)],
    ),
    "legs where there are none": ({8: START}, (), [("legs-nowhere", 8)]),
}


@pytest.mark.parametrize("name", list(CASES))
def test_each_defect_is_found_where_it_is(name):
    changes, added, expected = CASES[name]
    assert sorted(found(changes, added)) == sorted(expected)


def test_there_are_enough_of_them():
    assert len(CASES) >= 30
