"""reviews.yaml: what it says in itself; references are checked in `check_reviews`."""

from __future__ import annotations

from typing import Any

from huying.presets.definition import Words
from huying.presets.review_definition import (
    LEAST_PEOPLE,
    LEVELS,
    OCCASIONS,
    PERIODS,
    UNITS,
    Appraisal,
    Draw,
    Part,
    Review,
    Reviews,
    Rule,
)
from huying.presets.shape import Doc
from huying.worktime import LimitError, parse_limit

FILE = "reviews.yaml"
_TOP = (
    "of",
    "moves",
    "link_days",
    "call_back",
    "check",
    "look_back",
    "appeal",
    "deductions",
    "appraisal",
    "note",
)
_REVIEW = ("kind", "name", "draws", "done", "again", "least", "every", "opening", "closing", "window", "note")
_DRAW = ("id", "name", "when", "share", "items", "calls", "grades", "results")
_RULE = (
    "id",
    "name",
    "points",
    "unit",
    "moves",
    "overdue",
    "results",
    "answers",
    "channels",
    "times",
    "note",
    "scored",
)
_GROUNDS = ("moves", "overdue", "results", "answers")
#: What a closing move of each kind of task may mean.
MEANINGS = {
    "call_back": ("answered", "given_up"),
    "check": ("passed", "failed"),
    "look_back": ("holds", "came_back"),
    "appeal": ("upheld", "corrected"),
}
ANSWERS = ("unsatisfied", "unsolved", "failed", "came_back")


def read_reviews(doc: Doc) -> Reviews:
    """reviews.yaml as Reviews; problems go to `doc`."""
    data = doc.mapping(doc.source.data, (), FILE, _TOP, ("of",))
    moves = doc.mapping(data.get("moves") or {}, ("moves",), "moves", ("rated", "again", "reopen"))
    window = doc.text((data.get("appeal") or {}).get("window") if isinstance(data.get("appeal"), dict) else None,
                      ("appeal", "window"), "window") or "5 workdays"  # fmt: skip
    try:
        window = str(parse_limit(window))
    except LimitError:
        doc.wrong("bad-limit", ("appeal", "window"), text=window, where="appeal.window")
    return Reviews(
        of=doc.codes(data.get("of"), ("of",), "of"),
        call_back=_review(doc, data, "call_back"),
        check=_review(doc, data, "check"),
        look_back=_review(doc, data, "look_back"),
        appeal=_review(doc, data, "appeal"),
        appeal_window=window,
        rules=_rules(doc, data),
        appraisals=_appraisals(doc, data),
        reopen=doc.code(moves.get("reopen"), ("moves", "reopen"), "reopen"),
        rated=doc.code(moves.get("rated"), ("moves", "rated"), "rated"),
        again=doc.code(moves.get("again"), ("moves", "again"), "again"),
        link_days=int(doc.number(data, "link_days", (), 30, 1, 365)),
    )


def _review(doc: Doc, data: dict[str, Any], key: str) -> Review | None:
    if data.get(key) is None:
        return None
    one = doc.mapping(data[key], (key,), key, _REVIEW, ("kind", "name"))
    done = doc.mapping(one.get("done") or {}, (key, "done"), f"{key}.done", MEANINGS[key], MEANINGS[key])
    every = doc.choice(one.get("every"), (key, "every"), "every", PERIODS)
    return Review(
        kind=doc.code(one.get("kind"), (key, "kind"), "kind"),
        name=doc.words(one.get("name"), (key, "name"), "name"),
        draws=_draws(doc, one, key),
        done={name: doc.code(value, (key, "done", name), name) for name, value in done.items()},
        again=doc.codes(one.get("again"), (key, "again"), "again"),
        least=int(doc.number(one, "least", (key,), 0, 0, 1000)),
        every=every or ("half-year" if key == "look_back" else ""),
        opening=_said(doc, one, key, "opening"),
        closing=_said(doc, one, key, "closing"),
    )


def _said(doc: Doc, one: dict[str, Any], key: str, part: str) -> Words:
    return doc.words(one[part], (key, part), part, 400) if one.get(part) else Words("")


