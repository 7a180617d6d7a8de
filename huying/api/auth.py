"""Who asks: the person behind a bearer key, what they see, and how often they have asked.

What a key stands for is kept in memory for at most ``KEEP`` seconds, so that a busy key does not cost three SQL
statements a request; a key that was revoked works at most that much longer. Only a hash of the key is kept.
"""

from __future__ import annotations

import hashlib
import threading
import time
from collections import OrderedDict
from dataclasses import dataclass, field
from uuid import UUID

from django.conf import settings

from huying import clock
from huying.api.problems import Problem
from huying.cases.who import API, DELEGATE, Actor
from huying.staff import sight, tokens
from huying.staff.models import ApiToken
from huying.staff.sight import Sight

KEEP = 5.0  # seconds
MOST = 1000  # keys kept in memory


@dataclass(slots=True)
class Caller:
    """A live key: its scopes, and the person it acts for."""

    token: ApiToken
    sight: Sight
    scopes: frozenset[str]
    until: float
    bucket: Bucket

    @property
    def place_id(self) -> int:
        """The place of the key."""
        return int(self.token.place_id)

    @property
    def actor(self) -> Actor:
        """As whom the cases room knows the caller."""
        return Actor(channel=DELEGATE if self.sight.delegations else API, sight=self.sight)

    @property
    def person_id(self) -> UUID | None:
        """The person the key acts for."""
        return self.sight.person_id

    def needs(self, scope: str) -> None:
        """Raise Problem unless the key has the scope."""
        if scope not in self.scopes:
            raise Problem("missing-scope", detail=scope, scope=scope)


@dataclass(slots=True)
class Bucket:
    """So many requests a second, and a burst of ten seconds' worth; each process counts for itself."""

    left: float = 0.0
    at: float = field(default_factory=time.monotonic)
    fresh: bool = True

    def take(self, rate: float) -> float:
        """Take one; the seconds to wait when there is none left, else 0."""
        now = time.monotonic()
        most = rate * 10
        self.left = most if self.fresh else min(most, self.left + (now - self.at) * rate)
        self.at, self.fresh = now, False
        if self.left < 1:
            return (1 - self.left) / rate
        self.left -= 1
        return 0.0


_held: OrderedDict[bytes, Caller] = OrderedDict()
_buckets: dict[UUID, Bucket] = {}
_lock = threading.Lock()


def caller_of(header: str | None, scope: str = "") -> Caller:
    """The caller with that ``Authorization`` header. Three SQL statements, none while the key is held in memory.

    Raises Problem: unauthorized, missing-scope, too-many-requests.
    """
    kind, _space, text = (header or "").partition(" ")
    text = text.strip()
    if kind.lower() != "bearer" or not text.isascii():
        raise unauthorized()
    caller = of_key(text)
    if scope:
        caller.needs(scope)
    return caller


def of_key(text: str) -> Caller:
    """The caller with that key, counted as one request. Raises Problem: unauthorized, too-many-requests."""
    digest = hashlib.sha256(text.encode()).digest()
    held = _held.get(digest)
    if held is None or held.until < time.monotonic() or _ended(held.token):
        held = _read(text, digest)
    rate = float(getattr(settings, "HUYING_API_RATE", 0) or 0)
    if rate and (wait := held.bucket.take(rate)):
        raise Problem("too-many-requests", headers={"Retry-After": str(max(1, round(wait)))})
    return held


def unauthorized() -> Problem:
    """The answer to whoever has no live key."""
    return Problem("unauthorized", headers={"WWW-Authenticate": 'Bearer realm="huying"'})


def forget() -> None:
    """Drop what is held in memory (tests; after keys were changed in this process)."""
    with _lock:
        _held.clear()
        _buckets.clear()


def _ended(token: ApiToken) -> bool:
    return token.expires is not None and token.expires <= clock.now()


def _read(text: str, digest: bytes) -> Caller:
    token = tokens.verify(text)
    if token is None:
        with _lock:
            _held.pop(digest, None)
        raise unauthorized()
    until = time.monotonic() + KEEP
    found = Caller(token, sight.sight_of(token.person), frozenset(token.scopes), until, Bucket())
    with _lock:
        found.bucket = _buckets.setdefault(token.pk, found.bucket)
        _held[digest] = found
        while len(_held) > MOST:
            _held.popitem(last=False)
        if len(_buckets) > 10 * MOST:
            _buckets.clear()
    return found
