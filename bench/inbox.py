"""A department's inbox, a search in it and a case page, over HTTP with a signed-in officer, beside cases held.

    script/bench inbox [--held 10000,100000,1000000] [--requests 300] [--explain FILE]

For each: p50 and p99 in milliseconds (one request at a time) and the number of SQL statements. With --explain the plans
of those statements, with their times, are written to a file.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import time
import uuid
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from bench import _deployment, _lives, _load
from bench.lifecycle import lives

PAGES = {"inbox": "/inbox/?scope=mine", "search": "/inbox/?scope=organ&q=%E4%BA%BA%E8%A1%8C%E9%81%93"}


def get(path: str, cookie: str) -> bytes:
    """A request for a page by somebody who is signed in."""
    return f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: huying_session={cookie}\r\n\r\n".encode()


def main() -> int:
    """Measure and print."""
    if sys.argv[1:2] == ["--part"]:
        return _part(
            Path(sys.argv[2]),
            int(sys.argv[3]),
            int(sys.argv[4]),
            int(sys.argv[5]),
            int(sys.argv[6]),
            sys.argv[7],
        )
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--held", default="10000,100000,1000000")
    parser.add_argument("--requests", type=int, default=300)
    parser.add_argument("--explain", default="")
    options = parser.parse_args()
    told: dict[str, Any] = {"bench": "inbox"} | _deployment.machine()
    with _deployment.served() as one:
        before = 0
        for held in (int(text) for text in options.held.split(",")):
            command = [sys.executable, str(Path(__file__).resolve()), "--part", str(one.data), str(one.port)]
            done = subprocess.run(
                [*command, str(before), str(held), str(options.requests), options.explain],
                stdout=subprocess.PIPE,
                check=True,
            )
            told[str(held)] = json.loads(done.stdout.splitlines()[-1])
            print(held, told[str(held)], file=sys.stderr)
            before = held
    print(json.dumps(told, ensure_ascii=False))
    return 0


def _part(data: Path, port: int, before: int, held: int, count: int, explain: str) -> int:
    """Fill up to *held* and measure; in a process of its own."""
    one = _deployment.Deployment(data)
    one.port = port
    _deployment.setup_django(one)
    import psycopg
    from django.conf import settings
    from django.test import Client

    from bench import _fill, _messages
    from huying.cases.models import Case
    from huying.site import database
    from huying.staff.models import Person
    from huying.testing.access import sign_in
    from huying.testing.statements import statements

    settings.ALLOWED_HOSTS.append("testserver")
    desk = _deployment.person_with_post("bench-desk", "centre_desk", organ="centre")
    officer = _deployment.person_with_post("bench-officer", "officer", organ="chengguan")
    resident = Person.objects.filter(username="bench-resident").first() or Person.objects.create(
        place_id=desk.place_id, username="bench-resident", name="bench", kind="resident", is_active=True
    )
    if not before:
        people = {"desk": desk, "officer": officer, "resident": resident}
        keys = {who: _deployment.key_for(person) for who, person in people.items()}
        messages = _messages.of_place(desk.place_id)
        for number in range(8):
            lives(port, _deployment.PLACE, keys, messages.points[number], 8, 0.0)
        stall = _lives.WAYS[_deployment.PLACE].body
        calls = [messages.one() for _ in range(100)]
        calls += [
            {"body": stall, "lon": lon, "lat": lat, "reporter": {"me": True}}
            for lon, lat in messages.points[:50]
        ]
        _load.run(
            port, iter([_load.request("/api/v1/cases", keys["resident"], c, uuid.uuid4().hex) for c in calls])
        )
        time.sleep(8)  # until the words of the templates are there to be copied
    templates = Case.objects.exclude(number__regex="^H[0-9]+$")
    with psycopg.connect(
        database.url(database.socket_folder(data), database.OWNER), autocommit=True
    ) as connection:
        cursor = connection.cursor()
        cursor.execute(
            "CREATE TEMP TABLE fill_template AS SELECT id, closed_at IS NOT NULL AS closed, row_number() OVER"
            " (PARTITION BY closed_at IS NOT NULL ORDER BY id) - 1 AS k FROM cases_case"
            " WHERE place_id = %s AND number !~ '^H[0-9]+$'",
            [desk.place_id],
        )
        cursor.execute("CREATE INDEX ON fill_template (closed, k)")
        _fill.fill(cursor, desk.place_id, before, held)
        _fill.settle(cursor)
    number = templates.filter(organ_ids__contains=[officer_organ(officer)]).order_by("id").first().number
    client = Client()
    sign_in(client, officer)
    cookie = client.cookies["huying_session"].value
    told: dict[str, Any] = {}
    for name, path in (PAGES | {"case": f"/cases/{number}/"}).items():
        answer = client.get(path)
        if answer.status_code != 200:
            raise RuntimeError(f"{path}: {answer.status_code}")
        with statements() as seen:
            client.get(path)
        if explain:
            _explain(Path(explain), held, name, seen)
        _load.run(port, iter([get(path, cookie)] * 20), connections=2)
        done = _load.run(port, iter([get(path, cookie)] * count), connections=1, seconds=60)
        if set(done.statuses) != {200}:
            raise RuntimeError(f"{path}: {done.statuses}")
        told[name] = {
            "p50_ms": done.percentile(0.5),
            "p99_ms": done.percentile(0.99),
            "statements": len(seen),
        }
    print(json.dumps(told))
    return 0


def _explain(file: Path, held: int, name: str, seen: list[str]) -> None:
    """Add the plans of the statements that read, with their times, to the file."""
    from django.db import connection

    with file.open("a", encoding="utf-8") as out, connection.cursor() as cursor:
        for sql in seen:
            if not sql.startswith("SELECT"):
                continue
            cursor.execute(f"EXPLAIN (ANALYZE, BUFFERS, SETTINGS) {sql}")
            plan = "\n".join(row[0] for row in cursor.fetchall())
            out.write(f"== {name}, {held} held\n{sql[:1500]}\n{plan}\n\n")


def officer_organ(officer: Any) -> int:
    """The organ that an officer serves in."""
    from huying.staff import sight

    return next(iter(sight.sight_of(officer).organs))


if __name__ == "__main__":
    sys.exit(main())
