"""Which place a request is about: the signed-in person's, else the one the visitor chose, else the only or
first."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from huying.places.models import Place

SESSION_KEY = "place"

_first: int | None = None


def place_id_of(request: HttpRequest) -> int:
    """The id of the request's place; 0 when none was loaded yet. No SQL statement but for the very first
    time."""
    user: Any = getattr(request, "user", None)
    if user is not None and user.is_authenticated and user.place_id:
        return int(user.place_id)
    chosen = request.session.get(SESSION_KEY) if hasattr(request, "session") else None
    return int(chosen) if chosen else first_place_id()


def first_place_id() -> int:
    """The place that a visitor gets who chose none: the oldest one. 0 when there is none."""
    global _first
    if _first is None:
        _first = Place.objects.order_by("id").values_list("id", flat=True).first()
    return _first or 0


def forget_first() -> None:
    """Ask the database again; called when a place is made."""
    global _first
    _first = None
