"""Kinds of event that this room writes to the ledger."""

from django.utils.translation import gettext_lazy as _

from huying.ledger import kinds

REFERENCE = "places.reference_changed"
CALENDAR = "places.calendar_changed"

kinds.register(
    REFERENCE,
    _("Divisions and organs changed: %(added)s added, %(changed)s changed, %(ended)s ended"),
    ("source", "edition", "added", "changed", "replaced", "ended"),
)
kinds.register(
    CALENDAR, _("Office hours or holidays changed (%(what)s)"), ("what", "date", "organ", "working")
)
