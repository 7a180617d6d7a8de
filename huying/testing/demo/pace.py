"""How long people take in a demonstration: most in time, some late, a few forget."""

from __future__ import annotations

import random
import re
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from huying.staff import seats

if TYPE_CHECKING:
    from huying.testing.demo.life import Held, Life

HOUR = 3_600_000_000  # microseconds, as calendars count
FORGETS = 0.05  # share of turns at which an organ forgets
REMEMBERS = 0.4  # chance at each reminder
NEVER_RATES = 0.4
AWAKE = (7, 22)  # the hours of callers, China's time


def moment(life: Life, held: Held, row: Any, now: datetime) -> datetime | None:
    """When whoever holds the case acts on it; None: not of themselves."""
    rng = life.rng
    key = row.owner_key
    if key.startswith(("caller:", "person:")):
        if held.goal is None and rng.random() < NEVER_RATES:
            return None
        return awake(
            life, now + timedelta(hours=0.5 if held.hurry else min(rng.lognormvariate(2.4, 1.0), 160))
        )
    if held.hurry:
        return office(life, now, rng.uniform(0.1, 0.5))
    if held.goal is None and not key.startswith("desk:") and rng.random() < FORGETS:
        return None
    if row.due_at is None or row.due_at <= now:
        return office(life, now, rng.uniform(0.5, 8))
    share = rng.lognormvariate(-1.15, 0.75) * habit(life, key)
    left = life.calendar.worked(row.due_at) - life.calendar.worked(now)
    if left < HOUR // 12:
        wait: timedelta = (row.due_at - now) * share
        return now + wait + timedelta(minutes=3)
    return office(life, now, max(share * left / HOUR, 0.08))


def habit(life: Life, owner_key: str) -> float:
    """Some offices are quicker than others, and stay so; the centre is quick."""
    if owner_key.startswith("desk:"):
        return 0.55
    return random.Random(f"{life.seed} {_named(life, owner_key)}").choice((0.6, 0.75, 0.9, 1.0, 1.2, 1.7))


def _named(life: Life, owner_key: str) -> str:
    """The key with codes instead of the database's numbers, which differ from one database to the next.

    The key ends with the number: "organ:9", "division:12", "pool:mediator@12", "post:officer@organ:9". Those who hold a
    post together keep one pace.
    """
    owner_key = seats.post_key(owner_key)
    match = re.search(r"^(.*?)(organ:)?([0-9]+)$", owner_key)
    if match is None:
        return owner_key
    before, organ, number = match.groups()
    row = life.memory.organ(int(number)) if organ else life.memory.division(int(number))
    return f"{before}{organ or ''}{row.code}"


def office(life: Life, now: datetime, hours: float) -> datetime:
    """The moment so many office hours from *now*."""
    calendar = life.calendar
    return calendar.moment_of(calendar.worked(now) + int(hours * HOUR))


def awake(life: Life, at: datetime) -> datetime:
    """That moment, or the next morning when people sleep."""
    local = at.astimezone(life.calendar.zone)
    first, last = AWAKE
    if first <= local.hour < last:
        return at
    morning = local.replace(hour=first, minute=life.rng.randrange(10, 59))
    return morning + timedelta(days=1) if local.hour >= last else morning
