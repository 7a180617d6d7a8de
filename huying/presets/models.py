"""Editions: the files of a preset as they were published, never changed."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from huying import clock


class Edition(models.Model):
    """One published edition of a place's preset. Rows are added, never altered: cases are bound to them."""

    id = models.BigAutoField(primary_key=True)
    place_code = models.CharField(max_length=40)
    number = models.PositiveIntegerField(help_text=_("counts from 1 in each place"))
    sha256 = models.CharField(max_length=64)
    files = models.JSONField(help_text=_("file name → text, as published"))
    published_at = models.DateTimeField(default=clock.now)
    note = models.CharField(max_length=400, blank=True, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["place_code", "number"], name="edition_number"),
            models.UniqueConstraint(fields=["place_code", "sha256"], name="edition_content"),
        ]

    def __str__(self) -> str:
        return f"{self.place_code} {self.number}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Add the edition. Raises ValueError for one that is in the database already."""
        if not self._state.adding:
            raise ValueError("an edition never changes: publish another one")
        super().save(*args, **kwargs)
