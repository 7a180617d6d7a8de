"""indicators.yaml: read, and checked against the other files."""

from __future__ import annotations

from typing import Any

from huying.flow.source import Problem
from huying.presets.definition import Preset, Words
from huying.presets.indicator_definition import DIRECTIONS, LEVELS, UNITS, Indicator, Indicators, Score
from huying.presets.measures import (
    BASES,
    FIELDS,
    MEASURES,
    Expression,
    ExpressionError,
    parse_expression,
)
from huying.presets.problems import problem
from huying.presets.read_place import CALLS
from huying.presets.shape import Doc

FILE = "indicators.yaml"
_KEYS = (
    "name", "meaning", "numerator", "denominator", "exclusions", "basis", "unit", "direction", "levels", "good", "fair",
    "main", "note",
)  # fmt: skip
_SCORE_KEYS = ("name", "meaning", "weights", "levels", "good", "fair", "note")
Path = tuple[str | int, ...]


def read_indicators(doc: Doc) -> Indicators:
    """The file as Indicators; problems go to *doc*."""
    data = doc.mapping(doc.source.data, (), FILE, ("small", "indicators", "scores", "note"), ("indicators",))
    indicators: dict[str, Indicator] = {}
    for code, value in doc.part(data, "indicators").items():
        one = _indicator(doc, code, value)
        if one is not None:
            indicators[code] = one
    scores: dict[str, Score] = {}
    raw = doc.part(data, "indicators")
    for code, value in doc.part(data, "scores").items():
        if code in raw:
            doc.wrong(
                "duplicate-code", ("scores", code), code=code, first=doc.source.line("indicators", code)
            )
            continue
        scores[code] = _score(doc, code, value, indicators, set(raw))
    small = doc.number(data, "small", (), 10, 1, 1000)
    return Indicators(int(small), indicators, scores)


def _indicator(doc: Doc, code: str, value: Any) -> Indicator | None:
    path: Path = ("indicators", code)
    doc.code(code, path, "indicators")
    where = f"indicators.{code}"
    one = doc.mapping(
        value, path, where, _KEYS, ("name", "meaning", "numerator", "basis", "unit", "direction")
    )
    basis = doc.choice(one.get("basis"), (*path, "basis"), "basis", BASES, "in")
    unit = doc.choice(one.get("unit"), (*path, "unit"), "unit", UNITS, "percent")
    direction = doc.choice(one.get("direction"), (*path, "direction"), "direction", DIRECTIONS, "none")
    numerator = _expression(doc, one, "numerator", path)
    denominator = _expression(doc, one, "denominator", path)
    if unit == "percent" and one.get("denominator") in (None, "") and one:
        doc.wrong("missing", path, where=where, key="denominator")
    if unit == "cases" and denominator is not None:
        doc.wrong("indicator-denominator", (*path, "denominator"), where=where)
    if numerator is None:
        return None
    exclusions = doc.codes(one.get("exclusions"), (*path, "exclusions"), "exclusions")
    for i, name in enumerate(exclusions):
        if name not in MEASURES:
            doc.wrong(
                "unknown-measure", (*path, "exclusions", i), name=name, where=where, like=(name, MEASURES)
            )
    of = MEASURES[numerator.terms[0].measure].of
    named = [*numerator.measures, *(denominator.measures if denominator else ())]
    named += [name for name in exclusions if name in MEASURES]
    for name in dict.fromkeys(named):
        measure = MEASURES[name]
        if measure.of != of:
            doc.wrong("mixed-measures", path, where=where, name=name, first=numerator.terms[0].measure)
            break
        if basis not in measure.bases:
            doc.wrong(
                "measure-basis", (*path, "basis"), name=name, basis=basis, bases=", ".join(measure.bases)
            )
            break
    least, most = (0, 1) if unit == "percent" else (0, 1_000_000)
    good, fair = _thresholds(doc, one, path, direction, least, most)
    return Indicator(
        code, _words(doc, one, "name", path), _words(doc, one, "meaning", path, 400), numerator, denominator, of, basis,
        unit, "" if direction == "none" else direction, tuple(name for name in exclusions if name in MEASURES),
        _levels(doc, one, path), good, fair, doc.flag(one, "main", path), doc.source.line(*path),
    )  # fmt: skip


