"""What the worker does for this room: look for patterns now and then."""

from __future__ import annotations

from huying.inspection import patterns
from huying.places.models import Place


def look_for_all() -> int:
    """Compute the patterns of every place; how many findings are new."""
    return sum(patterns.look_for(place_id) for place_id in Place.objects.values_list("id", flat=True))


TICKS = [("inspection.patterns", 900.0, look_for_all, "slow")]
