"""Reading guards: from the text behind ``when:`` to closures. The grammar is in `guards`."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any

from .guards import (
    CAN_BE_FALSE,
    CAN_BE_TRUE,
    LEG_QUANTIFIERS,
    MAX_LENGTH,
    STATE,
    Env,
    Guard,
    GuardError,
    Term,
    Truth,
    compare,
    legs_due,
    legs_joined,
    legs_test,
    masked,
    state_value,
    truthy,
)

_TOKEN = re.compile(
    r"\s*(?:(?P<num>\d+(?:\.\d+)?)(?![\w.])|(?P<str>\"[^\"]*\"|'[^']*'|“[^”]*”)"
    r"|(?P<op><=|>=|==|!=|<>|≤|≥|≠|=|<|>)|(?P<p>[()\[\],，])|(?P<name>[^\W\d][\w-]*(?:\.[\w-]+)*))"
)
_OPS = {"==": "=", "<>": "!=", "≤": "<=", "≥": ">=", "≠": "!="}


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
            holds: Truth = legs_joined
        elif quantifier == "due":
            holds = legs_due
        elif quantifier in LEG_QUANTIFIERS:
            kind, state = self.take()
            if kind != "name":
                raise GuardError(f"after “legs {quantifier}” say a result, such as done or returned")
            self.comparisons.append(("legs", quantifier, (state,)))
            holds = legs_test(quantifier, state)
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
            holds: Truth = truthy(left.value)
            if left.name:
                self.comparisons.append((left.name, "is", ()))
            return holds, masked(holds, left.free)
        if left.kind == "tier" or right.kind == "tier":
            left, right = self.as_tier(left), self.as_tier(right)
        if left.name:
            said = right.const if isinstance(right.const, tuple) else (right.const,)
            self.comparisons.append((left.name, operator, said if right.kind in ("const", "list") else ()))
        holds = compare(left, operator, right)
        return holds, masked(holds, left.free | right.free)

    def as_tier(self, term: Term) -> Term:
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
            return Term(lambda env: made, "list" if term.kind == "list" else "tier", const=made)
        tiers, value = self.tiers, term.value
        return Term(lambda env: tiers.get(value(env)), "tier", term.name, free=term.free)

    def listing(self) -> Term:
        kind, text = self.peek()
        if (kind, text) != ("p", "["):
            if kind != "name":
                raise GuardError("after “in” write a list: [a, b]")
            self.take()
            self.names.add(text)
            return Term(lambda env: env.look_up(text), "name", text, free=frozenset([text]))
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
        return Term(lambda env: said, "list", const=said)

    def term(self, *, right: bool) -> Term:
        kind, text = self.take()
        if kind == "num":
            number: Any = float(text) if "." in text else int(text)
            return Term(lambda env: number, "const", const=number)
        if kind == "str":
            inside = text[1:-1]
            return Term(lambda env: inside, "const", const=inside)
        if kind == "name":
            return self.name(text, right)
        raise GuardError(f"a name, a word or a number is missing before “{text or 'the end'}”")

    def name(self, text: str, right: bool) -> Term:
        if text in ("and", "or", "not", "in"):
            raise GuardError(f"a name is missing before “{text}”")
        if text in ("yes", "true", "no", "false") and right:
            flag = text in ("yes", "true")
            return Term(lambda env: flag, "const", const=flag)
        if text == "settles" and self.peek() == ("p", "("):
            return self.settles()
        if text in ("tier", "here"):
            self.names.add("tier")
            return Term(lambda env: env.state.tier_index, "tier", "tier", free=frozenset(["tier"]))
        if text in self.tiers:
            index = self.tiers[text]
            return Term(lambda env: index, "tier", const=index)
        if text in STATE:
            self.names.add(text)
            return Term(state_value(text), "state", text, free=frozenset([text]))
        if self.peek() == ("p", "("):
            raise GuardError(f"“{text}(…)” is not known; only settles(grade) is")
        if right and "." not in text:
            return Term(lambda env: text, "const", const=text)
        self.names.add(text)
        return Term(lambda env: env.look_up(text), "name", text, free=frozenset([text]))

    def settles(self) -> Term:
        self.take()
        _, inner = self.take()
        if inner != "grade":
            raise GuardError("write settles(grade)")
        self.expect(")")
        self.names.update(("grade", "settles"))
        return Term(lambda env: env.settles.get(env.state.grade), "tier", "", free=frozenset(["grade"]))


def parse_guard(text: str, tiers: Sequence[str] = ()) -> Guard:
    """Compile one guard. Raises GuardError with a sentence for the writer of the file."""
    parser = _Parser(text, tiers)
    try:
        holds, mask = parser.whole()
    except RecursionError:
        raise GuardError("too many brackets") from None
    return Guard(text.strip(), holds, mask, frozenset(parser.names), tuple(parser.comparisons))
