"""Tables of the figures: how each case went, each dispatch and whether it was answered, and the sums of both.

They hold codes and times only. Everything in them follows from the ledger and the cases (``tallies``), so that they
may be emptied and filled again by starting the reader anew.
"""

from __future__ import annotations

from django.db import models

CASE_MEASURES = (
    "reported", "sealed", "closed", "closed_in_time", "voided", "untrue", "beyond", "refused", "returned", "reopened",
    "extended", "contacted", "solved", "partly", "unsolved", "satisfied", "fair", "unsatisfied", "unrated",
)  # fmt: skip
RESPONSE_MEASURES = ("dispatched", "arrived", "arrived_in_time")
MEASURES = CASE_MEASURES + RESPONSE_MEASURES


class Placed(models.Model):
    """What a figure can be narrowed by: the local day on which the call came in, where, whose, what, how."""

    place_id = models.SmallIntegerField()
    day = models.DateField()
    town_id = models.BigIntegerField(default=0)  # 0: not located, or not shown by area
    organ_id = models.BigIntegerField(default=0)
    item = models.CharField(max_length=60, default="")
    channel = models.CharField(max_length=20, default="")

    class Meta:
        abstract = True


class Course(Placed):
    """How a case went, for counting. ``state`` is what the reader needs to go on from its last event."""

    pk = models.CompositePrimaryKey("place_id", "case_id")
    case_id = models.UUIDField()
    path = models.CharField(max_length=200, default="")
    state = models.JSONField(default=dict)

    class Meta:
        db_table = "cases_course"
        indexes = [models.Index("place_id", "day", "town_id", name="course_day")]


class Response(Placed):
    """One dispatch of a case (or of an organ's part of it) to whoever has to report in."""

    pk = models.CompositePrimaryKey("place_id", "id")
    id = models.UUIDField()
    case_id = models.UUIDField()
    path = models.CharField(max_length=200, default="")
    step = models.CharField(max_length=40)
    sent_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True)
    arrived_at = models.DateTimeField(null=True)
    dropped = models.BooleanField(default=False)  # taken back before anybody had to answer

    class Meta:
        db_table = "cases_response"
        indexes = [
            models.Index("place_id", "case_id", name="response_case"),
            models.Index("place_id", "day", "town_id", name="response_day"),
            models.Index(
                "place_id", "due_at", name="response_waiting", condition=models.Q(arrived_at=None, dropped=False)
            ),
        ]  # fmt: skip


class Tally(Placed):
    """Sums of the two for a day, town, organ, item and channel."""

    pk = models.CompositePrimaryKey("place_id", "day", "town_id", "organ_id", "item", "channel")

    class Meta:
        db_table = "cases_tally"


for _name in CASE_MEASURES:
    Course.add_to_class(_name, models.SmallIntegerField(default=0))
for _name in RESPONSE_MEASURES:
    Response.add_to_class(_name, models.SmallIntegerField(default=0))
for _name in MEASURES:
    Tally.add_to_class(_name, models.IntegerField(default=0))
