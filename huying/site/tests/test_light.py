"""What runs all day holds no library that only few requests need (law: a demonstration idles below 400 MB)."""

from __future__ import annotations

import json
import subprocess
import sys

# Documents, tables, fonts, training and monitoring: 20 MB and more in each process, loaded by the first who asks.
HEAVY = {
    "fpdf",
    "docx",
    "fontTools",
    "lxml",
    "openpyxl",
    "sklearn",
    "scipy",
    "prometheus_client",
    "paho",
    "httpx",
}

WEB = """
import huying.site.wsgi
from django.urls import get_resolver
def walk(one):
    for row in getattr(one, "url_patterns", ()):
        walk(row)
walk(get_resolver())
"""
WORKER = """
import huying.site.worker, django
django.setup()
from huying.site.ticks import all_ticks
assert all_ticks()
"""


def _loaded(script: str) -> set[str]:
    told = (
        "import json, sys\n"
        + script
        + "print(json.dumps(sorted({n.partition('.')[0] for n in sys.modules})))"
    )
    done = subprocess.run([sys.executable, "-c", told], stdout=subprocess.PIPE, check=True)
    return set(json.loads(done.stdout))


def test_the_web_with_all_its_addresses_loads_no_heavy_library() -> None:
    assert _loaded(WEB) & HEAVY == set()


def test_the_worker_with_all_its_ticks_loads_no_heavy_library() -> None:
    loaded = _loaded(WORKER)
    assert loaded & HEAVY == set()
    assert not loaded & {"ninja", "pydantic"}  # what only the interfaces need
