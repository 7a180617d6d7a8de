"""Owners with a second choice, and grids of other layers than the general one."""

from __future__ import annotations

import pytest

from huying.flow import start
from huying.flow.checker import Context, check_flow
from huying.flow.picture import draw
from huying.flow.tests.cast import MONDAY, PlainWorld, flow_of, problems_of
from huying.flow.words import SpellingError, parse_by, parse_relation

TEXT = """
flow: f
tiers: [village, town]
steps:
  look: {name: 看, phase: accept, owner: OWNER, limit: 1 workday}
  done: {name: 完, phase: archive}
moves:
  - {id: fine, from: look, to: done, closes: yes}
"""


class World(PlainWorld):
    """Grids by layer; nobody where a layer has none."""

    def resolve(self, relation, token, facts, actor):
        if relation.kind == "grid":
            layer = relation.args[0] if relation.args else "general"
            return None if layer in self.absent else f"division:{layer}"
        return super().resolve(relation, token, facts, actor)


@pytest.mark.parametrize(
    ("absent", "owner"),
    [
        ((), "division:area"),
        (("area",), "division:general"),
        (("area", "general"), "desk:@village"),
        (("area", "general", "desk"), "post:desk@county"),  # nobody at all: the centre
    ],
)
def test_the_first_that_is_somebody_owns_the_step(absent, owner):
    flow = flow_of(TEXT.replace("OWNER", "grid(area) else grid else desk@here"))
    made = start(flow, World(absent=absent), {}, MONDAY)
    assert made.token.owner == owner
    assert any(e["event"] == "unresolved" for e in made.events) == (owner == "post:desk@county")


def test_what_stands_behind_else_is_checked_too():
    assert [p.code for p in problems_of(TEXT.replace("OWNER", "grid else desk@province"))] == ["unknown-tier"]
    flow = flow_of(TEXT.replace("OWNER", "grid(shops) else post(nobody)@town"))
    found = check_flow(flow, Context(roles=frozenset({"clerk"}), layers=frozenset({"general"})))
    assert {p.code for p in found} >= {"unknown-layer", "unknown-role"}


def test_a_list_not_else_says_who_else_may_move():
    with pytest.raises(SpellingError):
        parse_by("desk@here else desk@town", ("town",))
    with pytest.raises(SpellingError):
        parse_relation("grid(a, b)", ())


def test_the_picture_names_both():
    flow = flow_of(TEXT.replace("OWNER", "grid else desk@town"))
    assert "没有则" in draw(flow)
