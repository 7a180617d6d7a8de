"""Guards: the small language of ``when:``.

    tier < county and grade in [1, 2] and not (call = complaint)
    legs all done · legs any returned · legs joined · tier = settles(grade) · item.field = 城建

Guards are pure. A name is looked up among the token's own state, then the fields sent with the move, then the
facts of the case. A comparison with something unknown (null) is false, whatever the operator. On the right of
a comparison a plain word that names neither a tier nor a state of the token is text (``call = complaint``).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from operator import eq, ge, gt, le, lt, ne
from typing import Any, Protocol

Facts = Mapping[str, Any]

#: What every token knows about itself.
STATE = ("tier", "grade", "round", "entry", "step", "result", "closed", "paused", "extensions", "legs")
LEG_QUANTIFIERS = ("all", "any", "none")
CAN_BE_TRUE, CAN_BE_FALSE = 1, 2
MAX_LENGTH = 500


class GuardError(Exception):
    """The text is not a guard; the message says why."""


class State(Protocol):
    """The part of a token that guards see."""

    grade: Any
    round: int
    entry: int
    step: str
    result: str | None
    closed: bool
    paused: bool
    extensions: int
    legs: Mapping[str, int]
    legs_due: bool
    tier_index: int | None
    join: str


class Env:
    """What one evaluation sees."""

    __slots__ = ("facts", "fields", "settles", "state")

    def __init__(self, state: Any, fields: Facts, facts: Facts, settles: Mapping[Any, int]) -> None:
        self.state = state
        self.fields = fields
        self.facts = facts
        self.settles = settles

    def look_up(self, name: str) -> Any:
        """The value of a name that is not the token's own: field, fact, or a dotted way into one of them."""
        value = self.fields.get(name)
        if value is None:
            value = self.facts.get(name)
            if value is None and "." in name:
                value = walk(self.fields, name)
                if value is None:
                    value = walk(self.facts, name)
        return value


def walk(data: Facts, name: str) -> Any:
    """Follow ``a.b.c`` into nested mappings; None where there is no way."""
    found: Any = data
    for part in name.split("."):
        if not isinstance(found, Mapping):
            return None
        found = found.get(part)
    return found


Truth = Callable[[Env], bool]
Value = Callable[[Env], Any]


@dataclass(frozen=True, slots=True)
class Guard:
    """A compiled guard. `holds(env)`; `mask(env, free)` says which truth values are possible when the names in
    `free` may be anything (bit 1: can be true, bit 2: can be false)."""

    text: str
    holds: Truth
    mask: Callable[[Env, frozenset[str]], int]
    names: frozenset[str]
    comparisons: tuple[tuple[str, str, tuple[Any, ...]], ...]

    def __repr__(self) -> str:
        return f"Guard({self.text!r})"


ALWAYS = Guard("", lambda env: True, lambda env, free: CAN_BE_TRUE, frozenset(), ())


@dataclass(frozen=True, slots=True)
class Term:
    """One side of a comparison."""

    value: Value
    kind: str  # tier · name · state · const · list
    name: str = ""
    const: Any = None
    free: frozenset[str] = frozenset()


def state_value(name: str) -> Value:
    def value(env: Env) -> Any:
        return getattr(env.state, name)

    return value


def truthy(value: Value) -> Truth:
    def holds(env: Env) -> bool:
        found = value(env)
        return bool(found) and found not in ("no", "false", "否")

    return holds


def masked(holds: Truth, names: frozenset[str]) -> Callable[[Env, frozenset[str]], int]:
    def mask(env: Env, free: frozenset[str]) -> int:
        if names & free:
            return CAN_BE_TRUE | CAN_BE_FALSE
        return CAN_BE_TRUE if holds(env) else CAN_BE_FALSE

    return mask


def legs_test(quantifier: str, state: str) -> Truth:
    """Counts of legs by result (``open`` while they run). Cancelled legs no longer count; with no legs at all
    nothing holds, so that a step is not left before its legs exist."""

    def holds(env: Env) -> bool:
        legs = env.state.legs
        if not legs:
            return False
        has = legs.get(state, 0)
        if state == "closed":
            has = sum(legs.values()) - legs.get("open", 0) - legs.get("cancelled", 0)
        if quantifier == "any":
            return bool(has)
        if quantifier == "none":
            return not has
        counted = sum(
            count for result, count in legs.items() if result != "cancelled" or state == "cancelled"
        )
        return bool(has) and has == counted

    return holds


_ALL_CLOSED, _ANY_CLOSED = legs_test("all", "closed"), legs_test("any", "closed")


def legs_joined(env: Env) -> bool:
    """By the rule of the step: all closed, any closed, or its deadline passed."""
    rule = env.state.join
    if rule == "any":
        return _ANY_CLOSED(env)
    return _ALL_CLOSED(env) or (rule == "deadline" and bool(env.state.legs_due))


def legs_due(env: Env) -> bool:
    return bool(env.state.legs_due)


def _ordered(value: Any) -> Any:
    """Booleans as yes/no text count as booleans; numbers in text stay text."""
    if value in ("yes", "是"):
        return True
    if value in ("no", "否"):
        return False
    return value


def _same(a: Any, b: Any) -> bool:
    if isinstance(b, bool) or isinstance(a, bool):
        a, b = _ordered(a), _ordered(b)
        return isinstance(a, bool) and isinstance(b, bool) and a is b
    if isinstance(a, (int, float)) != isinstance(b, (int, float)):
        return str(a) == str(b)  # a grade may be written 3 or "3"
    return bool(a == b)


def compare(left: Term, operator: str, right: Term) -> Truth:
    a, b = left.value, right.value
    if left.kind == "tier" and right.kind == "tier" and operator in _INDEX:
        return _INDEX[operator](a, b)

    def holds(env: Env) -> bool:
        x, y = a(env), b(env)
        if x is None or y is None:
            return False
        if operator == "=":
            return _same(x, y)
        if operator == "!=":
            return not _same(x, y)
        if operator in ("in", "not in"):
            members = y if isinstance(y, (list, tuple, set, frozenset)) else (y,)
            found = any(_same(x, one) for one in members)
            return found if operator == "in" else not found
        if isinstance(x, (int, float)) != isinstance(y, (int, float)):
            return False
        try:
            return bool(_ORDER[operator](x, y))
        except TypeError:
            return False

    return holds


_ORDER: dict[str, Callable[[Any, Any], Any]] = {"<": lt, ">": gt, "<=": le, ">=": ge}


def _index(test: Callable[[Any, Any], Any]) -> Callable[[Value, Value], Truth]:
    def make(a: Value, b: Value) -> Truth:
        def holds(env: Env) -> bool:
            x, y = a(env), b(env)
            return x is not None and y is not None and bool(test(x, y))

        return holds

    return make


_INDEX: dict[str, Callable[[Value, Value], Truth]] = {
    "=": _index(eq),
    "!=": _index(ne),
    "<": _index(lt),
    ">": _index(gt),
    "<=": _index(le),
    ">=": _index(ge),
}
