"""What the wiring room keeps: how the worker is doing."""

from django.db import models


class Lane(models.Model):
    """One lane of the worker, as whoever runs it said last. Times are the database's own."""

    name = models.CharField(max_length=40, primary_key=True)
    tick = models.CharField(max_length=80, default="")  # what is being done; "" between two ticks
    busy_since = models.DateTimeField(null=True)
    seen_at = models.DateTimeField()

    class Meta:
        app_label = "huying_site"
        db_table = "site_lane"
