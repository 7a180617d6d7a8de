"""Reads the reference data of one place from the database: six statements, whatever its size."""

from __future__ import annotations

from huying.places.info import DivisionInfo, OrganInfo, PlaceMemory
from huying.places.models import Division, DivisionCode, Holiday, OfficeHours, Organ, Place


def load(place_id: int) -> PlaceMemory:
    """The place as it stands in the database now. Raises Place.DoesNotExist."""
    place = Place.objects.select_related("refversion").get(pk=place_id)
    version = place.refversion.number if hasattr(place, "refversion") else 0
    codes = dict(
        DivisionCode.objects.filter(place_id=place_id, valid_to=None).values_list("code", "division_id")
    )
    code_of = {division_id: code for code, division_id in codes.items()}
    divisions = [
        DivisionInfo(
            id=row.id,
            code=code_of.get(row.id, ""),
            tier=row.tier,
            layer=row.layer,
            name=row.name,
            short=row.short or row.name,
            parent_id=row.parent_id,
            path=row.path,
            urban_rural=row.urban_rural,
            outline=row.outline,
            centre=None
            if row.centre_lon is None or row.centre_lat is None
            else (row.centre_lon, row.centre_lat),
            schematic=row.schematic,
            active=row.active_to is None,
        )
        for row in Division.objects.filter(place_id=place_id).order_by("id")
    ]
    organs = [
        OrganInfo(
            id=row.id,
            code=row.code,
            name=row.name,
            short=row.short or row.name,
            tier=row.tier,
            division_id=row.division_id,
            parent_id=row.parent_id,
            seat=row.seat,
            duties=row.duties,
            calendar=row.calendar,
            phone=row.phone,
            active=row.active,
        )
        for row in Organ.objects.filter(place_id=place_id).order_by("id")
    ]
    holidays = dict(Holiday.objects.filter(place_id=place_id).values_list("date", "working"))
    return PlaceMemory(
        place_id=place.pk,
        code=place.code,
        name=place.name,
        region=place.region,
        edition_id=place.edition_id,
        version=version,
        settings=place.settings,
        divisions=divisions,
        codes=codes,
        organs=organs,
        holidays=holidays,
        hours=_hours(place_id),
    )


def _hours(place_id: int) -> dict[int | None, list[list[tuple[int, int]]]]:
    """Office hours by organ (None: the place), seven days of sessions in minutes after midnight."""
    found: dict[int | None, list[list[tuple[int, int]]]] = {}
    for row in OfficeHours.objects.filter(place_id=place_id).order_by("weekday", "start"):
        week = found.setdefault(row.organ_id, [[] for _ in range(7)])
        end = row.end.hour * 60 + row.end.minute
        # 23:59 stands for the end of the day, which a time of day cannot say.
        week[row.weekday].append((row.start.hour * 60 + row.start.minute, 1440 if end == 1439 else end))
    return found
