"""What people type and addresses name, read without trusting it."""

from __future__ import annotations

MOST_DIGITS = 18  # fits the database's largest whole number, and Python reads it at once


def whole(text: object, most: int = MOST_DIGITS) -> int | None:
    """The whole number from 0 on that *text* writes in plain digits, at most *most* of them; None for anything else.

    ``str.isdigit`` is true of "²" too, which no number is made of, and of digits without end.
    """
    said = str(text)
    return int(said) if said.isascii() and said.isdecimal() and len(said) <= most else None
