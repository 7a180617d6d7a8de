"""Messages of a file become cases: each through ``report()``, once for ever, whatever is interrupted.

The case and the note that its message was imported are written in one transaction, so that a run which is killed
anywhere leaves whole cases only, and the next run takes up where it stopped (docs/decisions/import.md).
"""

from __future__ import annotations

import csv
import os
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any

from django.db import connection, transaction

from huying import clock
from huying.cases.actions import report
from huying.cases.calls import Call, CallRefused, Reporter
from huying.cases.export import safe
from huying.cases.who import IMPORT, Actor
from huying.exchange.models import Imported
from huying.exchange.reading import Row, Source, reasons

CHUNK = 200  # messages looked up at a time
SHOWN = 5  # rows of a preview
NOW, RECEIVED = "now", "received"


@dataclass
class Outcome:
    """What an import came to. ``again``: were imported before; ``rejected``: problem codes, a row may have several."""

    rows: int = 0
    taken: int = 0
    again: int = 0
    bad: int = 0
    rejected: Counter[str] = field(default_factory=Counter)
    first: list[Row] = field(default_factory=list)
    placed: int = 0
    steps: Counter[str] = field(default_factory=Counter)


class _Before(Exception):
    """The message was imported before (or is just being imported by somebody else)."""


def run(
    place_id: int,
    source: Source,
    name: str,
    *,
    open_as_of: datetime | str = NOW,
    dry_run: bool = False,
    rejects: Path | None = None,
    tell: Callable[[int], None] | None = None,
) -> Outcome:
    """Import every usable message of *source*; what it came to.

    *name*: of the source, at most 40 characters; with it and a message's number the message is known again.
    *open_as_of*: from when limits run: ``now``, ``received`` (each message's own time) or a moment. *dry_run* writes
    nothing. *rejects*: where bad rows go (nothing is left there when there are none). *tell* is called with how many
    rows were done.
    """
    outcome = Outcome()
    seen: dict[str, int] = {}
    with _Rejects(None if dry_run else rejects, source.heads) as out:
        rows = source.rows()
        while part := list(islice(rows, CHUNK)):
            checked = [_repeated(row, seen) for row in part]
            before = _known(place_id, name, [row.number for row in checked if not row.problems])
            for row in checked:
                outcome.rows += 1
                if len(outcome.first) < SHOWN:
                    outcome.first.append(row)
                if not row.problems and row.number in before:
                    outcome.again += 1
                elif not row.problems and not dry_run:
                    row = _take(place_id, name, row, open_as_of, outcome)
                elif not row.problems:
                    outcome.taken += 1
                if row.problems:
                    outcome.bad += 1
                    outcome.rejected.update(row.problems)
                    out.write(row)
            if tell is not None:
                tell(outcome.rows)
    return outcome


def _repeated(row: Row, seen: dict[str, int]) -> Row:
    """The same number twice in one file is an error, unless it is the very same message."""
    if row.problems:
        return row
    what = hash((row.title, row.body, row.time))
    if seen.setdefault(row.number, what) != what:
        return replace(row, problems=("number-twice",))
    return row


def _known(place_id: int, name: str, numbers: Sequence[str]) -> set[str]:
    rows = Imported.objects.filter(place_id=place_id, source=name, number__in=numbers)
    return set(rows.values_list("number", flat=True))


def _take(place_id: int, name: str, row: Row, open_as_of: datetime | str, outcome: Outcome) -> Row:
    """One message becomes a case, or nothing happens at all."""
    now = clock.now()
    opened = (row.time or now) if open_as_of == RECEIVED else now if open_as_of == NOW else open_as_of
    assert isinstance(opened, datetime)
    call = Call(
        body=row.body, title=row.title, call=row.call, address=row.address, source=name, source_number=row.number,
        reporter=Reporter(None, row.user, row.phone), at=row.time,
    )  # fmt: skip
    try:
        with transaction.atomic():
            made = report(place_id, call, Actor(channel=IMPORT), now=opened)
            _note(place_id, name, row.number, made.case_id, now)
    except CallRefused:
        return replace(row, problems=("refused",))
    except _Before:
        outcome.again += 1
        return row
    outcome.taken += 1
    outcome.steps[made.step] += 1
    return row


def _note(place_id: int, name: str, number: str, case_id: Any, at: datetime) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO exchange_imported (place_id, source, number, case_id, at) VALUES (%s, %s, %s, %s, %s) "
            "ON CONFLICT DO NOTHING RETURNING 1",
            [place_id, name, number, case_id, at],
        )
        if cursor.fetchone() is None:
            raise _Before


class _Rejects:
    """The file of bad rows: line, reasons, and the row as it was. Put into place whole, at the end."""

    def __init__(self, path: Path | None, heads: Sequence[str]) -> None:
        self.path, self.heads = path, heads
        self.file: Any = None
        self.writer: Any = None

    def __enter__(self) -> _Rejects:
        return self

    def write(self, row: Row) -> None:
        if self.path is None:
            return
        if self.file is None:
            self.fresh = self.path.with_name(f".{self.path.name}.new")
            handle = os.open(
                self.fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600
            )  # it holds people's words
            # With a mark, so that spreadsheets take it for UTF-8.
            self.file = os.fdopen(handle, "w", encoding="utf-8-sig", newline="")
            self.writer = csv.writer(self.file)
            self.writer.writerow(["line", "reasons", *self.heads])
        cells = [safe(cell) for cell in row.cells]
        self.writer.writerow([row.line, reasons(row.problems), *cells])

    def __exit__(self, kind: Any, *_rest: Any) -> None:
        if self.file is not None:
            self.file.close()
            if kind is None:
                assert self.path is not None
                self.fresh.replace(self.path)
            else:
                self.fresh.unlink(missing_ok=True)
        elif kind is None and self.path is not None:
            self.path.unlink(missing_ok=True)  # of an earlier run: nothing is bad any more


def count_rows(source: Source) -> int:
    """How many rows there are, for a progress bar."""
    return sum(1 for _ in source.rows())


def preview(outcome: Outcome, source: Source) -> Iterator[Mapping[str, str]]:
    """The first rows as they were understood."""
    for row in outcome.first:
        yield {
            "line": str(row.line), "number": row.number, "title": row.title[:40], "text": row.body[:60].replace("\n", " "),
            "time": row.time.isoformat(sep=" ", timespec="minutes") if row.time else "", "user": row.user,
            "problems": reasons(row.problems),
        }  # fmt: skip
