"""Jobs of the queue: one for each message, tried again with growing pauses while that may help."""

from __future__ import annotations

from uuid import UUID

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from huying.notices import outbox


class Later(Exception):
    """The other side could not be reached; the queue tries again."""


@app.task(
    name="huying.notices.deliver",
    retry=RetryStrategy(exponential_wait=5, retry_exceptions={Later}),
    pass_context=False,
)
def deliver(place_id: int, ident: str) -> None:
    """Send one message; after 5, 25, 125… seconds again, ``outbox.TRIES`` times in all."""
    if not outbox.send(place_id, UUID(ident)):
        raise Later
