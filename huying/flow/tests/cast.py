"""A small world for tests: natural time only as far as its calendar says, owners by simple rules."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from pathlib import Path

from huying.flow import Span, parse_flow, parse_yaml, read_yaml

FLOWS = Path(__file__).parent / "flows"
MONDAY = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
UNIT = {
    "minutes": 60,
    "hours": 3600,
    "days": 86400,
    "work minutes": 60,
    "work hours": 3600,
    "workdays": 8 * 3600,
}


class PlainWorld:
    """Every hour counts; a workday is eight hours. Actors are dicts: {"owns": set of keys, "roles": set}."""

    def __init__(self, *, absent=(), item="5 workdays"):
        self.absent = set(absent)
        self.item = item
        self.asked = 0

    def resolve(self, relation, token, facts, actor):
        self.asked += 1
        if relation.kind in self.absent:
            return None
        tier = token.tier if relation.tier == "here" else relation.tier
        if relation.kind == "organ":
            name = relation.args[0]
            if name == "actor":
                return (actor or {}).get("organ")
            value = {"item": facts.get("handler"), "leg": facts.get("leg")}.get(name) or facts.get(name)
            return f"organ:{value}" if value else None
        if relation.kind == "actor":
            return (actor or {}).get("person")
        if relation.kind == "above":
            inner = relation.args[0] if relation.args else self.resolve(relation.of, token, facts, actor)
            return f"above:{inner}"
        if relation.kind == "reporter":
            return "person:reporter"
        return f"{relation.kind}:{','.join(relation.args)}@{tier}"

    def centre(self):
        return "post:desk@county"

    def matches(self, by, token, actor, facts):
        if actor == "god":
            return True
        if by.kind == "owner":
            return token.owner in actor.get("owns", ())
        if by.kind == "role":
            return by.name in actor.get("roles", ())
        return self.resolve(by.relation, token, facts, actor) in actor.get("owns", ())

    def claim(self, pool, token, actor):
        return actor["organ"] if isinstance(actor, dict) and "organ" in actor else "person:1"

    def span(self, limit, token, facts):
        from huying.flow import parse_span

        return parse_span(self.item) if self.item else None

    def after(self, start, span, owner, share=1.0):
        return start + timedelta(seconds=span.amount * UNIT[span.unit] * share)

    def left(self, now, due, working, owner):
        return (due - now).total_seconds()

    def later(self, now, left, working, owner):
        return now + timedelta(seconds=left)

    def today(self, now):
        return now.date()

    def begins(self, day):
        return datetime.combine(day, time(), UTC)


def load(name):
    source, problems = read_yaml(FLOWS / f"{name}.yaml", f"{name}.yaml")
    assert not problems, problems
    flow, problems = parse_flow(source, name=name)
    assert not problems, [str(p) for p in problems]
    return flow


def flow_of(text, **more):
    source, problems = parse_yaml(text, "flow.yaml")
    assert not problems, problems
    flow, problems = parse_flow(source, **more)
    assert not problems, [str(p) for p in problems]
    return flow


def problems_of(text, **more):
    source, problems = parse_yaml(text, "flow.yaml")
    assert not problems, problems
    return parse_flow(source, **more)[1]


assert isinstance(Span(1, "days"), tuple)
