"""A person's own filters of the inbox. They are no business of the ledger's."""

from __future__ import annotations

from uuid import UUID

from django.utils.translation import gettext as _

from huying.cases.models import SavedFilter
from huying.ledger.ids import uuid7
from huying.staff.sight import Sight

MOST = 12
NAME_MAX = 40
QUERY_MAX = 400


class NotSaved(Exception):
    """The filter cannot be kept; the text says why."""


def saved(sight: Sight) -> list[SavedFilter]:
    """The person's filters by age. One SQL statement."""
    if sight.person_id is None:
        return []
    return list(
        SavedFilter.objects.filter(place_id=sight.place_id, person_id=sight.person_id).order_by("id")[:MOST]
    )


def save(sight: Sight, name: str, query: str) -> None:
    """Keep *query* (of an address) under *name*; the same name again replaces it. Raises NotSaved."""
    name = " ".join(name.split())[:NAME_MAX]
    if sight.person_id is None:
        raise NotSaved(_("Please sign in."))
    if not name:
        raise NotSaved(_("Please give the filter a name."))
    if len(query) > QUERY_MAX:
        raise NotSaved(_("This filter is too long to keep."))
    mine = SavedFilter.objects.filter(place_id=sight.place_id, person_id=sight.person_id)
    if mine.filter(name=name).update(query=query):
        return
    if mine.count() >= MOST:
        raise NotSaved(_("At most %(n)d filters can be kept; please drop one first.") % {"n": MOST})
    SavedFilter.objects.create(
        place_id=sight.place_id, id=uuid7(), person_id=sight.person_id, name=name, query=query
    )


def drop(sight: Sight, filter_id: UUID) -> None:
    """Drop one of the person's own filters; another's stays."""
    if sight.person_id is not None:
        mine = SavedFilter.objects.filter(place_id=sight.place_id, person_id=sight.person_id)
        mine.filter(id=filter_id).delete()
