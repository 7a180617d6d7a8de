"""Where Chinese text is broken into lines: no stop at the beginning of a line, numbers and words kept whole."""

from __future__ import annotations

import re
from collections.abc import Callable

Width = Callable[[str], float]

_BEGINS = "（《〈「『【〔“‘"  # does not end a line
_ENDS = "，。、；：！？）》〉」』】〕”’…％%"  # does not begin one
_PARTS = re.compile(r"[A-Za-z0-9.,:/%+\-−–〔〕]+|.", re.DOTALL)


def pieces(text: str) -> list[str]:
    """The text cut where a line may end."""
    found: list[str] = []
    glue = False
    for part in _PARTS.findall(text):
        if found and (glue or part[0] in _ENDS):
            found[-1] += part
        else:
            found.append(part)
        glue = part[-1] in _BEGINS
    return found


def broken(text: str, width: Width, room: float, first: float = 0.0) -> list[str]:
    """The text as lines of at most *room*; the first one is *first* narrower."""
    found, line, left = [], "", room - first
    for piece in pieces(text):
        while width(piece) > room and len(piece) > 1:  # a word longer than a line
            cut = next((n for n in range(len(piece), 0, -1) if width(line + piece[:n]) <= left), 0)
            found.append(line + piece[:cut])
            line, piece, left = "", piece[cut:], room
        if line and width(line + piece) > left:
            found.append(line)
            line, left = piece.lstrip(" "), room
        else:
            line += piece
    return [*found, line] if line else found


def balanced(text: str, width: Width, room: float) -> list[str]:
    """A title as lines of about the same length, so that no single character stands alone."""
    count = len(broken(text, width, room))
    if count < 2:
        return [text]
    narrow = room
    while narrow > room / 2 and len(broken(text, width, narrow - 2)) == count:
        narrow -= 2
    return broken(text, width, narrow)
