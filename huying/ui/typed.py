"""What people type and addresses name, read without trusting it."""

from __future__ import annotations

from datetime import date

YEARS = range(1970, 9001)  # before and after them neither cases lie nor can days be reckoned
MOST_DIGITS = 18  # fits the database's largest whole number, and Python reads it at once


def whole(text: object, most: int = MOST_DIGITS) -> int | None:
    """The whole number from 0 on that *text* writes in plain digits, at most *most* of them; None for anything else.

    ``str.isdigit`` is true of "²" too, which no number is made of, and of digits without end.
    """
    said = str(text)
    return int(said) if said.isascii() and said.isdecimal() and len(said) <= most else None


def day_of(text: object) -> date | None:
    """The day that a date field or an address names; None when empty, no day, or in no year of ours."""
    try:
        found = date.fromisoformat(str(text))
    except ValueError:
        return None
    return found if found.year in YEARS else None


def point_of(text: str) -> tuple[float, float] | None:
    """(longitude, latitude) of the map field's "lon,lat" (WGS 84 degrees); None when empty or no place on earth."""
    lon, _comma, lat = text.partition(",")
    try:
        point = float(lon), float(lat)
    except ValueError:
        return None
    return point if abs(point[0]) <= 180 and abs(point[1]) <= 90 else None
