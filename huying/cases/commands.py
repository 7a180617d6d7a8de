"""Plain functions behind the ``huying`` command."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import typer

from huying.cases.actions import migrate as migrating
from huying.cases.models import Case, Correction
from huying.cases.who import CLOCK_ACTOR
from huying.places.models import Place
from huying.presets.models import Edition


def corrections(output: Path) -> dict[str, Any]:
    """Write what desks corrected as rows to train from (title, label, text), oldest first; how many."""
    rows = list(Correction.objects.order_by("at").values_list("place_id", "case_id", "item"))
    texts = {
        (place, ident): (title, body)
        for place, ident, title, body in Case.objects.filter(
            id__in={case_id for _, case_id, _ in rows}, erased_at=None
        ).values_list("place_id", "id", "title", "body")
    }
    count = 0
    with output.open("w", newline="", encoding="utf-8") as out:
        writer = csv.writer(out)
        writer.writerow(["title", "label", "text"])
        for place, case_id, item in rows:
            if (place, case_id) in texts:
                title, body = texts[place, case_id]
                writer.writerow([title, item, body])
                count += 1
    return {"rows": count, "file": str(output)}


def migrate(place: str, old: int, new: int, renames: Sequence[str], items: Sequence[str], apply: bool) -> int:
    """Say what moving the unfinished cases of edition *old* to *new* means, and with *apply* do it. Prints; exit code.

    *renames* are "flow.step=flow.step", *items* "code=code"; editions are the place's own numbers.
    """
    place_id = Place.objects.values_list("id", flat=True).get(code=place)
    old_id, new_id = (
        Edition.objects.values_list("id", flat=True).get(place_code=place, number=number)
        for number in (old, new)
    )
    steps = {_step(a): _step(b) for a, b in (pair.split("=", 1) for pair in renames)}
    codes = dict(pair.split("=", 1) for pair in items)
    found = migrating.plan(place_id, old_id, new_id, steps, codes)
    for line in [*map(str, found.obstacles), *found.notices]:
        typer.echo(line)
    if found.obstacles:
        return 1
    if not apply:
        typer.echo(f"{len(found.steps)} steps can be moved; say --apply to do it")
        return 0
    done = migrating.migrate(place_id, old_id, new_id, CLOCK_ACTOR, renamed=steps, items=codes)
    typer.echo(f"{done.moved} cases moved to edition {new}")
    return 0


def _step(text: str) -> tuple[str, str]:
    flow, _dot, step = text.rpartition(".")
    return flow, step
