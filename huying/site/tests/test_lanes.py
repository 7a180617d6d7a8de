"""The worker's lanes: what takes long never holds up the clock, two workers do nothing twice, and what hangs is told."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from huying import clock
from huying.cases import jobs
from huying.cases.actions import report
from huying.cases.calls import Call
from huying.cases.tests.test_lifecycle import STALL, a_point
from huying.cases.who import Actor
from huying.ledger.models import Event
from huying.site import pulse
from huying.site.models import Lane
from huying.site.ticks import Lanes, Tick, all_ticks

MONDAY = datetime(2026, 3, 2, 0, 30, tzinfo=UTC)


def until(holds: Callable[[], Any], seconds: float = 60.0) -> Any:
    end = time.monotonic() + seconds
    while not (found := holds()):
        assert time.monotonic() < end, "it did not come to that"
        time.sleep(0.05)
    return found


def worker(sleeps: Callable[[], object]) -> Lanes:
    """A worker with the clock of all cases, and a tick that takes as long as it likes."""
    return Lanes([Tick("cases.clock", 0.1, jobs.sweep_all, "clock"), Tick("sleeps", 0.1, sleeps, "slow")])


def test_the_clock_and_the_record_have_lanes_of_their_own() -> None:
    lanes: dict[str, set[str]] = {}
    for tick in all_ticks():
        lanes.setdefault(tick.lane, set()).add(tick.name)
    assert lanes["clock"] == {"cases.clock"}
    assert lanes["record"] == {"ledger.follow"}
    assert "reports.make_due" in lanes["slow"]


@pytest.mark.django_db(transaction=True)
def test_limits_fire_while_another_tick_takes_long(staff: Any, monkeypatch: Any) -> None:
    place = staff.place.pk
    begun, let_go, calls = threading.Event(), threading.Event(), []

    def sleeps() -> None:
        calls.append(threading.get_ident())
        begun.set()
        let_go.wait(120)

    lon, lat = a_point(staff)
    first, second = worker(sleeps), worker(sleeps)
    with clock.frozen(MONDAY) as held:
        for _ in range(5):
            report(place, Call(body=STALL, lon=lon, lat=lat, anonymous=True), Actor(channel="web"))
        try:
            first.start()
            assert begun.wait(60)
            until(lambda: all(ticker.held for ticker in first.tickers))
            second.start()
            held.set(MONDAY + timedelta(days=2))
            fired = Event.objects.filter(place_id=place, kind="case.fired")
            until(lambda: fired.count() == 10)  # the warning and the limit of each
            assert not let_go.is_set()
            assert [ticker.held for ticker in second.tickers] == [False, False]

            # It says so itself, and whoever asks is told.
            pulse.say(first.tickers)
            assert pulse.told() == "ok"
            monkeypatch.setitem(pulse.LONGEST, "slow", 0.0)
            told = Client().get("/healthz").json()["worker"]
            assert set(told) == {"slow"}
            assert told["slow"]["stuck_in"] == "sleeps"
            assert not first.stop(0.2)  # it waits no longer than it was told to
        finally:
            let_go.set()
            first.stop()
        # Whoever is still there goes on where the other one stopped.
        until(lambda: all(ticker.held for ticker in second.tickers))
        held.set(MONDAY + timedelta(days=4))
        until(lambda: fired.count() > 10)
        assert second.stop()
    once = Counter((event.case_id, event.data["timer"]) for event in fired)
    assert set(once.values()) == {1}
    assert len(set(calls)) == 2


@pytest.mark.django_db
def test_a_worker_that_is_heard_no_more_is_told() -> None:
    assert Client().get("/healthz").json()["worker"] == "never seen"
    now = datetime.now(UTC)
    Lane.objects.create(name="clock", tick="", seen_at=now - timedelta(seconds=90))
    Lane.objects.create(name="rest", tick="", seen_at=now)
    answer = Client().get("/healthz")
    assert answer.status_code == 200
    assert answer.json()["worker"]["clock"]["silent_for"] >= 90
    assert "rest" not in answer.json()["worker"]


@pytest.mark.django_db(transaction=True)
def test_a_lane_outlives_what_nobody_thought_of() -> None:
    done = []

    def fails() -> None:
        connection.close()  # the session with the lock is gone
        done.append(1)
        raise ValueError

    lanes = Lanes([Tick("fails", 0.01, fails, "rest")])
    lanes.start()
    until(lambda: len(done) > 1)
    assert lanes.stop()


@pytest.mark.django_db(transaction=True)
def test_a_worker_says_how_it_does_and_ends_when_it_is_told_to(database_url: str, settings: Any) -> None:
    environment = {
        **os.environ, "DJANGO_SETTINGS_MODULE": "huying.site.settings", "HUYING_DATABASE_URL": database_url,
        "HUYING_DATA": str(settings.HUYING_DATA),
    }  # fmt: skip
    command = [sys.executable, "-c", "from huying.site.worker import main; main()"]
    process = subprocess.Popen(command, env=environment, stdin=subprocess.DEVNULL)
    try:
        until(
            lambda: (
                Lane.objects.count() == len({tick.lane for tick in all_ticks()}) or process.poll() is not None
            )
        )
        assert process.poll() is None
        assert Client().get("/healthz").json()["worker"] == "ok"
        process.send_signal(signal.SIGTERM)
        assert process.wait(60) == 0
    finally:
        process.kill()
        process.wait(10)
