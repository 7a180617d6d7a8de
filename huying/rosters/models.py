"""Tables of rosters. The place leads every key, as in all big tables (docs/decisions/keys.md).

A household is an address in a grid and nothing else: no names, no numbers, nothing about who lives there. Who they are is
base data, which this room does not hold.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from huying.cases.models import OfPlace


class Household(OfPlace):
    """An address in a grid, with a label by which those who serve it know it."""

    code = models.CharField(max_length=60)
    grid_id = models.BigIntegerField()  # a grid, or a division of the lowest tier where there are none
    path = models.CharField(max_length=200)
    address = models.CharField(max_length=200)
    label = models.CharField(max_length=40, default="", blank=True)
    added_at = models.DateTimeField()

    class Meta:
        db_table = "rosters_household"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["place_id", "code"], name="household_code"),
        ]
        indexes: ClassVar = [
            models.Index("place_id", "grid_id", "id", name="household_grid"),
            models.Index(
                fields=["place_id", "path", "grid_id"],
                name="household_path",
                opclasses=["int2_ops", "text_pattern_ops", "int8_ops"],
            ),
        ]


class Pairing(OfPlace):
    """A household of a roster and the person who looks after it in a post. It counts while that person holds the post."""

    roster = models.CharField(max_length=60)
    household_id = models.UUIDField()
    grid_id = models.BigIntegerField()
    path = models.CharField(max_length=200)
    post_id = models.BigIntegerField()
    person_id = models.UUIDField()
    since = models.DateTimeField()
    visited_at = models.DateTimeField(null=True)  # the last visit, whoever made it

    class Meta:
        db_table = "rosters_pairing"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["place_id", "roster", "household_id"], name="pairing_once"),
        ]
        indexes: ClassVar = [
            models.Index("place_id", "person_id", "id", name="pairing_person"),
            models.Index("place_id", "post_id", "id", name="pairing_post"),
            models.Index(
                fields=["place_id", "roster", "path"],
                name="pairing_path",
                opclasses=["int2_ops", "text_ops", "text_pattern_ops"],
            ),
        ]


class Entry(OfPlace):
    """A case that was opened for a household: a visit, or what was heard on one."""

    roster = models.CharField(max_length=60)
    household_id = models.UUIDField()
    case_id = models.UUIDField()
    kind = models.CharField(max_length=60)
    at = models.DateTimeField()

    class Meta:
        db_table = "rosters_entry"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["place_id", "case_id"], name="roster_entry_case"),
        ]
        indexes: ClassVar = [models.Index("place_id", "household_id", "id", name="roster_entry_household")]
