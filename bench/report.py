"""The monthly report of a county with 100,000 cases: counted, drawn as PDF and DOCX, numbered and archived.

    script/bench report [--cases 100000]

A play of some hundred cases is multiplied within the database over the year before: the cases, how each went, their
dispatches, the sums that figures are read from, and refused returns. ``made_s``: the draft (counting only);
``issued_s``: number, papers, addresses, ledger; ``whole_s``: both, which is to stay below ten. Median of three months,
and the slowest.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

END = datetime(2026, 11, 3, 1, 0, tzinfo=UTC)
PLAYED, DAYS = 200, 30
MONTHS = (8, 9, 10)
AIM = 10.0


def main() -> int:
    """Measure and print one JSON line; exit 1 when it took too long."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=100_000)
    options = parser.parse_args()
    from bench._deployment import machine
    from huying.site import database
    from huying.site.accounts import service_account

    told: dict[str, Any] = {"bench": "report"} | machine() | {"aims": {"whole_s": AIM}}
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
            from huying.ledger.keyfiles import create_key_files

            create_key_files()
            told |= measure(options.cases)
    finally:
        cluster.remove()
    told["load_after"] = round(os.getloadavg()[0], 2)
    print(json.dumps(told, ensure_ascii=False))
    return int(told["whole_s"] > AIM)


def measure(cases: int) -> dict[str, Any]:
    """Fill, make and issue."""
    from huying import clock
    from huying.cases.models import Case
    from huying.reports import actions, queries
    from huying.reports.tests.conftest import Lived, settle
    from huying.testing.demo.populate import populate

    with clock.frozen(END):
        lived = Lived(settle())
        populate(lived.place_id, cases=PLAYED, days=DAYS, seed=3)
        begun = time.perf_counter()
        fill(lived.place_id, cases)
        filled = time.perf_counter() - begun
        head = lived.actor("desk_head")
        made, issued, sizes = [], [], []
        spent = time.process_time()
        for month in MONTHS:
            begun = time.perf_counter()
            report = actions.make(head, "monthly", lived.top, date(2026, month, 15))
            made.append(time.perf_counter() - begun)
            begun = time.perf_counter()
            report = actions.issue(head, report.id)
            issued.append(time.perf_counter() - begun)
            paper = queries.paper(report, "pdf")
            assert paper is not None
            sizes.append(len(bytes(paper.data)))
            print(report.content["sections"][0]["text"], file=sys.stderr)
        return {
            "cases": Case.objects.filter(place_id=lived.place_id).count(),
            "filled_in_s": round(filled, 1),
            "made_s": round(statistics.median(made), 2),
            "issued_s": round(statistics.median(issued), 2),
            "whole_s": round(statistics.median([a + b for a, b in zip(made, issued, strict=True)]), 2),
            "slowest_s": round(max(a + b for a, b in zip(made, issued, strict=True)), 2),
            # What it took of a core, without the database: what is left when others keep the machine busy.
            "cpu_s": round((time.process_time() - spent) / len(MONTHS), 2),
            "pdf_bytes": max(sizes),
        }


_SHIFTED = {
    "timestamp with time zone": "t.{0} - k.days * interval '1 day'",
    "date": "t.{0} - k.days",
}


def fill(place_id: int, cases: int) -> None:
    """Copies of what was played, each shifted by some days of the year before."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM cases_case WHERE place_id = %s", [place_id])
        copies = max(0, -(-cases // cursor.fetchone()[0]) - 1)
        cursor.execute(
            "CREATE TEMP TABLE k AS SELECT n, (n * 7) %% 335 + 1 AS days FROM generate_series(1, %s) AS n",
            [copies],
        )
        new = "md5({} || ':' || k.n)::uuid"
        own = {"id": new.format("t.id"), "number": "t.number || '-' || k.n", "track_hash": "NULL"}
        _copy(cursor, "cases_case", place_id, own)
        _copy(cursor, "cases_course", place_id, {"case_id": new.format("t.case_id")})
        both = {"id": new.format("t.id"), "case_id": new.format("t.case_id")}
        _copy(cursor, "cases_response", place_id, both)
        _copy(cursor, "reports_refusal", place_id, both)
        names = _columns(cursor, "cases_sums")
        keys = ("place_id", "level", "day", "basis", "key")
        sums = [name for name in names if name not in keys]
        cursor.execute(
            f"INSERT INTO cases_sums ({', '.join([*keys, *sums])})"
            f" SELECT t.place_id, t.level, t.day - k.days, t.basis, t.key, {', '.join(f'sum(t.{one})' for one in sums)}"
            " FROM (SELECT * FROM cases_sums WHERE place_id = %s) t, k GROUP BY 1, 2, 3, 4, 5"
            " ON CONFLICT (place_id, level, day, basis, key) DO UPDATE SET "
            + ", ".join(f"{one} = cases_sums.{one} + excluded.{one}" for one in sums),
            [place_id],
        )
        for table in ("cases_case", "cases_course", "cases_response", "cases_sums", "reports_refusal"):
            cursor.execute(f"VACUUM ANALYZE {table}")


def _columns(cursor: Any, table: str) -> dict[str, str]:
    cursor.execute(
        "SELECT attname, format_type(atttypid, NULL) FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0"
        " AND NOT attisdropped ORDER BY attnum",
        [table],
    )
    return dict(cursor.fetchall())


def _copy(cursor: Any, table: str, place_id: int, own: dict[str, str]) -> None:
    columns = _columns(cursor, table)
    values = [own.get(name) or _SHIFTED.get(kind, "t.{0}").format(name) for name, kind in columns.items()]
    cursor.execute(
        f"INSERT INTO {table} ({', '.join(columns)}) SELECT {', '.join(values)}"
        f" FROM (SELECT * FROM {table} WHERE place_id = %s) t, k",
        [place_id],
    )


if __name__ == "__main__":
    sys.exit(main())
