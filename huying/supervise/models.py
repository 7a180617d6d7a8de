"""Tables of supervision. An order is a case; what is here follows from cases and the ledger, or belongs to no case."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models


class Order(models.Model):
    """An order as lists and reports need it; kept up behind the ledger's pages, the case itself is what counts."""

    pk = models.CompositePrimaryKey("place_id", "case_id")
    place_id = models.SmallIntegerField()
    case_id = models.UUIDField()
    number = models.CharField(max_length=40)
    about_id = models.UUIDField(null=True)  # the case that is supervised, where there is one
    organ_id = models.BigIntegerField(default=0)
    level = models.SmallIntegerField(default=1)
    author_key = models.CharField(max_length=80, default="")
    rule = models.CharField(max_length=60, default="")
    report = models.CharField(max_length=80, default="")  # the special report that named the organ
    issued_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True)
    signed_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    result = models.CharField(max_length=40, default="")
    refused = models.SmallIntegerField(default=0)  # answers that were sent back

    class Meta:
        db_table = "supervise_order"
        indexes = [
            models.Index("place_id", "issued_at", "case_id", name="order_issued"),
            models.Index("place_id", "organ_id", "issued_at", name="order_organ"),
            models.Index(
                "place_id", "about_id", name="order_about", condition=models.Q(about_id__isnull=False)
            ),
        ]


class Copy(models.Model):
    """An organ that got an order for its information, and when it signed for it."""

    pk = models.CompositePrimaryKey("place_id", "case_id", "organ_id")
    place_id = models.SmallIntegerField()
    case_id = models.UUIDField()
    organ_id = models.BigIntegerField()
    at = models.DateTimeField()
    signed_at = models.DateTimeField(null=True)
    signed_by = models.UUIDField(null=True)

    class Meta:
        db_table = "supervise_copy"
        indexes = [
            models.Index(
                "place_id", "organ_id", "at", name="copy_unsigned", condition=models.Q(signed_at=None)
            )
        ]


class Bulletin(models.Model):
    """A numbered bulletin about an organ, issued from an order. Its words never change once it is out."""

    pk = models.CompositePrimaryKey("place_id", "id")
    place_id = models.SmallIntegerField()
    id = models.UUIDField()
    number = models.CharField(max_length=40)
    case_id = models.UUIDField()
    order_number = models.CharField(max_length=40)
    organ_id = models.BigIntegerField()
    level = models.SmallIntegerField(default=1)
    title = models.CharField(max_length=200)
    text = models.TextField()
    readers = ArrayField(models.BigIntegerField(), default=list)  # organs
    issued_at = models.DateTimeField()
    by_id = models.UUIDField(null=True)  # None: the clock, by the flow's rule

    class Meta:
        db_table = "supervise_bulletin"
        constraints = [models.UniqueConstraint(fields=["place_id", "number"], name="bulletin_number")]
        indexes = [
            models.Index("place_id", "issued_at", "id", name="bulletin_issued"),
            models.Index("place_id", "case_id", name="bulletin_case"),
        ]


class Trigger(models.Model):
    """That a rule of the place applies to something that happened, and what came of it. One for each key, ever."""

    class State(models.TextChoices):
        PENDING = "pending"
        DONE = "done"  # an order was issued, or the organ was urged
        SUGGESTED = "suggested"  # waits for a person
        ISSUED = "issued"  # a person followed the suggestion
        DISMISSED = "dismissed"  # a person did not, and said why
        VOID = "void"  # there was nothing to do any more

    pk = models.CompositePrimaryKey("place_id", "id")
    place_id = models.SmallIntegerField()
    id = models.UUIDField()
    key = models.CharField(max_length=200)
    rule = models.CharField(max_length=60)
    edition_id = models.BigIntegerField()
    case_id = models.UUIDField()
    organ_id = models.BigIntegerField(default=0)
    report = models.CharField(max_length=80, default="")
    count = models.IntegerField(default=0)
    happened_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.PENDING)
    to_key = models.CharField(max_length=80, default="")
    order_id = models.UUIDField(null=True)
    why = models.CharField(max_length=40, default="")
    at = models.DateTimeField(null=True)
    by_id = models.UUIDField(null=True)

    class Meta:
        db_table = "supervise_trigger"
        constraints = [models.UniqueConstraint(fields=["place_id", "key"], name="trigger_once")]
        indexes = [
            models.Index("id", name="trigger_pending", condition=models.Q(state="pending")),
            models.Index(
                "place_id", "to_key", "id", name="trigger_waits", condition=models.Q(state="suggested")
            ),
        ]


class NamedOrgan(models.Model):
    """An organ that a special report names: until the day given, failing again leads to an order."""

    pk = models.CompositePrimaryKey("place_id", "organ_id", "number")
    place_id = models.SmallIntegerField()
    organ_id = models.BigIntegerField()
    number = models.CharField(max_length=80)
    at = models.DateTimeField()
    until = models.DateTimeField()

    class Meta:
        db_table = "supervise_named"
        indexes = [models.Index("place_id", "organ_id", "until", name="named_organ")]
