"""How calls come in during a demonstration: when, by which way, from whom, and what each is to show."""

from __future__ import annotations

import itertools
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from huying.cases.actions import Reported, report
from huying.cases.calling import own_channel
from huying.cases.calls import Call, Reporter
from huying.cases.who import GRID, WEB, Actor
from huying.flow.definition import Flow
from huying.staff.sight import Sight
from huying.testing.demo import matters, pace, routes
from huying.testing.demo.crew import STREET, channel
from huying.testing.demo.messages import VAGUE, Generator, Message
from huying.testing.demo.words import person_name, phone

if TYPE_CHECKING:
    from huying.testing.demo.life import Life

HOURS = (
    0,
    0,
    0,
    0,
    0,
    1,
    3,
    7,
    10,
    10,
    9,
    7,
    5,
    7,
    9,
    9,
    8,
    7,
    6,
    6,
    5,
    3,
    2,
    1,
)  # how many call in each hour
SHOWN = 0.5  # at most this share of the cases is there to show something
LATE = 0.22  # share that comes in on the last day
ON_THE_SPOT = 0.35  # of what grid workers report and may handle, they handled at once
PHOTOS = 0.45


@dataclass(frozen=True, slots=True)
class Birth:
    """A call before it comes in, and what its case is to show."""

    message: Message
    goal: routes.Goal | None = None
    hurry: bool = False
    wanted: Mapping[str, Any] = field(default_factory=dict)
    kind: str = ""  # of a case that is no call


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of the play: calls of the *days* before *end*. *shows*: among them those that are to show every step
    and move, which only makes sense for the last stretch. *kinds*: how many of which kind; empty: as it comes."""

    end: datetime
    days: float
    cases: int
    shows: bool = True
    kinds: Mapping[str, int] = field(default_factory=dict)


def births(life: Life, span: Span, messages: Sequence[Message] | None = None) -> list[tuple[datetime, Birth]]:
    """When which call comes in. The goals come first, so that a short play shows as much as it can."""
    preset = life.memory.preset
    assert preset is not None
    kind = next(iter(preset.kinds))
    flow = preset.flow_of(kind)
    given = None if messages is None else list(messages[-span.cases :])
    count = span.kinds.get(kind, 0) if span.kinds else span.cases
    if given is not None:
        count = min(count, len(given))
    goals: list[routes.Goal | None] = list(routes.goals(flow)[: int(count * SHOWN)]) if span.shows else []
    goals += [None] * (count - len(goals))
    if given is not None:
        life.rng.shuffle(goals)  # the messages keep their order
    others = matters.kinds(life) if given is None else []
    turns = itertools.cycle(others)
    found = []
    for other, many in span.kinds.items():
        if other != kind and other in others:
            found += [_other(life, span, other) for _ in range(many)]
    for number, goal in enumerate(goals):
        chance = others and not span.kinds and goal is None and number < count - 1
        if chance and life.rng.random() < matters.SHARE:
            found.append(_other(life, span, next(turns)))  # in turn: a short play has every kind
            continue
        if given is not None:
            message = given[number]
        elif number == count - 1 and span.shows:  # chance alone may leave a short play without one
            message = life.generator.one(call="report")
        else:
            message = _message(life.generator, flow, goal, life.rng)
        found.append((_when(life, span, goal), Birth(message, goal, _stops(goal), _wanted(flow, goal))))
    if given is not None:
        times = sorted(at for at, _ in found)
        found = [(at, birth) for at, (_, birth) in zip(times, found, strict=True)]
    found.sort(key=lambda one: one[0])
    return found


def _other(life: Life, span: Span, kind: str) -> tuple[datetime, Birth]:
    return _when(life, span, None), Birth(matters.message(life, life.generator, kind), kind=kind)


def _stops(goal: routes.Goal | None) -> bool:
    return goal is not None and goal[0] == routes.STEP


def _message(generator: Generator, flow: Flow, goal: routes.Goal | None, rng: random.Random) -> Message:
    """A message whose case can get to what it is to show."""
    if goal is None:
        return generator.one(vague=rng.random() < VAGUE)
    way = routes.way(flow, goal)
    names = {name for move in way for name in move.when.names}
    steps = [flow.steps[move.to] for move in way if move.to is not None]
    grid = "item.grid" in names or any(s.owner is not None and s.owner.kind == "grid" for s in steps)
    first = next((move for move in way if not move.auto), None)
    if first is None or not _only_at_a_desk(flow, first):
        return generator.one(grid_item=grid, staffed=grid)
    vague = rng.random() < 0.3
    return generator.one(vague=vague, mixed=not vague, grid_item=grid, staffed=grid)


def _only_at_a_desk(flow: Flow, move: Any) -> bool:
    """Whether the way begins where calls wait that nobody could make out."""
    owner = flow.steps[move.sources[0]].owner
    return owner is not None and owner.kind == "desk"


def _wanted(flow: Flow, goal: routes.Goal | None) -> dict[str, Any]:
    """Answers that guards on the way ask of earlier moves."""
    if goal is None:
        return {}
    found: dict[str, Any] = {}
    for move in routes.way(flow, goal):
        for name, sign, values in move.when.comparisons:
            if sign == "=" and values and "." not in name and not move.auto:
                found[name] = values[0]
    return found


def _when(life: Life, span: Span, goal: routes.Goal | None) -> datetime:
    """A moment of the days of the span; what is to be seen at a step comes in shortly before the end."""
    rng, calendar = life.rng, life.calendar
    if _stops(goal):
        back = min(rng.uniform(4, 11), span.days * 6)
        return calendar.moment_of(calendar.worked(span.end) - int(back * pace.HOUR))
    reach = 1.2 if span.shows and goal is None and rng.random() < LATE else span.days
    least = min(0.3 * span.days, 2.0) if goal is not None else 0.0
    day = span.end - timedelta(days=rng.uniform(least, max(reach, least + 0.1)))
    local = day.astimezone(calendar.zone)
    at = local.replace(
        hour=rng.choices(range(24), HOURS)[0], minute=rng.randrange(60), second=rng.randrange(60)
    )
    latest = span.end - timedelta(minutes=rng.randrange(4, 90))
    return min(max(at, span.end - timedelta(days=span.days)) if not span.shows else at, latest)


def come_in(life: Life, at: datetime, birth: Birth) -> tuple[Reported, Sight | None]:
    """Report the call, by one of the ways in; what was answered, and the caller's account if any."""
    rng, message = life.rng, birth.message
    if birth.kind:
        return matters.come_in(life, at, birth.kind, message)
    name, person = channel(life.crew, rng)
    worker = life.crew.holder(f"division:{message.grid_id}", rng) if message.grid_id else None
    if name == GRID and worker is None:
        name, person = WEB, None
    elif worker is not None and (name == GRID or rng.random() < 0.4):
        name, person = GRID, worker
    staff = person is not None and not person.is_resident
    if name == STREET and person is not None:
        name = own_channel(life.memory.preset, person.roles, STREET)
    anonymous = name == WEB and person is None and rng.random() < 0.25
    confidential = message.call == "report" and (rng.random() < 0.6 or not life.played.confidential)
    actor = Actor(channel=name, sight=person)
    fields: dict[str, Any] = {}
    photos: list[str] = []
    if rng.random() < PHOTOS and name != "hotline":
        photos = [life.studio.photo(actor.scope, at) for _ in range(rng.choice((1, 1, 2)))]
    preset = life.memory.preset
    row = preset.items.get(message.item) if preset is not None else None
    if name == GRID and row is not None and row.grid and birth.goal is None and rng.random() < ON_THE_SPOT:
        fields = {"handled_now": True}
        photos.append(life.studio.photo(actor.scope, at, tidy=True))
    own = person is not None and (person.is_resident or bool(person.delegations))
    reporter = Reporter() if anonymous else _reporter(rng, person if own or name == GRID else None, staff)
    call = Call(
        body=message.body, title=message.title, call=message.call, lon=message.lon, lat=message.lat,
        address=message.address[:200], division_id=message.division_id, reporter=reporter, anonymous=anonymous,
        confidential=confidential, urgency=rng.choices((0, 1, 2), (92, 6, 2))[0], photos=tuple(photos),
        source="demo" if message.number else "", source_number=message.number, fields=fields,
    )  # fmt: skip
    made = report(life.place_id, call, actor, now=at)
    life.played.confidential += confidential
    return made, (person if own or name == GRID else None) if not anonymous else None


def _reporter(rng: random.Random, person: Sight | None, staff: bool) -> Reporter:
    if person is not None:
        return Reporter(person.person_id, "", "")
    return Reporter(None, person_name(rng), phone(rng))
