"""Tables of the inspection channel. Orders and requests are cases; what is here is what patterns are made of, what was
found, and who looked."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models

from huying.cases.models import OfPlace


class Fact(OfPlace):
    """One thing that happened to a case in a unit's hands, as the ledger told it; nothing of its words.

    ``id`` is the ledger event's. ``what``: ``sent`` (the unit got it), ``returned``, ``handled`` (handed on as done),
    ``asked`` (for more time), ``voided``. ``value``: of handled the minutes since it was sent, of asked the work hours
    that were left. ``mark``: of handled a keyed hash of the reply. ``bare``: handled without a file of the unit's own.
    """

    case_id = models.UUIDField()
    unit = models.CharField(max_length=80)  # an owner key: organ:12, desk:3, division:40
    what = models.CharField(max_length=10)
    at = models.DateTimeField()
    value = models.FloatField(null=True)
    mark = models.BinaryField(null=True)
    bare = models.BooleanField(default=False)

    class Meta:
        db_table = "inspection_fact"
        indexes = [
            models.Index("place_id", "at", "unit", name="fact_at"),
            models.Index("place_id", "case_id", "at", name="fact_case"),
        ]


class Finding(OfPlace):
    """That a pattern of the place's applies to a unit (or a device): what, the numbers, the very cases, since when.

    It changes no case. A person looks at it and notes an outcome; after that it stays as it is, and only what happens
    later can lead to a new one.
    """

    class Outcome(models.TextChoices):
        OPEN = "", "not looked at"
        NOTHING = "nothing", "nothing in it"
        ASKED = "asked", "the unit was asked"
        ORDERED = "ordered", "an order was opened"

    pattern = models.CharField(max_length=60)
    edition_id = models.BigIntegerField()
    unit = models.CharField(max_length=80)
    numbers = models.JSONField(default=dict)
    case_ids = ArrayField(models.UUIDField(), default=list)
    since = models.DateTimeField()  # the first of what it counts
    found_at = models.DateTimeField()
    computed_at = models.DateTimeField()
    outcome = models.CharField(max_length=10, choices=Outcome.choices, default=Outcome.OPEN, blank=True)
    note = models.TextField(default="", blank=True)
    looked_at = models.DateTimeField(null=True)
    looked_by = models.UUIDField(null=True)
    order_id = models.UUIDField(null=True)

    class Meta:
        db_table = "inspection_finding"
        constraints = [
            models.UniqueConstraint(
                fields=["place_id", "pattern", "unit"],
                name="finding_open_once",
                condition=models.Q(outcome=""),
            )
        ]
        indexes = [
            models.Index("place_id", "outcome", "id", name="finding_list"),
            models.Index("place_id", "pattern", "unit", "computed_at", name="finding_unit"),
        ]


class Paper(OfPlace):
    """A case of this channel (``id`` is the case's): an order that went down, a request that came up."""

    down = models.BooleanField(default=True)
    organ_id = models.BigIntegerField(null=True)
    finding_id = models.UUIDField(null=True)
    at = models.DateTimeField()

    class Meta:
        db_table = "inspection_paper"
        indexes = [models.Index("place_id", "id", name="paper_list")]


class Look(OfPlace):
    """A look through the channel: who, when, which page, which case or finding. The ledger has it too."""

    person_id = models.UUIDField()
    at = models.DateTimeField()
    page = models.CharField(max_length=20)
    case_id = models.UUIDField(null=True)
    finding_id = models.UUIDField(null=True)

    class Meta:
        db_table = "inspection_look"
        indexes = [models.Index("place_id", "id", name="look_list")]
