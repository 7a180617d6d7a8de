"""What goes into and comes out of the suggester: plain, frozen values."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple


@dataclass(frozen=True, slots=True)
class ItemInfo:
    """One item of the catalogue that a case may get (a leaf of the item tree).

    ``path`` holds the names of its ancestors, highest first; ``keywords`` may hold synonyms and colloquial words;
    ``organ`` is the code of the organ (or relation) that handles it; ``examples`` are whole sample messages.
    """

    code: str
    name: str
    path: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()
    field: str = ""
    organ: str = ""
    examples: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Scored:
    """A code with its confidence in [0, 1] and the words of the message that spoke for it."""

    code: str
    confidence: float
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Best items and organs, highest confidence first, and the field.

    Confidences of items do not sum to one: what is missing is the chance that no item fits. ``confidence`` is that of
    the best item, 0.0 when nothing matched at all (then ``items`` and ``organs`` are empty).
    """

    items: tuple[Scored, ...]
    organs: tuple[Scored, ...]
    field: str
    field_confidence: float
    confidence: float


class Correction(NamedTuple):
    """A desk's decision on a message: the item that was right, or ``""`` when no item of the catalogue fits."""

    title: str
    text: str
    item: str
