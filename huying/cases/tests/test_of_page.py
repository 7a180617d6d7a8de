"""What a page of the record costs: its events and its cases are read once, however many readers follow it."""

from __future__ import annotations

from typing import Any

from huying.cases.actions import perform
from huying.cases.of_page import cases_of
from huying.cases.tests.test_lifecycle import told
from huying.ledger import jobs, pages, readers
from huying.testing.statements import statements


def test_the_cases_of_a_page_are_read_once_for_all_readers(staff: Any, clock: Any) -> None:
    place = staff.place.pk
    readers.run(place)  # what setting the place up wrote
    for _ in range(3):
        perform(place, told(staff).id, "sign_in", staff.officer(), {})
    jobs.drain(place)
    with statements() as found:
        assert readers.run(place) >= len(readers.registered())
    assert len([one for one in found if 'FROM "cases_case"' in one and '"cases_case"."body"' in one]) == 1
    assert len([one for one in found if "FROM ledger_event" in one]) == 1


def test_readers_get_the_cases_they_ask_for(staff: Any, clock: Any) -> None:
    place = staff.place.pk
    first, second = told(staff), told(staff)
    jobs.drain(place)
    newest = pages.newest(place)
    assert newest is not None
    events = pages.load(place, newest.number)
    assert events is not None
    of_second = [event for event in events if event.case_id == second.id]
    with statements() as found:
        assert list(cases_of(place, events, of_second)) == [second.id]
        assert list(cases_of(place, events, events)) == [first.id, second.id]  # in the order of the page
        assert cases_of(place, events, []) == {}
    assert len(found) == 1
    assert list(cases_of(place, list(events), of_second)) == [second.id]  # a plain list is read for itself
