"""Ids: version 7, in order, never twice, also when the clock stands still or steps back."""

import os
import threading
import time
from datetime import UTC, datetime
from uuid import UUID, uuid4

import pytest

from huying.ledger import ids


def test_ids_are_version_7_and_carry_the_time():
    before = time.time()
    made = ids.uuid7()
    assert made.version == 7
    assert made.variant == "specified in RFC 4122"
    assert abs(ids.made_at(made).timestamp() - before) < 1
    with pytest.raises(ValueError, match="not a time-ordered"):
        ids.made_at(uuid4())


def test_ids_of_a_process_rise_in_all_threads():
    made: list[list[UUID]] = [[] for _ in range(4)]

    def make(into):
        into.extend(ids.uuid7() for _ in range(2000))

    threads = [threading.Thread(target=make, args=(into,)) for into in made]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all(into == sorted(into) for into in made)
    assert len({i for into in made for i in into}) == 8000


def test_a_clock_that_steps_back_does_not_break_the_order(monkeypatch):
    first = ids.uuid7()
    monkeypatch.setattr(time, "time_ns", lambda: 1_000_000_000_000_000_000)
    later = [ids.uuid7() for _ in range(5000)]
    assert [first, *later] == sorted([first, *later])
    assert ids.made_at(later[-1]) > datetime(2020, 1, 1, tzinfo=UTC)


def test_a_forked_child_makes_other_ids():
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        os.write(write, str(ids.uuid7()).encode())
        os._exit(0)
    mine = str(ids.uuid7())
    os.waitpid(child, 0)
    assert os.read(read, 36).decode() != mine
    os.close(read)
    os.close(write)
