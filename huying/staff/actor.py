"""Who does something, as actions and the ledger want to know it."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest

from huying.ledger.actions import Actor
from huying.staff import sight


def actor_of(request: HttpRequest, channel: str = "web", behalf_id: UUID | None = None) -> Actor:
    """The actor behind *request*: the person and the post chosen, or the only post that there is."""
    seen = sight.of(request)
    post_id = seen.post_id
    if post_id is None and len(seen.post_ids) == 1:
        post_id = next(iter(seen.post_ids))
    return Actor(person_id=seen.person_id, post_id=post_id, behalf_id=behalf_id, channel=channel)
