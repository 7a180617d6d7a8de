"""Limits, alarms, pauses and extensions of one token. Working out times happens here, once; the result is
recorded in events and never worked out again.

A step's limit and alarms count in the office hours of whoever holds the step; the overall limit, which nobody
holds, in those of the case as a whole (`OF_ALL`), so that it does not move when the case goes from hand to hand."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from .cycles import alarms_of
from .definition import Effect, Limit, Span, Step, Timer
from .draft import Draft, Event
from .guards import Env
from .token import OVERALL, Alarm, alarm_to_json, stamp
from .words import parse_span
from .world import BadValue, World

OF_ALL = None


def read_moment(value: Any) -> datetime | None:
    """A zoned moment: a datetime or ISO text with its offset."""
    if isinstance(value, str):
        try:
            value = datetime.fromisoformat(value)
        except ValueError:
            return None
    return value if isinstance(value, datetime) and value.tzinfo is not None else None


def find_limit(
    limit: Limit | None, world: World, env: Env, draft: Draft, now: datetime
) -> Span | datetime | None:
    """What a limit means now: an amount of time, a moment, or nothing."""
    for one in limit.each() if limit is not None else ():
        if one.kind == "none":
            break
        found: Span | datetime | None = None
        if one.kind == "span":
            found = one.span
        elif one.kind == "item":
            found = world.span(one, draft.freeze(), env.facts)
        else:
            value = env.look_up(one.name)
            if value is not None:
                found = read_moment(value) or (parse_span(value) if isinstance(value, str) else None)
                if one.name in env.fields and (
                    found is None or (isinstance(found, datetime) and found <= now)
                ):
                    raise BadValue(one.name)
        if found is not None:
            return found
    return None


def part(now: datetime, limit: Span | datetime, share: float, world: World, owner: str | None) -> datetime:
    """The moment at which `share` of the limit is used up."""
    if isinstance(limit, datetime):
        return now + (limit - now) * share
    return world.after(now, limit, owner, share)


def start_clock(step: Step, draft: Draft, world: World, env: Env, now: datetime) -> Event:
    """The time part of an ``entered`` event: due, warn and alarms of a step entered now by its owner."""
    event: Event = {}
    prefix, owner = f"{draft.round}.{draft.entry + 1}.", draft.owner
    alarms: list[Alarm] = []
    past = draft.past.get(step.id)
    legs = step.legs
    limit: Span | datetime | None = None
    if past is not None and past.left is not None and past.owner == owner and step.resume:
        working = past.working
        due: datetime | None = _go_on(now, past.left, working, world, owner)
        warn: datetime | None = None
        for name, seconds, counted in past.rest:
            at = world.later(now, seconds, counted, owner) if seconds > 0 else now
            if name == "warn":
                warn = at
            alarms.append(Alarm(prefix + name, name, at, None, counted))
        event["resumed"] = True
        if past.fired:
            event["fired"] = list(past.fired)
        if "due" in past.fired:  # it was overdue already: go on reminding
            alarms += reminders(step, prefix, now, world, owner)
        else:
            alarms.append(Alarm(prefix + "due", "due", due, None, working))
        kept = {name for name, _, _ in past.rest} | set(past.fired)
        timers = [timer for timer in step.timers if timer.after is not None and timer.id not in kept]
    else:
        limit = find_limit(step.limit, world, env, draft, now)
        due, warn, working = None, None, True
        timers = list(step.timers)
        if limit is not None:
            working = isinstance(limit, Span) and limit.working
            due = part(now, limit, 1.0, world, owner)
            if step.warn:
                warn = part(now, limit, step.warn, world, owner)
                alarms.append(Alarm(prefix + "warn", "warn", warn, None, working))
    for timer in timers:
        at2, counted = timer_at(timer, limit, due, now, world, working, owner)
        if at2 is not None:
            alarms.append(Alarm(prefix + timer.id, timer.id, at2, None, counted))
    if legs is not None and legs.join == "deadline":
        deadline = find_limit(legs.deadline, world, env, draft, now) if legs.deadline is not None else None
        joint = part(now, deadline, 1.0, world, owner) if deadline is not None else due
        if joint is not None:
            alarms.append(Alarm(prefix + "join", "join", joint, None, working))
    if due is not None and not event:
        alarms.append(Alarm(prefix + "due", "due", due, None, working))
    alarms += alarms_of(step, draft, now, world)
    if due is not None:
        event["due"] = due.isoformat()
    if warn is not None:
        event["warn"] = warn.isoformat()
    if not working:
        event["working"] = False
    if alarms:
        event["alarms"] = [alarm_to_json(alarm) for alarm in alarms]
    return event


def timer_at(
    timer: Timer,
    limit: Span | datetime | None,
    due: datetime | None,
    now: datetime,
    world: World,
    working: bool,
    owner: str | None,
) -> tuple[datetime | None, bool]:
    """When a timer set now goes off, and in which kind of time it counts; None if its limit does not exist."""
    if timer.after is not None:
        return world.after(now, timer.after, owner), timer.after.working
    if timer.share is not None:
        return (
            (part(now, limit, timer.share, world, owner), working) if limit is not None else (None, working)
        )
    if due is None or timer.before is None:
        return None, working
    counted = timer.before.working
    span = world.left(now, world.after(now, timer.before, owner), counted, owner)
    ahead = world.left(now, due, counted, owner) - span
    return (world.later(now, ahead, counted, owner) if ahead > 0 else now), counted


def reminders(step: Step, prefix: str, now: datetime, world: World, owner: str | None) -> list[Alarm]:
    """The alarms that run once a step is overdue."""
    found = []
    for timer in step.overdue:
        if timer.after is not None:
            name, at = f"{timer.id}.1", world.after(now, timer.after, owner)
            found.append(Alarm(prefix + name, name, at, None, timer.after.working))
    return found


def leave_clock(step: Step, draft: Draft, world: World, now: datetime) -> Event:
    """The ``left`` event: what to remember for the same owner coming back."""
    event: Event = {"event": "left", "step": step.id}
    if draft.owner is None:
        return event
    left, rest = None, []
    gone = [name.partition("+")[0] for name in draft.fired if name not in OVERALL] if draft.fired else []
    lapsed = "due" in gone and bool(draft.definition.plans[step.id].lapse)
    fired: list[str] = []
    # looked back at every half year, a closed case gets the whole limit each time
    if draft.due is not None and not draft.closed and not lapsed:
        left = world.left(now, draft.due, draft.working, draft.owner)
        limited = step.limited
        extended = False
        for alarm in draft.alarms:
            base = alarm.name.partition("+")[0]
            if base == "due":
                extended = True
            elif base in limited and alarm.at is not None:
                left_of = world.left(now, alarm.at, alarm.working, draft.owner)
                rest.append([base, left_of, alarm.working])
        if gone:
            fired = sorted(name for name in set(gone) if name in limited and not (name == "due" and extended))
    event["past"] = [draft.owner, left, draft.working, fired, rest]
    return event


def start_total(draft: Draft, world: World, env: Env, now: datetime) -> Event:
    """The time part of a ``started`` event: the overall limit, set once for good."""
    flow = draft.definition
    limit = find_limit(flow.limit, world, env, draft, now)
    if limit is None:
        return {}
    working = isinstance(limit, Span) and limit.working
    due = part(now, limit, 1.0, world, OF_ALL)
    alarms = [Alarm("0.0.total.due", "total.due", due, None, working)]
    if flow.warn:
        warn = part(now, limit, flow.warn, world, OF_ALL)
        alarms.insert(0, Alarm("0.0.total.warn", "total.warn", warn, None, working))
    return {"total_due": due.isoformat(), "working": working, "alarms": [alarm_to_json(a) for a in alarms]}


def close_clock(draft: Draft, world: World, now: datetime) -> Event:
    """What remains of the overall limit when the case closes (kept for a later round)."""
    if draft.total_due is None:
        return {"total_left": draft.total_left} if draft.total_left is not None else {}
    return {"total_left": world.left(now, draft.total_due, draft.total_working, OF_ALL)}


def reopen_clock(draft: Draft, world: World, now: datetime) -> Event:
    """The overall limit of a new round goes on with what was left: it never restarts."""
    alarms = [alarm for alarm in draft.alarms if alarm.name not in OVERALL]
    event: Event = {}
    if draft.closed and draft.total_left is not None:
        due = _go_on(now, draft.total_left, draft.total_working, world, OF_ALL)
        event["total_due"] = due.isoformat()
        if "total.due" not in draft.fired:
            alarms.append(Alarm("0.0.total.due", "total.due", due, None, draft.total_working))
    else:
        alarms = list(draft.alarms)
        event["total_due"] = stamp(draft.total_due)
    event["alarms"] = [alarm_to_json(alarm) for alarm in alarms]
    return event


def _go_on(now: datetime, left: float, working: bool, world: World, owner: str | None) -> datetime:
    """When a limit that has so much left ends if it runs from now. What was overdue is overdue by as much again: a case
    sent back, or stopped for a while, does not count its delay from nothing."""
    return world.later(now, left, working, owner) if left else now


def _holder(alarm: Alarm, draft: Draft) -> str | None:
    """In whose office hours an alarm counts."""
    return OF_ALL if alarm.name in OVERALL else draft.owner


def pause_clock(effect: Effect, draft: Draft, world: World, env: Env, now: datetime) -> Event:
    """All clocks of the token stop; what remains is recorded. ``until FIELD`` or ``for SPAN`` wakes it again."""
    event: Event = {"event": "paused", "at": now.isoformat()}
    if draft.due is not None:
        event["left"] = world.left(now, draft.due, draft.working, draft.owner)
    if draft.total_due is not None:
        event["total_left"] = world.left(now, draft.total_due, draft.total_working, OF_ALL)
    elif draft.total_left is not None:
        event["total_left"] = draft.total_left
    stopped = [
        alarm
        if alarm.at is None or alarm.plain
        else alarm._replace(at=None, left=world.left(now, alarm.at, alarm.working, _holder(alarm, draft)))
        for alarm in draft.alarms
    ]
    wake: datetime | None = None
    if effect.span is not None:
        wake = world.after(now, effect.span, draft.owner)
    elif effect.args:
        name = effect.args[-1]
        wake = read_moment(env.look_up(name))
        if wake is None or wake <= now:
            raise BadValue(name)
    if wake is not None:
        count = sum(1 for name in draft.fired if name.startswith("wake"))
        name = f"wake.{count + 1}"
        stopped.append(Alarm(f"{draft.round}.{draft.entry}.{name}", name, wake, None, False, True))
        event["until"] = wake.isoformat()
    event["alarms"] = [alarm_to_json(alarm) for alarm in stopped]
    return event


def resume_clock(draft: Draft, world: World, now: datetime) -> Event:
    """All clocks go on with what remained."""
    event: Event = {"event": "resumed", "at": now.isoformat()}
    alarms: list[Alarm] = []
    for alarm in draft.alarms:
        if alarm.name.startswith("wake"):
            continue
        if alarm.at is None:
            # What should have gone off already does so now.
            at = _go_on(now, max(0.0, alarm.left or 0.0), alarm.working, world, _holder(alarm, draft))
            alarm = alarm._replace(at=at, left=None)
        if alarm.name.startswith("warn"):
            event["warn"] = stamp(alarm.at)
        alarms.append(alarm)
    if draft.left is not None:
        event["due"] = _go_on(now, draft.left, draft.working, world, draft.owner).isoformat()
    if draft.total_left is not None and not draft.closed:
        total = _go_on(now, draft.total_left, draft.total_working, world, OF_ALL)
        event["total_due"] = total.isoformat()
    event["alarms"] = [alarm_to_json(alarm) for alarm in alarms]
    return event


def extend_clock(effect: Effect, draft: Draft, world: World, env: Env, now: datetime) -> Event:
    """More time: by a span, or until a date sent with the move. The overall limit moves along."""
    amount: Span | datetime | None = effect.span
    if amount is None:
        name = effect.args[0] if effect.args else "extension"
        value = env.look_up(name)
        amount = read_moment(value) or (parse_span(value) if isinstance(value, str) else None)
        if amount is None or (isinstance(amount, datetime) and (amount <= now or draft.paused)):
            raise BadValue(name)
    count = draft.extensions + 1
    event: Event = {"event": "extended", "at": now.isoformat(), "count": count}
    if draft.paused:
        assert isinstance(amount, Span)
        return _extend_paused(event, amount, draft, world, now)
    alarms: list[Alarm] = []
    due, warn, owner = draft.due, draft.warn, draft.owner
    if due is not None:
        # More time begins now, whatever was overdue.
        was = max(0.0, world.left(now, due, draft.working, owner))
        due = amount if isinstance(amount, datetime) else world.after(max(due, now), amount, owner)
        gained = timedelta(seconds=world.left(now, due, draft.working, owner) - was).total_seconds()
        step = draft.definition.steps[draft.step]
        limited = step.limited
        lasting = [a for a in draft.alarms if a.name.partition("+")[0] not in limited]
        reminding = {timer.id for timer in step.overdue}
        alarms = [alarm for alarm in lasting if alarm.name.partition(".")[0] not in reminding]
        prefix = f"{draft.round}.{draft.entry}."
        for alarm in draft.alarms:
            base = alarm.name.partition("+")[0]
            if base in limited and base != "due" and alarm.at is not None:
                rest = max(0.0, world.left(now, alarm.at, draft.working, owner)) + gained
                at = world.later(now, rest, draft.working, owner)
                alarms.append(alarm._replace(at=at))
                warn = at if base == "warn" else warn
        if step.warn and not any(alarm.name.startswith("warn") for alarm in alarms):
            rest = world.left(now, due, draft.working, owner) * step.warn
            warn = world.later(now, rest, draft.working, owner)
            alarms.append(Alarm(f"{prefix}warn+{count}", f"warn+{count}", warn, None, draft.working))
        alarms.append(Alarm(f"{prefix}due+{count}", f"due+{count}", due, None, draft.working))
        event["due"], event["warn"] = due.isoformat(), stamp(warn)
    else:
        alarms = list(draft.alarms)
    total = draft.total_due
    if total is not None:
        total = (
            max(total, amount)
            if isinstance(amount, datetime)
            else world.after(max(total, now), amount, OF_ALL)
        )
        event["total_due"] = total.isoformat()
        alarms = [alarm._replace(at=total) if alarm.name == "total.due" else alarm for alarm in alarms]
    event["alarms"] = [alarm_to_json(alarm) for alarm in alarms]
    return event


def _extend_paused(event: Event, amount: Span, draft: Draft, world: World, now: datetime) -> Event:
    """While the clocks stand, an extension adds to what remains."""

    def gain(working: bool, owner: str | None) -> float:
        return world.left(now, world.after(now, amount, owner), working, owner)

    if draft.left is not None:
        event["left"] = max(0.0, draft.left) + gain(draft.working, draft.owner)
    if draft.total_left is not None:
        event["total_left"] = max(0.0, draft.total_left) + gain(draft.total_working, OF_ALL)
    moved = ("due", "warn", "total.due", "total.warn")
    event["alarms"] = [
        alarm_to_json(
            alarm._replace(left=max(0.0, alarm.left or 0.0) + gain(alarm.working, _holder(alarm, draft)))
        )
        if alarm.left is not None and alarm.name.partition("+")[0] in moved
        else alarm_to_json(alarm)
        for alarm in draft.alarms
    ]
    return event
