"""What ``huying cases import`` does."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from huying.exchange import importing
from huying.exchange.errors import CannotRead
from huying.exchange.reading import open_source, reasons
from huying.places.models import Place

SOURCE_MAX = 40


def import_messages(
    file: Path,
    *,
    place: str = "",
    columns: Mapping[str, str] | None = None,
    encoding: str = "",
    zone: str = "",
    source: str = "",
    open_as_of: str = importing.NOW,
    dry_run: bool = False,
    rejects: Path | None = None,
) -> dict[str, Any]:
    """Import the messages of *file* into the place of that code; what it came to. Raises CannotRead."""
    there = _place(place)
    name = source or file.stem
    if len(name) > SOURCE_MAX:
        raise CannotRead(
            _("The source's name has more than %(max)s characters; give a shorter one with --source.")
            % {"max": SOURCE_MAX}
        )
    read = open_source(file, columns=columns, encoding=encoding, zone=zone or _zone(there))
    where = rejects or file.with_name(f"{file.stem}.rejects.csv")
    if not dry_run and not where.parent.is_dir():
        raise CannotRead(_("There is no folder %(path)s for the rejects.") % {"path": where.parent})
    _say(
        _("%(file)s: %(encoding)s; columns: %(columns)s")
        % {
            "file": file.name, "encoding": read.encoding or "Excel",
            "columns": ", ".join(f"{field}={read.heads[at]}" for field, at in read.columns.items()),
        }
    )  # fmt: skip
    tell, done = _progress(importing.count_rows(read))
    started = time.monotonic()
    try:
        outcome = importing.run(
            there.pk,
            read,
            name,
            open_as_of=_moment(open_as_of, read.zone),
            dry_run=dry_run,
            rejects=where,
            tell=tell,
        )
    finally:
        done()
    seconds = time.monotonic() - started
    _tell_all(outcome, read, dry_run)
    return {
        "rows": outcome.rows, "taken" if not dry_run else "would_take": outcome.taken, "again": outcome.again,
        "rejected": outcome.bad, "reasons": dict(outcome.rejected), "steps": dict(outcome.steps),
        "rejects": str(where) if outcome.bad and not dry_run else "",
        "seconds": round(seconds, 1), "per_s": round(outcome.rows / seconds) if seconds else 0,
    }  # fmt: skip


def _place(code: str) -> Place:
    places = list(Place.objects.order_by("id"))
    found = [one for one in places if one.code == code] if code else places
    if not found:
        raise CannotRead(_("There is no place %(code)s here.") % {"code": code})
    if len(found) > 1:
        raise CannotRead(
            _("There are several places here; say which with --place: %(codes)s")
            % {"codes": ", ".join(p.code for p in found)}
        )
    return found[0]


def _zone(place: Place) -> str:
    from huying.places import memory

    preset = memory.of(place.pk).preset
    return preset.place.timezone if preset is not None else "Asia/Shanghai"


def _moment(text: str, zone: Any) -> datetime | str:
    if text in (importing.NOW, importing.RECEIVED):
        return text
    from huying.exchange.reading import moment

    found = moment(text, zone)
    if found is None:
        raise CannotRead(
            _("“%(text)s” is not a time; write now, received, or a time such as 2026-03-02 08:00.")
            % {"text": text}
        )
    return found


def _say(words: str) -> None:
    sys.stderr.write(words + "\n")


def _tell_all(outcome: importing.Outcome, read: Any, dry_run: bool) -> None:
    if dry_run:
        for row in importing.preview(outcome, read):
            _say("  " + " · ".join(f"{key}: {value}" for key, value in row.items() if value))
    for code, count in outcome.rejected.most_common():
        _say(f"  {count} × {reasons([code])}")


def _progress(count: int) -> tuple[Callable[[int], None], Callable[[], None]]:
    """A bar on a terminal, nothing elsewhere."""
    if not sys.stderr.isatty():
        return (lambda done: None), (lambda: None)
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TimeRemainingColumn

    bar = Progress(BarColumn(), MofNCompleteColumn(), TimeRemainingColumn(), console=Console(stderr=True))
    task = bar.add_task("", total=count)
    bar.start()
    return (lambda done: bar.update(task, completed=done)), bar.stop
