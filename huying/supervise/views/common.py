"""What the screens of this room share."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest

from huying.cases.frame_work import WORKING
from huying.staff.access import sight_of
from huying.staff.sight import Sight
from huying.supervise.kinds import kinds_at

RIGHT = "supervise"


def serves(request: HttpRequest) -> bool:
    """Whether the visitor serves at a place that supervises, so that orders may concern them."""
    sight = sight_of(request)
    return (
        sight is not None
        and not sight.is_resident
        and bool(sight.place_id)
        and sight.can(*WORKING)
        and bool(kinds_at(sight.place_id))
    )


def cursor(text: str) -> UUID | None:
    """Where a list goes on; None for its beginning, or for what is no cursor."""
    try:
        return UUID(text) if text else None
    except ValueError:
        return None


def after_last(ids: list[UUID], size: int) -> str:
    """The cursor behind a page of *size* rows of which one more was read; empty at the end."""
    return str(ids[size - 1]) if len(ids) > size else ""


def may_issue(sight: Sight) -> bool:
    """Whether the person may issue orders."""
    return sight.can(RIGHT)
