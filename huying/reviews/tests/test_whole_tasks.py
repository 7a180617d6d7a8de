"""A task's closing moves are made by the reviews alone: half of one, by a crafted form or an interface, leaves an appeal
undecided for ever, or a failed check without its new round."""

from __future__ import annotations

from typing import Any

import pytest

from huying.cases.actions import Refused, perform
from huying.cases.models import Case
from huying.cases.queries import offers_of
from huying.cases.tests.desk_browser import browser
from huying.presets.queries import compiled
from huying.reviews.actions import deductions
from huying.reviews.models import Step, Task


@pytest.fixture
def appealed(staff: Any, refused: Any, head: Any) -> Task:
    row, place = refused(), staff.place.pk
    deductions.confirm(place, row.id, head)
    return deductions.appeal(place, row.id, "当时还没有划归我们", staff.officer())


def test_whoever_confirmed_does_not_decide_by_another_door(staff: Any, appealed: Task, head: Any) -> None:
    """The appeal's case lies in the hands of the very person who confirmed the points."""
    place, case = staff.place.pk, Case.objects.get(id=appealed.id)
    assert case.owner_key in head.sight.owner_keys
    for move, data in (("upheld", {"finding": "维持"}), ("corrected", {"finding": "更正", "points_now": 0})):
        with pytest.raises(Refused) as caught:
            perform(place, case.id, move, head, data)
        assert caught.value.code == "kept-by-room"
    offers, _parts = offers_of(case, [], head, staff.memory, compiled(case.edition_id), case.reported_at)
    assert not {"upheld", "corrected"} & {one.move.id for one in offers}
    case.refresh_from_db()
    assert case.closed_at is None
    assert [step.kind for step in Step.objects.order_by("at", "id")] == ["confirmed", "appealed"]


def test_a_crafted_form_is_told_where_the_task_is_done(staff: Any, appealed: Task) -> None:
    case = Case.objects.get(id=appealed.id)
    client = browser(staff, "centre-head", role="centre_head", organ="centre")
    sent = {"move": "upheld", "finding": "维持", "seen": case.version}
    found = client.post(f"/cases/{case.number}/move/", sent)
    assert found.status_code in (404, 409, 422)
    case.refresh_from_db()
    assert case.closed_at is None


def test_a_check_does_not_fail_without_a_new_round(
    staff: Any, closed: Any, read_on: Any, seat: Any, head: Any, everybody_drawn: Any
) -> None:
    place = staff.place.pk
    case = closed()
    read_on(place)
    for kind, move, who in (("check", "failed", head), ("call_back", "answered", seat)):
        task = Task.objects.get(kind=kind)
        with pytest.raises(Refused) as caught:
            perform(place, task.id, move, who, {"finding": "没有清理", "said_solved": "unsolved"})
        assert caught.value.code == "kept-by-room"
        assert Case.objects.get(id=task.id).closed_at is None
    case.refresh_from_db()
    assert case.round == 1
