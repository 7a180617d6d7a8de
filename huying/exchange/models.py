"""What was imported, remembered for good.

An idempotency key is forgotten after a week; a file may be imported again after a year. So the number that a message
had in its source is kept beside the case that it became, in the same transaction.
"""

from __future__ import annotations

from django.db import models


class Imported(models.Model):
    """A message of a source that has become a case."""

    pk = models.CompositePrimaryKey("place_id", "source", "number")
    place_id = models.SmallIntegerField()
    source = models.CharField(max_length=40)
    number = models.CharField(max_length=80)
    case_id = models.UUIDField()
    at = models.DateTimeField()

    class Meta:
        db_table = "exchange_imported"
