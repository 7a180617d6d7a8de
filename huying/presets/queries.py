"""Reading editions. A compiled edition stays in the memory of the process: it can never change."""

from __future__ import annotations

import threading
from collections import OrderedDict

from huying.presets.definition import Preset
from huying.presets.models import Edition
from huying.presets.reader import load

# Cases stay bound to old editions for months; a place publishes a few a year.
KEEP = 32
_lock = threading.Lock()
_kept: OrderedDict[int, Preset] = OrderedDict()


class BrokenEdition(Exception):
    """A stored edition cannot be read: it was altered, or written by a newer version."""


def edition(edition_id: int) -> Preset:
    """The compiled edition. One SQL statement the first time, none afterwards. Raises Edition.DoesNotExist."""
    with _lock:
        found = _kept.get(edition_id)
        if found is not None:
            _kept.move_to_end(edition_id)
            return found
    row = Edition.objects.get(pk=edition_id)
    # What was sound when it was published stays so, even if a later version checks more.
    preset, problems = load(row.files, check=False)
    if preset is None or preset.sha256 != row.sha256:
        raise BrokenEdition(
            f"edition {edition_id}: " + ("; ".join(map(str, problems)) or "its content was altered")
        )
    keep(edition_id, preset)
    return preset


def keep(edition_id: int, preset: Preset) -> None:
    """Remember what an edition that is in the database was compiled to."""
    with _lock:
        _kept[edition_id] = preset
        while len(_kept) > KEEP:
            _kept.popitem(last=False)


compiled = edition


def current(place_code: str) -> Edition | None:
    """The place's newest edition, or None before the first. One SQL statement."""
    return Edition.objects.filter(place_code=place_code).order_by("-number").first()


def editions(place_code: str) -> list[Edition]:
    """The place's editions, newest first, without their files. One SQL statement."""
    return list(Edition.objects.filter(place_code=place_code).defer("files").order_by("-number"))


def forget() -> None:
    """Drop the compiled editions of this process (tests)."""
    with _lock:
        _kept.clear()
