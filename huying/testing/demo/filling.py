"""How a scripted official fills in the form of a move: any form of any preset."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from huying.flow.definition import Flow, Move
from huying.presets.fields import FormField
from huying.presets.forms import FormSchema
from huying.testing.demo.words import phone, written
from huying.worktime import Calendar

ASKED = 0.5  # share of optional fields that are filled in
# How often each choice is taken, where the first is not simply the usual one.
ODDS: dict[str, tuple[float, ...]] = {
    "satisfaction": (70, 19, 11),
    "solved": (82, 12, 6),
    "truth": (85, 9, 6, 0.1),
    "completion": (75, 17, 8),
    "contact_how": (60, 22, 13, 5),
    "ours": (45, 35, 20),
}
FIRST = 5.0  # how much more usual the first choice of any other list is than the next


@dataclass
class Pen:
    """What is at hand while a form is filled in."""

    rng: random.Random
    calendar: Calendar
    now: datetime
    item: str = ""  # what the case is really about
    organ: str = ""  # whose duty it really is, by code
    organs: tuple[str, ...] = ()  # who may be asked to help
    other: Callable[[], str] = str  # looks for the number of another case
    about: Mapping[str, str] = field(default_factory=dict)
    facts: Mapping[str, Any] = field(default_factory=dict)
    wanted: Mapping[str, Any] = field(default_factory=dict)  # values that the plan asks for
    stage: Any = None  # makes a photo and gives its token
    limits: frozenset[str] = frozenset()  # fields that say by when (``limit_fields``)


def fill(schema: FormSchema, move: Move, pen: Pen) -> dict[str, Any]:
    """Values for every field that must be given and some of the others."""
    forced = {**_forced(move), **pen.wanted}
    data: dict[str, Any] = {}
    for one in schema.fields:
        needed = one.id in move.needs or one.id in forced
        if not schema.asked(one, data, pen.facts):
            continue
        if not (needed or (one.required and one.when is not None)) and pen.rng.random() > ASKED:
            continue
        value = forced.get(one.id) if one.id in forced else _value(one, move, pen)
        if value == "" and one.type == "organ" and needed and pen.organs:
            value = pen.organs[0]  # "as the handbook says" will not do where an organ has to be named
        if value not in (None, "", []):
            data[one.id] = value
    return data


def limit_fields(flows: Iterable[Flow]) -> frozenset[str]:
    """The fields that say by when something has to be done: those that limits of *flows* are read from, and ``due``,
    as extensions and parts of a case name it."""
    limits = (
        limit for flow in flows for limit in (flow.limit, *(step.limit for step in flow.steps.values()))
    )
    read = (one for limit in limits if limit is not None for one in limit.each())
    return frozenset({"due"} | {one.name for one in read if one.kind == "field"})


def _forced(move: Move) -> dict[str, Any]:
    """What the guard of a move wants of its own fields, where it says so plainly."""
    asked = {*move.needs, *move.asks}
    return {
        name: values[0]
        for name, sign, values in move.when.comparisons
        if sign == "=" and name in asked and values
    }


def _value(one: FormField, move: Move, pen: Pen) -> Any:
    rng = pen.rng
    if one.type == "choice":
        return _choice(one, pen)
    if one.type == "choices":
        return [rng.choice(one.choices).id] if one.choices else []
    if one.type == "item":
        return pen.item
    if one.type == "organ":
        return pen.organ
    if one.type == "organs":
        return list(pen.organs[: max(int(one.min or 1), rng.choice((2, 2, 3)))])
    if one.type == "number":
        low = int(one.min or 1)
        return rng.randint(low, min(int(one.max or low + 4), low + 4))
    if one.type == "yesno":
        return rng.random() < 0.4
    if one.type == "date":
        return (pen.now + timedelta(days=rng.randint(8, 40))).astimezone(pen.calendar.zone).date().isoformat()
    if one.type == "datetime":
        return _moment(one, pen)
    if one.type in ("photo", "files"):
        return [pen.stage()] if pen.stage is not None else []
    if one.type in ("text", "long"):
        return _text(one, move, pen)
    if one.type == "duration":
        return f"{rng.randint(2, 5)} workdays"
    if one.type == "money":
        return str(rng.randint(1, 40) * 50)
    return None


def _choice(one: FormField, pen: Pen) -> str:
    ids = [choice.id for choice in one.choices]
    odds = list(ODDS.get(one.id, (FIRST,)))[: len(ids)]
    odds += [1.0] * (len(ids) - len(odds))
    return pen.rng.choices(ids, odds)[0]


def _moment(one: FormField, pen: Pen) -> str:
    """A limit lies some office hours ahead; anything else has just happened."""
    calendar = pen.calendar
    if one.id in pen.limits:
        worked = calendar.worked(pen.now) + int(pen.rng.uniform(6, 30) * 3_600_000_000)
        at = calendar.moment_of(worked)
    else:
        at = pen.now - timedelta(minutes=pen.rng.randint(5, 50))
    return at.astimezone(calendar.zone).isoformat(timespec="minutes")


def _text(one: FormField, move: Move, pen: Pen) -> str:
    if "phone" in one.id:
        return phone(pen.rng)
    if one.id == "other":
        return pen.other()
    text = written(one.id, pen.rng, move.id, **pen.about)
    while len(text) < int(one.min or 0):
        text += written("", pen.rng)
    return text[: int(one.max or 4000)]
