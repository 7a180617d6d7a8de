"""Tables of the main job.

Every big table leads its primary key with the place, so that the same schema can be distributed by county
(docs/decisions/keys.md). Rows that hold free text or contacts are the ones that erasure empties.
"""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models


class OfPlace(models.Model):
    """A row of one place: (place, id) is its key in Django and in the database."""

    pk = models.CompositePrimaryKey("place_id", "id")
    place_id = models.SmallIntegerField()
    id = models.UUIDField()

    class Meta:
        abstract = True


class OfCase(OfPlace):
    """A row that belongs to a case of the same place; every join carries the place."""

    case_id = models.UUIDField()
    case = models.ForeignObject(
        "cases.Case",
        on_delete=models.DO_NOTHING,
        from_fields=["place_id", "case_id"],
        to_fields=["place_id", "id"],
        related_name="+",
    )

    class Meta:
        abstract = True


class Case(OfPlace):
    """A call and what became of it: the state now. What happened is in the ledger."""

    number = models.CharField(max_length=40)
    kind = models.CharField(max_length=40)
    edition_id = models.BigIntegerField()
    call = models.CharField(max_length=20)
    channel = models.CharField(max_length=20)
    source = models.CharField(max_length=40, default="")
    source_number = models.CharField(max_length=80, default="")
    title = models.CharField(max_length=200)
    body = models.TextField(default="")
    # what it is about
    item = models.CharField(max_length=60, default="")
    grade = models.SmallIntegerField(null=True)
    urgency = models.SmallIntegerField(default=0)
    flags = ArrayField(models.CharField(max_length=30), default=list)
    anonymous = models.BooleanField(default=False)
    confidential = models.BooleanField(default=False)
    subject_organ_id = models.BigIntegerField(null=True)
    subject_person_id = models.UUIDField(null=True)
    # where it is
    division_id = models.BigIntegerField(null=True)
    grid_id = models.BigIntegerField(null=True)
    path = models.CharField(max_length=200, default="")
    lon = models.FloatField(null=True)
    lat = models.FloatField(null=True)
    address = models.CharField(max_length=200, default="")
    located = models.CharField(max_length=20, default="")
    # where it stands
    step = models.CharField(max_length=40)
    phase = models.CharField(max_length=20)
    tier = models.CharField(max_length=20, default="")
    round = models.SmallIntegerField(default=1)
    version = models.IntegerField(default=1)
    owner_key = models.CharField(max_length=80)
    organ_id = models.BigIntegerField(null=True)
    organ_ids = ArrayField(models.BigIntegerField(), default=list)
    token = models.JSONField()
    fields = models.JSONField(default=dict)
    suggestion = models.JSONField(null=True)
    signature = models.BinaryField(default=bytes)
    # time
    reported_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True)
    next_at = models.DateTimeField(null=True)
    overdue_at = models.DateTimeField(null=True)
    paused_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    promised_at = models.DateTimeField(null=True)
    # outcome
    result = models.CharField(max_length=40, default="")
    satisfaction = models.SmallIntegerField(null=True)
    reply = models.TextField(default="")
    lead_id = models.UUIDField(null=True)
    joins = models.IntegerField(default=0)
    public = models.BooleanField(default=False)
    public_title = models.CharField(max_length=200, default="")
    public_text = models.TextField(default="")
    erased_at = models.DateTimeField(null=True)
    # who asked
    reporter_id = models.UUIDField(null=True)
    track_hash = models.BinaryField(null=True)

    class Meta:
        db_table = "cases_case"
        constraints = [models.UniqueConstraint(fields=["place_id", "number"], name="case_number")]
        indexes = [
            models.Index("place_id", "owner_key", "id", name="case_owner"),
            models.Index(
                "place_id",
                "owner_key",
                "due_at",
                "id",
                name="case_owner_open",
                condition=models.Q(closed_at=None),
            ),
            # What is left to do of closed cases (inspect, visit, rate): few, for a few days.
            models.Index(
                "place_id",
                "owner_key",
                "due_at",
                "id",
                name="case_owner_after",
                condition=models.Q(closed_at__isnull=False, due_at__isnull=False),
            ),
            models.Index("place_id", "organ_id", "id", name="case_organ"),
            # What an organ has open is counted on every inbox; closed cases are many times as many.
            models.Index(
                "place_id", "organ_id", "id", name="case_organ_open", condition=models.Q(closed_at=None)
            ),
            models.Index(
                fields=["place_id", "path", "id"],
                name="case_path",
                opclasses=["int2_ops", "text_pattern_ops", "uuid_ops"],
            ),
            models.Index(
                "place_id",
                "reporter_id",
                "id",
                name="case_reporter",
                condition=models.Q(reporter_id__isnull=False),
            ),
            models.Index(
                "place_id",
                "lat",
                "lon",
                name="case_near",
                condition=models.Q(closed_at=None, lat__isnull=False),
            ),
            models.Index("place_id", "next_at", name="case_next", condition=models.Q(next_at__isnull=False)),
            models.Index("track_hash", name="case_track", condition=models.Q(track_hash__isnull=False)),
        ]


class Leg(OfCase):
    """One organ's part of a case when several are whistled at once: its own owner, limit and rating."""

    flow = models.CharField(max_length=40)
    part = models.CharField(max_length=20)  # lead, support, opinion
    organ_id = models.BigIntegerField()
    owner_key = models.CharField(max_length=80)
    step = models.CharField(max_length=40)
    phase = models.CharField(max_length=20)
    token = models.JSONField()
    fields = models.JSONField(default=dict)
    round = models.SmallIntegerField(default=1)
    opened_at = models.DateTimeField()
    arrived_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField(null=True)
    next_at = models.DateTimeField(null=True)
    overdue_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    result = models.CharField(max_length=40, default="")
    rating = models.SmallIntegerField(null=True)

    class Meta:
        db_table = "cases_leg"
        indexes = [
            models.Index("place_id", "case_id", "id", name="leg_case"),
            models.Index(
                "place_id",
                "owner_key",
                "due_at",
                "id",
                name="leg_owner_open",
                condition=models.Q(closed_at=None),
            ),
            models.Index("place_id", "next_at", name="leg_next", condition=models.Q(next_at__isnull=False)),
        ]


