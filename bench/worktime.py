"""Limits worked out a second on one core. Prints one JSON line; run with ``python bench/worktime.py``."""

from __future__ import annotations

import json
import random
import time
from datetime import datetime, timedelta

from huying.worktime import Calendar, due, holiday_rows, parse_limit, share_point

COUNT = 60_000
LIMITS = ("2 work hours", "90 work minutes", "3 workdays", "15 workdays", "24 hours", "5 days")


def main() -> None:
    """Median of five rounds over random starts in 2004-2026; ``due`` alone, then with its 75 % warning."""
    office = Calendar(holidays={row.date: row.kind for row in holiday_rows()})
    draw = random.Random(7)
    origin = datetime(2004, 1, 1, tzinfo=office.zone)
    limits = [parse_limit(text) for text in LIMITS]
    work = [
        (draw.choice(limits), origin + timedelta(seconds=draw.randrange(22 * 365 * 86_400)))
        for _ in range(COUNT)
    ]

    def rate(step) -> int:
        rounds = []
        for _ in range(5):
            begun = time.perf_counter()
            for limit, start in work:
                step(limit, start)
            rounds.append(COUNT / (time.perf_counter() - begun))
        return round(sorted(rounds)[2])

    begun = time.perf_counter()
    Calendar(holidays=office.holidays)
    made = time.perf_counter() - begun
    print(
        json.dumps(
            {
                "bench": "worktime",
                "limits_per_s": rate(lambda limit, start: due(limit, start, office)),
                "share_points_per_s": rate(lambda limit, start: share_point(limit, start, 0.75, office)),
                "calendar_ms": round(made * 1000, 1),
            }
        )
    )


if __name__ == "__main__":
    main()
