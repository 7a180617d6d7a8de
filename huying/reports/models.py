"""Tables of reports. The place leads every key, as in all big tables (docs/decisions/keys.md).

What is issued is never changed again: the application does not, and triggers in the database refuse it
(migration 0002). A correction is another report that refers to the first.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from huying.cases.models import OfPlace


class Report(OfPlace):
    """A report: a draft with frozen figures, then, with a number, a paper that stays as it is."""

    class State(models.TextChoices):
        DRAFT = "draft"
        ISSUED = "issued"
        DROPPED = "dropped"

    kind = models.CharField(max_length=60)  # of reports.yaml
    edition_id = models.BigIntegerField()  # the edition by which it was made, and by which it is issued
    division_id = models.BigIntegerField()  # whose report it is: the county's, a town's
    start = models.DateField()
    end = models.DateField()  # the day after its last
    scheduled = models.BooleanField(default=False)
    state = models.CharField(max_length=10, choices=State.choices, default=State.DRAFT)
    version = models.IntegerField(default=1)
    title = models.CharField(max_length=200)
    content = models.JSONField()  # what was counted; written once, or all of it anew
    edits = models.JSONField(default=dict)  # what people wrote, chose and left out
    data_at = models.DateTimeField()  # of when the figures are
    made_at = models.DateTimeField()
    made_by = models.UUIDField(null=True)  # nobody: made on schedule
    edited_at = models.DateTimeField(null=True)
    edited_by = models.UUIDField(null=True)
    issued_at = models.DateTimeField(null=True)
    issued_by = models.UUIDField(null=True)
    year = models.SmallIntegerField(null=True)
    seq = models.IntegerField(null=True)
    number = models.CharField(max_length=80, default="")
    corrects_id = models.UUIDField(null=True)

    class Meta:
        db_table = "reports_report"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["place_id", "kind", "division_id", "start"],
                condition=models.Q(scheduled=True),
                name="report_scheduled_once",
            ),
            models.UniqueConstraint(
                fields=["place_id", "kind", "division_id", "year", "seq"],
                condition=models.Q(seq__isnull=False),
                name="report_number",
            ),
        ]
        indexes: ClassVar = [
            models.Index("place_id", "kind", "division_id", "start", "id", name="report_kind"),
            models.Index("place_id", "state", "id", name="report_state"),
            models.Index("place_id", "corrects_id", name="report_corrects"),
        ]


class Paper(models.Model):
    """An issued report as a file, with its hash, which is in the ledger too."""

    pk = models.CompositePrimaryKey("place_id", "report_id", "form")
    place_id = models.SmallIntegerField()
    report_id = models.UUIDField()
    form = models.CharField(max_length=8)  # pdf, docx
    sha256 = models.CharField(max_length=64)
    data = models.BinaryField()

    class Meta:
        db_table = "reports_paper"


class Address(models.Model):
    """To whom an issued report is addressed: a post of a role at a division, or an organ. Whoever serves there reads."""

    pk = models.CompositePrimaryKey("place_id", "key", "report_id")
    place_id = models.SmallIntegerField()
    key = models.CharField(max_length=80)  # role:leader@12, office:7
    report_id = models.UUIDField()

    class Meta:
        db_table = "reports_address"
        indexes: ClassVar = [models.Index("place_id", "report_id", name="report_address")]


class Receipt(models.Model):
    """A reader has opened a report."""

    pk = models.CompositePrimaryKey("place_id", "report_id", "person_id")
    place_id = models.SmallIntegerField()
    report_id = models.UUIDField()
    person_id = models.UUIDField()
    at = models.DateTimeField()

    class Meta:
        db_table = "reports_receipt"
        indexes: ClassVar = [models.Index("place_id", "person_id", "report_id", name="receipt_person")]


class Series(models.Model):
    """The last number given in a year, by kind and whose report it is. Locked while a report is issued."""

    pk = models.CompositePrimaryKey("place_id", "kind", "division_id", "year")
    place_id = models.SmallIntegerField()
    kind = models.CharField(max_length=60)
    division_id = models.BigIntegerField()
    year = models.SmallIntegerField()
    n = models.IntegerField(default=0)

    class Meta:
        db_table = "reports_series"


class Cursor(models.Model):
    """The first day of the next period for which a kind of report is to be made."""

    pk = models.CompositePrimaryKey("place_id", "kind")
    place_id = models.SmallIntegerField()
    kind = models.CharField(max_length=60)
    period = models.CharField(max_length=10)
    next = models.DateField()

    class Meta:
        db_table = "reports_cursor"


class Refusal(OfPlace):
    """An organ's return of a case that was not accepted; written behind the ledger's pages. The id is the event's."""

    case_id = models.UUIDField()
    organ_id = models.BigIntegerField()
    path = models.CharField(max_length=200, default="")
    move = models.CharField(max_length=60)
    at = models.DateTimeField()

    class Meta:
        db_table = "reports_refusal"
        indexes: ClassVar = [models.Index("place_id", "at", name="refusal_at")]
