"""Call-backs: drawn from closed cases, worked by a seat, answered in one transaction, reopening on the caller's wish."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from huying.cases.actions import Refused, perform
from huying.cases.models import Case, Link
from huying.ledger import queries as ledger
from huying.reviews.actions import answering, looking
from huying.reviews.models import Answer, Task

UNHAPPY = {
    "said_solved": "unsolved", "said_satisfaction": "unsatisfied", "said_reason": "not_done", "said_words": "第二天又摆出来了",
    "wish": "again",
}  # fmt: skip
HAPPY = {"said_solved": "solved", "said_satisfaction": "satisfied", "wish": "leave"}


def drawn(staff: Any, read_on: Any, kind: str = "call_back") -> Task:
    read_on(staff.place.pk)
    return Task.objects.get(place_id=staff.place.pk, kind=kind)


def test_a_closed_case_is_drawn_once_and_says_why(
    clock: Any, staff: Any, closed: Any, read_on: Any, everybody_drawn: Any
) -> None:
    case = closed()
    task = drawn(staff, read_on)
    assert (task.case_id, task.rule, task.mark) == (case.id, "sample", "1")
    held = Case.objects.get(place_id=staff.place.pk, id=task.id)
    assert (held.kind, held.step) == ("callback", "call")
    assert held.owner_key == f"post:callback_seat@{staff.memory.top.id}"
    assert task.due_at == held.due_at
    why = [h.event.data for h in ledger.history(staff.place.pk, case.id) if h.event.kind == "review.drawn"]
    assert [(one["rule"], one["share"]) for one in why if one["kind"] == "call_back"] == [("sample", 20)]
    read_on(staff.place.pk)
    assert Task.objects.filter(place_id=staff.place.pk, kind="call_back").count() == 1


def test_whom_nobody_can_reach_is_not_drawn(
    clock: Any, staff: Any, closed: Any, read_on: Any, everybody_drawn: Any
) -> None:
    closed(anonymous=True)
    read_on(staff.place.pk)
    assert not Task.objects.filter(kind="call_back").exists()


def test_each_organ_has_its_least_number_and_not_more(
    clock: Any, staff: Any, closed: Any, read_on: Any, monkeypatch: Any
) -> None:
    from huying.reviews import sampling

    monkeypatch.setattr(sampling, "lot", lambda *args: 99.9)  # the lot falls on nobody
    for _ in range(3):
        closed()
    read_on(staff.place.pk)
    assert list(Task.objects.filter(kind="call_back").values_list("rule", flat=True)) == ["least", "least"]


def test_unsatisfied_and_wishing_it_again_opens_a_new_round(
    clock: Any, staff: Any, closed: Any, read_on: Any, seat: Any, everybody_drawn: Any
) -> None:
    case, place = closed(), staff.place.pk
    task = drawn(staff, read_on)
    came = answering.called(place, task.id, UNHAPPY, seat, key="k1")
    assert came.what == "reopened"
    case.refresh_from_db()
    assert (case.step, case.round, case.closed_at) == ("take", 2, None)
    task.refresh_from_db()
    assert (task.outcome, task.done_at is not None) == ("answered", True)
    answer = Answer.objects.get()
    assert (answer.solved, answer.satisfaction, answer.reason, answer.wish, answer.round) == (
        "unsolved",
        1,
        "not_done",
        True,
        1,
    )
    story = ledger.history(place, case.id)
    reopened = next(h.event for h in story if h.event.data.get("move") == "reopen")
    assert (reopened.channel, reopened.behalf_id, reopened.person_id) == (
        "callback",
        staff.resident.person_id,
        seat.person_id,
    )
    # Sent again by the same seat: nothing happens twice.
    with pytest.raises(Refused) as caught:
        answering.called(place, task.id, UNHAPPY, seat, key="k1")
    assert caught.value.code == "done"
    assert Answer.objects.count() == 1


def test_what_a_satisfied_caller_says_is_their_rating(
    clock: Any, staff: Any, closed: Any, read_on: Any, seat: Any, everybody_drawn: Any
) -> None:
    case = closed()
    task = drawn(staff, read_on)
    assert answering.called(staff.place.pk, task.id, HAPPY, seat).what == "rated"
    case.refresh_from_db()
    assert (case.step, case.satisfaction, case.round) == ("archive", 3, 1)


def test_a_rating_that_was_given_is_not_changed_by_a_call(
    clock: Any, staff: Any, closed: Any, read_on: Any, seat: Any, everybody_drawn: Any
) -> None:
    case = closed()
    task = drawn(staff, read_on)
    perform(staff.place.pk, case.id, "rated", staff.resident, {"satisfaction": "fair"})
    assert answering.called(staff.place.pk, task.id, HAPPY, seat).what == ""
    case.refresh_from_db()
    assert case.satisfaction == 2
    assert Answer.objects.get().satisfaction == 3


def test_after_the_window_a_wish_becomes_a_linked_case(
    clock: Any, staff: Any, closed: Any, read_on: Any, seat: Any, everybody_drawn: Any
) -> None:
    case, place = closed(), staff.place.pk
    task = drawn(staff, read_on)
    perform(place, case.id, "rated", staff.resident, {"satisfaction": "satisfied"})
    came = answering.called(place, task.id, UNHAPPY, seat)
    assert came.what == "new_case"
    new = Case.objects.get(place_id=place, number=came.number)
    assert (new.kind, new.item, new.reporter_id) == ("request", case.item, case.reporter_id)
    assert Link.objects.get(kind="again").other_id == new.id
    case.refresh_from_db()
    assert case.round == 1


def test_three_attempts_and_no_more(
    clock: Any, staff: Any, closed: Any, read_on: Any, seat: Any, everybody_drawn: Any
) -> None:
    closed()
    task, place = drawn(staff, read_on), staff.place.pk
    missed = {"not_reached": "no_answer"}
    assert answering.not_reached(place, task.id, {**missed, "try_at": "2026-03-03T14:00"}, seat)
    task.refresh_from_db()
    assert (task.tries, task.try_at is not None, task.done_at) == (1, True, None)
    assert answering.not_reached(place, task.id, missed, seat)
    assert not answering.not_reached(place, task.id, missed, seat)
    task.refresh_from_db()
    assert (task.tries, task.outcome) == (3, "unreached")
    assert not Answer.objects.exists()


def test_nothing_is_half_done(
    clock: Any, staff: Any, closed: Any, read_on: Any, seat: Any, everybody_drawn: Any, monkeypatch: Any
) -> None:
    case, place = closed(), staff.place.pk
    task = drawn(staff, read_on)
    monkeypatch.setattr(answering, "keep", lambda *args: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        answering.called(place, task.id, UNHAPPY, seat)
    case.refresh_from_db()
    assert case.round == 1
    assert Case.objects.get(id=task.id).closed_at is None


def test_only_the_seat_and_the_desk_call(
    clock: Any, staff: Any, closed: Any, read_on: Any, everybody_drawn: Any
) -> None:
    closed()
    task = drawn(staff, read_on)
    with pytest.raises(Refused) as caught:
        answering.called(staff.place.pk, task.id, HAPPY, staff.officer())
    assert caught.value.code == "not-allowed"
    assert answering.called(staff.place.pk, task.id, HAPPY, staff.desk).what == "rated"


def test_the_number_is_masked_until_a_reason_is_on_record(
    clock: Any, staff: Any, closed: Any, read_on: Any, seat: Any, everybody_drawn: Any
) -> None:
    case, place = closed(), staff.place.pk
    task = drawn(staff, read_on)
    assert looking.masked(case) == ["100****0001"]
    with pytest.raises(Refused):
        looking.reveal(place, task.id, " ", seat)
    assert looking.reveal(place, task.id, "打电话回访", seat)[0]["phone"] == "10000000001"
    assert [h.event.person_id for h in ledger.history(place, case.id) if h.event.kind == "case.unmasked"] == [
        seat.person_id
    ]
    answering.called(place, task.id, HAPPY, seat)
    with pytest.raises(Refused):  # the call is over: so is the reason to look
        looking.reveal(place, task.id, "再看一眼", seat)


def test_silence_until_the_end_of_the_window_is_an_occasion_too(
    clock: Any, staff: Any, closed: Any, read_on: Any, monkeypatch: Any
) -> None:
    from huying.cases import jobs
    from huying.reviews import sampling

    monkeypatch.setattr(sampling, "lot", lambda case_id, draw, mark="": 0.0 if draw == "silent" else 99.9)
    case = closed()
    Task.objects.all().delete()
    clock.advance(timedelta(days=30))
    jobs.sweep(staff.place.pk)
    read_on(staff.place.pk)
    case.refresh_from_db()
    assert case.step == "archive"
    assert Task.objects.get(kind="call_back", rule="silent").case_id == case.id
