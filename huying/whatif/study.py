"""One study: a past period played again as it was and as changed, side by side, with what came of both.

Both are simulated, with the same calls and the same chances (``chance``), so that what differs is the change. What
really happened is shown beside the unchanged play: how near the two are says how far to trust the rest.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from huying.whatif.calibrate import Model, calibrate
from huying.whatif.chance import uniform
from huying.whatif.changes import Changes, apply
from huying.whatif.outcomes import BINS, LOADS, Outcome, measured
from huying.whatif.replay import bare, parted
from huying.whatif.setting import Setting
from huying.whatif.simulate import Play
from huying.whatif.stays import CALLER, Course, cut
from huying.whatif.survival import interval

REPLICATIONS = 30
FEW_CASES, FEW_TURNS = 60, 20
MOST_OWNERS = 40


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked: the period (moments), how many replications, the seed."""

    start: float
    end: float
    replications: int = REPLICATIONS
    seed: int = 1


def run(
    courses: Sequence[Course], setting: Setting, changes: Changes, asked: Asked,
    tell: Callable[[float], None] = lambda share: None,
) -> dict[str, Any]:  # fmt: skip
    """The result as plain data, a few ten kilobytes whatever the period. *tell* hears how far it is (0 to 1)."""
    start, end = asked.start, asked.end
    now_known = [one for course in courses if (one := cut(course, end)) is not None]
    model = calibrate(now_known, setting, end)
    under_way, later = parted(courses, start)
    under_way = [course for course in under_way if course.closed is None or _not_ended(course)]
    arriving = [bare(course) for course in later if course.reported <= end]
    changed = apply(setting, changes)
    pairs: list[tuple[Outcome, Outcome]] = []
    for n in range(asked.replications):
        seed = asked.seed * 1000 + n
        calls = more_calls(arriving, changes.arrivals, seed)
        before = Play(model, setting, under_way, arriving, start, end, seed).run()
        after = Play(model, changed, under_way, calls, start, end, seed).run()
        pairs.append((before, after))
        tell((n + 1) / asked.replications)
    real = measured(now_known, setting, start, end)
    return {
        "cases": len(arriving), "under_way": sum(course.closed is None for course in under_way),
        "replications": len(pairs), "real": _one(real), "rate": _figure(pairs, lambda out: out.rate),
        "closed": _figure(pairs, lambda out: float(out.closed)), "overdue": _figure(pairs, lambda out: float(out.overdue)),
        "open": _figure(pairs, lambda out: float(out.open)), "late_by": _late_by(pairs, real), "bins": list(BINS),
        "loads": _loads(pairs, real), "load_from": start, "load_step": (end - start) / LOADS,
        "owners": _owners(pairs, real, model, changes), "warnings": _warnings(model, arriving, pairs, real, changes),
        "gamma": round(model.gamma, 2), "slope": round(model.slope, 2),
    }  # fmt: skip


def _not_ended(course: Course) -> bool:
    return any(stay.left is None for stay in course.own)


def more_calls(arriving: Sequence[Course], factor: float, seed: int) -> list[Course]:
    """The calls, fewer or more of them: left out, or doubled at the same hour of the week, by chance."""
    if factor == 1.0:
        return list(arriving)
    found: list[Course] = []
    for n, course in enumerate(arriving):
        copies = int(factor) + (uniform(seed, n, 0, 0, 9) < factor - int(factor))
        found += [course] if copies else []
        for k in range(1, copies):
            later = (uniform(seed, n, k, 0, 10) - 0.5) * 7200
            own = course.own
            stays = [own[0]._replace(at=own[0].at + later)] if own else []
            found.append(replace(course, reported=course.reported + later, stays=stays))
    return found


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values) if values else 0.0


