"""Tables of this room: how each case went, and the studies that people asked for.

Both hold codes, ids and times only. Traces follow from the ledger (``traces``), so that they may be emptied and filled
again by starting the reader anew.
"""

from __future__ import annotations

from django.db import models

from huying.cases.models import OfPlace


class Trace(models.Model):
    """One case as it really went: its stays at steps, one after another, and those of its parts.

    ``stays`` is a list of lists in the order of ``stays.FIELDS``; ``state`` is what the reader needs to go on.
    Confidential cases, reports of wrongdoing and complaints about a person or an organ are ``sealed``: they have no
    area and no item here and are counted in sums only.
    """

    pk = models.CompositePrimaryKey("place_id", "case_id")
    place_id = models.SmallIntegerField()
    case_id = models.UUIDField()
    reported_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    kind = models.CharField(max_length=40)
    edition_id = models.BigIntegerField()
    item = models.CharField(max_length=60, default="")
    first_item = models.CharField(max_length=60, default="")  # as it stood when the call came in
    channel = models.CharField(max_length=20, default="")
    call = models.CharField(max_length=20, default="")
    town_id = models.BigIntegerField(default=0)
    path = models.CharField(max_length=200, default="")
    result = models.CharField(max_length=40, default="")
    sealed = models.BooleanField(default=False)
    stays = models.JSONField(default=list)
    state = models.JSONField(default=dict)

    class Meta:
        db_table = "whatif_trace"
        indexes = [
            models.Index("place_id", "reported_at", "case_id", name="trace_reported"),
            models.Index(
                "place_id", "reported_at", name="trace_open", condition=models.Q(closed_at=None)
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"trace {self.case_id}"


class Study(OfPlace):
    """A question "what if?" with what the worker found. One at a time runs for a place."""

    WAITING, RUNNING, DONE, FAILED = "waiting", "running", "done", "failed"

    name = models.CharField(max_length=60)
    asked_by = models.UUIDField(null=True)
    asked_at = models.DateTimeField()
    params = models.JSONField()
    state = models.CharField(max_length=10, default=WAITING)
    done = models.SmallIntegerField(default=0)  # per cent
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    result = models.JSONField(null=True)
    problem = models.CharField(max_length=200, default="")

    class Meta:
        db_table = "whatif_study"
        indexes = [
            models.Index(
                "place_id", "id", name="study_todo", condition=models.Q(state__in=["waiting", "running"])
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.name
