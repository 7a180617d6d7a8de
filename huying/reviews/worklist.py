"""Reading the tasks: the queue of call-backs, checks and look-backs, one task with what it is about, progress."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, Q

from huying.cases.lists import BadCursor
from huying.cases.models import Case
from huying.cases.sight import visible
from huying.places import memory as places
from huying.reviews.models import Cycle, Task
from huying.staff.sight import Sight

SIZE = 30


@dataclass(frozen=True, slots=True)
class Line:
    """A task in a list: *held* is the task's own case, *case* what it is about."""

    task: Task
    held: Case
    case: Case


@dataclass(frozen=True, slots=True)
class Lines:
    """A page of tasks; *after* leads to the next one, "" on the last."""

    rows: Sequence[Line]
    after: str = ""


def open_tasks(sight: Sight, kind: str, after: str = "", *, size: int = SIZE) -> Lines:
    """Open tasks of a kind that the person may see, the next limit first. Two SQL statements. Raises BadCursor."""
    rows = Task.objects.filter(place_id=sight.place_id, kind=kind, done_at=None).select_related("case")
    rows = _in_area(rows, sight)
    if after:
        due, ident = _read(after)
        rows = rows.filter(Q(due_at__gt=due) | Q(due_at=due, id__gt=ident))
    return _page(sight, list(rows.order_by("due_at", "id")[: size + 1]), size)


def _in_area(rows: Any, sight: Sight) -> Any:
    """Whoever serves an area looks at the tasks of that area only; the rest is decided by ``visible``."""
    if not sight.paths:
        return rows
    there = Q()
    for path in sight.paths:
        there |= Q(path__startswith=path)
    return rows.filter(there | Q(path=""))


def _page(sight: Sight, found: list[Task], size: int) -> Lines:
    shown = found[:size]
    held = {case.id: case for case in visible(sight).filter(id__in=[task.id for task in shown])}
    rows = [Line(task, held[task.id], task.case) for task in shown if task.id in held]
    more = len(found) > size and shown[-1].due_at is not None
    return Lines(rows, _write(shown[-1]) if more else "")


def one(sight: Sight, task_id: UUID, kinds: Sequence[str]) -> Line:
    """A task of one of *kinds*, whose own case the person may see. Two SQL statements. Raises Case.DoesNotExist."""
    task = (
        Task.objects.filter(place_id=sight.place_id, id=task_id, kind__in=kinds)
        .select_related("case")
        .first()
    )
    if task is None:
        raise Case.DoesNotExist("no such task")
    return Line(task, visible(sight).get(id=task_id), task.case)


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a look-back is, in the place or in one town."""

    division_id: int | None
    name: str
    drawn: int
    done: int
    came_back: int

    @property
    def percent(self) -> int:
        """How much of it has been looked at."""
        return round(100 * self.done / self.drawn) if self.drawn else 0


@dataclass(frozen=True, slots=True)
class CycleView:
    """A look-back: its stretch and how far each town is."""

    name: str
    start: date
    end: date
    at: datetime
    closed: int
    whole: Progress
    towns: Sequence[Progress]


def cycles(place_id: int, *, most: int = 6) -> list[Cycle]:
    """The look-backs drawn last, newest first. One SQL statement."""
    return list(Cycle.objects.filter(place_id=place_id).order_by("-start")[:most])


def cycle(cycle: Cycle) -> CycleView:
    """How far a look-back is, by town. One SQL statement; as many rows as villages had cases in it."""
    memory = places.of(cycle.place_id)
    done, back = Q(done_at__isnull=False), Q(outcome="came_back")
    rows = (
        Task.objects.filter(place_id=cycle.place_id, kind="look_back", mark=cycle.name)
        .values_list("path")
        .annotate(n=Count("id"), done=Count("id", filter=done), back=Count("id", filter=back))
    )
    sums: dict[int | None, list[int]] = {}
    for path, n, looked, came in rows:
        ids = [int(part) for part in path.split("/") if part]
        town = ids[1] if len(ids) > 1 else None
        held = sums.setdefault(town, [0, 0, 0])
        for i, value in enumerate((n, looked, came)):
            held[i] += value
    towns = [
        Progress(town, memory.division(town).name if town is not None and town in memory.divisions else "", *counts)
        for town, counts in sums.items()
    ]  # fmt: skip
    towns.sort(key=lambda row: (row.percent, -row.drawn, row.name))
    total = [sum(counts[i] for counts in sums.values()) for i in range(3)]
    return CycleView(
        cycle.name, cycle.start, cycle.end, cycle.at, cycle.closed, Progress(None, "", *total), towns
    )


def _write(task: Task) -> str:
    assert task.due_at is not None
    return base64.urlsafe_b64encode(f"{task.due_at.isoformat()}|{task.id.hex}".encode()).decode()


def _read(text: str) -> tuple[datetime, UUID]:
    try:
        due, _sep, ident = base64.urlsafe_b64decode(text.encode()).decode().partition("|")
        return datetime.fromisoformat(due), UUID(ident)
    except (ValueError, UnicodeDecodeError) as error:
        raise BadCursor(text) from error
