"""Cycles that make a move: an alarm on each case that stands where the cycle picks, set for the next of its dates.

The date is part of the alarm's key, and the next one is set for the date after it, not after now: each date comes to a case
exactly once, one after the other, also when the server was down for several of them. What is archived takes part only where
the move says that it starts from there.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from typing import TYPE_CHECKING

from .dates import next_date
from .definition import Cycle, Step
from .draft import Draft
from .token import CYCLE, Alarm, alarm_to_json
from .world import World

if TYPE_CHECKING:
    from .run import Run


def alarms_of(step: Step, draft: Draft, now: datetime, world: World) -> Iterator[Alarm]:
    """The alarms of the cycles that pick a case which enters the step now."""
    for cycle in draft.definition.cycles:
        if moves_from(draft, cycle, step):
            at = _alarm(cycle, world.today(now), f"{draft.round}.{draft.entry + 1}.", world)
            if at is not None:
                yield at


def moves_from(draft: Draft, cycle: Cycle, step: Step) -> bool:
    """Whether the cycle makes a move that starts from the step, and picks a case that stands there."""
    move = draft.definition.by_id.get(cycle.move or "")
    return move is not None and step.id in move.sources and cycle.picks(step.id, draft.closed)


def came_round(run: Run, alarm: Alarm) -> None:
    """A date of a cycle has come: set the next, and make the move where the guards of both let it.

    What is paused sleeps through it; the date is over then.
    """
    draft, ident = run.draft, alarm.name.removeprefix(CYCLE)
    cycle = next((one for one in draft.definition.cycles if one.id == ident), None)
    move = draft.definition.by_id.get(cycle.move or "") if cycle is not None else None
    if cycle is None or move is None or draft.step not in move.sources:
        return
    day = date.fromisoformat(alarm.key.rpartition(".")[2])
    again = _alarm(cycle, day, f"{draft.round}.{draft.entry}.", run.world)
    run.note(
        {
            "event": "cycled", "cycle": ident, "date": day.isoformat(),
            "alarms": [alarm_to_json(again)] if again is not None else [],
        }
    )  # fmt: skip
    if draft.paused or move.needs or not (cycle.when.holds(run.env) and move.when.holds(run.env)):
        run.note({"event": "held", "move": move.id, "timer": alarm.name})
        return
    run.make(move, "clock")


def _alarm(cycle: Cycle, after: date, prefix: str, world: World) -> Alarm | None:
    day = next_date("" if cycle.dates else cycle.every, cycle.day, cycle.dates, after)
    if day is None:
        return None
    name = f"{CYCLE}{cycle.id}"
    return Alarm(f"{prefix}{name}.{day.isoformat()}", name, world.begins(day), None, False, True)
