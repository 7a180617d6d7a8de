"""How units stand in a period: the parts that the preset weighs, less the points taken off, with what each figure is
made of. Units with few cases are shown and not ranked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction

from huying import clock
from huying.cases.actions import Refused
from huying.cases.who import Actor
from huying.indicators import queries as indicators
from huying.indicators.periods import Period
from huying.indicators.queries import Figure
from huying.ledger import actions as ledger
from huying.ledger.ids import uuid7
from huying.places import memory as places
from huying.places.info import PlaceMemory
from huying.presets.review_definition import LEVELS, Part
from huying.presets.review_definition import Appraisal as Weights
from huying.reviews.days import local_day
from huying.reviews.models import Appraisal
from huying.reviews.queries import points_of
from huying.reviews.vouching import digest
from huying.staff.queries import team_sizes

WHOLE = 100.0


@dataclass(frozen=True, slots=True)
class Mark:
    """One part of a unit's mark. ``rate`` is None when there was nothing to rate; then the part is left out."""

    indicator: str
    name: str
    weight: float
    rate: float | None
    numerator: float
    denominator: float
    points: float  # of the weight


@dataclass(frozen=True, slots=True)
class Standing:
    """A unit in an appraisal. ``sample`` is the smallest number of cases behind a rate; ``small`` ones have no rank.

    ``points`` is out of 100, ``taken`` what was taken off for deductions; ``total`` is what is left, never below 0.
    """

    unit_id: int
    name: str
    rank: int | None
    points: float
    taken: float
    total: float
    sample: int
    small: bool
    parts: tuple[Mark, ...]


@dataclass(frozen=True, slots=True)
class Standings:
    """The units of a level in a period. Frozen once ``issued_at``: then they are as they were, whatever happened since."""

    level: str
    period: Period
    edition_id: int | None
    rows: tuple[Standing, ...]
    issued_at: datetime | None = None
    id: UUID | None = None


def standings(place_id: int, period: Period, level: str) -> Standings:
    """How the units of *level* (one of ``LEVELS``) stand: as issued, else as the figures are now.

    One SQL statement when it was issued, else two or three and those of the figures. Raises KeyError for another level.
    """
    if level not in LEVELS:
        raise KeyError(level)
    held = Appraisal.objects.filter(
        place_id=place_id, level=level, start=period.start, end=period.end
    ).first()
    return _issued(held) if held is not None else _now(places.of(place_id), period, level)


def issue(
    place_id: int, period: Period, level: str, actor: Actor, *, now: datetime | None = None
) -> Standings:
    """Issue the appraisal of a period that is over: what it says stays, whatever happens afterwards. Raises Refused."""
    if not actor.has("assess"):
        raise Refused("not-allowed")
    if level not in LEVELS:
        raise Refused("unknown-level")
    now = now or clock.now()
    memory = places.of(place_id)
    if period.end > local_day(memory, now):
        raise Refused("not-over")
    made = _now(memory, period, level)
    if not made.rows or made.edition_id is None:
        raise Refused("nothing")
    body = [asdict(row) for row in made.rows]
    row = Appraisal(
        place_id=place_id, id=uuid7(), level=level, start=period.start, end=period.end, edition_id=made.edition_id,
        issued_at=now, person_id=actor.person_id, body=body,
    )  # fmt: skip
    try:
        with transaction.atomic():
            row.save(force_insert=True)
            ledger.append(
                place_id,
                [
                    ledger.Entry(
                        kind="appraisal.issued", at=now,
                        data={
                            "appraisal": row.id, "level": level, "start": period.start.isoformat(),
                            "end": period.end.isoformat(), "edition": made.edition_id, "units": len(body), "digest": digest(body),
                        },
                    )
                ],
                actor.for_ledger(),
            )  # fmt: skip
    except IntegrityError as error:
        raise Refused("decided") from error
    return _issued(row)


def _issued(held: Appraisal) -> Standings:
    rows = tuple(
        Standing(**{**row, "parts": tuple(Mark(**part) for part in row["parts"])}) for row in held.body
    )
    return Standings(held.level, Period(held.start, held.end), held.edition_id, rows, held.issued_at, held.id)


