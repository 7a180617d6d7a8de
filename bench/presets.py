"""Each shipped place from nothing: divisions, organs, people and some hundred cases, in time and memory.

    script/bench presets [--places huinan,zhenlai,zhenjiang,dashiqiao] [--cases 500] [--days 30]

Each place is loaded in a process and a database of its own, with nothing else in it, as ``script/server --place`` does:
published (``publish_s``), people with their posts (``people_s``), cases played through report, perform and fire with all
that follows the record (``cases_s``). ``whole_s`` is to stay below 60. ``cpu_s`` is the process's own processor time,
without the database's; ``rss_mb`` what the process came to at most; ``place_mb`` what the compiled preset and the
place's reference data take of it.
"""

from __future__ import annotations

import argparse
import itertools
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

PLACES = "huinan,zhenlai,zhenjiang,dashiqiao"
AIM = 60.0


def main() -> int:
    """Measure and print one JSON line; exit 1 when a place took too long."""
    if sys.argv[1:2] == ["--one"]:
        print(json.dumps(one(sys.argv[2], int(sys.argv[3]), int(sys.argv[4]))))
        return 0
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--places", default=PLACES)
    parser.add_argument("--cases", type=int, default=500)
    parser.add_argument("--days", type=int, default=30)
    options = parser.parse_args()
    from bench._deployment import machine

    told: dict[str, Any] = {"bench": "presets"} | machine() | {"aims": {"whole_s": AIM}, "places": {}}
    for name in options.places.split(","):
        command = [sys.executable, str(Path(__file__).resolve()), "--one", name]
        command += [str(options.cases), str(options.days)]
        done = subprocess.run(command, stdout=subprocess.PIPE, check=True)
        told["places"][name] = found = json.loads(done.stdout.splitlines()[-1])
        print(f"{name}: {found}", file=sys.stderr)
    told["whole_s"] = max(found["whole_s"] for found in told["places"].values())
    told["load_after"] = round(os.getloadavg()[0], 2)
    print(json.dumps(told, ensure_ascii=False))
    return int(told["whole_s"] > AIM)


def one(name: str, cases: int, days: int) -> dict[str, Any]:
    """Load one place into a new database."""
    from huying.site import database
    from huying.site.accounts import service_account

    account = service_account()
    cluster = database.Cluster(database.temporary_folder("hyb-", account), account=account)
    try:
        cluster.start()
        os.environ["DJANGO_SETTINGS_MODULE"] = "huying.site.settings"
        os.environ["HUYING_DATABASE_POOL"] = "0"
        os.environ["HUYING_DATABASE_URL"] = cluster.url(database.OWNER)
        with tempfile.TemporaryDirectory() as data:
            os.environ["HUYING_DATA"] = data
            environment = os.environ | {"PYTHONPATH": str(ROOT)}
            subprocess.run(
                [sys.executable, "-m", "django", "migrate", "-v", "0"], check=True, env=environment
            )
            import django

            django.setup()
            from huying.ledger.keyfiles import create_key_files

            create_key_files()
            return _load(name, cases, days)
    finally:
        cluster.remove()


def _load(name: str, cases: int, days: int) -> dict[str, Any]:
    from bench._deployment import Kept
    from huying.cases.models import Case
    from huying.ledger.models import Event
    from huying.places import memory
    from huying.places.models import Place
    from huying.site.demo_people import people
    from huying.site.population import password, publish
    from huying.testing.demo.populate import populate

    folder = ROOT / "presets" / name
    spent = time.process_time()
    marks = [time.perf_counter()]
    before = _rss()
    publish(folder)
    place = Place.objects.get()
    assert memory.of(place.pk).preset is not None
    small = _rss() - before
    marks.append(time.perf_counter())
    users = people(folder, Kept(), password)
    marks.append(time.perf_counter())
    played = populate(place.pk, cases, days)
    marks.append(time.perf_counter())
    took = [round(b - a, 1) for a, b in itertools.pairwise(marks)]
    return {
        "publish_s": took[0], "people_s": took[1], "cases_s": took[2], "whole_s": round(marks[-1] - marks[0], 1),
        "cpu_s": round(time.process_time() - spent, 1), "people": len(users), "played": played.cases,
        "cases": Case.objects.count(), "moves": sum(played.moves.values()), "events": Event.objects.count(),
        "rss_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024), "place_mb": round(small),
    }  # fmt: skip


def _rss() -> float:
    """Megabytes that the process holds now."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


if __name__ == "__main__":
    sys.exit(main())
