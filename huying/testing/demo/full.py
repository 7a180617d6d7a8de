"""A place at the size that its account tells of (``huying demo run --full``): all its people, and its cases in stretches.

A stretch is some hundred calls with everything that happens until its end, then whatever follows the record; so the
play holds no more than what is open. How far it has come is noted after each stretch; a play that was broken off goes
on where it stood, as people who are there are not made again and open cases are taken in again.
"""

from __future__ import annotations

import json
import resource
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.db.models import Max

from huying import clock
from huying.cases import jobs
from huying.cases.models import Case
from huying.presets.demo_definition import DemoFull
from huying.testing.demo import staffing
from huying.testing.demo.calls import Span
from huying.testing.demo.life import Life
from huying.testing.demo.populate import follow, no_waiting_for_the_disk, seldom_collecting

STRETCH = 200  # calls


@dataclass
class Grown:
    """What it came to: how many were made now, and how long that took."""

    people: int = 0
    posts: int = 0
    cases: int = 0
    moves: int = 0
    refused: int = 0
    limits: int = 0
    people_s: float = 0.0
    cases_s: float = 0.0
    memory_mb: list[int] = field(default_factory=list)  # after each stretch


def grow(
    place_id: int,
    full: DemoFull,
    note: Path,
    *,
    cases: int | None = None,
    days: int = 0,
    seed: int = 1,
    end: datetime | None = None,
    stretch: int = STRETCH,
    say: Callable[[str], None] = lambda words: None,
) -> Grown:
    """Bring the place to its account's volume; with *cases*, to its people and so many cases.

    *note*: the file in which is kept how far it has come.
    """
    grown = Grown()
    begun = time.perf_counter()
    with no_waiting_for_the_disk():
        grown.people, grown.posts = staffing.staff(place_id, full.people, say)
    grown.people_s = round(time.perf_counter() - begun, 1)
    say(f"{grown.people} people in {grown.posts} posts more, {grown.people_s:.0f} s")
    wanted = share(full, cases)
    if sum(wanted.values()):
        _play(place_id, note, wanted, days or full.days, seed, end or clock.now(), stretch, say, grown)
    return grown


def share(full: DemoFull, cases: int | None) -> dict[str, int]:
    """How many cases of which kind: the account's, or *cases* in the account's proportion."""
    every = sum(full.cases.values())
    if cases is None or not every:
        return dict(full.cases)
    return {kind: round(many * cases / every) for kind, many in full.cases.items()}


def spans(wanted: Mapping[str, int], days: int, end: datetime, stretch: int) -> list[Span]:
    """The stretches of a play, each with its part of every kind; together exactly what is *wanted*."""
    many = max(1, -(-sum(wanted.values()) // stretch))
    found = []
    for number in range(1, many + 1):
        part = {kind: n * number // many - n * (number - 1) // many for kind, n in wanted.items()}
        at = end - timedelta(days=days * (many - number) / many)
        found.append(Span(at, days / many, sum(part.values()), number == many, part))
    return found


def _play(
    place_id: int, note: Path, wanted: Mapping[str, int], days: int, seed: int, end: datetime, stretch: int,
    say: Callable[[str], None], grown: Grown,
) -> None:  # fmt: skip
    plan, broken_off = _resumed(
        note, {"cases": dict(wanted), "days": days, "seed": seed, "stretch": stretch}, end
    )
    end = datetime.fromisoformat(plan["end"])
    todo = spans(wanted, days, end, stretch)
    every, come = sum(wanted.values()), sum(one.cases for one in todo[: plan["done"]])
    begun = time.perf_counter()
    with jobs.clock_held(place_id), no_waiting_for_the_disk(), seldom_collecting():
        life = Life(place_id, seed=seed + plan["done"], end=end)
        for number in range(plan["done"], len(todo)):
            span = todo[number]
            if broken_off:
                span, broken_off = _rest(place_id, span), False
            life.tidy(span.end - timedelta(days=span.days))
            life.run(span)
            # What follows the record is dated as of then, not as of now.
            with clock.frozen(span.end):
                follow(place_id)
            plan["done"] = number + 1
            note.write_text(json.dumps(plan))
            come += span.cases
            grown.memory_mb.append(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)
            grown.cases_s = round(time.perf_counter() - begun, 1)
            rate = life.played.cases / grown.cases_s if grown.cases_s else 0.0
            left = (every - come) / rate / 60 if rate else 0.0
            say(f"{come} of {every} cases, {rate:.1f} a second, about {left:.0f} minutes more")
    played = life.played
    grown.cases, grown.limits, grown.refused = played.cases, played.alarms, sum(played.refused.values())
    grown.moves = sum(played.moves.values())


def _resumed(note: Path, asked: dict[str, Any], end: datetime) -> tuple[dict[str, Any], bool]:
    """How far the same play has come, and that it was broken off; a new one if there is none or it came to its end."""
    try:
        held: dict[str, Any] = json.loads(note.read_text())
    except (FileNotFoundError, ValueError):
        held = {}
    if {key: held.get(key) for key in asked} == asked and held["done"] < len(
        spans(asked["cases"], asked["days"], end, asked["stretch"])
    ):
        return held, True
    fresh = asked | {"end": end.isoformat(), "done": 0}
    note.write_text(json.dumps(fresh))
    return fresh, False


def _rest(place_id: int, span: Span) -> Span:
    """What is left of a stretch that a play broken off had begun: the time after its last call, with its part of them."""
    begin = span.end - timedelta(days=span.days)
    held = Case.objects.filter(place_id=place_id, reported_at__gt=begin, reported_at__lte=span.end)
    last = held.aggregate(at=Max("reported_at"))["at"]
    return span if last is None else cut(span, last)


def cut(span: Span, after: datetime) -> Span:
    """The part of *span* that lies after that moment."""
    left = (span.end - after) / timedelta(days=1)
    part = {kind: round(many * left / span.days) for kind, many in span.kinds.items()}
    return Span(span.end, left, sum(part.values()), span.shows, part)