def _now(memory: PlaceMemory, period: Period, level: str) -> Standings:
    preset = memory.preset
    weights = (
        preset.reviews.appraisals.get(level) if preset is not None and preset.reviews is not None else None
    )
    if weights is None or not weights.parts:
        return Standings(level, period, memory.edition_id, ())
    names = _names(memory, weights)
    figures = indicators.figures(memory.place_id, period, level)
    taken = points_of(memory.place_id, period.start, period.end) if level in ("organ", "town") else {}
    units = _units(memory, level, weights)
    off: dict[Any, float] = {}
    for organ, points in taken.items():  # several organs may be of one town
        unit = _unit_of(memory, organ, level)
        off[unit] = off.get(unit, 0.0) + float(points)
    found = [
        marked(int(unit), name, figures.get(unit, {}), weights, names, off.get(unit, 0.0)) for unit, name in units.items()
        if unit in figures or unit in off
    ]  # fmt: skip
    return Standings(level, period, memory.edition_id, ranked(found))


def marked(
    unit: int,
    name: str,
    figures: Mapping[str, Figure],
    weights: Weights,
    names: Mapping[str, str],
    off: float,
) -> Standing:
    """A unit's mark without a rank. Parts that have nothing to rate are left out and the rest counts for the whole."""
    parts = [_mark(part, figures.get(part.indicator), names) for part in weights.parts]
    weight = sum(one.weight for one in parts if one.rate is not None)
    points = sum(one.points for one in parts) / weight * WHOLE if weight else 0.0
    sample = int(min((one.denominator for one in parts if one.rate is not None), default=0))
    taken = off * weights.deduction
    return Standing(
        unit, name, None, round(points, 2), round(taken, 2), round(max(0.0, points - taken), 2), sample,
        sample < weights.least or not weight, tuple(parts),
    )  # fmt: skip


def _mark(part: Part, figure: Figure | None, names: Mapping[str, str]) -> Mark:
    rate = figure.value if figure is not None and figure.denominator else None
    points = 0.0
    if rate is not None:
        share = (rate - part.worst) / (part.best - part.worst)
        points = round(min(1.0, max(0.0, share)) * part.weight, 4)
    return Mark(
        part.indicator, names.get(part.indicator, part.indicator), part.weight, rate,
        figure.numerator if figure is not None else 0, figure.denominator if figure is not None else 0, points,
    )  # fmt: skip


def ranked(rows: Sequence[Standing]) -> tuple[Standing, ...]:
    """Best first; equal totals share a rank; small samples stand at the end without one."""
    found: list[Standing] = []
    best = sorted((row for row in rows if not row.small), key=lambda row: (-row.total, row.unit_id))
    for place, row in enumerate(best, 1):
        same = found[-1].rank if found and found[-1].total == row.total else place
        found.append(_with_rank(row, same))
    rest = sorted((row for row in rows if row.small), key=lambda row: (-row.sample, row.unit_id))
    return (*found, *rest)


def _with_rank(row: Standing, rank: int | None) -> Standing:
    return Standing(
        row.unit_id, row.name, rank, row.points, row.taken, row.total, row.sample, row.small, row.parts
    )


def _names(memory: PlaceMemory, weights: Weights) -> dict[str, str]:
    preset = memory.preset
    known = preset.indicators.indicators if preset is not None else {}
    return {
        part.indicator: str(known[part.indicator].name) if part.indicator in known else part.indicator
        for part in weights.parts
    }


def _units(memory: PlaceMemory, level: str, weights: Weights) -> dict[Any, str]:
    if level == "organ":
        # The organ of a town is appraised with the towns.
        return {
            one.id: one.name for one in memory.organs.values() if one.active and not _is_town(memory, one.id)
        }
    if level == "grid":
        # Whoever serves a grid alone is a person, not a team, and people are never compared.
        many = team_sizes(memory.place_id)
        return {
            one.id: one.name
            for one in memory.divisions.values()
            if one.active and one.is_grid and many.get(one.id, 0) >= weights.people
        }
    return {
        one.id: one.name
        for one in memory.divisions.values()
        if one.active and one.tier == level and not one.is_grid
    }


def _is_town(memory: PlaceMemory, organ_id: int) -> bool:
    division = memory.organ(organ_id).division_id
    return division is not None and memory.top is not None and division != memory.top.id


def _unit_of(memory: PlaceMemory, organ_id: int, level: str) -> Any:
    """The unit that an organ's deductions are taken off: at the level of towns, the town that the organ is of."""
    if level != "town" or organ_id not in memory.organs:
        return organ_id
    above = memory.organ(organ_id).division_id
    chain = memory.division(above).ancestors if above is not None and above in memory.divisions else ()
    return next((one for one in chain if memory.division(one).tier == level), above)
