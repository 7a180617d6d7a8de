"""Memory of the idle demonstration: proportional set size of all its processes, in megabytes.

    script/bench memory [--settle 60]

Pages that several processes share are counted once, by shares (``Pss`` of /proc/PID/smaps_rollup). A request for each
of a few pages is made first, so that what loads late is there.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from bench import _deployment

PAGES = ("/", "/healthz", "/sign-in/", "/report/", "/track/")
HEAVY = (
    "sklearn",
    "scipy",
    "lxml",
    "fontTools",
    "matplotlib",
    "pandas",
)  # those with parts in C, which maps tell


def pss(pid: int) -> float:
    """Megabytes of a process; 0 when it is gone."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0.0
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith("Pss:"))


def kind_of(process: Any) -> str:
    """What a process of the deployment is."""
    words = " ".join(process.cmdline())
    for kind, mark in (("web", "granian"), ("worker", "huying.site.worker"), ("database", "postgres")):
        if mark in words:
            return kind
    return "launcher"


def heavy(pid: int) -> list[str]:
    """Big libraries that a process has mapped."""
    try:
        maps = Path(f"/proc/{pid}/maps").read_text()
    except OSError:
        return []
    return [name for name in HEAVY if f"/{name}/" in maps or f"/{name}." in maps]


def main() -> int:
    """Measure and print."""
    import psutil

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--settle", type=float, default=60.0)
    options = parser.parse_args()
    told: dict[str, Any] = {"bench": "memory"} | _deployment.machine()
    with _deployment.served(demo=True) as one:
        for path in PAGES * 4:
            try:
                one.get(path)
            except OSError as problem:
                print(f"{path}: {problem}", file=sys.stderr)
        time.sleep(options.settle)
        parts: dict[str, float] = {}
        mapped: set[str] = set()
        for pid in one.family():
            process = psutil.Process(pid)
            size = pss(pid)
            parts[kind_of(process)] = parts.get(kind_of(process), 0.0) + size
            mapped |= {f"{kind_of(process)}: {name}" for name in heavy(pid)}
        told |= {"pss_mb": round(sum(parts.values())), "parts_mb": {k: round(v) for k, v in parts.items()}}
        told |= {"processes": len(one.family()), "heavy_libraries": sorted(mapped)}
    print(json.dumps(told, ensure_ascii=False))
    return 0


if __name__ == "__main__":
    sys.exit(main())
