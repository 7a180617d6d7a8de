"""Tables of the reviews. The place leads every key (docs/decisions/keys.md); why tasks are cases of a kind and
deductions a book of rows is in docs/decisions/reviews.md.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from huying.cases.models import OfCase, OfPlace


class Task(OfCase):
    """A case was drawn for a call-back, a check or a look-back, or a deduction is appealed against.

    The work itself is a case of its own kind, with the same id as this row; ``case_id`` is what it is about. What
    stands here besides is why it was drawn, and copies of that case's state to find it by.
    """

    kind = models.CharField(max_length=20)  # call_back, check, look_back, appeal
    mark = models.CharField(max_length=40)  # round, cycle or deduction: drawn once for each
    rule = models.CharField(max_length=60)
    organ_id = models.BigIntegerField(null=True)  # who handled it; of an appeal: who appeals
    path = models.CharField(max_length=200, default="")
    at = models.DateTimeField()
    due_at = models.DateTimeField(null=True)
    try_at = models.DateTimeField(null=True)
    tries = models.SmallIntegerField(default=0)
    done_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=20, default="")
    deduction_id = models.UUIDField(null=True)

    class Meta:
        db_table = "reviews_task"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["place_id", "kind", "case_id", "mark"], name="task_drawn_once")
        ]
        indexes: ClassVar = [
            models.Index(
                "place_id", "kind", "due_at", "id", name="task_open", condition=models.Q(done_at=None)
            ),
            models.Index("place_id", "kind", "organ_id", "at", name="task_organ"),
            models.Index("place_id", "kind", "mark", "id", name="task_mark"),
        ]  # fmt: skip


class Answer(OfCase):
    """What somebody said about a closed case: its caller or one who joined, by call-back, link, or what a check found."""

    source = models.CharField(max_length=10)  # seat, link, check, look_back
    joined = models.BooleanField(default=False)
    contact_id = models.UUIDField(null=True)
    task_id = models.UUIDField(null=True)
    round = models.SmallIntegerField(default=1)
    organ_id = models.BigIntegerField(null=True)
    at = models.DateTimeField()
    solved = models.CharField(max_length=10, default="")
    satisfaction = models.SmallIntegerField(null=True)  # 1 unsatisfied, 2 fair, 3 satisfied
    reason = models.CharField(max_length=20, default="")
    wish = models.BooleanField(default=False)

    class Meta:
        db_table = "reviews_answer"
        constraints: ClassVar = [
            # A link may be opened by many; what it asks is answered once for each who called, and round.
            models.UniqueConstraint(
                fields=["place_id", "case_id", "contact_id", "round"], name="answer_link_once",
                condition=models.Q(source="link"), nulls_distinct=False,
            ),
        ]  # fmt: skip
        indexes: ClassVar = [
            models.Index("place_id", "case_id", name="answer_case"),
            models.Index("place_id", "organ_id", "at", name="answer_organ"),
        ]


class RatingMark(OfCase):
    """From which device a rating came: a keyed hash of a random cookie, kept for 90 days, for finding patterns only.

    It flags and never discards: no rating is refused or left out because of it.
    """

    at = models.DateTimeField()
    channel = models.CharField(max_length=20)
    device_hash = models.BinaryField()
    expires = models.DateTimeField()

    class Meta:
        db_table = "reviews_ratingmark"
        indexes: ClassVar = [
            models.Index("place_id", "device_hash", "at", name="mark_device"),
            models.Index("expires", name="mark_expires"),
        ]


class Deduction(OfCase):
    """Points that a rule takes off a unit for one event of one case. Never changed: what follows are Steps."""

    event_id = models.UUIDField()
    rule = models.CharField(max_length=60)
    edition_id = models.BigIntegerField()
    organ_id = models.BigIntegerField()
    points = models.DecimalField(max_digits=6, decimal_places=2)
    at = models.DateTimeField()  # of the event
    made_at = models.DateTimeField()

    class Meta:
        db_table = "reviews_deduction"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["place_id", "event_id", "rule"], name="deduction_once")
        ]
        indexes: ClassVar = [
            models.Index("place_id", "at", "id", name="deduction_at"),
            models.Index("place_id", "organ_id", "at", name="deduction_organ"),
        ]


class Step(OfPlace):
    """What was decided about a deduction; the last one counts. Why is in the ledger's event of that id, sealed."""

    deduction_id = models.UUIDField()
    kind = models.CharField(max_length=20)  # confirmed, withdrawn, appealed, upheld, corrected
    points = models.DecimalField(max_digits=6, decimal_places=2)  # what it comes to from then on
    at = models.DateTimeField()
    person_id = models.UUIDField(null=True)
    until = models.DateTimeField(null=True)  # confirmed: until when the unit may appeal
    task_id = models.UUIDField(null=True)
    event_id = models.UUIDField(null=True)

    class Meta:
        db_table = "reviews_step"
        constraints: ClassVar = [
            # Two who decide at once: one of them is told that it is decided.
            models.UniqueConstraint(fields=["place_id", "deduction_id", "kind"], name="step_once")
        ]


class Appraisal(OfPlace):
    """How units stood in a period when it was issued, with the edition whose weights were used. Never changed."""

    level = models.CharField(max_length=10)
    start = models.DateField()
    end = models.DateField()  # the day after the last
    edition_id = models.BigIntegerField()
    issued_at = models.DateTimeField()
    person_id = models.UUIDField(null=True)
    body = models.JSONField()

    class Meta:
        db_table = "reviews_appraisal"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["place_id", "level", "start", "end"], name="appraisal_once")
        ]


class Cycle(models.Model):
    """A look-back whose list was drawn: how many came up, of how many closed in the stretch that it looks back at."""

    pk = models.CompositePrimaryKey("place_id", "name")
    place_id = models.SmallIntegerField()
    name = models.CharField(max_length=20)
    start = models.DateField()
    end = models.DateField()
    at = models.DateTimeField()
    closed = models.IntegerField(default=0)
    drawn = models.IntegerField(default=0)

    class Meta:
        db_table = "reviews_cycle"
