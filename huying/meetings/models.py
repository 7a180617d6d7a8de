"""Tables of meetings. The place leads every key, as in all big tables (docs/decisions/keys.md)."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from huying.cases.models import OfPlace


class Meeting(OfPlace):
    """One meeting of a cycle, held by a division in a period; opened once, closed with its minutes."""

    flow = models.CharField(max_length=40)
    cycle = models.CharField(max_length=40)
    edition_id = models.BigIntegerField()  # in which the cycle is read, however editions change later
    division_id = models.BigIntegerField()
    path = models.CharField(max_length=200)
    since = models.DateField()
    until = models.DateField()
    opened_at = models.DateTimeField()
    opened_by = models.UUIDField()
    closed_at = models.DateTimeField(null=True)
    present = models.SmallIntegerField(null=True)  # how many came; no names are kept
    minutes = models.TextField(default="", blank=True)

    class Meta:
        db_table = "meetings_meeting"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["place_id", "division_id", "flow", "cycle", "since"], name="meeting_once"
            )
        ]
        indexes: ClassVar = [
            models.Index("place_id", "division_id", "id", name="meeting_division"),
            models.Index(
                fields=["place_id", "path", "id"],
                name="meeting_path",
                opclasses=["int2_ops", "text_pattern_ops", "uuid_ops"],
            ),
        ]


class Point(OfPlace):
    """A case on a meeting's agenda, and the move that was decided on it, if any."""

    meeting_id = models.UUIDField()
    case_id = models.UUIDField()
    position = models.SmallIntegerField()
    step = models.CharField(max_length=40)  # where the case stood when the agenda was made
    move = models.CharField(max_length=40, default="", blank=True)
    decided_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "meetings_point"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["place_id", "meeting_id", "case_id"], name="meeting_point_once")
        ]
