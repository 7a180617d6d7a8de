"""The time of a real deployment put forward by weeks and back again while its worker runs, two workers at once, and one
killed in the middle of catching up: every alarm goes off once, in the order of falling due, none is lost, and each jump
is on the ledger.

What is set is the platform's own clock file (written around the commands that guard it): every process of the
deployment takes its time from there.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import subprocess
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psutil
import psycopg
import pytest

from huying.site import database
from huying.site.accounts import service_account
from huying.site.tests.faults.serving import asked, child, command, prepare, until
from huying.site.tests.serving import ROOT, Served, reachable_python
from huying.testing.faults import half_made

pytestmark = [pytest.mark.fault, pytest.mark.xdist_group("serving")]

CASES = 40
WAITING = "SELECT count(*) FROM cases_case WHERE next_at <= '{}'"
FIRED = "SELECT count(*) FROM ledger_event WHERE kind IN ('case.fired', 'leg.fired')"
# Every alarm has a key of its own: token, round, entry, timer.
TWICE = (
    "SELECT case_id, leg_id, f ->> 'key', count(*) FROM ledger_event, jsonb_array_elements(data -> 'flow') AS f"
    " WHERE kind IN ('case.fired', 'leg.fired') AND f ->> 'event' = 'fired' GROUP BY 1, 2, 3 HAVING count(*) > 1"
)
JUMPS = "SELECT (data ->> 'seconds')::int FROM ledger_event WHERE kind = 'clock.jumped' ORDER BY id"
# Of what went off late because of the first jump: the order of happening must be that of falling due.
DISORDER = (
    "SELECT count(*) FROM (SELECT (data ->> 'fell_due')::timestamptz AS due,"
    " lag((data ->> 'fell_due')::timestamptz) OVER (ORDER BY id) AS before FROM ledger_event"
    " WHERE kind = 'case.fired' AND data ->> 'why' = 'jump' AND at < '{}') AS o WHERE due < before"
)


@pytest.fixture(scope="module")
def running():
    """A deployment whose time is in a file, with cases whose first limits lie ahead."""
    home = database.temporary_folder("hyf-", service_account())
    data = home / "data"
    hand = {"HUYING_DEMO": "1", "HUYING_CLOCK": str(home / "time.json")}
    served = Served(data, "--no-demo", "--place", "huinan", environment=hand).ready()
    try:
        yield served, Path(hand["HUYING_CLOCK"]), hand
    finally:
        served.clean()
        shutil.rmtree(home, ignore_errors=True)


def put(file: Path, moment: datetime) -> datetime:
    """Make it *moment* for every process of the deployment, whatever it was before."""
    fresh = file.with_name("time.fresh")
    fresh.write_text(json.dumps({"at": moment.isoformat(), "wall": time.time()}))
    fresh.chmod(0o644)
    fresh.replace(file)
    return moment


def another_worker(data: Path, hand: dict[str, str]) -> subprocess.Popen[bytes]:
    environment = {
        "PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "HUYING_DATA": str(data), "HUYING_DATABASE_POOL": "0",
        "HUYING_DATABASE_URL": database.url(database.socket_folder(data)),
    } | hand  # fmt: skip
    if rooms := os.environ.get("HUYING_ROOMS"):
        environment["HUYING_ROOMS"] = rooms
    return subprocess.Popen(
        [reachable_python(), "-m", "huying.site.worker"], cwd=ROOT, env=environment,
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip


def number(data: Path, sql: str) -> int:
    return int(str(asked(data, sql)[0][0]))


def test_forward_back_and_forward_again_with_two_workers_and_one_killed(running):
    served, file, hand = running
    data, now = served.data, datetime.now(UTC)
    prepare(data, "fresh", str(CASES), more=hand)
    until(lambda: asked(data, "SELECT 1 FROM cases_swept"))
    assert number(data, FIRED) == 0

    ahead = put(file, now + timedelta(days=20))
    until(lambda: number(data, WAITING.format(ahead)) == 0 and asked(data, JUMPS), 90)
    first = number(data, FIRED)
    assert first >= 2 * CASES  # at least a warning and the limit itself, of every case
    assert [row[0] > 19 * 86400 for row in asked(data, JUMPS)] == [True]
    assert number(data, DISORDER.format(ahead + timedelta(days=1))) == 0

    back = put(file, datetime.now(UTC))
    until(lambda: len(asked(data, JUMPS)) == 2, 60)
    assert asked(data, JUMPS)[1][0] < -19 * 86400
    assert number(data, FIRED) == first  # nothing goes off again, nothing before its time
    prepare(data, "fresh", str(CASES), more=hand)

    other = another_worker(data, hand)
    try:
        ahead = put(file, back + timedelta(days=40))
        until(lambda: number(data, FIRED) >= first + CASES // 2, 90)
        psutil.Process(child(served, "huying.site.worker")).kill()
        until(lambda: number(data, WAITING.format(ahead)) == 0 and len(asked(data, JUMPS)) == 3, 120)
    finally:
        other.send_signal(signal.SIGTERM)
        with contextlib.suppress(subprocess.TimeoutExpired):
            other.wait(20)
        if other.poll() is None:
            other.kill()
            other.wait(20)
    assert asked(data, TWICE) == []
    # The second forty: each was warned of and fell due exactly once.
    ripe = (
        "SELECT count(*) FROM cases_case c WHERE c.reported_at >= '{}' AND NOT EXISTS (SELECT FROM ledger_event e"
        " WHERE e.case_id = c.id AND e.kind = 'case.fired' AND e.data ->> 'timer' LIKE 'due%')"
    )
    assert number(data, ripe.format(back)) == 0
    with psycopg.connect(database.url(database.socket_folder(data), database.OWNER)) as connection:
        assert half_made(connection.cursor()) == {}
    status, said = command(data, "ledger", "verify")
    assert status == 0, said
