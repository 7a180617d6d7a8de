"""Tables of the reference data of a place.

These tables are small (10² to 10⁵ rows) and are read from memory (`huying.places.memory`), so nothing here
is tuned
for reading row by row. Rows are ended, never deleted, because cases and the ledger keep pointing at them.
"""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from huying import clock


class Place(models.Model):
    """One tenant: a county, a city or a zone with its own preset."""

    id = models.SmallAutoField(primary_key=True)
    code = models.SlugField(max_length=40, unique=True)
    name = models.CharField(max_length=80)
    region = models.CharField(max_length=6, blank=True, help_text="county code of GB/T 2260")
    edition_id = models.BigIntegerField(null=True, blank=True, help_text="the preset edition in force")
    settings = models.JSONField(default=dict, blank=True, help_text="what other rooms read often, compiled")
    created_at = models.DateTimeField(default=clock.now)

    def __str__(self) -> str:
        return self.name


class RefVersion(models.Model):
    """One row a place; its number grows with each change of reference data, which is how workers notice."""

    place = models.OneToOneField(Place, on_delete=models.CASCADE, primary_key=True)
    number = models.BigIntegerField(default=1)

    def __str__(self) -> str:
        return f"{self.place_id}: {self.number}"


class Division(models.Model):
    """A county, town, village, grid… Its id and path never change; its codes do (see `DivisionCode`)."""

    id = models.BigAutoField(primary_key=True)
    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="divisions")
    tier = models.CharField(max_length=30)
    # Only grids lie in layers; the others have '', so that (tier, layer) always says what a row is.
    layer = models.CharField(max_length=30, blank=True, default="")
    name = models.CharField(max_length=120)
    short = models.CharField(max_length=40, blank=True, default="")
    parent = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="children"
    )
    path = models.CharField(
        max_length=400, editable=False, help_text="ids from the top to itself: /1/14/160/"
    )
    urban_rural = models.CharField(max_length=3, blank=True, default="")
    outline = models.JSONField(null=True, blank=True, help_text="GeoJSON (Multi)Polygon, WGS 84")
    centre_lon = models.FloatField(null=True, blank=True)
    centre_lat = models.FloatField(null=True, blank=True)
    schematic = models.BooleanField(default=True, help_text="the outline is a sketch, not a survey")
    active_from = models.DateTimeField(default=clock.now)
    active_to = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [
            # text_pattern_ops: `path LIKE '/1/14/%'` uses the index whatever the database's collation is.
            models.Index(
                fields=["place", "path"], name="division_path", opclasses=["int2_ops", "varchar_pattern_ops"]
            ),
            models.Index(fields=["place", "tier"], name="division_tier"),
        ]

    def __str__(self) -> str:
        return self.name


class DivisionCode(models.Model):
    """A code that a division bears or bore; official codes change, our ids do not."""

    class Scheme(models.TextChoices):
        """Who gives the code."""

        COUNTY = "gb2260", _("county code (6 digits)")
        TOWN = "stat9", _("town code (9 digits)")
        VILLAGE = "stat12", _("village code (12 digits)")
        GRID = "grid15", _("grid code (15 digits)")
        LOCAL = "local", _("the place's own code")

    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="+")
    division = models.ForeignKey(Division, on_delete=models.CASCADE, related_name="codes")
    scheme = models.CharField(max_length=10, choices=Scheme.choices)
    code = models.CharField(max_length=40)
    valid_from = models.DateTimeField(default=clock.now)
    valid_to = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            # Two divisions may bear the same code one after the other, never at the same time.
            models.UniqueConstraint(
                fields=["place", "code"], condition=models.Q(valid_to=None), name="division_code_in_force"
            ),
        ]

    def __str__(self) -> str:
        return self.code


class Organ(models.Model):
    """A department, a centre, a town government… whatever answers for cases."""

    id = models.BigAutoField(primary_key=True)
    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="organs")
    code = models.CharField(max_length=40)
    name = models.CharField(max_length=120)
    short = models.CharField(max_length=40, blank=True, default="")
    tier = models.CharField(max_length=30, blank=True, default="")
    division = models.ForeignKey(
        Division, on_delete=models.PROTECT, null=True, blank=True, related_name="organs"
    )
    parent = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="children"
    )
    seat = models.BooleanField(default=False, help_text="it has a seat in the centre's hall")
    duties = models.TextField(blank=True, default="")
    calendar = models.CharField(max_length=40, blank=True, default="")
    phone = models.CharField(max_length=40, blank=True, default="", help_text="published, not personal")
    active = models.BooleanField(default=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["place", "code"], name="organ_code")]

    def __str__(self) -> str:
        return self.name


class Holiday(models.Model):
    """A day that breaks the weekly rule: off on a weekday, or worked on a weekend."""

    class Source(models.TextChoices):
        """Where the day comes from; only days entered by hand survive a new seeding."""

        SEED = "seed", _("national calendar")
        HAND = "hand", _("entered here")

    place = models.ForeignKey(Place, on_delete=models.CASCADE, related_name="holidays")
    date = models.DateField()
    working = models.BooleanField(default=False)
    name = models.CharField(max_length=60, blank=True, default="")
    source = models.CharField(max_length=10, choices=Source.choices, default=Source.HAND)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["place", "date"], name="holiday_day")]

    def __str__(self) -> str:
        return f"{self.date} {self.name}"


class OfficeHours(models.Model):
    """A stretch of office hours on a weekday (0 = Monday), of the whole place or of one organ."""

    place = models.ForeignKey(Place, on_delete=models.CASCADE, related_name="office_hours")
    organ = models.ForeignKey(
        Organ, on_delete=models.CASCADE, null=True, blank=True, related_name="office_hours"
    )
    weekday = models.PositiveSmallIntegerField()
    start = models.TimeField()
    end = models.TimeField()

    class Meta:
        verbose_name_plural = "office hours"
        constraints = [
            models.CheckConstraint(condition=models.Q(weekday__lte=6), name="office_hours_weekday"),
            models.CheckConstraint(condition=models.Q(start__lt=models.F("end")), name="office_hours_order"),
        ]
        indexes = [models.Index(fields=["place", "organ", "weekday"], name="office_hours_of")]

    def __str__(self) -> str:
        return f"{self.weekday} {self.start:%H:%M}–{self.end:%H:%M}"
