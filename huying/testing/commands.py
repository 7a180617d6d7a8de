"""What ``huying demo …`` does."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any


class DemoError(Exception):
    """The demonstration cannot be played; the message says why."""


def demo_life(
    messages: Path | None = None, days: int = 0, cases: int = 0, seed: int = 0, place: str = "",
    scatter: bool = False,
) -> dict[str, Any]:  # fmt: skip
    """Let calls come in over the last *days* and be answered by scripted people; what it came to.

    *messages*: a file of real messages (else made-up ones). *scatter*: give those from a file a made-up place, said
    in the address. Zeros mean the usual numbers.
    """
    from huying.testing.demo import households
    from huying.testing.demo import populate as play
    from huying.testing.demo.messages import from_file

    place_id = _place(place)
    households.settle(place_id)
    count = cases or play.CASES
    given = None
    if messages is not None:
        given = from_file(messages, count, place_id if scatter else None, seed)
    tell, done = _progress(count)
    try:
        played = play.populate(
            place_id, count, days or play.DAYS, seed or play.SEED, messages=given, tell=tell
        )
    finally:
        done()
    return {
        "cases": played.cases, "moves": sum(played.moves.values()), "limits": played.alarms, "joins": played.joins,
        "refused": sum(played.refused.values()),
    }  # fmt: skip


def demo_full(
    folder: Path, cases: int | None = None, days: int = 0, seed: int = 0, place: str = "",
    say: Callable[[str], None] = lambda words: None,
) -> dict[str, Any]:  # fmt: skip
    """Bring a place to the volume that its account tells of; what was made, and how long it took.

    *cases*: so many instead of the account's. *folder*: where is noted how far it has come.
    """
    from dataclasses import asdict

    from huying.places import memory
    from huying.testing.demo import full

    known = memory.of(_place(place))
    account = known.preset.full if known.preset is not None else None
    if account is None:
        raise DemoError(
            f"the preset of {known.code} does not say how much there is of everything (full: in demo.yaml)"
        )
    note = folder / f"demo-full-{known.code}.json"
    grown = full.grow(known.place_id, account, note, cases=cases, days=days, seed=seed or 1, say=say)
    found = asdict(grown)
    return found | {"memory_mb": max(grown.memory_mb, default=0)}


def _place(code: str) -> int:
    from huying.places.models import Place

    places = list(Place.objects.order_by("id"))
    if code:
        places = [one for one in places if one.code == code]
    if not places:
        raise DemoError(f"there is no place {code}" if code else "no place has been published here yet")
    if len(places) > 1:
        raise DemoError(
            "there are several places here; say which with --place: " + ", ".join(p.code for p in places)
        )
    return places[0].pk


def _progress(count: int) -> tuple[Callable[[int], None], Callable[[], None]]:
    """A bar on a terminal, nothing elsewhere."""
    if not sys.stderr.isatty():
        return (lambda done: None), (lambda: None)
    from rich.console import Console
    from rich.progress import Progress

    bar = Progress(console=Console(stderr=True))
    task = bar.add_task("playing", total=count)
    bar.start()
    return (lambda done: bar.update(task, completed=done)), bar.stop
