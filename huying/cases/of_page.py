"""The cases that a page of the ledger names, read once for all the readers that follow it.

Most readers need the cases beside the events; each reading them anew was most of what a page cost.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from uuid import UUID

from huying.cases.models import Case
from huying.ledger.pages import Event, Loaded

_NOT_READ = (
    "token",
    "suggestion",
    "signature",
)  # large, and of no use to readers; asked for, they are fetched singly


def with_case(told: Iterable[Event], cases: Mapping[UUID, Case]) -> Iterator[tuple[Event, Case]]:
    """Each event whose case is among *cases*, with it."""
    for event in told:
        if event.case_id is not None and event.case_id in cases:
            yield event, cases[event.case_id]


def cases_of(place_id: int, events: Sequence[Event], told: Iterable[Event]) -> dict[UUID, Case]:
    """The cases of the events in *told*, which are some of the page's *events*.

    One SQL statement for the first reader who asks. The objects are shared by all readers of the page: look at them,
    change nothing. They are as they stood when the page was first read, at least as new as its events; whatever
    happened since comes with a later page.
    """
    ids = dict.fromkeys(event.case_id for event in told if event.case_id is not None)  # in the page's order
    if not ids:
        return {}
    if isinstance(events, Loaded):
        found = events.once("cases", lambda: _read(place_id, [event.case_id for event in events]))
    else:
        found = _read(place_id, list(ids))
    return {ident: found[ident] for ident in ids if ident in found}


def _read(place_id: int, ids: Sequence[UUID | None]) -> dict[UUID, Case]:
    wanted = {ident for ident in ids if ident is not None}
    rows = Case.objects.filter(place_id=place_id, id__in=wanted).defer(*_NOT_READ)
    return {case.id: case for case in rows}
