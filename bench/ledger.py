"""How fast the ledger is: appending for a new case, making pages, checking. The last line is one JSON object.

    python bench/ledger.py [--seconds 5]

Makes a database of its own (fsync on) in a temporary folder and removes it. One connection, as the app's role, with
prepared statements. An append is what a call that comes in costs: four events, one with a private payload, a new
data key, one transaction.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
PLACE = 1


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=5.0)
    seconds = parser.parse_args().seconds
    from huying.site import database
    from huying.site.accounts import service_account

    account = service_account()
    cluster = database.Cluster(database.temporary_folder("hyb-", account), account=account)
    try:
        cluster.start()
        os.environ["DJANGO_SETTINGS_MODULE"] = "huying.site.settings"
        os.environ["HUYING_DATABASE_POOL"] = "0"
        os.environ["HUYING_DATABASE_URL"] = cluster.url(database.OWNER)
        subprocess.run([sys.executable, "-m", "django", "migrate", "-v", "0"], check=True)
        os.environ["HUYING_DATABASE_URL"] = cluster.url(database.APP)
        with tempfile.TemporaryDirectory() as keys:
            os.environ["HUYING_DATA"] = keys
            print(json.dumps(measure(seconds)))
    finally:
        cluster.remove()


def measure(seconds: float) -> dict[str, float]:
    import django

    django.setup()
    from django.db import connection, transaction

    from huying import clock
    from huying.ledger import jobs, keyfiles, keys, kinds, verify
    from huying.ledger.actions import Actor, Entry, append
    from huying.ledger.ids import uuid7

    keyfiles.create_key_files()
    kinds.register("bench.made", "made", ("item", "organ", "confidence", "due"))
    kinds.register("bench.moved", "moved", ("move", "step"))
    connection.ensure_connection()
    text = {
        "text": "小区东门路灯坏了三天，晚上看不见路，老人容易摔倒，请尽快派人来修。" * 3,
        "contact": "张先生",
    }

    def entries() -> tuple[list[Entry], list[keys.DataKey]]:
        case, now = uuid7(), clock.now()
        subject = ("case", case)
        data = {"item": "a.12", "organ": "b.3", "confidence": 0.87, "due": now}
        made = [Entry("bench.made", data, now, text, case, subject=subject, version=1)]
        for move in ("listed", "placed", "routed"):
            fields = {"move": move, "step": "check"}
            made.append(Entry("bench.moved", fields, now, case_id=case, subject=subject, version=1))
        return made, [keys.new_key(PLACE, subject)]

    def one() -> None:
        made, new = entries()
        with transaction.atomic():
            append(PLACE, made, actor, new_keys=new)

    def rate(work, span: float) -> tuple[float, float]:
        """Calls a second, and microseconds of this process's own CPU time a call."""
        for _ in range(50):
            work()
        done, begun, used = 0, time.perf_counter(), time.process_time()
        while time.perf_counter() - begun < span:
            work()
            done += 1
        return done / (time.perf_counter() - begun), (time.process_time() - used) / done * 1e6

    def nothing() -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT 1")

    actor = Actor(uuid7(), 7, None, "web")
    empty, empty_cpu = rate(nothing, seconds / 2)
    slow, _ = rate(one, seconds / 2)  # as the settings have it
    prepared = connection.connection.prepare_threshold is not None
    connection.connection.prepare_threshold = 5
    per_s, cpu = rate(one, seconds)
    begun, used = time.perf_counter(), time.process_time()
    events = jobs.drain(PLACE)
    paging, paging_cpu = time.perf_counter() - begun, time.process_time() - used
    begun = time.perf_counter()
    report = verify.verify(PLACE)
    checking = time.perf_counter() - begun
    assert report.ok, report.findings
    return {
        "appends_per_s": round(per_s),
        "append_cpu_us": round(cpu),
        "empty_transactions_per_s": round(empty),
        "empty_cpu_us": round(empty_cpu),
        "appends_per_s_as_set": round(slow),
        "prepared_as_set": prepared,
        "events": events,
        "paged_events_per_s": round(events / paging),
        "page_cpu_us_per_event": round(paging_cpu / events * 1e6, 1),
        "verified_events_per_s": round(events / checking),
    }


if __name__ == "__main__":
    main()
