"""Full-text search over Chinese without a dictionary: every pair of neighbouring characters is a word.

Pairs find whatever is written, also names that no dictionary has; latin words and numbers are words as they stand.
"""

from __future__ import annotations

import re

_RUN = re.compile(r"[㐀-鿿豈-﫿]+|[a-z0-9]+", re.IGNORECASE)
MOST = 600  # words kept of one case


def words_of(text: str) -> list[str]:
    """The distinct words of a text, in order, at most ``MOST``."""
    found: dict[str, None] = {}
    for run in _RUN.findall(text):
        if run[0].isascii():
            found[run.lower()[:40]] = None
        elif len(run) == 1:
            found[run] = None
        else:
            for i in range(len(run) - 1):
                found[run[i : i + 2]] = None
        if len(found) >= MOST:
            break
    return list(found)[:MOST]


def place_word(place_id: int) -> str:
    """The word that every case of a place carries, so that a search stays within it."""
    return f"@{place_id}"


def query_of(place_id: int, typed: str) -> str | None:
    """What was typed as a PostgreSQL ``tsquery``; None when there is nothing to look for.

    All words must be there; the last latin word may be a beginning (a number being typed).
    """
    words = words_of(typed)
    if not words:
        return None
    # A single character is looked for as the beginning of a pair.
    quoted = [
        f"'{word}'" + (":*" if len(word) == 1 or (word.isascii() and word is words[-1]) else "")
        for word in words
    ]
    return " & ".join([f"'{place_word(place_id)}'", *quoted])
