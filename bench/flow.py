"""Moves a second on one core: a case walked from report to archive, over and over, with a cheap world.

`moves_per_s` counts `perform` calls, each with the automatic moves that follow it; starting the cases is in the
time too. Median of five runs, in
processor time of the one core it uses. Prints one JSON line."""

from __future__ import annotations

import json
import statistics
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from huying.flow import parse_flow, perform, read_yaml, start

FLOW = Path(__file__).parent.parent / "huying" / "flow" / "tests" / "flows" / "bill.yaml"
SECONDS = {
    "minutes": 60,
    "hours": 3600,
    "days": 86400,
    "work minutes": 60,
    "work hours": 3600,
    "workdays": 28800,
}
WALK = [
    ("sorted", {"item": "i1"}),
    ("genuine", {"site_note": "x"}),
    ("raise", {"reason": "r"}),
    ("weigh", {}),
    ("settle", {"plan": "p", "due": "2026-06-01T00:00:00+00:00"}),
    ("solved", {"result": "r", "evidence": [1]}),
    ("pass_down", {}),
    ("told", {"route": "r"}),
    ("written_off", {}),
    ("passed", {}),
]


class CheapWorld:
    """Answers at once, so that only the machine is measured."""

    def resolve(self, relation, token, facts, actor):
        return f"{relation.kind}:{token.tier}"

    def centre(self):
        return "post:desk@county"

    def matches(self, by, token, actor, facts):
        return True

    def claim(self, pool, token, actor):
        return "organ:1"

    def span(self, limit, token, facts):
        return None

    def after(self, start, span, owner, share=1.0):
        return start + timedelta(seconds=span.amount * SECONDS[span.unit] * share)

    def left(self, now, due, working, owner):
        return max(0.0, (due - now).total_seconds())

    def later(self, now, left, working, owner):
        return now + timedelta(seconds=left)


def main(seconds: float = 3.0) -> None:
    source, _ = read_yaml(FLOW)
    flow, problems = parse_flow(source)
    if flow is None:
        sys.exit("\n".join(map(str, problems)))
    world, now, facts = CheapWorld(), datetime(2026, 3, 2, 9, tzinfo=UTC), {"tier": "village", "item": "i1"}
    rates = []
    for _ in range(5):
        moves, begun = 0, time.process_time()
        while (passed := time.process_time() - begun) < seconds / 5:
            token = start(flow, world, facts, now).token
            for move, fields in WALK:
                token = perform(flow, token, move, world, facts, fields, now, "someone").token
            moves += len(WALK)
        rates.append(moves / passed)
    print(
        json.dumps(
            {
                "bench": "flow",
                "moves_per_s": round(statistics.median(rates)),
                "aim": 30000,
                "ended": token.ended,
            }
        )
    )


if __name__ == "__main__":
    main()
