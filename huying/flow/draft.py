"""A token being changed. Everything that changes is an event, and `Draft.apply` is the only place where an
event becomes state: the machine and the replay both go through it, so they cannot disagree."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from .definition import Flow
from .token import (
    CYCLE,
    OVERALL,
    Alarm,
    Past,
    Token,
    alarm_from_json,
    moment,
    past_from_json,
)

Event = dict[str, Any]
_FIELDS = Token._fields


class Draft:
    """Mutable, with the fields of Token; short-lived."""

    __slots__ = (*_FIELDS, "definition")

    definition: Flow
    flow: str
    step: str
    tier: str | None
    grade: Any
    round: int
    entry: int
    owner: str | None
    since: datetime | None
    due: datetime | None
    warn: datetime | None
    left: float | None
    working: bool
    paused: bool
    closed: bool
    result: str | None
    ended: bool
    total_due: datetime | None
    total_left: float | None
    total_working: bool
    extensions: int
    claimant: str | None
    legs: Mapping[str, int]
    legs_due: bool
    legs_run: int
    alarms: tuple[Alarm, ...]
    fired: tuple[str, ...]
    past: Mapping[str, Past]

    def __init__(self, definition: Flow, token: Token) -> None:
        self.definition = definition
        (
            self.flow, self.step, self.tier, self.grade, self.round, self.entry, self.owner, self.since, self.due,
            self.warn, self.left, self.working, self.paused, self.closed, self.result, self.ended, self.total_due,
            self.total_left, self.total_working, self.extensions, self.claimant, self.legs, self.legs_due,
            self.legs_run, self.alarms, self.fired, self.past,
        ) = token  # fmt: skip

    def freeze(self) -> Token:
        return Token(
            self.flow, self.step, self.tier, self.grade, self.round, self.entry, self.owner, self.since, self.due,
            self.warn, self.left, self.working, self.paused, self.closed, self.result, self.ended, self.total_due,
            self.total_left, self.total_working, self.extensions, self.claimant, self.legs, self.legs_due,
            self.legs_run, self.alarms, self.fired, self.past,
        )  # fmt: skip

    # -- what guards see beyond the fields
    @property
    def tier_index(self) -> int | None:
        return self.definition.tier_index.get(self.tier) if self.tier is not None else None

    @property
    def join(self) -> str:
        legs = self.definition.steps[self.step].legs
        return legs.join if legs is not None else "all"

    def apply(self, event: Event) -> None:
        """Make the state what the event says. Events without meaning for the state pass by."""
        change = _CHANGES.get(event["event"])
        if change is not None:
            change(self, event)


def _started(draft: Draft, event: Event) -> None:
    draft.tier, draft.grade = event.get("tier"), event.get("grade")
    if "total_due" in event:
        draft.total_due = moment(event["total_due"])
        draft.total_working = event["working"]
        _add_alarms(draft, event)


def _moved(draft: Draft, event: Event) -> None:
    if "result" in event:
        draft.result = event["result"]


def _left(draft: Draft, event: Event) -> None:
    if "past" in event:
        draft.past = {**draft.past, draft.step: past_from_json(event["past"])}
    draft.alarms = tuple([alarm for alarm in draft.alarms if alarm.name in OVERALL])
    draft.fired = tuple([name for name in draft.fired if name in OVERALL])
    draft.due = draft.warn = draft.left = None
    draft.owner = None


def _entered(draft: Draft, event: Event) -> None:
    draft.step, draft.entry = event["step"], event["entry"]
    draft.owner = event.get("owner")
    draft.since = moment(event["at"])
    draft.due, draft.warn = moment(event.get("due")), moment(event.get("warn"))
    draft.working = event.get("working", True)
    draft.ended = event.get("ended", False)
    if "fired" in event:
        draft.fired = (*draft.fired, *event["fired"])
    if "alarms" in event:
        _add_alarms(draft, event)


def _passed(draft: Draft, event: Event) -> None:
    draft.step, draft.entry = event["step"], event["entry"]
    draft.since = moment(event["at"])
    draft.ended = False


def _add_alarms(draft: Draft, event: Event) -> None:
    draft.alarms = (*draft.alarms, *[alarm_from_json(alarm) for alarm in event.get("alarms", ())])


def _set_alarms(draft: Draft, event: Event) -> None:
    draft.alarms = tuple([alarm_from_json(alarm) for alarm in event["alarms"]])


def _tier(draft: Draft, event: Event) -> None:
    draft.tier = event["tier"]


def _grade(draft: Draft, event: Event) -> None:
    draft.grade = event["grade"]


def _round(draft: Draft, event: Event) -> None:
    draft.round = event["round"]
    draft.closed = draft.ended = False
    draft.result = None
    # the same people may take it up again, but what was used up in the last round does not count
    draft.past = {step: Past(past.owner) for step, past in draft.past.items()}
    draft.total_due, draft.total_left = moment(event.get("total_due")), None
    _set_alarms(draft, event)


def _closed(draft: Draft, event: Event) -> None:
    draft.closed, draft.result = True, event["result"]
    draft.total_due, draft.total_left = None, event.get("total_left")
    draft.alarms = tuple([alarm for alarm in draft.alarms if alarm.name not in OVERALL])


def _paused(draft: Draft, event: Event) -> None:
    draft.paused = True
    draft.due = draft.warn = draft.total_due = None
    draft.left, draft.total_left = event.get("left"), event.get("total_left")
    _set_alarms(draft, event)


def _resumed(draft: Draft, event: Event) -> None:
    draft.paused = False
    draft.left = draft.total_left = None
    draft.due, draft.warn = moment(event.get("due")), moment(event.get("warn"))
    draft.total_due = moment(event.get("total_due"))
    _set_alarms(draft, event)


def _extended(draft: Draft, event: Event) -> None:
    draft.extensions = event["count"]
    draft.due, draft.warn = moment(event.get("due")), moment(event.get("warn"))
    draft.total_due = moment(event.get("total_due"))
    draft.left, draft.total_left = event.get("left"), event.get("total_left")
    _set_alarms(draft, event)


def _fired(draft: Draft, event: Event) -> None:
    draft.alarms = tuple([alarm for alarm in draft.alarms if alarm.key != event["key"]])
    if not event["name"].startswith(CYCLE):  # it comes again, and its key holds the date: nothing to remember
        draft.fired = (*draft.fired, event["name"])


def _claimed(draft: Draft, event: Event) -> None:
    draft.claimant = event["owner"]


def _legs(draft: Draft, event: Event) -> None:
    if event["op"] == "start":
        draft.legs, draft.legs_due, draft.legs_run = {}, False, event["run"]


def _legs_left(draft: Draft, event: Event) -> None:
    draft.legs, draft.legs_due = {}, False


def _legs_counted(draft: Draft, event: Event) -> None:
    draft.legs = event["counts"]


def _legs_due(draft: Draft, event: Event) -> None:
    draft.legs_due = True


def _migrated(draft: Draft, event: Event) -> None:
    """Another edition of the flow: the step's new name, and only those alarms that it knows."""
    draft.flow, draft.step = event["flow"], event["step"]
    _set_alarms(draft, event)


def _stuck(draft: Draft, event: Event) -> None:
    draft.owner = event["owner"]


_CHANGES: dict[str, Callable[[Draft, Event], None]] = {
    "started": _started, "moved": _moved, "left": _left, "entered": _entered, "passed": _passed, "tier": _tier,
    "grade": _grade, "round": _round, "closed": _closed, "paused": _paused, "resumed": _resumed,
    "extended": _extended, "fired": _fired, "overdue": _add_alarms, "reminder": _add_alarms, "cycled": _add_alarms, "claimed": _claimed,
    "legs": _legs, "legs_left": _legs_left, "legs_counted": _legs_counted, "legs_due": _legs_due, "stuck": _stuck,
    "migrated": _migrated,
}  # fmt: skip
