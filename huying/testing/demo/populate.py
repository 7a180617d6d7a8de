"""Filling a place with some days of life (``huying demo run`` and the first start of a demonstration)."""

from __future__ import annotations

import contextlib
import gc
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime

from django.db import connection

from huying import clock
from huying.cases import jobs
from huying.files import store
from huying.ledger import jobs as ledger_jobs
from huying.ledger import readers
from huying.testing.demo.calls import Span
from huying.testing.demo.life import Life, Played
from huying.testing.demo.messages import Message

CASES, DAYS, SEED = 150, 14, 1


@contextlib.contextmanager
def no_waiting_for_the_disk() -> Iterator[None]:
    """Invented cases and their photos need not outlive a power cut at this very moment; no case is half-written all the
    same."""
    with connection.cursor() as cursor:
        cursor.execute("SET synchronous_commit TO off")
    try:
        with store.no_waiting_for_the_disk():
            yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("RESET synchronous_commit")


@contextlib.contextmanager
def seldom_collecting() -> Iterator[None]:
    """A play makes few reference cycles, and each collection walks through all that is loaded
    (a fifteenth of its time)."""
    before = gc.get_threshold()
    gc.set_threshold(20_000, *before[1:])
    try:
        yield
    finally:
        gc.set_threshold(*before)


def populate(
    place_id: int,
    cases: int = CASES,
    days: int = DAYS,
    seed: int = SEED,
    *,
    messages: Sequence[Message] | None = None,
    end: datetime | None = None,
    tell: Callable[[int], None] | None = None,
) -> Played:
    """Let *cases* calls come in over the *days* before *end* (the platform's now) and be answered.

    The same seed at the same moment gives the same story. *tell* is called with how many came in. While it plays, the
    place's clock is held, so that a worker that runs beside does not fire limits of past days at once.
    """
    end = end or clock.now()
    with jobs.clock_held(place_id), no_waiting_for_the_disk(), seldom_collecting():
        played = Life(place_id, seed=seed, end=end, tell=tell).run(Span(end, days, cases), messages)
    follow(place_id)
    return played


def follow(place_id: int) -> None:
    """Let everything that follows the record catch up. It may open cases of its own (call-backs, orders), which are
    on the record again."""
    while True:
        ledger_jobs.drain(place_id)
        if not readers.run(place_id, 50):
            return
