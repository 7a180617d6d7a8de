"""The state of one case or leg, small enough to be carried in a row, and its JSON form."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple

#: Alarms that belong to the whole case, not to the step.
OVERALL = ("total.warn", "total.due")
CYCLE = "cycle."
"""Begins the name of an alarm that a cycle set; the cycle's id follows."""


class Alarm(NamedTuple):
    """Something that will fall due. `at` is None while the clocks stand still; then `left` (seconds of its own
    kind of time) is what remains. `working` says whether only office hours count. `plain` alarms (a review
    date, the legs' deadline given as a date) are not stopped by a pause."""

    key: str  # round.entry.name — with the token's id it is unique for ever
    name: str  # warn · due · late.2 · join · wake · total.due · a timer's id
    at: datetime | None
    left: float | None = None
    working: bool = True
    plain: bool = False


class Past(NamedTuple):
    """What is remembered of a step that was left: who held it, what remained of its limit (seconds; None: it
    starts afresh), which alarms had gone off, and what remained until the others (name, seconds, working)."""

    owner: str
    left: float | None = None
    working: bool = True
    fired: tuple[str, ...] = ()
    rest: tuple[tuple[str, float, bool], ...] = ()


class Token(NamedTuple):
    """One active step, one owner. Immutable; the machine returns a new one."""

    flow: str
    step: str
    tier: str | None = None
    grade: Any = None
    round: int = 1
    entry: int = 0
    owner: str | None = None  # "organ:12", "division:34", "post:desk@3"; None only in an end step
    since: datetime | None = None  # when the step was entered
    due: datetime | None = None
    warn: datetime | None = None
    left: float | None = None  # of the step's limit, while paused
    working: bool = True  # the step's limit counts office hours only
    paused: bool = False
    closed: bool = False
    result: str | None = None
    ended: bool = False
    total_due: datetime | None = None
    total_left: float | None = None  # while paused or closed
    total_working: bool = True
    extensions: int = 0
    claimant: str | None = None  # who claimed it from a pool
    legs: Mapping[str, int] = {}  # result (or "open") → how many; supplied by the caller
    legs_due: bool = False
    legs_run: int = 0  # how often legs were started
    alarms: tuple[Alarm, ...] = ()
    fired: tuple[str, ...] = ()  # names fired in this entry (and of the whole case: total.…)
    past: Mapping[str, Past] = {}

    @property
    def next_at(self) -> datetime | None:
        """The earliest moment at which the clock has something to do; None if nothing runs."""
        best: datetime | None = None
        for alarm in self.alarms:
            if alarm.at is not None and (best is None or alarm.at < best):
                best = alarm.at
        return best

    def due_alarms(self, now: datetime) -> list[Alarm]:
        """Alarms that should have gone off by `now`, in the order in which they fell due."""
        ripe = [alarm for alarm in self.alarms if alarm.at is not None and alarm.at <= now]
        ripe.sort(key=lambda alarm: alarm.at or now)
        return ripe

    def to_json(self) -> dict[str, Any]:
        """JSON-able; what has its default is left out."""
        made: dict[str, Any] = {}
        for name, value in zip(self._fields, self, strict=True):
            if value == _DEFAULTS.get(name, _NOTHING):
                continue
            if name in _TIMES:
                value = stamp(value)
            elif name == "alarms":
                value = [alarm_to_json(alarm) for alarm in value]
            elif name == "fired":
                value = list(value)
            elif name == "past":
                value = {step: past_to_json(past) for step, past in value.items()}
            made[name] = value
        return made

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Token:
        """The reverse of `to_json`."""
        made = dict(data)
        for name in _TIMES:
            if name in made:
                made[name] = moment(made[name])
        if "alarms" in made:
            made["alarms"] = tuple(alarm_from_json(alarm) for alarm in made["alarms"])
        if "fired" in made:
            made["fired"] = tuple(made["fired"])
        if "past" in made:
            made["past"] = {step: past_from_json(past) for step, past in made["past"].items()}
        return cls(**made)


_NOTHING = object()
_TIMES = ("since", "due", "warn", "total_due")
_DEFAULTS = dict(Token._field_defaults)


def stamp(at: datetime | None) -> str | None:
    """ISO 8601, as events carry times."""
    return at.isoformat() if at is not None else None


def moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text is not None else None


def alarm_to_json(alarm: Alarm) -> list[Any]:
    return [alarm.key, alarm.name, stamp(alarm.at), alarm.left, alarm.working, alarm.plain]


def alarm_from_json(data: list[Any]) -> Alarm:
    key, name, at, left, working, plain = data
    return Alarm(key, name, moment(at), left, working, plain)


def past_to_json(past: Past) -> list[Any]:
    return [past.owner, past.left, past.working, list(past.fired), [list(one) for one in past.rest]]


def past_from_json(data: list[Any]) -> Past:
    owner, left, working, fired, rest = data
    return Past(owner, left, working, tuple(fired), tuple((name, seconds, w) for name, seconds, w in rest))
