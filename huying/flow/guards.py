"""Guards: the small language of ``when:``.

    tier < county and grade in [1, 2] and not (call = complaint)
    legs all done · legs any returned · legs joined · tier = settles(grade) · item.field = 城建

Guards are pure. A name is looked up among the token's own state, then the fields sent with the move, then the
facts of the case. A comparison with something unknown (null) is false, whatever the operator. On the right of
a comparison a plain word that names neither a tier nor a state of the token is text (``call = complaint``).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
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

_TOKEN = re.compile(
    r"\s*(?:(?P<num>\d+(?:\.\d+)?)(?![\w.])|(?P<str>\"[^\"]*\"|'[^']*'|“[^”]*”)"
    r"|(?P<op><=|>=|==|!=|<>|≤|≥|≠|=|<|>)|(?P<p>[()\[\],，])|(?P<name>[^\W\d][\w-]*(?:\.[\w-]+)*))"
)
_OPS = {"==": "=", "<>": "!=", "≤": "<=", "≥": ">=", "≠": "!="}


@dataclass(frozen=True, slots=True)
class _Term:
    """One side of a comparison."""

    value: Value
    kind: str  # tier · name · state · const · list
    name: str = ""
    const: Any = None
    free: frozenset[str] = frozenset()


class _Parser:
    def __init__(self, text: str, tiers: Sequence[str]) -> None:
        self.text = text
        self.tiers = {tier: i for i, tier in enumerate(tiers)}
        self.words = self.split(text)
        self.at = 0
        self.names: set[str] = set()
        self.comparisons: list[tuple[str, str, tuple[Any, ...]]] = []

    @staticmethod
    def split(text: str) -> list[tuple[str, str]]:
        if len(text) > MAX_LENGTH:
            raise GuardError(f"the guard is longer than {MAX_LENGTH} characters")
        found: list[tuple[str, str]] = []
        at = 0
        while at < len(text):
            if text[at:].isspace():
                break
            match = _TOKEN.match(text, at)
            if match is None:
                raise GuardError(f"“{text[at:].strip()[:20]}” is not understood")
            kind = str(match.lastgroup)
            found.append((kind, match.group(kind)))
            at = match.end()
        return found

    # -- walking the words
    def peek(self, ahead: int = 0) -> tuple[str, str]:
        at = self.at + ahead
        return self.words[at] if at < len(self.words) else ("end", "")

    def take(self) -> tuple[str, str]:
        word = self.peek()
        self.at += 1
        return word

    def is_word(self, *words: str) -> bool:
        kind, text = self.peek()
        return kind == "name" and text in words

    def expect(self, text: str) -> None:
        kind, found = self.take()
        if kind != "p" or found != text:
            raise GuardError(f"“{text}” is missing before “{found or 'the end'}”")

    # -- grammar
    def whole(self) -> tuple[Truth, Callable[[Env, frozenset[str]], int]]:
        if not self.words:
            raise GuardError("the guard is empty")
        made = self.either()
        if self.peek()[0] != "end":
            raise GuardError(f"“{self.peek()[1]}” is not expected here")
        return made

    def either(self) -> tuple[Truth, Callable[[Env, frozenset[str]], int]]:
        parts = [self.both()]
        while self.is_word("or"):
            self.take()
            parts.append(self.both())
        if len(parts) == 1:
            return parts[0]
        truths = tuple(p[0] for p in parts)
        masks = tuple(p[1] for p in parts)

        def holds(env: Env) -> bool:
            return any(truth(env) for truth in truths)

        def mask(env: Env, free: frozenset[str]) -> int:
            can_true, all_false = 0, CAN_BE_FALSE
            for part in masks:
                bits = part(env, free)
                can_true |= bits & CAN_BE_TRUE
                all_false &= bits
            if any(part(env, free) == CAN_BE_TRUE for part in masks):
                return CAN_BE_TRUE
            return can_true | all_false

        return holds, mask

    def both(self) -> tuple[Truth, Callable[[Env, frozenset[str]], int]]:
        parts = [self.negated()]
        while self.is_word("and"):
            self.take()
            parts.append(self.negated())
        if len(parts) == 1:
            return parts[0]
        truths = tuple(p[0] for p in parts)
        masks = tuple(p[1] for p in parts)

        def holds(env: Env) -> bool:
            return all(truth(env) for truth in truths)

        def mask(env: Env, free: frozenset[str]) -> int:
            bits = [part(env, free) for part in masks]
            if any(b == CAN_BE_FALSE for b in bits):
                return CAN_BE_FALSE
            can_true = CAN_BE_TRUE if all(b & CAN_BE_TRUE for b in bits) else 0
            return can_true | (CAN_BE_FALSE if any(b & CAN_BE_FALSE for b in bits) else 0)

        return holds, mask

    def negated(self) -> tuple[Truth, Callable[[Env, frozenset[str]], int]]:
        if self.is_word("not"):
            self.take()
            truth, inner = self.negated()

            def holds(env: Env) -> bool:
                return not truth(env)

            def mask(env: Env, free: frozenset[str]) -> int:
                bits = inner(env, free)
                return (CAN_BE_TRUE if bits & CAN_BE_FALSE else 0) | (
                    CAN_BE_FALSE if bits & CAN_BE_TRUE else 0
                )

            return holds, mask
        if self.peek() == ("p", "("):
            self.take()
            made = self.either()
            self.expect(")")
            return made
        if self.is_word("legs"):
            return self.legs()
        return self.comparison()

    def legs(self) -> tuple[Truth, Callable[[Env, frozenset[str]], int]]:
        self.take()
        kind, quantifier = self.take()
        self.names.add("legs")
        if quantifier == "joined":
            holds: Truth = _legs_joined
        elif quantifier == "due":
            holds = _legs_due
        elif quantifier in LEG_QUANTIFIERS:
            kind, state = self.take()
            if kind != "name":
                raise GuardError(f"after “legs {quantifier}” say a result, such as done or returned")
            self.comparisons.append(("legs", quantifier, (state,)))
            holds = _legs(quantifier, state)
        else:
            raise GuardError("after “legs” say all, any, none or joined (legs all done)")

        def mask(env: Env, free: frozenset[str]) -> int:
            if "legs" in free:
                return CAN_BE_TRUE | CAN_BE_FALSE
            return CAN_BE_TRUE if holds(env) else CAN_BE_FALSE

        return holds, mask

    def comparison(self) -> tuple[Truth, Callable[[Env, frozenset[str]], int]]:
        left = self.term(right=False)
        kind, text = self.peek()
        if kind == "op":
            self.take()
            operator = _OPS.get(text, text)
            right = self.term(right=True)
        elif kind == "name" and text in ("in", "not") and (text == "in" or self.peek(1) == ("name", "in")):
            operator = "in" if text == "in" else "not in"
            self.at += 1 if text == "in" else 2
            right = self.listing()
        else:
            holds: Truth = _truthy(left.value)
            if left.name:
                self.comparisons.append((left.name, "is", ()))
            return holds, _masked(holds, left.free)
        if left.kind == "tier" or right.kind == "tier":
            left, right = self.as_tier(left), self.as_tier(right)
        if left.name:
            said = right.const if isinstance(right.const, tuple) else (right.const,)
            self.comparisons.append((left.name, operator, said if right.kind in ("const", "list") else ()))
        holds = _compare(left, operator, right)
        return holds, _masked(holds, left.free | right.free)

    def as_tier(self, term: _Term) -> _Term:
        """Words compared with a tier must be tiers."""
        if term.kind == "tier":
            return term
        if term.kind in ("const", "list"):
            said = term.const if isinstance(term.const, tuple) else (term.const,)
            unknown = [str(word) for word in said if word not in self.tiers]
            if unknown:
                raise GuardError(f"“{unknown[0]}” is not one of the tiers")
            indexes = tuple(self.tiers[word] for word in said)
            made: Any = indexes if term.kind == "list" else indexes[0]
            return _Term(lambda env: made, "list" if term.kind == "list" else "tier", const=made)
        tiers, value = self.tiers, term.value
        return _Term(lambda env: tiers.get(value(env)), "tier", term.name, free=term.free)

    def listing(self) -> _Term:
        kind, text = self.peek()
        if (kind, text) != ("p", "["):
            if kind != "name":
                raise GuardError("after “in” write a list: [a, b]")
            self.take()
            self.names.add(text)
            return _Term(lambda env: env.look_up(text), "name", text, free=frozenset([text]))
        self.take()
        consts: list[Any] = []
        while self.peek() != ("p", "]"):
            term = self.term(right=True)
            if term.kind == "tier" and isinstance(term.const, int):
                consts.append(next(t for t, i in self.tiers.items() if i == term.const))
            elif term.kind == "const":
                consts.append(term.const)
            else:
                raise GuardError("a list holds only words and numbers")
            if self.peek()[1] in (",", "，"):
                self.take()
        self.expect("]")
        if not consts:
            raise GuardError("the list is empty")
        said = tuple(consts)
        return _Term(lambda env: said, "list", const=said)

    def term(self, *, right: bool) -> _Term:
        kind, text = self.take()
        if kind == "num":
            number: Any = float(text) if "." in text else int(text)
            return _Term(lambda env: number, "const", const=number)
        if kind == "str":
            inside = text[1:-1]
            return _Term(lambda env: inside, "const", const=inside)
        if kind == "name":
            return self.name(text, right)
        raise GuardError(f"a name, a word or a number is missing before “{text or 'the end'}”")

    def name(self, text: str, right: bool) -> _Term:
        if text in ("and", "or", "not", "in"):
            raise GuardError(f"a name is missing before “{text}”")
        if text in ("yes", "true", "no", "false") and right:
            flag = text in ("yes", "true")
            return _Term(lambda env: flag, "const", const=flag)
        if text == "settles" and self.peek() == ("p", "("):
            return self.settles()
        if text in ("tier", "here"):
            self.names.add("tier")
            return _Term(lambda env: env.state.tier_index, "tier", "tier", free=frozenset(["tier"]))
        if text in self.tiers:
            index = self.tiers[text]
            return _Term(lambda env: index, "tier", const=index)
        if text in STATE:
            self.names.add(text)
            return _Term(_state(text), "state", text, free=frozenset([text]))
        if self.peek() == ("p", "("):
            raise GuardError(f"“{text}(…)” is not known; only settles(grade) is")
        if right and "." not in text:
            return _Term(lambda env: text, "const", const=text)
        self.names.add(text)
        return _Term(lambda env: env.look_up(text), "name", text, free=frozenset([text]))

    def settles(self) -> _Term:
        self.take()
        _, inner = self.take()
        if inner != "grade":
            raise GuardError("write settles(grade)")
        self.expect(")")
        self.names.update(("grade", "settles"))
        return _Term(lambda env: env.settles.get(env.state.grade), "tier", "", free=frozenset(["grade"]))


def _state(name: str) -> Value:
    def value(env: Env) -> Any:
        return getattr(env.state, name)

    return value


def _truthy(value: Value) -> Truth:
    def holds(env: Env) -> bool:
        found = value(env)
        return bool(found) and found not in ("no", "false", "否")

    return holds


def _masked(holds: Truth, names: frozenset[str]) -> Callable[[Env, frozenset[str]], int]:
    def mask(env: Env, free: frozenset[str]) -> int:
        if names & free:
            return CAN_BE_TRUE | CAN_BE_FALSE
        return CAN_BE_TRUE if holds(env) else CAN_BE_FALSE

    return mask


def _legs(quantifier: str, state: str) -> Truth:
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


_ALL_CLOSED, _ANY_CLOSED = _legs("all", "closed"), _legs("any", "closed")


def _legs_joined(env: Env) -> bool:
    """By the rule of the step: all closed, any closed, or its deadline passed."""
    rule = env.state.join
    if rule == "any":
        return _ANY_CLOSED(env)
    return _ALL_CLOSED(env) or (rule == "deadline" and bool(env.state.legs_due))


def _legs_due(env: Env) -> bool:
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


def _compare(left: _Term, operator: str, right: _Term) -> Truth:
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


def parse_guard(text: str, tiers: Sequence[str] = ()) -> Guard:
    """Compile one guard. Raises GuardError with a sentence for the writer of the file."""
    parser = _Parser(text, tiers)
    try:
        holds, mask = parser.whole()
    except RecursionError:
        raise GuardError("too many brackets") from None
    return Guard(text.strip(), holds, mask, frozenset(parser.names), tuple(parser.comparisons))
