"""The clock at scale: limits worked out on one core, and finding what is due among a million open cases.

    script/bench clock [--held 1000000] [--due 200]

``limits_per_s``: a limit with its warning at 75 %, over all units, weekdays, holidays and three calendars, in processor
time of the one core it uses. ``sweep_ms``: the statement by which a tick finds its first batch among *held* open cases
of one place, of which *due* have fallen due (median of 21, warm); ``idle_ms``: the same with nothing due, which is what
a tick costs every second; ``last_ms``: the page of a catch-up that starts behind nine tenths of *held* alarms. The rows
are copies of one case, made in SQL; the plan is printed.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from huying.worktime import Calendar, due, holiday_rows, parse_limit, read_calendar, share_point

PLACE = 1
COUNT = 40_000
LIMITS = (
    "2 work hours",
    "4 work hours",
    "90 work minutes",
    "3 workdays",
    "15 workdays",
    "24 hours",
    "5 days",
)
NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)


def limits() -> dict[str, Any]:
    """Limits a second, with and without the warning; median of five."""
    holidays = {row.date: row.kind for row in holiday_rows()}
    hall = {"hours": {"mon": [["09:00", "17:30"]], "sat": [["09:00", "11:30"]]}}
    calendars = [Calendar(holidays=holidays), read_calendar(hall, holidays), Calendar.round_the_clock()]
    draw, parsed = random.Random(7), [parse_limit(text) for text in LIMITS]
    origin = datetime(2004, 1, 1, tzinfo=UTC)
    work = [
        (
            draw.choice(parsed),
            origin + timedelta(seconds=draw.randrange(23 * 365 * 86_400)),
            draw.choice(calendars),
        )
        for _ in range(COUNT)
    ]
    alone, warned = [], []
    for _ in range(5):
        begun = time.process_time()
        for limit, start, calendar in work:
            due(limit, start, calendar)
        alone.append(COUNT / (time.process_time() - begun))
        begun = time.process_time()
        for limit, start, calendar in work:
            due(limit, start, calendar)
            share_point(limit, start, 0.75, calendar)
        warned.append(COUNT / (time.process_time() - begun))
    return {
        "limits_per_s": round(statistics.median(alone)),
        "with_warning_per_s": round(statistics.median(warned)),
    }


# A case's columns that have no default in the database, whatever later versions add; what matters is set by name.
_FILL = """
INSERT INTO cases_case ({names})
SELECT {values} FROM generate_series(%(low)s::bigint, %(high)s::bigint - 1) AS n
"""
_SET = {
    "place_id": str(PLACE),
    "id": "(lpad(to_hex(1770000000000 + n), 12, '0') || '7' || substr(md5(n::text), 1, 3) || '8'"
    " || substr(md5(n::text), 4, 15))::uuid",
    "number": "'C' || n",
    "owner_key": "'organ:' || n % 32",
    "reported_at": "%(now)s::timestamptz - interval '1 day'",
    "changed_at": "%(now)s::timestamptz - interval '1 day'",
    # Ahead of now, spread over three weeks; those that are due are set afterwards.
    "next_at": "%(now)s::timestamptz + (n % 1814400) * interval '1 second' + interval '1 second'",
    "due_at": "%(now)s::timestamptz + (n % 1814400) * interval '1 second' + interval '1 hour'",
    "path": "'/1/' || n % 14 || '/' || n % 140 || '/'",
    "token": """'{"flow": "six-steps", "step": "handle", "owner": "organ:1", "entry": 2}'::jsonb""",
    "organ_ids": "ARRAY[n % 32]",
}
_BY_TYPE = {"smallint": "1", "integer": "1", "bigint": "1", "text": "''", "jsonb": "'{}'", "boolean": "false"}


def fill(cursor: Any, held: int) -> None:
    """*held* open cases of one place, in batches."""
    cursor.execute(
        "SELECT attname, format_type(atttypid, NULL), attnotnull FROM pg_attribute"
        " WHERE attrelid = 'cases_case'::regclass AND attnum > 0 AND NOT attisdropped ORDER BY attnum"
    )
    values = {}
    for name, kind, needed in cursor.fetchall():
        if name in _SET:
            values[name] = _SET[name]
        elif needed:
            if kind.endswith("[]"):
                values[name] = "'{}'"
            else:
                values[name] = _BY_TYPE.get(kind, "''")
    statement = _FILL.format(names=", ".join(f'"{n}"' for n in values), values=", ".join(values.values()))
    statement = statement.replace(" % ", " %% ")
    for low in range(0, held, 100_000):
        cursor.execute(statement, {"low": low, "high": min(low + 100_000, held), "now": NOW})
    cursor.execute("VACUUM ANALYZE cases_case")


def sweeps(cursor: Any, held: int, ripe: int) -> dict[str, Any]:
    """The statement of the tick, timed in the database's client."""
    from huying.cases import jobs

    def took(most: int = jobs.BATCH, **more: Any) -> tuple[float, int]:
        times, found = [], 0
        for _ in range(21):
            begun = time.perf_counter()
            found = len(
                jobs.due(PLACE, more.get("now", NOW), most, more.get("after", (jobs.NEVER, jobs.NOBODY)))
            )
            times.append((time.perf_counter() - begun) * 1000)
        return round(statistics.median(times), 2), found

    idle, none = took()
    cursor.execute(
        "UPDATE cases_case SET next_at = %s - (random() * interval '1 hour') WHERE place_id = %s AND id IN"
        " (SELECT id FROM cases_case ORDER BY md5(number) LIMIT %s)",
        [NOW, PLACE, ripe],
    )
    cursor.execute("ANALYZE cases_case")
    some, found = took()
    cursor.execute(
        "SELECT next_at, id FROM cases_case ORDER BY next_at, id OFFSET %s LIMIT 1", [held * 9 // 10]
    )
    cursor_at = cursor.fetchone()
    late, page = took(now=NOW + timedelta(days=30), after=cursor_at)
    asked = {"place": PLACE, "now": NOW, "most": jobs.BATCH, "at": jobs.NEVER, "id": jobs.NOBODY}
    cursor.execute("EXPLAIN (ANALYZE, BUFFERS) " + jobs._DUE, asked)
    sys.stderr.write("\n".join(row[0] for row in cursor.fetchall()) + "\n")
    if (none, found, page) != (0, min(ripe, jobs.BATCH), jobs.BATCH):
        raise RuntimeError(f"found {none}, {found}, {page}")
    return {"held": held, "due": ripe, "sweep_ms": some, "idle_ms": idle, "last_ms": late}


def main() -> None:
    """Measure and print one JSON line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--held", type=int, default=1_000_000)
    parser.add_argument("--due", type=int, default=200)
    options = parser.parse_args()
    from bench._deployment import machine
    from huying.site import database
    from huying.site.accounts import service_account

    told = {"bench": "clock"} | machine() | limits() | {"aims": {"limits_per_s": 30_000, "sweep_ms": 50}}
    account = service_account()
    cluster = database.Cluster(database.temporary_folder("hyb-", account), account=account)
    try:
        cluster.start()
        os.environ["DJANGO_SETTINGS_MODULE"] = "huying.site.settings"
        os.environ["HUYING_DATABASE_POOL"] = "0"
        os.environ["HUYING_DATABASE_URL"] = cluster.url(database.OWNER)
        with tempfile.TemporaryDirectory() as keys:
            os.environ["HUYING_DATA"] = keys
            subprocess.run([sys.executable, "-m", "django", "migrate", "-v", "0"], check=True)
            import django

            django.setup()
            from django.db import connection

            with connection.cursor() as cursor:
                begun = time.perf_counter()
                fill(cursor, options.held)
                told["filled_in_s"] = round(time.perf_counter() - begun, 1)
                told |= sweeps(cursor, options.held, options.due)
    finally:
        cluster.remove()
    told["load_after"] = round(os.getloadavg()[0], 2)
    print(json.dumps(told, ensure_ascii=False))


if __name__ == "__main__":
    main()