def _figure(
    pairs: Sequence[tuple[Outcome, Outcome]], of: Callable[[Outcome], float | None]
) -> dict[str, Any]:
    """Before and after with where nine of ten replays lie, and the difference, pair by pair."""
    both = [(a, b) for one, two in pairs if (a := of(one)) is not None and (b := of(two)) is not None]
    before, after, by = [a for a, _ in both], [b for _, b in both], [b - a for a, b in both]
    return {
        name: [round(_mean(row), 5), *(round(x, 5) for x in interval(row))]
        for name, row in (("before", before), ("after", after), ("change", by))
    }  # fmt: skip


def _one(out: Outcome) -> dict[str, Any]:
    return {"rate": out.rate, "closed": out.closed, "overdue": out.overdue, "open": out.open}


def _late_by(pairs: Sequence[tuple[Outcome, Outcome]], real: Outcome) -> dict[str, list[float]]:
    size = range(len(BINS) + 1)
    return {
        "before": [round(_mean([one.late_by[n] for one, _ in pairs]), 1) for n in size],
        "after": [round(_mean([two.late_by[n] for _, two in pairs]), 1) for n in size],
        "real": list(real.late_by),
    }


def _loads(pairs: Sequence[tuple[Outcome, Outcome]], real: Outcome) -> dict[str, list[float]]:
    size = range(LOADS + 1)
    before, after = [[one.loads for one, _ in pairs], [two.loads for _, two in pairs]]
    found: dict[str, list[float]] = {"real": list(real.loads)}
    for name, rows in (("before", before), ("after", after)):
        found[name] = [round(_mean([row[n] for row in rows]), 1) for n in size]
    spread = [interval([float(row[n]) for row in after]) for n in size]
    found["low"], found["high"] = [low for low, _ in spread], [high for _, high in spread]
    return found


def _owners(
    pairs: Sequence[tuple[Outcome, Outcome]], real: Outcome, model: Model, changes: Changes
) -> list[dict[str, Any]]:
    turns: dict[str, float] = {}
    for one, two in pairs:
        for out in (one, two):
            for owner, count in out.turns.items():
                turns[owner] = turns.get(owner, 0.0) + count / (2 * len(pairs))
    touched = {*changes.staff, *changes.calendars, *changes.routes.values()}
    names = sorted((o for o in turns if o != CALLER), key=lambda o: (o not in touched, -turns[o], o))

    def row(owner: str) -> dict[str, Any]:
        return {
            "owner": owner, "turns": _figure(pairs, lambda out: float(out.turns[owner])),
            "rate": _figure(pairs, lambda out: out.owner_rate(owner)),
            "load": _figure(pairs, lambda out: out.owner_load.get(owner, 0.0)),
            "real": real.owner_rate(owner), "thin": model.finished[owner] < FEW_TURNS, "touched": owner in touched,
        }  # fmt: skip

    return [row(owner) for owner in names[:MOST_OWNERS]]


def _warnings(
    model: Model,
    arriving: Sequence[Course],
    pairs: Sequence[tuple[Outcome, Outcome]],
    real: Outcome,
    changes: Changes,
) -> list[list[Any]]:
    """What has to be said before anybody trusts the figures: codes with their figures, put into words by the page."""
    found: list[list[Any]] = []
    if len(arriving) < FEW_CASES:
        found.append(["few_cases", len(arriving)])
    played = _mean([one.rate or 0.0 for one, _ in pairs])
    if real.rate is not None and abs(played - real.rate) > 0.05:
        found.append(["off", round(100 * (played - real.rate), 1)])
    thin = [
        owner for owner in {*changes.staff, *changes.routes.values()} if model.finished[owner] < FEW_TURNS
    ]
    found += [["thin", owner, model.finished[owner]] for owner in sorted(thin)]
    if changes.staff and not model.gamma and not changes.full:
        found.append(["no_load", 0])
    if changes.step_limits or changes.item_limits:
        found.append(["pace", round(model.slope, 2)])
    if changes.calendars:
        found.append(["hours", 0])
    return found
