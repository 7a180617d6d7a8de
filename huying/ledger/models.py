"""The ledger's tables. The place leads every primary key.

Rows are written by SQL in the other modules of this room, not by the ORM: see ``actions.append``.
"""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models


class Event(models.Model):
    """Something that happened: codes, ids, times and a commitment. Never changed, never deleted."""

    pk = models.CompositePrimaryKey("place_id", "id")
    place_id = models.SmallIntegerField()
    id = models.UUIDField()
    at = models.DateTimeField()
    kind = models.TextField()
    case_id = models.UUIDField(null=True)
    leg_id = models.UUIDField(null=True)
    subject_kind = models.TextField()
    subject_id = models.UUIDField(null=True)
    person_id = models.UUIDField(null=True)
    post_id = models.BigIntegerField(null=True)
    behalf_id = models.UUIDField(null=True)
    channel = models.TextField()
    version = models.IntegerField(null=True)
    data = models.JSONField()
    commitment = models.BinaryField(null=True)

    class Meta:
        db_table = "ledger_event"
        indexes = [
            models.Index(fields=["place_id", "case_id", "id"], name="ledger_event_case"),
            models.Index(
                fields=["place_id", "kind", "id"],
                name="ledger_event_own",
                condition=models.Q(kind__in=["ledger.erased", "ledger.sealed"]),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.id}"


class Private(models.Model):
    """What an event says that is not for all: sealed under the subject's data key, deleted by erasure."""

    pk = models.CompositePrimaryKey("place_id", "event_id")
    place_id = models.SmallIntegerField()
    event_id = models.UUIDField()
    subject_kind = models.TextField()
    subject_id = models.UUIDField()
    sealed = models.BinaryField()

    class Meta:
        db_table = "ledger_private"
        indexes = [
            models.Index(fields=["place_id", "subject_kind", "subject_id"], name="ledger_private_subject")
        ]

    def __str__(self) -> str:
        return f"private of {self.event_id}"


class Key(models.Model):
    """A subject's data key, wrapped by the master key."""

    pk = models.CompositePrimaryKey("place_id", "subject_kind", "subject_id")
    place_id = models.SmallIntegerField()
    subject_kind = models.TextField()
    subject_id = models.UUIDField()
    wrapped = models.BinaryField()

    class Meta:
        db_table = "ledger_key"

    def __str__(self) -> str:
        return f"key of {self.subject_kind} {self.subject_id}"


class Pending(models.Model):
    """One row per append: its events wait for a page. ``id`` is an identity of the database."""

    pk = models.CompositePrimaryKey("place_id", "id")
    place_id = models.SmallIntegerField()
    id = models.BigIntegerField()
    event_ids = ArrayField(models.UUIDField())

    class Meta:
        db_table = "ledger_pending"

    def __str__(self) -> str:
        return f"pending {self.id}"


class Page(models.Model):
    """A sealed run of events. ``leaves`` are their hashes (32 bytes each), ``total`` counts all so far."""

    pk = models.CompositePrimaryKey("place_id", "number")
    place_id = models.SmallIntegerField()
    number = models.BigIntegerField()
    at = models.DateTimeField()
    event_ids = ArrayField(models.UUIDField())
    total = models.BigIntegerField()
    leaves = models.BinaryField()
    root = models.BinaryField()
    previous = models.BinaryField()
    chain = models.BinaryField()

    class Meta:
        db_table = "ledger_page"

    def __str__(self) -> str:
        return f"page {self.number}"


class Reader(models.Model):
    """How far a reader has read, and whether it is stuck."""

    pk = models.CompositePrimaryKey("place_id", "name")
    place_id = models.SmallIntegerField()
    name = models.TextField()
    page = models.BigIntegerField(default=0)
    failures = models.IntegerField(default=0)
    problem = models.TextField(default="", blank=True)
    retry_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "ledger_reader"

    def __str__(self) -> str:
        return f"{self.name} at page {self.page}"