def _words(doc: Doc, data: dict[str, Any], key: str, path: Path, most: int = 60) -> Words:
    return doc.words(data[key], (*path, key), key, most) if data.get(key) else Words("")


def _expression(doc: Doc, data: dict[str, Any], key: str, path: Path) -> Expression | None:
    text = doc.text(data.get(key), (*path, key), key, 400)
    if not text:
        return None
    try:
        return parse_expression(text)
    except ExpressionError as error:
        at = (*path, key)
        if error.code == "measure":
            doc.wrong("unknown-measure", at, name=error.text, where=key, like=(error.text, MEASURES))
        elif error.code == "field":
            doc.wrong("bad-choice", at, text=error.text, where=f"{key} […]", like=(error.text, FIELDS))
        else:
            doc.wrong("bad-expression", at, text=error.text, where=key)
        return None


def _thresholds(
    doc: Doc, data: dict[str, Any], path: Path, direction: str, least: float, most: float
) -> tuple[float | None, float | None]:
    found = [
        doc.number(data, key, path, 0, least, most) if data.get(key) is not None else None
        for key in ("good", "fair")
    ]
    good, fair = found
    if (good is None) != (fair is None):
        doc.wrong("missing", path, where=str(path[-1]), key="good" if good is None else "fair")
        return None, None
    if good is not None and fair is not None:
        if direction == "none":
            doc.wrong("threshold-direction", (*path, "good"), where=str(path[-1]))
        elif (good < fair) if direction == "higher" else (good > fair):
            doc.wrong("threshold-order", (*path, "good"), where=str(path[-1]), direction=direction)
    return good, fair


def _levels(doc: Doc, data: dict[str, Any], path: Path) -> tuple[str, ...]:
    found = doc.codes(data.get("levels"), (*path, "levels"), "levels")
    for i, name in enumerate(found):
        if name not in LEVELS:
            doc.wrong("bad-choice", (*path, "levels", i), text=name, where="levels", like=(name, LEVELS))
    return tuple(name for name in found if name in LEVELS) or LEVELS


def _score(doc: Doc, code: str, value: Any, indicators: dict[str, Indicator], written: set[str]) -> Score:
    path: Path = ("scores", code)
    doc.code(code, path, "scores")
    one = doc.mapping(value, path, f"scores.{code}", _SCORE_KEYS, ("name", "meaning", "weights"))
    raw = doc.mapping(one["weights"], (*path, "weights"), "weights") if one.get("weights") is not None else {}
    weights: dict[str, float] = {}
    for name in raw:
        at = (*path, "weights", name)
        if name not in written:
            doc.wrong("score-indicator", at, name=name, where=f"scores.{code}", like=(name, written))
            continue
        found = indicators.get(name)
        if found is not None and (found.unit != "percent" or not found.direction):
            doc.wrong("score-of-count", at, name=name, where=f"scores.{code}")
        weights[name] = doc.number(raw, name, (*path, "weights"), 0, 0, 100)
    total = sum(weights.values())
    if weights and set(weights) == set(raw) and abs(total - 100) > 1e-6:
        doc.wrong("weights-total", (*path, "weights"), where=f"scores.{code}", total=f"{total:g}")
    good, fair = _thresholds(doc, one, path, "higher", 0, 100)
    return Score(
        code, _words(doc, one, "name", path), _words(doc, one, "meaning", path, 400), weights, _levels(doc, one, path),
        good, fair, doc.source.line(*path),
    )  # fmt: skip


def check_indicators(preset: Preset, broken: frozenset[str]) -> list[Problem]:
    """Values that expressions are narrowed by must be there: kinds of call, channels, items, kinds of case."""
    known: dict[str, Any] = {
        "call": CALLS, "channel": [one.code for one in preset.place.channels], "item": [one.code for one in preset.leaves],
        "kind": preset.kinds,
    }  # fmt: skip
    files = {"channel": "place.yaml", "item": "catalogue.csv", "kind": "kinds.yaml"}
    found = []
    for one in preset.indicators.indicators.values():
        for expression in (one.numerator, one.denominator):
            for term in expression.terms if expression else ():
                for field, values in term.only:
                    if files.get(field) in broken:
                        continue
                    for value in values:
                        if value not in known[field]:
                            where = f"{one.id} [{field}=…]"
                            found.append(
                                problem("bad-choice", FILE, one.line, text=value, where=where, like=(value, known[field]))
                            )  # fmt: skip
    return found
