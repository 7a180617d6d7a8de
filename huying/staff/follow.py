"""Posts and delegates follow a division that was replaced by a new row (it moved under another parent)."""

from __future__ import annotations

from typing import Any

from django.dispatch import receiver

from huying.places.signals import divisions_replaced
from huying.staff.models import Delegate, Post


@receiver(divisions_replaced)
def move_posts(place_id: int, replaced: dict[int, int], **_: Any) -> None:
    """Point posts and delegates of ended divisions to those that took over; runs in the import's
    transaction."""
    for post in Post.objects.filter(place_id=place_id, division_id__in=replaced):
        assert post.division_id is not None
        post.division_id = replaced[post.division_id]
        post.save(update_fields=["division"])
    for delegate in Delegate.objects.filter(place_id=place_id, division_id__in=replaced):
        delegate.division_id = replaced[delegate.division_id]
        delegate.save(update_fields=["division"])
