"""Which cases stand on a board of the year (``huying.cases.boards``)."""

from __future__ import annotations

from django.db import models


class Posted(models.Model):
    """A case that stands on its kind's board of a year."""

    pk = models.CompositePrimaryKey("place_id", "case_id")
    place_id = models.SmallIntegerField()
    case_id = models.UUIDField()
    kind = models.CharField(max_length=60)
    year = models.SmallIntegerField()
    path = models.CharField(max_length=200)

    class Meta:
        app_label = "cases"
        db_table = "cases_posted"
        indexes = [
            models.Index(
                fields=["place_id", "kind", "year", "path", "case_id"], name="posted_board",
                opclasses=["int2_ops", "varchar_ops", "int2_ops", "text_pattern_ops", "uuid_ops"],
            )
        ]  # fmt: skip
