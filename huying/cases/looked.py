"""Up to which day the calendar of a place was looked at for what it calls for."""

from __future__ import annotations

from datetime import date

from django.db import models


class Looked(models.Model):
    """The last day of which everything was opened. One row for each place that has duties."""

    place_id = models.SmallIntegerField(primary_key=True)
    day = models.DateField()

    class Meta:
        app_label = "cases"
        db_table = "cases_looked"


def up_to(place_id: int) -> date | None:
    """The last day that was looked at; None before the first one. One SQL statement."""
    return Looked.objects.filter(place_id=place_id).values_list("day", flat=True).first()


def note(place_id: int, day: date) -> None:
    """Everything up to *day* is open. One SQL statement."""
    Looked.objects.bulk_create(
        [Looked(place_id=place_id, day=day)], update_conflicts=True, unique_fields=["place_id"],
        update_fields=["day"],
    )  # fmt: skip
