"""The only writers of reference data. Each runs in one transaction, bumps the version and writes an event."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, time
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from huying import clock
from huying.flow.source import Problem as YamlProblem
from huying.flow.source import parse_yaml
from huying.ledger import actions as ledger
from huying.ledger.actions import Actor, Entry
from huying.places import changes, changes_organs, current, events, memory, rows, signals
from huying.places.changes import Outcome
from huying.places.models import Holiday, OfficeHours, Organ, Place, RefVersion
from huying.places.tables import ImportRefused, Problem, decode
from huying.worktime import holiday_rows, parse_hours
from huying.worktime.hours import WeekHours

SYSTEM = Actor(channel="system")


class _DryRun(Exception):
    """Rolls a trial run back."""


@dataclass(frozen=True, slots=True)
class _Files:
    place: dict[str, Any]
    roles: dict[str, Any]
    divisions: list[rows.DivisionRow]
    grids: list[rows.DivisionRow]
    organs: list[rows.OrganRow]


def load_preset(
    place_code: str,
    preset: Path | Mapping[str, str | bytes],
    *,
    edition_id: int | None = None,
    actor: Actor = SYSTEM,
    dry_run: bool = False,
) -> tuple[Place | None, Outcome]:
    """Bring place *place_code* to what a preset says: names, roles, divisions, grids, organs; made if it
    is new.

    *preset* is a folder, or the texts of an edition by path ("place.yaml", "divisions.csv"…). Loading the
    same again changes nothing. Divisions and organs that the preset no longer names are ended, never deleted.
    All or nothing: raises ImportRefused with every defect. With *dry_run* nothing stays; the place is None if
    it would be new.
    """
    files = _read(preset)
    outcome = Outcome()
    made: Place | None = None
    with suppress(_DryRun), transaction.atomic():
        place = _place(place_code, files, edition_id)
        tiers = [str(tier) for tier in files.place.get("tiers", [])]
        changes.apply_divisions(
            place.pk,
            [*files.divisions, *files.grids],
            "divisions.csv, grids.csv",
            tiers,
            complete=True,
            outcome=outcome,
        )
        changes_organs.apply_organs(place.pk, files.organs, "organs.csv", complete=True, outcome=outcome)
        if not Holiday.objects.filter(place=place).exists():
            seed_holidays(place.pk)
        _finish(place.pk, outcome, actor, "preset", edition_id)
        if dry_run:
            raise _DryRun
        made = place
    if dry_run:
        memory.forget()
        made = Place.objects.filter(code=place_code).first()
    current.forget_first()
    return made, outcome


def import_divisions(
    place_id: int, content: bytes, file: str, *, actor: Actor, dry_run: bool = False, surveyed: bool = False
) -> Outcome:
    """Add and change divisions from a CSV table or, by its ending, from GeoJSON. Nothing is ended.

    *surveyed* says that outlines are real ones; else they are marked schematic. Raises ImportRefused.
    """
    text = decode(content, file)
    if file.lower().endswith((".geojson", ".json")):
        found = rows.divisions_from_geojson(text, file, schematic=not surveyed)
    else:
        found = rows.divisions_from_csv(text, file)
    return _import_divisions(place_id, found, file, actor, dry_run)


def import_grids(
    place_id: int, content: bytes, file: str, *, actor: Actor, dry_run: bool = False, surveyed: bool = False
) -> Outcome:
    """Add and change grids from a CSV table with outlines or from GeoJSON. Raises ImportRefused."""
    text = decode(content, file)
    if file.lower().endswith((".geojson", ".json")):
        found = rows.divisions_from_geojson(text, file, schematic=not surveyed)
    else:
        found = rows.grids_from_csv(text, file, schematic=not surveyed)
    return _import_divisions(place_id, found, file, actor, dry_run)


def import_organs(
    place_id: int, content: bytes, file: str, *, actor: Actor, dry_run: bool = False
) -> Outcome:
    """Add and change organs from a CSV table. Raises ImportRefused."""
    found = rows.organs_from_csv(decode(content, file), file)
    return _run(
        place_id,
        actor,
        dry_run,
        lambda outcome: changes_organs.apply_organs(place_id, found, file, complete=False, outcome=outcome),
    )


def set_holiday(place_id: int, day: date, working: bool, name: str, *, actor: Actor) -> Holiday:
    """Enter or correct one day of the holiday table."""
    with transaction.atomic():
        held, _made = Holiday.objects.update_or_create(
            place_id=place_id,
            date=day,
            defaults={"working": working, "name": name, "source": Holiday.Source.HAND},
        )
        _calendar_changed(place_id, actor, {"what": "holiday", "date": day.isoformat(), "working": working})
    return held


def remove_holiday(place_id: int, day: date, *, actor: Actor) -> bool:
    """Make the day follow its weekday again. Whether there was a row."""
    with transaction.atomic():
        gone, _tables = Holiday.objects.filter(place_id=place_id, date=day).delete()
        if gone:
            _calendar_changed(place_id, actor, {"what": "holiday", "date": day.isoformat()})
    return bool(gone)


def seed_holidays(place_id: int) -> int:
    """Fill in the national calendar for the years that it knows; days entered by hand stay. How many rows."""
    by_hand = set(
        Holiday.objects.filter(place_id=place_id, source=Holiday.Source.HAND).values_list("date", flat=True)
    )
    Holiday.objects.filter(place_id=place_id, source=Holiday.Source.SEED).delete()
    fresh = [
        Holiday(
            place_id=place_id,
            date=row.date,
            working=row.is_workday,
            name=row.name,
            source=Holiday.Source.SEED,
        )
        for row in holiday_rows()
        if row.date not in by_hand
    ]
    Holiday.objects.bulk_create(fresh, batch_size=2000)
    memory.bump(place_id)
    return len(fresh)


def set_office_hours(
    place_id: int, organ_id: int | None, week: WeekHours | Mapping[str, Any] | None, *, actor: Actor
) -> None:
    """Replace the office hours of the place or of one organ; None goes back to the preset's or the place's.

    *week* is what `worktime.parse_hours` reads or gives. Raises worktime.HoursError, Organ.DoesNotExist.
    """
    parsed = None if week is None else parse_hours(week) if isinstance(week, Mapping) else week
    with transaction.atomic():
        if organ_id is not None:
            Organ.objects.get(pk=organ_id, place_id=place_id)
        OfficeHours.objects.filter(place_id=place_id, organ=organ_id).delete()
        OfficeHours.objects.bulk_create(
            OfficeHours(
                place_id=place_id,
                organ_id=organ_id,
                weekday=weekday,
                start=time(start // 60, start % 60),
                # A day's end of 24:00 has no `time`; the last minute stands for it and is read back so.
                end=time(23, 59) if end == 1440 else time(end // 60, end % 60),
            )
            for weekday, sessions in enumerate(parsed or ())
            for start, end in sessions
        )
        _calendar_changed(place_id, actor, {"what": "hours", "organ": organ_id})


def _read(preset: Path | Mapping[str, str | bytes]) -> _Files:
    def text(name: str) -> str | None:
        if isinstance(preset, Path):
            path = preset / name
            return decode(path.read_bytes(), name) if path.is_file() else None
        found = preset.get(name)
        return decode(found, name) if isinstance(found, bytes) else found

    def yaml(name: str) -> dict[str, Any]:
        source, problems = parse_yaml(text(name) or "", name)
        if problems or source is None or not isinstance(source.data, dict):
            raise ImportRefused(_from_yaml(problems, name))
        return source.data

    return _Files(
        place=yaml("place.yaml"),
        roles=yaml("roles.yaml"),
        divisions=rows.divisions_from_csv(text("divisions.csv") or "", "divisions.csv"),
        grids=rows.grids_from_csv(grids, "grids.csv") if (grids := text("grids.csv")) else [],
        organs=rows.organs_from_csv(text("organs.csv") or "", "organs.csv"),
    )


def _from_yaml(problems: Sequence[YamlProblem], file: str) -> list[Problem]:
    found = [Problem(row.file, row.line, "", row.what, row.mend) for row in problems]
    return found or [Problem(file, 0, "", _("the file is missing or empty"), _("add it to the preset"))]


def _place(place_code: str, files: _Files, edition_id: int | None) -> Place:
    name = files.place.get("name", place_code)
    settings = {**files.place, "roles": files.roles.get("roles", {})}
    wanted: dict[str, Any] = {
        "name": str(name.get("zh") or name.get("en")) if isinstance(name, dict) else str(name),
        "region": str(files.place.get("region", "")),
        "settings": settings,
    }
    if edition_id is not None:
        wanted["edition_id"] = edition_id
    place, _made = Place.objects.select_for_update().get_or_create(code=place_code, defaults=wanted)
    RefVersion.objects.get_or_create(place=place)
    if any(getattr(place, field) != value for field, value in wanted.items()):
        for field, value in wanted.items():
            setattr(place, field, value)
        place.save(update_fields=list(wanted))
    # Bumped here too: roles and hours may have changed though no division did.
    memory.bump(place.pk)
    return place


def _import_divisions(
    place_id: int, found: list[rows.DivisionRow], file: str, actor: Actor, dry_run: bool
) -> Outcome:
    tiers = memory.of(place_id).tiers
    return _run(
        place_id,
        actor,
        dry_run,
        lambda outcome: changes.apply_divisions(
            place_id, found, file, tiers, complete=False, outcome=outcome
        ),
    )


def _run(place_id: int, actor: Actor, dry_run: bool, apply: Callable[[Outcome], None]) -> Outcome:
    outcome = Outcome()
    with suppress(_DryRun), transaction.atomic():
        apply(outcome)
        _finish(place_id, outcome, actor, "import", None)
        if dry_run:
            raise _DryRun
    if dry_run:
        memory.forget(place_id)
    return outcome


def _finish(place_id: int, outcome: Outcome, actor: Actor, source: str, edition_id: int | None) -> None:
    if not outcome.changes:
        return
    if outcome.replaced:
        signals.divisions_replaced.send(sender=Place, place_id=place_id, replaced=outcome.replaced)
    data = {
        "source": source,
        "edition": edition_id,
        "added": outcome.count("add"),
        "changed": outcome.count("change") + outcome.count("return"),
        "replaced": outcome.count("replace"),
        "ended": outcome.count("end"),
    }
    ledger.append(place_id, [Entry(kind=events.REFERENCE, data=data, at=clock.now())], actor)
    memory.bump(place_id)


def _calendar_changed(place_id: int, actor: Actor, data: dict[str, Any]) -> None:
    ledger.append(place_id, [Entry(kind=events.CALENDAR, data=data, at=clock.now())], actor)
    memory.bump(place_id)
