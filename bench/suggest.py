"""Time of one suggestion on one core. The last line printed is one JSON object.

    python bench/suggest.py [--messages FILE.csv] [--model MODEL.npz] [--catalogue FILE.csv] [--rows 2000]

Without ``--messages`` the messages are drawn from the project's own descriptions, joined to about 200 characters.
Measured are items alone (untrained), with a trained field model, and with field model and corrections together.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import platform
import random
import sys
from pathlib import Path
from time import perf_counter, process_time, thread_time

for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(name, "1")

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

import numpy as np  # noqa: E402

from huying.suggest import Correction, CorrectionModel, FieldModel, ItemInfo, Suggester  # noqa: E402
from huying.suggest.catalogue import read_catalogue  # noqa: E402
from huying.suggest.training import Row, train_model  # noqa: E402


def own_messages(count: int) -> list[tuple[str, str, str]]:
    """(title, text, item) made from the project's descriptions."""
    path = ROOT / "huying/suggest/tests/descriptions_huinan.csv"
    with open(path, encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    draw = random.Random(7)
    made = []
    for _ in range(count):
        picked = draw.sample(rows, 8)
        made.append(
            (picked[0]["text"][:20], "。".join(row["text"] for row in picked)[:210], picked[0]["item"])
        )
    return made


def given_messages(path: Path, count: int) -> list[tuple[str, str, str]]:
    """The first ``count`` messages of a CSV with columns title and text."""
    with open(path, encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.DictReader(stream))[:count]
    return [(row["title"], row.get("text") or "", "") for row in rows]


def timed(suggester: Suggester, messages: list[tuple[str, str, str]]) -> dict[str, float]:
    """Milliseconds a message by the clock (median, 99th percentile) and of processor time (median); messages a second.

    On a machine that does other work too, processor time is what one core needs.
    """
    for title, text, _ in messages[:100]:
        suggester.suggest(title, text)
    times, busy = [], []
    for title, text, _ in messages:
        start, start_busy = perf_counter(), thread_time()
        suggester.suggest(title, text)
        busy.append(thread_time() - start_busy)
        times.append(perf_counter() - start)
    return {
        "p50_ms": round(float(np.percentile(times, 50)) * 1e3, 4),
        "p99_ms": round(float(np.percentile(times, 99)) * 1e3, 4),
        "cpu_p50_ms": round(float(np.percentile(busy, 50)) * 1e3, 4),
        "per_s": round(len(times) / sum(times)),
    }


def corrections_of(items: list[ItemInfo], messages: list[tuple[str, str, str]]) -> list[Correction]:
    """Corrections only to have something of the real size to fit: own item, or items in turn."""
    return [
        Correction(title, text, item or items[number % len(items)].code)
        for number, (title, text, item) in enumerate(messages)
    ]


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--messages", type=Path)
    parser.add_argument("--model", type=Path)
    parser.add_argument("--catalogue", type=Path, default=ROOT / "presets/huinan/catalogue.csv")
    parser.add_argument("--rows", type=int, default=2000)
    options = parser.parse_args()
    given = options.messages
    messages = given_messages(given, options.rows) if given else own_messages(options.rows)
    items = read_catalogue(options.catalogue)
    if options.model:
        model = FieldModel.load(options.model)
    else:
        fields = {item.code: item.field for item in items}
        own = own_messages(600)
        model = train_model([Row(t, fields[i], x) for t, x, i in own], calibrate=False)
    start = perf_counter()
    plain = Suggester(items)
    build_ms = (perf_counter() - start) * 1e3
    result: dict[str, object] = {
        "bench": "suggest",
        "messages": len(messages),
        "median_chars": int(np.median([len(title) + len(text) for title, text, _ in messages])),
        "items": len(items),
        "build_ms": round(build_ms, 1),
        "items_only": timed(plain, messages),
        "with_model": timed(Suggester(items, model), messages),
    }
    corrections = corrections_of(items, (messages * 5)[:5000])
    start, start_busy = perf_counter(), process_time()
    learned = CorrectionModel.fit(plain, corrections)
    result["fit_rows"] = len(corrections)
    result["fit_s"] = round(perf_counter() - start, 2)
    result["fit_cpu_s"] = round(process_time() - start_busy, 2)
    result["with_model_and_corrections"] = timed(Suggester(items, model, learned), messages)
    result["python"] = platform.python_version()
    result["numpy"] = np.__version__
    print(json.dumps(result, ensure_ascii=False))


if __name__ == "__main__":
    main()
