"""Reading back what the special controls send."""

from __future__ import annotations

from collections.abc import Mapping

DURATION_UNITS = ("workdays", "work hours", "days", "hours", "minutes")


def point_of(text: str) -> tuple[float, float] | None:
    """(longitude, latitude) of the map field's "lon,lat" (WGS 84 degrees), or None when empty.

    Raises ValueError for anything else.
    """
    if not text.strip():
        return None
    lon, lat = (float(part) for part in text.split(","))
    if not (-180 <= lon <= 180 and -90 <= lat <= 90):
        raise ValueError("not a longitude and latitude")
    return lon, lat


def duration_of(data: Mapping[str, str], name: str) -> str:
    """The duration field's number and unit as one text ("5 workdays"), or "" when no number was given.

    Raises ValueError for a number that is not whole and positive, or an unknown unit.
    """
    number = (data.get(name) or "").strip()
    if not number:
        return ""
    unit = data.get(f"{name}_unit") or DURATION_UNITS[0]
    if not number.isdigit() or int(number) == 0 or unit not in DURATION_UNITS:
        raise ValueError("not a duration")
    return f"{int(number)} {unit}"
