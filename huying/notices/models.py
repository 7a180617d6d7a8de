"""Tables of notices. No words are kept: a notice holds codes, ids and times, and is put into words when shown.

The place leads every key, as in all big tables (docs/decisions/keys.md).
"""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models


class Notice(models.Model):
    """Something a person should know about a case. Unread ones of one kind about one case are one row."""

    pk = models.CompositePrimaryKey("place_id", "id")
    place_id = models.SmallIntegerField()
    id = models.UUIDField()
    person_id = models.UUIDField()
    kind = models.CharField(max_length=20)
    case_id = models.UUIDField()
    leg_id = models.UUIDField(null=True)
    data = models.JSONField(default=dict)  # codes only: step, move, owner, due
    urgency = models.SmallIntegerField(default=0)
    times = models.IntegerField(default=1)  # how often it happened while nobody had read it
    at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "notices_notice"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["place_id", "person_id", "case_id", "kind"],
                condition=models.Q(read_at=None),
                name="notice_bundle",
            )
        ]
        indexes: ClassVar = [
            models.Index("place_id", "person_id", "at", "id", name="notice_person"),
            models.Index("place_id", "case_id", name="notice_case"),
            models.Index("at", name="notice_at"),
        ]


class Reminder(models.Model):
    """Somebody was sent work and should have reported in by *at*; gone as soon as they have."""

    pk = models.CompositePrimaryKey("place_id", "id")
    place_id = models.SmallIntegerField()
    id = models.UUIDField()
    case_id = models.UUIDField()
    leg_id = models.UUIDField(null=True)
    step = models.CharField(max_length=40)
    owner_key = models.CharField(max_length=80)
    due_at = models.DateTimeField()
    at = models.DateTimeField()

    class Meta:
        db_table = "notices_reminder"
        indexes: ClassVar = [
            models.Index("at", name="reminder_at"),
            models.Index("place_id", "case_id", name="reminder_case"),
        ]


class Pool(models.Model):
    """A pool of cases that wait to be claimed: since when there is something nobody was told of, and when those who may
    claim were told last. Written by the reader, looked at by the worker (``notices.pools``)."""

    pk = models.CompositePrimaryKey("place_id", "key")
    place_id = models.SmallIntegerField()
    key = models.CharField(max_length=200)
    came_at = models.DateTimeField(null=True)  # the first that came since they were told
    told_at = models.DateTimeField(null=True)
    look_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "notices_pool"
        indexes: ClassVar = [
            models.Index("look_at", name="pool_look_at", condition=models.Q(look_at__isnull=False))
        ]


class Delivery(models.Model):
    """A message on its way out of the house: to a person with an account, or to a caller's telephone.

    The address is looked up when it is sent and is not kept here. ``sealed`` is for one-time codes only, which
    exist nowhere else; it is emptied as soon as the message is gone.
    """

    class State(models.TextChoices):
        WAITING = "waiting"
        QUEUED = "queued"
        SENT = "sent"
        DROPPED = "dropped"  # read in the meantime, erased, or nobody to send it to
        FAILED = "failed"

    pk = models.CompositePrimaryKey("place_id", "id")
    place_id = models.SmallIntegerField()
    id = models.UUIDField()
    notice_id = models.UUIDField(null=True)
    person_id = models.UUIDField(null=True)
    case_id = models.UUIDField(null=True)
    contact_id = models.UUIDField(null=True)
    channel = models.CharField(max_length=10)
    template = models.CharField(max_length=20)
    sealed = models.BinaryField(null=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    tries = models.SmallIntegerField(default=0)
    problem = models.CharField(max_length=40, default="")
    at = models.DateTimeField()
    due_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta:
        db_table = "notices_delivery"
        indexes: ClassVar = [
            models.Index("due_at", name="delivery_due", condition=models.Q(state__in=["waiting", "queued"])),
            models.Index("place_id", "state", "changed_at", name="delivery_state"),
            models.Index("place_id", "case_id", name="delivery_case"),
            models.Index("at", name="delivery_at"),
        ]


class Choice(models.Model):
    """How a person wants to be told besides in the app. Without a row: by SMS, not at night."""

    pk = models.CompositePrimaryKey("place_id", "person_id")
    place_id = models.SmallIntegerField()
    person_id = models.UUIDField()
    channels = ArrayField(models.CharField(max_length=10), default=list)
    nights = models.BooleanField(default=False)
    mail_sealed = models.BinaryField(null=True)

    class Meta:
        db_table = "notices_choice"