class Contact(OfCase):
    """How to reach who called, sealed under the case's data key; the phone is found by its keyed hash only."""

    sealed = models.BinaryField()
    phone_hash = models.BinaryField(null=True)
    join = models.BooleanField(default=False)
    person_id = models.UUIDField(null=True)
    track_hash = models.BinaryField(null=True)
    satisfaction = models.SmallIntegerField(null=True)
    at = models.DateTimeField()

    class Meta:
        db_table = "cases_contact"
        indexes = [
            models.Index("place_id", "case_id", name="contact_case"),
            models.Index(
                "place_id",
                "phone_hash",
                "id",
                name="contact_phone",
                condition=models.Q(phone_hash__isnull=False),
            ),
            models.Index("track_hash", name="contact_track", condition=models.Q(track_hash__isnull=False)),
            models.Index(
                "place_id",
                "person_id",
                "id",
                name="contact_person",
                condition=models.Q(person_id__isnull=False),
            ),
        ]


class Asked(models.Model):
    """An answer already given for a key: the same key with the same body gets it again."""

    pk = models.CompositePrimaryKey("place_id", "scope", "key")
    place_id = models.SmallIntegerField()
    scope = models.CharField(max_length=80)
    key = models.CharField(max_length=80)
    body_hash = models.BinaryField()
    case_id = models.UUIDField()
    answer = models.JSONField()
    at = models.DateTimeField()

    class Meta:
        db_table = "cases_asked"
        indexes = [models.Index("at", name="asked_at")]


class Link(OfCase):
    """A typed link between two cases of the place: merged, split, related, spawned, handed."""

    other_id = models.UUIDField()
    kind = models.CharField(max_length=20)
    at = models.DateTimeField()

    class Meta:
        db_table = "cases_link"
        indexes = [
            models.Index("place_id", "case_id", name="link_case"),
            models.Index("place_id", "other_id", name="link_other"),
        ]


class Named(OfCase):
    """A person named to see a confidential case (or a report of wrongdoing) besides its holders."""

    person_id = models.UUIDField()
    by_id = models.UUIDField(null=True)
    at = models.DateTimeField()

    class Meta:
        db_table = "cases_named"
        constraints = [
            models.UniqueConstraint(fields=["place_id", "case_id", "person_id"], name="named_once")
        ]
        indexes = [models.Index("place_id", "person_id", "case_id", name="named_person")]


class Precedent(OfCase):
    """A ruling on whose duty something is; later routing cites it."""

    number = models.CharField(max_length=40)
    item = models.CharField(max_length=60)
    path = models.CharField(max_length=200, default="")
    organ_id = models.BigIntegerField()
    signature = models.BinaryField(default=bytes)
    ruled_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "cases_precedent"
        indexes = [models.Index("place_id", "item", "ruled_at", name="precedent_item")]


class Correction(OfCase):
    """What a desk chose where a suggestion had said otherwise: what the text model learns from."""

    item = models.CharField(max_length=60)
    suggested = models.CharField(max_length=60, default="")
    at = models.DateTimeField()

    class Meta:
        db_table = "cases_correction"
        indexes = [models.Index("place_id", "at", name="correction_at")]


class ReadMark(models.Model):
    """Up to which version a person has read a case."""

    pk = models.CompositePrimaryKey("place_id", "person_id", "case_id")
    place_id = models.SmallIntegerField()
    person_id = models.UUIDField()
    case_id = models.UUIDField()
    version = models.IntegerField()
    at = models.DateTimeField()

    class Meta:
        db_table = "cases_read"


class SavedFilter(OfPlace):
    """A person's own view of an inbox."""

    person_id = models.UUIDField()
    name = models.CharField(max_length=40)
    query = models.CharField(max_length=400)

    class Meta:
        db_table = "cases_filter"
        indexes = [models.Index("place_id", "person_id", name="filter_person")]


class Words(models.Model):
    """What full-text search looks in; written behind the ledger's pages, never in the intake path."""

    pk = models.CompositePrimaryKey("place_id", "case_id")
    place_id = models.SmallIntegerField()
    case_id = models.UUIDField()
    words = SearchVectorField()

    class Meta:
        db_table = "cases_words"
        indexes = [GinIndex(fields=["words"], name="words_gin")]


class Load(models.Model):
    """How many cases and legs are open with an owner; counted behind the ledger's pages."""

    pk = models.CompositePrimaryKey("place_id", "owner_key")
    place_id = models.SmallIntegerField()
    owner_key = models.CharField(max_length=80)
    n = models.IntegerField(default=0)

    class Meta:
        db_table = "cases_load"


class Counter(models.Model):
    """The last running number of a series (a pattern and its period)."""

    pk = models.CompositePrimaryKey("place_id", "series")
    place_id = models.SmallIntegerField()
    series = models.CharField(max_length=80)
    n = models.BigIntegerField(default=0)

    class Meta:
        db_table = "cases_counter"


# The tables of the figures lie in a module of their own; Django looks for them here.
from huying.cases.counted import Course, Response, Sums  # noqa: E402, F401
from huying.cases.looked import Looked  # noqa: E402, F401
from huying.cases.posted import Posted  # noqa: E402, F401
from huying.cases.swept import Swept  # noqa: E402, F401
