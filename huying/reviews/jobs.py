"""What the worker does for this room: draw the look-back when its day has come, forget device marks."""

from __future__ import annotations

from huying import clock
from huying.places.models import Place
from huying.reviews.actions import looking_back
from huying.reviews.models import RatingMark


def draw_all() -> int:
    """Draw the look-back of every place whose stretch is over; how many lists were drawn."""
    found = [looking_back.draw(place_id) for place_id in Place.objects.values_list("id", flat=True)]
    return sum(one is not None for one in found)


def forget_marks() -> int:
    """Drop device marks after their 90 days; how many."""
    return RatingMark.objects.filter(expires__lte=clock.now()).delete()[0]


TICKS = [
    ("reviews.look_back", 1800.0, draw_all),
    ("reviews.marks", 3600.0, forget_marks),
]
