"""What can be counted, and the small language in which an indicator says what it counts.

An expression adds and takes away measures, each of which may be narrowed:

    closed_in_time
    closed + open_late - untrue
    reported[call=complaint, channel=grid|street]

A measure says yes or no of each case (or of each dispatch to an organ), so that every figure is a number of cases that
can be listed. What each means is kept by ``huying.cases.tallies``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from huying.presets.definition import Words

CASE, DISPATCH = "case", "dispatch"
BASES = ("in", "due", "closed")
"""The day by which a case falls into a period: it came in, its handling was due, it was closed."""
FIELDS = ("call", "channel", "item", "kind")
MOST_TERMS = 12


@dataclass(frozen=True, slots=True)
class Measure:
    """Something that is so or not so of a case or a dispatch. ``live``: it becomes true by time going by."""

    code: str
    of: str
    name: Words
    bases: tuple[str, ...] = BASES
    live: bool = False


def _case(code: str, zh: str, en: str, bases: tuple[str, ...] = BASES, live: bool = False) -> Measure:
    return Measure(code, CASE, Words(zh, en), bases, live)


def _dispatch(code: str, zh: str, en: str, live: bool = False) -> Measure:
    return Measure(code, DISPATCH, Words(zh, en), ("in",), live)


_ALL = (
    _case("reported", "上报", "came in"),
    _case("closed", "办结", "closed"),
    _case("closed_in_time", "按时办结", "closed in time"),
    _case("voided", "作废或并案", "void or merged"),
    _case("merged", "并入他件", "merged into another"),
    _case("untrue", "不属实", "found untrue"),
    _case("beyond", "超职责", "beyond powers"),
    _case("refused", "不予受理", "declined"),
    _case("direct", "直接答复", "answered directly"),
    _case("undecided", "待受理", "not decided yet"),
    _case("filed", "立案", "taken up for handling"),
    _case("handled", "处置", "handled", ("in", "due")),
    _case("handled_in_time", "按期处置", "handled in time", ("in", "due")),
    _case("handled_extended", "延期后处置", "handled after an extension", ("in", "due")),
    _case("reworked", "办结前返过工", "closed after being sent back"),
    _case("redone", "重办后办结", "closed after being reopened"),
    _case("repeated", "五人次以上反映", "raised five times or more"),
    _case("contacted", "联系过诉求人", "caller was contacted"),
    _case("solved", "解决", "solved"),
    _case("partly", "部分解决", "partly solved"),
    _case("unsolved", "未解决", "not solved"),
    _case("satisfied", "满意", "satisfied"),
    _case("fair", "基本满意", "fairly satisfied"),
    _case("unsatisfied", "不满意", "not satisfied"),
    _case("unrated", "未评价", "closed, not rated"),
    _case("called_satisfied", "回访满意", "satisfied when called back"),
    _case("called_fair", "回访基本满意", "fairly satisfied when called back"),
    _case("called_unsatisfied", "回访不满意", "not satisfied when called back"),
    _case("called_unsaid", "回访未联系上或未表态", "not reached, or did not say, when called back"),
    _case("open_late", "超期未结", "open and overdue", ("in",), live=True),
    _case("handle_late", "超期待处置", "overdue and not handled", ("in", "due"), live=True),
    _case("handle_late_extended", "延期后仍超期待处置", "extended and overdue", ("in", "due"), live=True),
    _dispatch("dispatched", "派单", "dispatched"),
    _dispatch("arrived", "签收", "reported in"),
    _dispatch("arrived_in_time", "按时报到", "reported in in time"),
    _dispatch("handed_back", "退单", "returned"),
    _dispatch("misdirected", "派错（同意退单或改派）", "sent to the wrong organ"),
    _dispatch("unanswered_late", "超时未报到", "not reported in, overdue", live=True),
)
MEASURES: dict[str, Measure] = {one.code: one for one in _ALL}


@dataclass(frozen=True, slots=True)
class Term:
    """One measure with its sign (1 or -1) and what it is narrowed by: field → the values that count."""

    sign: int
    measure: str
    only: tuple[tuple[str, tuple[str, ...]], ...] = ()


@dataclass(frozen=True, slots=True)
class Expression:
    """A sum of terms, with the text that it was read from."""

    text: str
    terms: tuple[Term, ...]

    @property
    def measures(self) -> tuple[str, ...]:
        """The measures that it names."""
        return tuple(dict.fromkeys(term.measure for term in self.terms))


class ExpressionError(ValueError):
    """What cannot be read: ``code`` is "syntax", "measure" or "field"; ``text`` the part that is wrong."""

    def __init__(self, code: str, text: str) -> None:
        super().__init__(f"{code}: {text}")
        self.code = code
        self.text = text


_TERM = re.compile(r"\s*(?P<sign>[+-]?)\s*(?P<name>[a-z_]+)\s*(?:\[(?P<only>[^\[\]]*)\])?\s*")
_ONLY = re.compile(r"\s*(?P<field>\w+)\s*=\s*(?P<values>[A-Za-z0-9_.-]+(?:\s*\|\s*[A-Za-z0-9_.-]+)*)\s*\Z")


def parse_expression(text: str) -> Expression:
    """Read an expression. Raises ExpressionError."""
    terms: list[Term] = []
    at = 0
    while at < len(text):
        found = _TERM.match(text, at)
        if found is None or bool(found["sign"]) != bool(terms) or len(terms) >= MOST_TERMS:
            raise ExpressionError("syntax", text[at:].strip() or text)
        if found["name"] not in MEASURES:
            raise ExpressionError("measure", found["name"])
        terms.append(Term(-1 if found["sign"] == "-" else 1, found["name"], _only(found["only"])))
        at = found.end()
    if not terms:
        raise ExpressionError("syntax", text)
    return Expression(text.strip(), tuple(terms))


def _only(text: str | None) -> tuple[tuple[str, tuple[str, ...]], ...]:
    if text is None:
        return ()
    rules: dict[str, tuple[str, ...]] = {}
    for part in text.split(","):
        found = _ONLY.match(part)
        if found is None or found["field"] in rules:
            raise ExpressionError("syntax", part.strip() or text)
        if found["field"] not in FIELDS:
            raise ExpressionError("field", found["field"])
        rules[found["field"]] = tuple(one.strip() for one in found["values"].split("|"))
    return tuple(rules.items())


def in_words(expression: Expression, names: Mapping[str, Mapping[str, str]], lang: str = "zh") -> str:
    """An expression as people read it. *names*: field → value → what it is called."""
    found = ""
    for term in expression.terms:
        text = MEASURES[term.measure].name.text(lang)
        rules = [
            "、".join(names.get(field, {}).get(one, one) for one in values) for field, values in term.only
        ]
        if rules:
            brackets = ("（", "）") if not lang.lower().startswith("en") else (" (", ")")
            text = f"{text}{brackets[0]}{'；'.join(rules)}{brackets[1]}"
        sign = ("− " if term.sign < 0 else "+ ") if found else ""
        found = f"{found} {sign}{text}".strip()
    return found