def _draws(doc: Doc, one: dict[str, Any], key: str) -> tuple[Draw, ...]:
    found: list[Draw] = []
    for i, raw in enumerate(doc.items(one.get("draws"), (key, "draws"), "draws")):
        path = (key, "draws", i)
        row = doc.mapping(raw, path, f"{key}.draws", _DRAW, ("id", "name"))
        ident = _ident(doc, row, path, [draw.id for draw in found])
        grades = doc.items(row.get("grades"), (*path, "grades"), "grades")
        found.append(
            Draw(
                ident, doc.words(row.get("name"), (*path, "name"), "name"),
                doc.choice(row.get("when"), (*path, "when"), "when", OCCASIONS, "closed"),
                doc.number(row, "share", path, 100, 0, 100),
                doc.codes(row.get("items"), (*path, "items"), "items"),
                doc.codes(row.get("calls"), (*path, "calls"), "calls"),
                tuple(one for one in grades if isinstance(one, int)),
                doc.codes(row.get("results"), (*path, "results"), "results"),
            )
        )  # fmt: skip
    return tuple(found)


def _ident(doc: Doc, row: dict[str, Any], path: Any, seen: list[str]) -> str:
    ident = doc.code(row.get("id"), (*path, "id"), "id")
    if ident in seen:
        doc.wrong("duplicate-value", (*path, "id"), text=ident, where="id")
    return ident


def _rules(doc: Doc, data: dict[str, Any]) -> tuple[Rule, ...]:
    part = doc.mapping(data.get("deductions") or {}, ("deductions",), "deductions", ("rules", "note"))
    found: list[Rule] = []
    for i, raw in enumerate(doc.items(part.get("rules"), ("deductions", "rules"), "rules")):
        path = ("deductions", "rules", i)
        row = doc.mapping(raw, path, "deductions.rules", _RULE, ("id", "name", "points"))
        ident = _ident(doc, row, path, [rule.id for rule in found])
        grounds = [name for name in _GROUNDS if row.get(name)]
        scored = doc.flag(row, "scored", path)
        if len(grounds) + scored != 1:
            doc.wrong("rule-grounds", path, id=ident or "?", known=", ".join((*_GROUNDS, "scored: yes")))
        codes = {
            name: doc.codes(row.get(name), (*path, name), name) for name in (*_GROUNDS, "channels")
        }  # fmt: skip
        for k, answer in enumerate(codes["answers"]):
            doc.choice(answer, (*path, "answers", k), "answers", ANSWERS)
        found.append(
            Rule(
                ident, doc.words(row.get("name"), (*path, "name"), "name"),
                float(doc.number(row, "points", path, 1, 0, 100)),
                doc.choice(row.get("unit"), (*path, "unit"), "unit", UNITS, "handler"),
                codes["moves"], codes["overdue"], codes["results"], codes["answers"], codes["channels"],
                int(doc.number(row, "times", path, 0, 0, 100)), scored,
            )
        )  # fmt: skip
    return tuple(found)


def _appraisals(doc: Doc, data: dict[str, Any]) -> dict[str, Appraisal]:
    raw = doc.mapping(data.get("appraisal") or {}, ("appraisal",), "appraisal", LEVELS)
    found: dict[str, Appraisal] = {}
    for level, value in raw.items():
        path = ("appraisal", level)
        known = ("parts", "least", "deduction", *(("people",) if level == "grid" else ()))
        one = doc.mapping(value, path, f"appraisal.{level}", known, ("parts",))
        parts = []
        for i, part in enumerate(doc.items(one.get("parts"), (*path, "parts"), "parts")):
            at = (*path, "parts", i)
            row = doc.mapping(
                part,
                at,
                f"appraisal.{level}",
                ("indicator", "weight", "worst", "best"),
                ("indicator", "weight"),
            )
            made = Part(
                doc.code(row.get("indicator"), (*at, "indicator"), "indicator"),
                float(doc.number(row, "weight", at, 1, 0, 1000)),
                float(doc.number(row, "worst", at, 0, 0, 1)), float(doc.number(row, "best", at, 1, 0, 1)),
            )  # fmt: skip
            if made.worst == made.best:
                doc.wrong("bad-range", at, where=made.indicator)
            parts.append(made)
        found[level] = Appraisal(
            level, tuple(parts), int(doc.number(one, "least", path, 5, 0, 100000)),
            float(doc.number(one, "deduction", path, 1, 0, 100)),
            int(doc.number(one, "people", path, 3, LEAST_PEOPLE, 1000)),
        )  # fmt: skip
    return found
