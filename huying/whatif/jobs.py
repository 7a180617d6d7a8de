"""What the worker does for this room: one waiting study of each place at a time."""

from __future__ import annotations

from huying.places.models import Place
from huying.whatif import actions


def run_studies() -> int:
    """Do one waiting study of each place; how many were done."""
    return sum(actions.run_next(place_id) for place_id in Place.objects.values_list("id", flat=True))


TICKS = [("whatif.studies", 2.0, run_studies)]
