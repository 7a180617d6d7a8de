"""The only writers of attachments: stage, claim, publish, erase."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import IO, Any
from uuid import UUID

from django.db import connection, transaction

from huying import clock
from huying.files import images, store
from huying.files.errors import Broken, Empty, NotClaimable, NotPublishable, TooBig, TooMany
from huying.files.models import Attachment, StagedFile
from huying.files.names import clean_name
from huying.files.scan import scan
from huying.files.sniff import JPEG, MB, MOST, PHOTO, Type, sniff
from huying.ledger.ids import uuid7

MOST_PER_CLAIM = 12
MOST_WAITING = 30
"""Files that one sender may have staged and not claimed."""


@dataclass(frozen=True, slots=True)
class Staged:
    """A file in the staging store; ``token`` is told to its sender only and is not kept."""

    token: str
    id: UUID
    kind: str
    name: str
    mime: str
    bytes: int
    width: int | None
    height: int | None


@dataclass(frozen=True, slots=True)
class FileRef:
    """A claimed file, as cases and the ledger refer to it. ``sha256`` is hexadecimal."""

    id: UUID
    kind: str
    name: str
    mime: str
    bytes: int
    sha256: str


def stage(
    place_id: int, upload: IO[bytes] | Any, actor_key: str, *, at: datetime | None = None,
    written: images.Photo | None = None,
) -> Staged:  # fmt: skip
    """Check a file, re-encode it if it is a photo, and keep it until it is claimed.

    ``upload``: a binary file with ``name`` (Django's UploadedFile will do). ``actor_key``: who sends it (a
    person's id or a session key); only the same key can claim it. Not inside a transaction: this takes its
    time. Raises a ``FileError`` that says what is wrong; nothing is kept then. ``written``: what ``images.reencode``
    made of this very photo, for a demonstration that shows a few drawn scenes again and again.
    """
    data, kind = _checked(upload)
    actor = _hash(actor_key)
    waiting = StagedFile.objects.filter(place_id=place_id, actor_hash=actor, claimed_at__isnull=True).count()
    if waiting >= MOST_WAITING:
        raise TooMany(most=MOST_WAITING)
    scan(data)
    thumb, width, height = None, None, None
    if kind.kind == PHOTO:
        photo = written or images.reencode(data)
        data, thumb, kind = photo.jpeg, photo.thumb, JPEG
        width, height = photo.width, photo.height
    token = secrets.token_urlsafe(24)
    row = StagedFile(
        place_id=place_id,
        id=uuid7(),
        kind=kind.kind,
        name=clean_name(getattr(upload, "name", ""), kind.ext, kind.kind),
        mime=kind.mime,
        bytes=len(data),
        sha256=hashlib.sha256(data).digest(),
        width=width,
        height=height,
        created_at=at or clock.now(),
        token_hash=_hash(token, actor_key),
        actor_hash=actor,
    )
    # The row is written between the two: a crash before it leaves a stray in incoming, a crash after it a
    # row that nobody holds the token of. Both are swept; a file that no row knows cannot come to be.
    store.receive(place_id, row.id, data, thumb)
    try:
        row.save(force_insert=True)
        store.settle(place_id, row.id)
    except BaseException:
        store.remove(place_id, row.id)
        if not connection.in_atomic_block:
            StagedFile.objects.filter(place_id=place_id, id=row.id).delete()
        raise
    return Staged(token, row.id, row.kind, row.name, row.mime, row.bytes, width, height)


_CLAIM = """
WITH taken AS (
  UPDATE files_staged SET claimed_at = %(at)s
  WHERE place_id = %(place)s AND token_hash = ANY(%(tokens)s) AND claimed_at IS NULL
  RETURNING id, kind, name, mime, bytes, sha256, width, height, token_hash
), kept AS (
  INSERT INTO files_attachment (place_id, id, case_id, event_id, kind, name, mime, bytes, sha256,
                                width, height, created_at, private, public_ok)
  SELECT %(place)s, id, %(case)s, %(event)s, kind, name, mime, bytes, sha256,
         width, height, %(at)s, %(private)s, false
  FROM taken
)
SELECT id, kind, name, mime, bytes, encode(sha256, 'hex')
FROM taken ORDER BY array_position(%(tokens)s, token_hash)
"""


def claim(
    place_id: int,
    tokens: Sequence[str],
    actor_key: str,
    *,
    case_id: UUID,
    event_id: UUID | None = None,
    private: bool = False,
    at: datetime | None = None,
) -> list[FileRef]:
    """Make staged files attachments of a case: one SQL statement, none for no tokens, in the order of the
    tokens.

    Belongs inside the transaction of the case: raises ``RuntimeError`` outside of one. Raises ``TooMany`` or
    ``NotClaimable`` (unknown, another's, used or swept); the caller's transaction must then be rolled back.
    """
    wanted = list(dict.fromkeys(tokens))
    if not wanted:
        return []
    if len(wanted) > MOST_PER_CLAIM:
        raise TooMany(most=MOST_PER_CLAIM)
    if not connection.in_atomic_block:
        raise RuntimeError("claim() belongs inside the transaction that writes the case")
    with connection.cursor() as cursor:
        cursor.execute(
            _CLAIM,
            {
                "place": place_id,
                "tokens": [_hash(token, actor_key) for token in wanted],
                "case": case_id,
                "event": event_id,
                "private": private,
                "at": at or clock.now(),
            },
        )
        rows = cursor.fetchall()
    if len(rows) != len(wanted):
        raise NotClaimable
    return [FileRef(*row) for row in rows]


def publish(place_id: int, attachment_id: UUID, approved: bool) -> None:
    """Approve a photo for everyone to see, or take that back. Raises ``NotPublishable`` for anything but a
    kept photo.

    Who may do this, and the event on the ledger, are the caller's business.
    """
    rows = Attachment.objects.filter(place_id=place_id, id=attachment_id)
    if approved:
        rows = rows.filter(kind=PHOTO, private=False, erased_at__isnull=True)
    if not rows.update(public_ok=approved) and approved:
        raise NotPublishable


def erase(
    place_id: int, case_id: UUID, ids: Iterable[UUID] | None = None, *, at: datetime | None = None
) -> list[UUID]:
    """Erase a case's attachments, or only those named: the rows are emptied now, the bytes deleted once it
    is certain.

    Returns the ids that were erased by this call. Doing it twice is harmless (restoring a backup replays
    erasures). Should the process die between the two, ``jobs.sweep`` deletes the bytes.
    """
    chosen = Attachment.objects.filter(place_id=place_id, case_id=case_id)
    if ids is not None:
        chosen = chosen.filter(id__in=list(ids))
    with transaction.atomic():
        held = list(chosen.select_for_update().values_list("id", "erased_at"))
        fresh = [file_id for file_id, erased in held if erased is None]
        # A digest of a photo would still say whether somebody's copy is the one, so it goes too.
        Attachment.objects.filter(place_id=place_id, id__in=fresh).update(
            erased_at=at or clock.now(), name="", sha256=b"", public_ok=False
        )
        every = [file_id for file_id, _erased in held]
        # Erased before, or not: after a restore the bytes may be back.
        transaction.on_commit(lambda: delete_bytes(place_id, every))
    return fresh


def delete_bytes(place_id: int, ids: Sequence[UUID], *, at: datetime | None = None) -> None:
    """Delete the bytes of erased attachments from the disk and say so in their rows."""
    for file_id in ids:
        store.remove(place_id, file_id)
    Attachment.objects.filter(place_id=place_id, id__in=list(ids), erased_at__isnull=False).update(
        gone_at=at or clock.now()
    )


def _checked(upload: IO[bytes] | Any) -> tuple[bytes, Type]:
    """The bytes of an upload and what they are. Never reads more than the largest kind may have."""
    largest = max(MOST.values())
    if (getattr(upload, "size", None) or 0) > largest:
        raise TooBig(most=largest // MB)
    upload.seek(0)
    data = upload.read(largest + 1)
    if not data:
        raise Empty
    kind = sniff(data)
    if len(data) > MOST[kind.kind]:
        raise TooBig(most=MOST[kind.kind] // MB)
    if kind.kind == PHOTO and len(data) < 64:
        raise Broken
    return data, kind


def _hash(*words: str) -> bytes:
    return hashlib.sha256("\0".join(words).encode()).digest()
