"""How fast what is counted follows what happens.

    script/bench rollup [--seconds 10] [--connections 8]

First calls come in over HTTP at full speed, and meanwhile the age of the oldest event that is not counted yet is looked
at ten times a second (``lag``). Then the worker is stopped, more calls come in, and all readers go through what waits
(``all_rows_per_s``; ``all_cpu_us_per_row`` is processor time of this process, which says more on a busy machine). At last
the tables are emptied and the counting reader goes through the whole ledger again, alone (``rows_per_s``: ledger rows
consumed). What it counts must be what was acknowledged, each time; exit 1 when it is not.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import sys
import threading
import time
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from bench import _deployment, _load, _messages
from bench.intake import _workers, requests

READER = "cases.tally"
_OLDEST = """
SELECT (SELECT event_ids[1] FROM ledger_pending WHERE place_id = %(place)s ORDER BY id LIMIT 1),
  (SELECT event_ids[1] FROM ledger_page WHERE place_id = %(place)s AND number > coalesce(
    (SELECT page FROM ledger_reader WHERE place_id = %(place)s AND name = %(reader)s), 0) ORDER BY number LIMIT 1)
"""


def main() -> int:
    """Measure, check, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=10.0)
    parser.add_argument("--connections", type=int, default=8)
    options = parser.parse_args()
    with _deployment.served() as one:
        _deployment.setup_django(one)
        return measure(one, options)


def measure(one: _deployment.Deployment, options: Any) -> int:
    """The whole benchmark on a deployment that serves."""
    person = _deployment.person_with_post("bench-desk", "centre_desk", organ="centre")
    key, place_id = _deployment.key_for(person), person.place_id
    told: dict[str, Any] = {"bench": "rollup", "seconds": options.seconds} | _deployment.machine()
    source = requests(_messages.of_place(place_id), key)
    stock = iter([next(source) for _ in range(int(options.seconds * 2400))])
    lags: list[float] = []
    over = threading.Event()
    watch = threading.Thread(target=_watch, args=(place_id, lags, over))
    watch.start()
    acknowledged = 0

    def keep(status: int, body: bytes) -> None:
        nonlocal acknowledged
        acknowledged += status == 201

    done = _load.run(one.port, stock, connections=options.connections, seconds=options.seconds, keep=keep)
    until = time.monotonic() + 60
    while _lag(place_id) and time.monotonic() < until:
        time.sleep(0.05)
    over.set()
    watch.join()
    lags.sort()
    told |= {
        "cases_per_s": done.per_s, "lag_p50_s": round(lags[len(lags) // 2], 3), "lag_max_s": round(lags[-1], 3),
        "load_after": round(os.getloadavg()[0], 2),
    }  # fmt: skip
    problems = _check(place_id, acknowledged, "behind intake")
    for pid in _workers(one):
        os.kill(pid, signal.SIGSTOP)
    _load.run(one.port, stock, connections=options.connections, seconds=options.seconds / 2, keep=keep)
    told |= by_all(place_id)
    problems += _check(place_id, acknowledged, "by all readers")
    told |= again(place_id)
    problems += _check(place_id, acknowledged, "counted anew")
    print(json.dumps(told, ensure_ascii=False))
    for problem in problems:
        print(problem, file=sys.stderr)
    return 1 if problems else 0


def _watch(place_id: int, lags: list[float], over: threading.Event) -> None:
    while not over.wait(0.1):
        lags.append(_lag(place_id))


def _lag(place_id: int) -> float:
    """Seconds since the oldest event that is not counted yet was made; ids begin with the time."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(_OLDEST, {"place": place_id, "reader": READER})
        made = [(ident.int >> 80) / 1000 for ident in cursor.fetchone() if ident is not None]
    return max(0.0, time.time() - min(made)) if made else 0.0


def by_all(place_id: int) -> dict[str, Any]:
    """Make pages of what waits and let all readers go through them; how fast they were."""
    from huying.ledger import jobs, readers
    from huying.places import memory

    while readers.run(place_id):
        pass
    memory.of(place_id)
    rows = jobs.drain(place_id)
    busy, started = time.process_time(), time.perf_counter()
    while readers.run(place_id):
        pass
    seconds, busy = time.perf_counter() - started, time.process_time() - busy
    return {
        "all_rows": rows, "all_rows_per_s": round(rows / seconds), "all_cpu_us_per_row": round(1e6 * busy / rows),
    }  # fmt: skip


def again(place_id: int) -> dict[str, Any]:
    """Empty what was counted, and let the reader alone go through the ledger."""
    from django.db import connection

    from huying.ledger import readers
    from huying.places import memory

    for reader in readers.registered():
        if reader.name != READER:
            readers.unregister(reader.name)
    with connection.cursor() as cursor:
        for table in ("cases_sums", "cases_course", "cases_response"):
            cursor.execute(f"DELETE FROM {table} WHERE place_id = %s", [place_id])
        cursor.execute(
            "UPDATE ledger_reader SET page = 0 WHERE place_id = %s AND name = %s", [place_id, READER]
        )
        cursor.execute(
            "SELECT count(*), sum(cardinality(event_ids)) FROM ledger_page WHERE place_id = %s", [place_id]
        )
        pages, events = cursor.fetchone()
    memory.of(place_id)  # a worker has read the place long ago
    busy, started = time.process_time(), time.perf_counter()
    while readers.run(place_id):
        pass
    seconds, busy = time.perf_counter() - started, time.process_time() - busy
    return {
        "ledger_rows": int(events), "pages": pages, "rows_per_s": round(int(events) / seconds),
        "own_cpu_s": round(busy, 3), "seconds_again": round(seconds, 3),
    }  # fmt: skip


def _check(place_id: int, acknowledged: int, when: str) -> list[str]:
    from django.db.models import Sum

    from huying.cases.counted import Sums

    found = Sums.objects.filter(place_id=place_id, level="place", basis="in").aggregate(
        n=Sum("reported") + Sum("sealed")
    )
    return (
        [] if found["n"] == acknowledged else [f"{when}: {acknowledged} acknowledged, {found['n']} counted"]
    )


if __name__ == "__main__":
    sys.exit(main())
