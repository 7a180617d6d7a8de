"""Plain functions behind ``huying whatif``."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from huying.cases.lists import ZONE
from huying.cases.naming import owner_name
from huying.places import memory as places
from huying.places.models import Place
from huying.whatif import actions, queries
from huying.whatif.changes import Changes, read
from huying.whatif.replay import backtest
from huying.whatif.setting import setting_of


def _period(since: str, until: str) -> tuple[datetime, datetime]:
    first, last = date.fromisoformat(since), date.fromisoformat(until)
    return datetime.combine(first, time(), ZONE), datetime.combine(last + timedelta(days=1), time(), ZONE)


def whatif(place: str, since: str, until: str, change: Path, replications: int, seed: int) -> dict[str, Any]:
    """Play a past period again under the changes of a file; the result as plain data.

    Raises ChangesRefused for a file that cannot be used, StudyRefused for a period that cannot be studied.
    """
    place_id = _place(place)
    memory = places.of(place_id)
    changes: Changes = read(change.read_text(encoding="utf-8"), memory, change.name)
    first, last = _period(since, until)
    actions.check_period(first, last)
    result = actions.work(place_id, first, last, changes, replications=replications, seed=seed)
    for row in result["owners"]:
        row["name"] = owner_name(memory, row["owner"])
    return {"name": changes.name, "from": since, "to": until, **result}


def check(place: str, since: str, until: str, share: float, replications: int) -> dict[str, Any]:
    """How well the last part of a past period is forecast from the first: what was said, what happened."""
    place_id = _place(place)
    first, last = _period(since, until)
    courses, _more = queries.history(place_id, first, last)
    if not courses:
        raise actions.StudyRefused("history")
    start, end = first.timestamp(), last.timestamp()
    setting = setting_of(
        places.of(place_id), min(start, *(c.reported for c in courses)) - 40 * 86400, end + 400 * 86400
    )
    found = backtest(courses, setting, start, end, share=share, replications=replications)
    return {
        "predicted": round(100 * found.predicted, 1), "low": round(100 * found.low, 1),
        "high": round(100 * found.high, 1), "actual": round(100 * found.actual, 1), "points_off": round(found.error, 1),
        "closed": found.closed, "overdue": found.overdue, "cases": len(courses),
    }  # fmt: skip


def _place(code: str) -> int:
    rows = Place.objects.values_list("id", flat=True)
    return int(rows.get(code=code) if code else rows.get())


def told(result: dict[str, Any]) -> str:
    """A result in a few lines for a terminal."""
    rate = result["rate"]

    def line(name: str) -> str:
        mean, low, high = rate[name]
        return f"{name:>7}: {100 * mean:6.1f} %  ({100 * low:.1f} to {100 * high:.1f})"

    real = result["real"]["rate"]
    rows = [
        f"{result['cases']} calls and {result['under_way']} cases under way, {result['replications']} replays, 90 % of them in brackets",
        f"   real: {100 * real:6.1f} %" if real is not None else "   real: nothing to rate", line("before"), line("after"),
        line("change"), "",
        f"{'':<24}{'on time before':>15}{'after':>9}{'open before':>13}{'after':>8}",
    ]  # fmt: skip
    for row in result["owners"][:15]:
        rates, load = row["rate"], row["load"]
        rows.append(
            f"{row['name'][:22]:<24}{100 * rates['before'][0]:>13.1f} %{100 * rates['after'][0]:>7.1f} %"
            f"{load['before'][0]:>13.1f}{load['after'][0]:>8.1f}{'  (few turns)' if row['thin'] else ''}"
        )
    rows += [f"note: {' '.join(str(part) for part in warning)}" for warning in result["warnings"]]
    return "\n".join(rows)
