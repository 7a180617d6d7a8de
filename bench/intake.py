"""Cases taken in over HTTP: POST /api/v1/cases as a hotline or a city system would send them.

    script/bench intake [--seconds 20] [--connections 8] [--raw-seconds 8] [--no-worker]

A real ``huying serve`` on a database of its own (fsync on, everything durable when acknowledged); each case gets
its suggestion, its place, its owner and its limit. The load generator shares the cores. ``raw_per_s`` is psycopg alone
writing rows of the same kind with the same statement over as many connections. Afterwards what was acknowledged is
compared with what is in the database; exit 1 when it is not the same.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import subprocess
import sys
import threading
import time
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from unittest import mock

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from bench import _deployment, _load, _messages

RAW_PROCESSES = 2


def requests(messages: _messages.Messages, key: str) -> Iterator[bytes]:
    """Calls without end, each with an idempotency key of its own."""
    while True:
        yield _load.request("/api/v1/cases", key, messages.one(), uuid.uuid4().hex)


def main() -> int:
    """Measure, check, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=20.0)
    parser.add_argument("--raw-seconds", type=float, default=8.0)
    parser.add_argument("--connections", type=int, default=8)
    parser.add_argument("--no-worker", action="store_true", help="hold the background worker still meanwhile")
    parser.add_argument("--raw-part", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.raw_part:
        return _raw_part(options.raw_part)
    with _deployment.served() as one:
        _deployment.setup_django(one)
        return measure(one, options)


def measure(one: _deployment.Deployment, options: Any) -> int:
    """The whole benchmark on a deployment that serves."""
    person = _deployment.person_with_post("bench-desk", "centre_desk", organ="centre")
    key = _deployment.key_for(person)
    place_id = person.place_id
    messages = _messages.of_place(place_id)
    told: dict[str, Any] = {"bench": "intake", "connections": options.connections, "seconds": options.seconds}
    told |= _deployment.machine()
    if options.no_worker:
        for pid in _workers(one):
            os.kill(pid, signal.SIGSTOP)
    acknowledged: list[str] = []

    def keep(status: int, body: bytes) -> None:
        if status == 201:
            acknowledged.append(json.loads(body)["number"])

    warm = _load.run(one.port, requests(messages, key), connections=options.connections, seconds=2, keep=keep)
    # Made beforehand, so that the generator takes little of the cores that it shares.
    ready = 1.6 * options.seconds * max(warm.per_s, 300)
    source = requests(messages, key)
    stock = iter([next(source) for _ in range(int(ready))])
    busy = time.process_time()
    done = _load.run(one.port, stock, connections=options.connections, seconds=options.seconds, keep=keep)
    told |= {
        "cases_per_s": done.per_s, "p50_ms": done.percentile(0.5), "p99_ms": done.percentile(0.99),
        "answers": {str(status): count for status, count in sorted(done.statuses.items())},
        "generator_cpu_share": round((time.process_time() - busy) / done.seconds, 3), "worker": not options.no_worker,
    }  # fmt: skip
    problems = check(place_id, acknowledged, told)
    told["raw_per_s"] = raw(one, place_id, person, messages, options)
    told["ratio"] = round(done.per_s / told["raw_per_s"], 3)
    print(json.dumps(told, ensure_ascii=False))
    for problem in problems:
        print(problem, file=sys.stderr)
    return 1 if problems else 0


def _workers(one: _deployment.Deployment) -> list[int]:
    import psutil

    found = [psutil.Process(pid) for pid in one.family()]
    return [process.pid for process in found if "huying.site.worker" in " ".join(process.cmdline())]


def check(place_id: int, acknowledged: list[str], told: dict[str, Any]) -> list[str]:
    """What is wrong with what is held, compared with what was acknowledged."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT number FROM cases_case WHERE place_id = %s", [place_id])
        held = [number for (number,) in cursor.fetchall()]
        cursor.execute(
            "SELECT count(*), count(DISTINCT case_id) FROM ledger_event"
            " WHERE place_id = %s AND kind = 'case.reported'",
            [place_id],
        )
        events, of_cases = cursor.fetchone()
        cursor.execute(
            "SELECT count(*) FILTER (WHERE suggestion IS NULL), count(*) FILTER (WHERE owner_key = ''),"
            " count(*) FILTER (WHERE due_at IS NULL) FROM cases_case WHERE place_id = %s",
            [place_id],
        )
        bare = dict(zip(("suggestion", "owner", "limit"), cursor.fetchone(), strict=True))
        cursor.execute(
            "SELECT count(*) FROM cases_case c WHERE place_id = %s AND NOT EXISTS (SELECT FROM ledger_event e"
            " WHERE e.place_id = c.place_id AND e.case_id = c.id AND e.kind = 'case.reported')",
            [place_id],
        )
        silent = cursor.fetchone()[0]
    told |= {"acknowledged": len(acknowledged), "cases": len(held), "first_events": events}
    problems = []
    if len(set(acknowledged)) != len(acknowledged):
        problems.append("a number was given twice")
    if set(held) != set(acknowledged) or len(held) != len(acknowledged):
        problems.append(f"{len(acknowledged)} acknowledged, {len(held)} held")
    if events != len(held) or of_cases != len(held) or silent:
        problems.append(
            f"{len(held)} cases, {events} first events of {of_cases} cases, {silent} cases without"
        )
    problems += [f"{count} cases without {what}" for what, count in bare.items() if count]
    return problems


# — psycopg alone —


def raw(one: _deployment.Deployment, place_id: int, person: Any, messages: Any, options: Any) -> float:
    """Cases a second that psycopg alone writes: same statement, rows of the same kind, as many connections."""
    from huying.cases import store
    from huying.cases.actions import report
    from huying.cases.calls import Call, Reporter
    from huying.cases.who import Actor
    from huying.staff import sight

    actor = Actor(channel="api", sight=sight.sight_of(person))
    rows: list[tuple[str, dict[str, Any]]] = []

    class Caught:
        def execute(self, sql: str, params: dict[str, Any]) -> None:
            rows.append((sql, params))

        def fetchone(self) -> tuple[int]:
            return (1,)

        def __enter__(self) -> Caught:
            return self

        def __exit__(self, *_: object) -> None:
            return None

    with mock.patch.object(store, "prepared", Caught):
        for _ in range(int(4000 * options.raw_seconds)):
            sent = messages.one()
            who = Reporter(**sent.pop("reporter", {}))
            call = Call(**sent, reporter=who)
            report(place_id, call, actor, key=uuid.uuid4().hex)
    share = len(rows) // RAW_PROCESSES
    parts = []
    for number in range(RAW_PROCESSES):
        path = one.data.with_name(f"{one.data.name}-raw-{number}.json")
        path.write_text(
            json.dumps(
                {
                    "url": one.database_url, "seconds": options.raw_seconds,
                    "connections": options.connections // RAW_PROCESSES,
                    "rows": rows[number * share : (number + 1) * share],
                }
            )
        )  # fmt: skip
        parts.append(path)
    command = [sys.executable, str(Path(__file__).resolve()), "--raw-part"]
    try:
        running = [subprocess.Popen([*command, str(path)], stdout=subprocess.PIPE) for path in parts]
        said = [json.loads(process.communicate()[0]) for process in running]
    finally:
        for path in parts:
            path.unlink(missing_ok=True)
    return round(sum(part["count"] / part["seconds"] for part in said), 1)


def _raw_part(path: Path) -> int:
    """One process of the raw loop."""
    import psycopg

    plan = json.loads(path.read_text())
    rows = iter(plan["rows"])
    lock = threading.Lock()
    counts: list[int] = []
    until = time.perf_counter() + plan["seconds"]

    def loop() -> None:
        count = 0
        with psycopg.connect(plan["url"], autocommit=True, prepare_threshold=0) as connection:
            cursor = connection.cursor()
            while time.perf_counter() < until:
                with lock:
                    row = next(rows, None)
                if row is None:
                    break
                cursor.execute(row[0], row[1], prepare=True)
                cursor.fetchone()
                count += 1
        counts.append(count)

    started = time.perf_counter()
    threads = [threading.Thread(target=loop) for _ in range(plan["connections"])]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    print(json.dumps({"count": sum(counts), "seconds": time.perf_counter() - started}))
    return 0


if __name__ == "__main__":
    sys.exit(main())
