"""Tables of the figures: how each case went, each dispatch and whether it was answered, and the sums of both.

They hold codes and times only. Everything in them follows from the ledger and the cases (``tallies``), so that they
may be emptied and filled again by starting the reader anew.
"""

from __future__ import annotations

from django.db import models

CASE_MEASURES = (
    "reported", "sealed", "closed", "closed_in_time", "voided", "untrue", "beyond", "refused", "returned", "reopened",
    "extended", "contacted", "solved", "partly", "unsolved", "satisfied", "fair", "unsatisfied", "unrated", "merged",
    "direct", "undecided", "filed", "handled", "handled_in_time", "handled_extended", "reworked", "redone", "repeated",
    "called_satisfied", "called_fair", "called_unsatisfied", "called_unsaid",
)  # fmt: skip
RESPONSE_MEASURES = ("dispatched", "arrived", "arrived_in_time", "handed_back", "misdirected")
MEASURES = CASE_MEASURES + RESPONSE_MEASURES
LEVELS = ("place", "organ", "town", "village", "grid", "item", "channel")
IN, DUE, CLOSED = "in", "due", "closed"


class Placed(models.Model):
    """What a figure can be narrowed by: the local day on which the call came in, where, whose, what, how."""

    place_id = models.SmallIntegerField()
    day = models.DateField()
    town_id = models.BigIntegerField(default=0)  # 0: not located, or not shown by area
    village_id = models.BigIntegerField(default=0)
    grid_id = models.BigIntegerField(default=0)  # of the layer in which every case has one
    organ_id = models.BigIntegerField(default=0)
    item = models.CharField(max_length=60, default="")
    channel = models.CharField(max_length=20, default="")
    call = models.CharField(max_length=20, default="")
    kind = models.CharField(max_length=40, default="")
    path = models.CharField(max_length=200, default="")

    class Meta:
        abstract = True


class Course(Placed):
    """How a case went, for counting. ``state`` is what the reader needs to go on from its last event.

    ``due_day`` is the day on which its handling was (or is) due, ``closed_day`` that on which it was closed.
    ``waits_until`` is the limit of the step in which it stands while its clock runs, ``handling_until`` the same while
    somebody has to handle it: what is overdue follows from them and the time it is.
    """

    pk = models.CompositePrimaryKey("place_id", "case_id")
    case_id = models.UUIDField()
    state = models.JSONField(default=dict)
    due_day = models.DateField(null=True)
    closed_day = models.DateField(null=True)
    waits_until = models.DateTimeField(null=True)
    handling_until = models.DateTimeField(null=True)
    sealed: int  # a measure, like those added below

    class Meta:
        db_table = "cases_course"
        indexes = [
            models.Index("place_id", "day", "town_id", name="course_day"),
            models.Index("place_id", "due_day", name="course_due"),
            models.Index("place_id", "closed_day", name="course_closed"),
            models.Index("place_id", "organ_id", "day", name="course_organ"),
            models.Index(
                "place_id", "waits_until", name="course_waits", condition=models.Q(waits_until__isnull=False)
            ),
            models.Index(
                "place_id",
                "handling_until",
                name="course_handling",
                condition=models.Q(handling_until__isnull=False),
            ),
        ]


class Response(Placed):
    """One dispatch of a case (or of an organ's part of it) to whoever has to report in."""

    pk = models.CompositePrimaryKey("place_id", "id")
    id = models.UUIDField()
    case_id = models.UUIDField()
    flow = models.CharField(max_length=40, default="")  # of a part of several organs
    step = models.CharField(max_length=40)
    sent_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True)
    arrived_at = models.DateTimeField(null=True)
    dropped = models.BooleanField(default=False)  # taken back before anybody had to answer
    came_back = models.BooleanField(default=False)  # the organ asked to be rid of it
    wrong = models.BooleanField(default=False)  # it was granted, or somebody else got it instead
    # The measures, as columns added below.
    dispatched: int
    arrived: int
    arrived_in_time: int
    handed_back: int
    misdirected: int

    class Meta:
        db_table = "cases_response"
        indexes = [
            models.Index("place_id", "case_id", name="response_case"),
            models.Index("place_id", "day", "town_id", name="response_day"),
            models.Index("place_id", "organ_id", "day", name="response_organ"),
            models.Index(
                "place_id", "due_at", name="response_waiting", condition=models.Q(arrived_at=None, dropped=False)
            ),
        ]  # fmt: skip


class Sums(models.Model):
    """Sums of the two for a level's key and a day, of which ``basis`` says what happened on it.

    How many rows there are depends on days, towns, villages, grids, organs and items, not on how many cases came in.
    """

    pk = models.CompositePrimaryKey("place_id", "level", "day", "basis", "key")
    place_id = models.SmallIntegerField()
    level = models.CharField(max_length=10)
    day = models.DateField()
    basis = models.CharField(max_length=10)
    key = models.CharField(max_length=60, default="")

    class Meta:
        db_table = "cases_sums"
        indexes = [models.Index("place_id", "level", "key", "day", name="sums_key")]


for _name in CASE_MEASURES:
    Course.add_to_class(_name, models.SmallIntegerField(default=0))
for _name in RESPONSE_MEASURES:
    Response.add_to_class(_name, models.SmallIntegerField(default=0))
for _name in MEASURES:
    Sums.add_to_class(_name, models.IntegerField(default=0))
